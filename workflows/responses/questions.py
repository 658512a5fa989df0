"""Responses: what can be asked of a conversation; nothing is written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Asking, Cause, Nonconformity, NonconformityState, ResponseDraft
from storage.nudges import posted
from storage.record.outbox import OutboxRow, OutboxState
from workflows.deed import Deed
from workflows.nonconformities import answers, drafts
from workflows.nonconformities.gates import Remedy, Why
from workflows.nonconformities.limits import latest_day
from workflows.nonconformities.moving import clock
from workflows.refusals import Stale, Thing
from workflows.responses.rules import SoFar

QUESTION = "response.question"
"""The message that asks a question; the first of its `what` is the number of the question."""

CARD = "nonconformity.card"
PROPOSED = (timedelta(weeks=2), timedelta(weeks=4))
"""Days for an action that are proposed by buttons, where they lie within what is allowed."""

WATCHED_FOR = timedelta(days=60)


def so_far(uow: UnitOfWork, finding: Nonconformity, draft: ResponseDraft) -> SoFar:
    """What was said so far, as the rules look at it."""
    return SoFar(
        statement=finding.statement,
        correction=str(draft.values.get("correction", "")),
        causes=[Why(each.steps, each.how_unnoticed) for each in drafts.causes(uow, finding)],
        actions=[Remedy(each.text, each.causes) for each in drafts.actions(uow, finding)],
        tried=answers.tried(uow, finding),
        names=answers.names(uow),
        branches=bool(draft.values.get("branches")),
        was_read_back=bool(draft.values.get("was_read_back")),
    )


def cause_asked(uow: UnitOfWork, finding: Nonconformity, draft: ResponseDraft) -> Cause | None:
    """The cause whose steps are being asked; None before its first."""
    found: Cause | None = drafts.of_place(drafts.causes(uow, finding), int(draft.values.get("cause", 1)))
    return found


def cause_removed(uow: UnitOfWork, finding: Nonconformity, draft: ResponseDraft) -> Cause | None:
    """The cause that the action being asked about removes."""
    causes = drafts.causes(uow, finding)
    under_way = draft.values.get("action") or {}
    place = next(iter(under_way.get("causes", ())), None) or so_far(uow, finding, draft).uncovered or len(causes)
    found: Cause | None = drafts.of_place(causes, place)
    return found


def to_answer(deed: Deed, draft_id: int, number: int) -> tuple[Nonconformity, ResponseDraft]:
    """A conversation in which this question is the one that is asked. Raises `Stale` where another is by now."""
    draft = deed.uow.get(ResponseDraft, draft_id)
    if draft.asking is None or draft.number != number:
        raise Stale(Thing.THIS_QUESTION)
    return deed.uow.get(Nonconformity, draft.nonconformity_id), draft


def written_in(deed: Deed, *, channel_id: str, thread_ts: str) -> Nonconformity | None:
    """The case that the actor answers in this thread; None where it is none of theirs, or nothing is to be answered."""
    rows = posted.in_thread(deed.uow, channel_id, thread_ts)
    of_cards = [row.subject_id for row in rows if row.kind == CARD and row.recipient == deed.by]
    drafted = [deed.uow.get(ResponseDraft, row.subject_id) for row in rows if row.kind == QUESTION]
    found = [*(each.nonconformity_id for each in drafted), *of_cards]
    case = deed.uow.get(Nonconformity, found[0]) if found else None
    is_theirs = case is not None and case.owner_id == deed.by and case.state is NonconformityState.RESPONDING
    return case if is_theirs else None


def waiting_for(deed: Deed) -> list[Nonconformity]:
    """The cases in whose conversation something is asked of the actor."""
    asked = deed.uow.matching(ResponseDraft, person_id=deed.by)
    cases = [deed.uow.get(Nonconformity, each.nonconformity_id) for each in asked if each.asking is not None]
    return [each for each in cases if each.owner_id == deed.by and each.state is NonconformityState.RESPONDING]


def thread_of(uow: UnitOfWork, finding: Nonconformity, draft: ResponseDraft) -> str | None:
    """The thread of the owner's card; else that of the first question; None before there is one."""
    cards = [each for each in posted.where_posted(uow, "nonconformity", finding.id) if each.kind == CARD]
    theirs = [each.ts for each in cards if each.recipient == draft.person_id]
    if theirs:
        return theirs[-1]
    asked = [row for row in _asked(uow, draft.id) if row.recipient == draft.person_id]
    return (asked[-1].thread_ts or asked[-1].ts) if asked else None


def number_seen(uow: UnitOfWork, draft: ResponseDraft, before_ts: str) -> int | None:
    """The number of the question that somebody saw last when they wrote something."""
    seen = next((row for row in _asked(uow, draft.id) if row.ts < before_ts), None)
    return None if seen is None else number_of(seen)


def number_of(row: OutboxRow) -> int:
    """The number of the question that a message asks."""
    return int(row.values["what"][0])


def _asked(uow: UnitOfWork, draft_id: int) -> list[OutboxRow]:
    """The newest first."""
    return uow.all(
        OutboxRow,
        col(OutboxRow.kind) == QUESTION,
        col(OutboxRow.subject_id) == draft_id,
        col(OutboxRow.state) == OutboxState.SENT,
        order_by=col(OutboxRow.ts).desc(),
    )


def latest_for_action(deed: Deed, finding: Nonconformity) -> date:
    """The last day on which an action may be done."""
    return latest_day(NonconformityState.IMPLEMENTING, replace(clock(deed, finding), planned=None))


def proposed(deed: Deed, finding: Nonconformity) -> Sequence[date]:
    """Days that are proposed for an action."""
    latest = latest_for_action(deed, finding)
    return [day for each in PROPOSED if (day := deed.today + each) <= latest] or [latest]


def proposed_check(uow: UnitOfWork, finding: Nonconformity, today: date) -> date:
    """The day that is proposed for looking at the effect: two months after the last action."""
    ends = [each.due_on for each in drafts.actions(uow, finding)]
    return max(ends, default=today) + WATCHED_FOR


def about(uow: UnitOfWork, finding: Nonconformity, draft: ResponseDraft) -> tuple[int, int]:
    """The cause that a question is about, by its place, and how many steps of it were said."""
    is_of_action = draft.asking in (Asking.ACTION, Asking.MORE)
    cause = (cause_removed if is_of_action else cause_asked)(uow, finding, draft)
    return (cause.place, len(cause.steps)) if cause else (int(draft.values.get("cause", 1)), 0)


def is_asked(draft: ResponseDraft, row: OutboxRow) -> bool:
    """Whether a message asks what is being asked now."""
    return draft.asking is not None and number_of(row) == draft.number
