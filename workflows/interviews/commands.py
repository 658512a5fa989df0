"""Interviews: how one begins, stops, goes on and ends, each as one unit of work.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from storage.desk_audits.tables import DeskAudit
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, InterviewState, SealedRound
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.interviews import handing_on
from workflows.interviews.asking import ask, pause, read_back
from workflows.interviews.questions import must_be_of_the_team, must_not_be_sealed, own_interview, step_at, step_of
from workflows.interviews.refusals import InterviewOver
from workflows.interviews.rules import OPEN_STATES, Ack, Pause, Step
from workflows.interviews.sealing import SCHEME, digest_of_round, hashes_of
from workflows.interviews.widening import put_in, renamed
from workflows.pasted_secrets import must_hold_none
from workflows.refusals import AlreadyDecided, InputWanted, Thing
from workflows.wishes import Wish

FURTHEST_PAUSE_DAYS = 60
"""Whoever wants to go on later than that had better decline."""


# --- what an auditor does ---


def invite(
    deed: Deed, audit: DeskAudit, *, person_id: str, questions: Sequence[Mapping[str, Any]], due_on: date | None = None
) -> Interview:
    """Ask somebody to take part in an audit, with these frozen questions, until the day `due_on`."""
    return handing_on.invite(deed, audit, person_id=person_id, questions=questions, due_on=due_on)


def ask_further(deed: Deed, *, interview_id: int, questions: Sequence[Mapping[str, Any]]) -> Interview:
    """An auditor of the team asks frozen questions more, in the same thread.

    After a confirmation they are a round of their own, confirmed and sealed by itself; before, they come last. One that
    has the id of an earlier question gets another. Raises `NotAllowed`, `OwnArea`, `InterviewOver` or `InputWanted`.
    """
    interview, audit = must_be_of_the_team(deed, interview_id)
    if not questions:
        raise InputWanted("question", Wish.WRITE_SENTENCE)
    if interview.state not in (*OPEN_STATES, InterviewState.CONFIRMED):
        raise InterviewOver(interview.state.value, audit.auditor_id)
    taken = {each.id for each in step_at(deed.uow, interview).asked}
    asked = [renamed(each, taken) for each in questions]
    number = (interview.round or 1) + (interview.state is InterviewState.CONFIRMED)
    widened = deed.uow.change(put_in(deed, interview, asked), round=number)
    deed.record("interview.ask_further", widened, questions=[each["id"] for each in asked], round=number)
    if interview.state in (InterviewState.CONFIRMED, InterviewState.CONFIRMING):
        return ask(deed, widened, asked[0]["id"], Ack.FURTHER, deed.by)
    deed.redraw(widened)
    return widened


def withdraw(deed: Deed, *, interview_id: int, reason: str) -> Interview:
    """An auditor of the team takes an invitation back. What was confirmed stays readable, as it was sealed; answers
    since are kept, and nobody reads them.

    Raises `NotAllowed`, `OwnArea`, `AlreadyDecided`, or `InputWanted` without a reason.
    """
    interview, _ = must_be_of_the_team(deed, interview_id)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_WITHDRAWN)
    if interview.state not in OPEN_STATES:
        by = interview.ended_by or interview.person_id
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=by)
    ended = _end(deed, interview, InterviewState.WITHDRAWN, reason)
    deed.daily([interview.person_id], ended, "withdrawn", what="ended")
    return ended


def call_off(deed: Deed, audit: DeskAudit, *, reason: str) -> None:
    """End every interview of an audit that is still open; whether the actor may, whoever ends the audit has asked."""
    for each in interview_queries.interviews_of(deed.uow, audit.id):
        if each.state in OPEN_STATES:
            _end(deed, each, InterviewState.WITHDRAWN, reason)


# --- what the person does ---


def go_on(deed: Deed, *, interview_id: int) -> Step:
    """Begin, or go on wherever it stands: the question that is asked, the next one, or the answers read back.

    Raises `NotAllowed` or `AlreadyDecided`.
    """
    interview = own_interview(deed, interview_id)
    coming = step_at(deed.uow, interview).next
    if coming is None:
        read_back(deed, interview)
    else:
        ack = Ack.FIRST if interview.state is InterviewState.INVITED else Ack.GOES_ON
        deed.record("interview.go_on", ask(deed, interview, coming.id, ack))
    return step_of(deed.uow, interview.id)


def back(deed: Deed, *, interview_id: int, question_id: str) -> Step:
    """Ask the question before this one once more. Raises `NotAllowed`, `AlreadyDecided` or `InputWanted`."""
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    step.find(question_id)
    before = step.before(question_id)
    if before is None:
        raise InputWanted("answer", Wish.ANSWER_QUESTION_OF_INTERVIEW)
    must_not_be_sealed(deed.uow, step, before.id)
    ask(deed, interview, before.id, Ack.BACK)
    return step_of(deed.uow, interview.id)


def change(deed: Deed, *, interview_id: int, question_id: str) -> Step:
    """Ask a question once more, to change what was said. Raises `NotAllowed`, `AlreadyDecided` or `InputWanted`."""
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    step.find(question_id)
    must_not_be_sealed(deed.uow, step, question_id)
    ask(deed, interview, question_id, Ack.CHANGE)
    return step_of(deed.uow, interview.id)


def stop_for_now(deed: Deed, *, interview_id: int) -> Step:
    """Not now: everything is kept, and nothing is asked until they go on. Raises `NotAllowed` or `AlreadyDecided`."""
    interview = own_interview(deed, interview_id)
    if interview.state is InterviewState.ANSWERING:
        deed.record("interview.pause", pause(deed, interview, Pause.NOT_NOW))
    return step_of(deed.uow, interview.id)


def go_on_later(deed: Deed, *, interview_id: int, day: date) -> Step:
    """They say on which day they want to go on; the message of that day reminds them.

    Raises `NotAllowed`, `AlreadyDecided`, or `InputWanted` for a day that is over or too far away.
    """
    interview = own_interview(deed, interview_id)
    if not 0 < (day - deed.their_today).days <= FURTHEST_PAUSE_DAYS:
        raise InputWanted("day", Wish.CHOOSE_LATER_DATE)
    later = deed.uow.change(interview, resumes_on=day)
    deed.record("interview.pause", later, until=day.isoformat())
    deed.redraw(later)
    return step_of(deed.uow, later.id)


def want_talk(deed: Deed, *, interview_id: int) -> Interview:
    """They would rather talk for a quarter of an hour; the auditor is told, and writing stays possible."""
    interview = own_interview(deed, interview_id)
    if interview.talk_wanted_at is not None:
        return interview
    wanted = deed.uow.change(interview, talk_wanted_at=deed.at)
    deed.record("interview.want_talk", wanted)
    deed.redraw(wanted)
    deed.daily(_told(deed, interview), wanted, "talk_wanted", what="talk")
    return wanted


def confirm(deed: Deed, *, interview_id: int) -> Interview:
    """They confirm what was read back: the round is sealed, and both sides keep the same copy with its fingerprint.

    Raises `NotAllowed`, or `AlreadyDecided` unless every question is dealt with and nothing is confirmed yet.
    """
    interview = own_interview(deed, interview_id)
    if interview.state is not InterviewState.CONFIRMING:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    number = interview.round or 1
    _settle_edits(deed, interview, number)
    hashes = hashes_of(deed.uow, interview, number, deed.at)
    digest = digest_of_round(hashes)
    deed.uow.add(
        SealedRound(
            interview_id=interview.id,
            round=number,
            scheme=SCHEME,
            digest=digest,
            hashes=hashes,
            confirmed_by=deed.by,
            confirmed_at=deed.at,
        )
    )
    sealed = deed.uow.change(
        interview, state=InterviewState.CONFIRMED, confirmed_at=deed.at, digest=digest, round=number
    )
    deed.record("interview.confirmed", sealed, digest=digest, round=number)
    deed.redraw(sealed)
    deed.daily(_reading(deed, interview), sealed, "confirmed", what=f"round{number}")
    return sealed


def _settle_edits(deed: Deed, interview: Interview, number: int) -> None:
    """Of a message that was edited in Slack, and of which nothing was said since, the first words count."""
    for each in interview_queries.answers_of(deed.uow, interview.id):
        if (each.round or 1) == number and each.edited_text is not None and each.edited_at is None:
            deed.uow.change(each, edited_at=deed.at)


def decline(deed: Deed, *, interview_id: int, reason: str = "") -> Interview:
    """They take no part, and say why if they like; the auditor is told, and what colleagues asked goes back to them.

    Raises `NotAllowed`, `AlreadyDecided` or `LooksLikeSecret`.
    """
    interview = own_interview(deed, interview_id)
    must_hold_none(reason, "reason")
    declined = _end(deed, interview, InterviewState.DECLINED, reason)
    deed.daily(_told(deed, interview), declined, "declined", what="ended")
    handing_on.give_back(deed, declined)
    return declined


def _end(deed: Deed, interview: Interview, state: InterviewState, reason: str) -> Interview:
    ended = deed.uow.change(interview, state=state, asking=None, ended_by=deed.by, reason=reason.strip() or None)
    deed.record(f"interview.{state.value}", ended)  # which seals the reason, and keeps no words of it for ever
    deed.redraw(ended)
    return ended


def _told(deed: Deed, interview: Interview) -> list[str]:
    """Who hears how an interview goes: whoever leads the audit."""
    return [deed.uow.get(DeskAudit, interview.desk_audit_id).auditor_id]


def _reading(deed: Deed, interview: Interview) -> list[str]:
    """Who hears that answers can be read: whoever leads the audit, or the next of the team where they may not."""
    audit = deed.uow.get(DeskAudit, interview.desk_audit_id)
    return access.readers(deed.uow, audit)[:1] or [audit.auditor_id]
