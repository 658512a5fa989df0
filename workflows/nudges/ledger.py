"""Nudges room: what somebody was told, what not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge, NudgeState
from storage.record import outbox
from storage.record.outbox import Delivery, OutboxRow, OutboxState, Outcome
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission

# --- rules ---

PER_PAGE = 10

AS_A_MESSAGE = {NudgeState.TOLD: OutboxState.SENT, NudgeState.SKIPPED: OutboxState.SKIPPED}
"""What became of something owed, in the words of a message of its own; what is owed still is as its message is."""


@dataclass(frozen=True)
class Entry:
    """Something meant for somebody: what, since when, what has become of it and when, and what put it off before.

    `kind` is the kind of a message of its own, or subject and rung of what stands in a message of the day.
    """

    kind: str
    subject: str
    subject_id: int
    since: datetime
    state: OutboxState
    at: datetime
    reason: str
    put_off: Sequence[str]


@dataclass(frozen=True)
class Page:
    """A page of somebody's ledger, the newest first; `number` is counted from 1."""

    person_id: str
    entries: Sequence[Entry]
    number: int
    pages: int
    total: int


def _of_message(row: OutboxRow, attempts: Sequence[Delivery]) -> Entry:
    at = row.settled_at or row.not_before
    put_off = _put_off(row.id, attempts)
    return Entry(row.kind, row.subject, row.subject_id, row.planned_at, row.state, at, row.reason, put_off)


def _of_nudge(nudge: Nudge, day: OutboxRow | None, attempts: Sequence[Delivery]) -> Entry:
    """Something of a message of the day; `day` is the one that is still to be sent."""
    waits = nudge.state is NudgeState.OWED and day is not None
    at = nudge.settled_at or (day.not_before if waits and day else nudge.reached_at)
    message_id = day.id if waits and day else nudge.message_id
    put_off = _put_off(message_id, attempts)
    state = AS_A_MESSAGE.get(nudge.state, OutboxState.PENDING)
    kind = f"{nudge.subject}.{nudge.rung.partition('.')[0]}"
    return Entry(kind, nudge.subject, nudge.subject_id, nudge.reached_at, state, at, nudge.reason, put_off)


def _put_off(message_id: int | None, attempts: Sequence[Delivery]) -> list[str]:
    return [each.reason for each in attempts if each.outbox_id == message_id and each.outcome is Outcome.RETRIED]


# --- questions ---


def page(deed: Deed, *, person_id: str, number: int) -> Page:
    """What somebody was told: oneself, or anybody for leads and auditors. Raises `NotAllowed` or `CannotTakeOver`."""
    if person_id != deed.by:
        deed.must(Permission.SEE_WHAT_OTHERS_WERE_TOLD)
        people_questions.to_see(deed.uow, deed.actor, person_id)
    total = outbox.count_beside_days(deed.uow, person_id) + nudge_queries.count(deed.uow, person_id)
    pages = max(1, -(-total // PER_PAGE))
    shown = min(max(number, 1), pages)
    newest = _newest(deed.uow, person_id, shown * PER_PAGE)
    return Page(person_id, newest[(shown - 1) * PER_PAGE :], shown, pages, total)


def _newest(uow: UnitOfWork, person_id: str, most: int) -> list[Entry]:
    messages, nudges = outbox.newest_beside_days(uow, person_id, most), nudge_queries.newest(uow, person_id, most)
    day = outbox.day_to_come(uow, person_id)
    of_days = {each.message_id for each in nudges if each.message_id} | ({day.id} if day else set())
    attempts = outbox.attempts_at(uow, [*(row.id for row in messages), *of_days])
    entries = [_of_message(row, attempts) for row in messages] + [_of_nudge(each, day, attempts) for each in nudges]
    return sorted(entries, key=lambda entry: entry.since, reverse=True)[:most]
