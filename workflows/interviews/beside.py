"""Interviews: words that were written beside any thread, where it isn't plain what they answer."""

from storage.evidence.tables import DroppedMessage
from storage.interviews.tables import Interview, WayGiven
from workflows.deed import Deed
from workflows.evidence.refusals import ChosenBefore, QuestionForgotten
from workflows.interviews.answering import said
from workflows.interviews.held_back import Written
from workflows.interviews.questions import interviews_with, is_plain
from workflows.interviews.rules import Reply, Step
from workflows.nudges import rules as nudge_rules
from workflows.pasted_secrets import must_hold_none
from workflows.refusals import NotAllowed, Tried, WhoMay

WHICH = "interview.which"
"""The message that asks which question words are the answer to."""


def waiting(deed: Deed) -> list[Interview]:
    """The interviews in which the actor is being asked something."""
    return interviews_with(deed.uow, deed.by)


def said_beside(deed: Deed, *, reply: Reply, channel_id: str) -> Step | None:
    """Words beside any thread: taken if it is plain what they answer, else kept until their writer has said.

    Raises as `said` does, and `LooksLikeSecret` where it isn't plain.
    """
    interviews = waiting(deed)
    if len(interviews) == 1 and is_plain(deed.uow, interviews[0]):
        return said(deed, interview_id=interviews[0].id, reply=reply, where=Written(channel_id))
    must_hold_none(reply.text)
    kept = deed.uow.add_once(
        DroppedMessage(
            person_id=deed.by,
            channel_id=channel_id,
            message_ts=reply.message_ts or "",
            note=reply.text,
            choices=[["interview", each.id] for each in interviews],
            dropped_at=deed.at,
        )
    )
    if kept is not None:
        _ask_which(deed, kept)
    return None


def take_words(deed: Deed, *, dropped_id: int, interview_id: int) -> Step:
    """They say which interview the words belong to. Raises `QuestionForgotten`, `ChosenBefore`, else as `said` does."""
    kept = next(iter(deed.uow.matching(DroppedMessage, id=dropped_id)), None)
    choices = [number for _, number in kept.choices] if kept else []
    if kept is None or interview_id not in choices:
        raise QuestionForgotten
    if deed.by != kept.person_id:
        raise NotAllowed(Tried.CHOOSE_FOR_FILE, WhoMay.PERSON, kept.person_id)
    if kept.chosen is not None:
        raise ChosenBefore(file=kept.note[:60], called=str(kept.choices[kept.chosen][1]))
    deed.redraw(deed.uow.change(kept, chosen=choices.index(interview_id)))
    return said(deed, interview_id=interview_id, reply=Reply(WayGiven.THREAD, kept.note))


def _ask_which(deed: Deed, kept: DroppedMessage) -> None:
    deed.uow.schedule(
        slot=nudge_rules.slot(WHICH, kept.id),
        kind=WHICH,
        recipient=kept.channel_id,
        subject="dropped_message",
        subject_id=kept.id,
        not_before=deed.at,
        at=deed.at,
    )
