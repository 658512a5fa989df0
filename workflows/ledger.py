"""Nudges room: what somebody was told, what not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import outbox
from storage.outbox import Delivery, OutboxRow, Outcome
from storage.unit_of_work import UnitOfWork
from workflows import people
from workflows.people import Actor

# --- rules ---

PER_PAGE = 10


@dataclass(frozen=True)
class Entry:
    """A message meant for somebody, and the attempts that did not bring it there."""

    message: OutboxRow
    put_off: Sequence[Delivery]


@dataclass(frozen=True)
class Page:
    """A page of somebody's ledger, the newest first; `number` is counted from 1."""

    person_id: str
    entries: Sequence[Entry]
    number: int
    pages: int
    total: int


# --- questions ---


def page(uow: UnitOfWork, actor: Actor, *, person_id: str, number: int, at: datetime) -> Page:
    """What somebody was told: oneself, or anybody for leads and auditors. Raises `NotAllowed` or `CannotTakeOver`."""
    if person_id != actor.person_id:
        actor.must("see what others were told")
        people.to_see(uow, actor, person_id)
    _, total = outbox.to(uow, person_id, first=0, most=1)
    pages = max(1, -(-total // PER_PAGE))
    shown = min(max(number, 1), pages)
    messages, _ = outbox.to(uow, person_id, first=(shown - 1) * PER_PAGE, most=PER_PAGE)
    put_off = [each for each in outbox.attempts_at(uow, messages) if each.outcome is Outcome.RETRIED]
    entries = [Entry(row, [each for each in put_off if each.outbox_id == row.id]) for row in messages]
    return Page(person_id, entries, shown, pages, total)
