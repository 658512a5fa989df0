"""Interviews: what becomes of a message after it was taken: it is edited or deleted in Slack, or was held back.

An answer stays as it was first given, and says so; before it is confirmed, its person may let the new words count.
"""

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, AnswerKind, AnswerMessage, HeldBackAs, Interview, WayGiven
from workflows.deed import Deed
from workflows.interviews import held_back, joining
from workflows.interviews.answering import answer, said
from workflows.interviews.held_back import Written
from workflows.interviews.questions import is_sealed, own_interview
from workflows.interviews.rules import OPEN_STATES, Reply, Step
from workflows.pasted_secrets import found_in
from workflows.refusals import AlreadyDecided, Thing

LATER = "interview.later"
"""The message that says what becomes of an answer whose message was edited or deleted; the first of its `what` is the
answer's id."""


def edited(deed: Deed, *, channel_id: str, message_ts: str, text: str) -> None:
    """Somebody edited a message in Slack, all of an answer or a part of it; the same edit twice does nothing.

    New words that look like a secret are not kept. Raises as `said` does for a message that was held back.
    """
    held = held_back.at_place(deed.uow, channel_id, message_ts)
    if held is not None:
        if found_in(text) is None:
            held_back.settle(deed, held, HeldBackAs.REWRITTEN)
            said(deed, interview_id=held.interview_id, reply=Reply(WayGiven.THREAD, text, message_ts=message_ts))
        return
    message = _written_at(deed, message_ts)
    if message is not None and message.deleted_at is None:
        _note_edit(deed, message, text)


def deleted(deed: Deed, *, channel_id: str, message_ts: str) -> None:
    """Somebody deleted a message in Slack: what was held back is over, what was kept stays and says so."""
    held = held_back.at_place(deed.uow, channel_id, message_ts)
    if held is not None:
        held_back.settle(deed, held, HeldBackAs.REWRITTEN)
        return
    message = _written_at(deed, message_ts)
    if message is not None and message.deleted_at is None:
        deed.uow.change(message, deleted_at=deed.at)
        given = deed.uow.get(Answer, message.answer_id)
        gone = deed.uow.change(given, deleted_at=given.deleted_at or deed.at, edited_text=None)
        deed.record("answer.deleted_in_slack", gone)
        _say(deed, gone, "deleted")


def take_edit(deed: Deed, *, answer_id: int) -> Step:
    """The new words count. Raises `NotAllowed` or `AlreadyDecided`."""
    given = _waiting(deed, answer_id)
    assert given.interview_id is not None  # a message was taken in an interview
    messages, reply = joining.messages_of(deed.uow, given), Reply(WayGiven.THREAD, given.edited_text or "")
    taken = answer(deed, interview_id=given.interview_id, question_id=given.question_id, reply=reply)
    joining.take_as_they_read(deed.uow, messages)
    return taken


def keep_first(deed: Deed, *, answer_id: int) -> Answer:
    """The first words stay, and the answer says that it was edited. Raises `NotAllowed` or `AlreadyDecided`."""
    kept = deed.uow.change(_waiting(deed, answer_id), edited_at=deed.at)
    deed.record("answer.keep_first", kept)
    _redraw(deed, kept)
    return kept


def keep(deed: Deed, *, held_id: int, text: str) -> Step:
    """What was held back is no secret, says its writer; `text` is the message, read again in Slack.

    Raises as `held_back.own` and `said` do.
    """
    held = held_back.settle(deed, held_back.own(deed, held_id=held_id), HeldBackAs.NO_SECRET)
    reply = Reply(WayGiven.THREAD, text, message_ts=held.message_ts, is_no_secret=True)
    return said(deed, interview_id=held.interview_id, reply=reply, where=Written(held.channel_id, held.thread_ts))


# --- questions ---


def waits(uow: UnitOfWork, given: Answer) -> bool:
    """Whether the person can still say which words of theirs count."""
    is_open = uow.get(Interview, given.interview_id or 0).state in OPEN_STATES
    return is_open and given.edited_text is not None and given.edited_at is None and not is_sealed(uow, given)


# --- the parts of them ---


def _written_at(deed: Deed, message_ts: str) -> AnswerMessage | None:
    """A message of the actor's that words of an answer were taken from, while they still are that answer's."""
    found = deed.uow.matching(AnswerMessage, message_ts=message_ts)
    return next((each for each in found if each.counts and _whose(deed, each) == deed.by), None)


def _whose(deed: Deed, message: AnswerMessage) -> str | None:
    given = deed.uow.get(Answer, message.answer_id)
    return deed.uow.get(Interview, given.interview_id).person_id if given.interview_id else None


def _waiting(deed: Deed, answer_id: int) -> Answer:
    given = deed.uow.get(Answer, answer_id)
    interview = own_interview(deed, given.interview_id or 0)
    if not waits(deed.uow, given):
        raise AlreadyDecided(what=Thing.THIS_ANSWER, state=interview.state.value, by=interview.person_id)
    return given


def _note_edit(deed: Deed, message: AnswerMessage, edited_to: str) -> None:
    given = deed.uow.get(Answer, message.answer_id)
    if given.redacted_at or given.let_go_at or edited_to in (message.text, message.edited_text):
        return
    secret = found_in(edited_to)
    if secret is None:
        deed.uow.change(message, edited_text=edited_to)
    text = joining.as_it_reads_now(joining.messages_of(deed.uow, given))
    settled_at = deed.at if secret or not _may_change(deed, given) else None
    noted = deed.uow.change(given, edited_text=None if secret else text, edited_at=settled_at)
    deed.record("answer.edited_in_slack", noted, held_back=secret is not None)
    _say(deed, noted, "edited")


def _may_change(deed: Deed, given: Answer) -> bool:
    is_open = deed.uow.get(Interview, given.interview_id or 0).state in OPEN_STATES
    return is_open and not is_sealed(deed.uow, given) and given.kind is not AnswerKind.HANDED_ON


def _say(deed: Deed, given: Answer, what: str) -> None:
    interview = deed.uow.get(Interview, given.interview_id or 0)
    deed.message([deed.by], interview, LATER, what=(given.id, what, given.version), at_once=True)
    _redraw(deed, given)


def _redraw(deed: Deed, given: Answer) -> None:
    deed.redraw(deed.uow.change(deed.uow.get(Interview, given.interview_id or 0)))
