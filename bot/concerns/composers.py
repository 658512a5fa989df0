"""Concerns: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.concerns.facts import card
from bot.sending.day import Subject
from bot.slack.calls import Composer, Post, Redraw, Skip
from messages.concerns import cards as words
from messages.concerns.cards import ConcernCard
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.concerns.tables import Concern, ConcernState
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.concerns import questions
from workflows.nudges.reasons import Moved, Reason, moved_on

DRAWN: Mapping[str, Callable[[ConcernCard], Message]] = {
    "concern.card": words.card,
    "concern.receipt": words.receipt,
}
"""What is drawn again as it stands; an answer stays as it was given."""


def told(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card, to whoever decides; nobody is asked about what was decided meanwhile, or may not decide any more."""
    concern = uow.get(Concern, row.subject_id)
    if reason := _why_not(concern):
        return Skip(reason)
    if row.recipient not in questions.deciders(uow):
        return Skip(Reason.SOMEONE_ELSE_ANSWERS)
    return Post(words.card(card(uow, concern, at)))


def _why_not(concern: Concern) -> str:
    is_open = concern.state is ConcernState.OPEN
    return "" if is_open else moved_on(Moved.CONCERN, f"concern_{concern.state.value}")


def receipt(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That it is kept, to whoever brought it up."""
    return Post(words.receipt(card(uow, uow.get(Concern, row.subject_id), at)))


def answer(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """What became of it, to whoever brought it up."""
    return Post(words.answer(card(uow, uow.get(Concern, row.subject_id), at)))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the concern as it stands now."""
    shown = card(uow, uow.get(Concern, row.subject_id), at)
    return Redraw(lambda place: DRAWN[place.kind](shown) if place.kind in DRAWN else None)


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need be reminded any more, or nothing."""
    return _why_not(uow.get(Concern, nudge.subject_id))


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A concern that nobody has decided about, as one of the things of the day."""
    return words.day_item(card(uow, uow.get(Concern, nudge.subject_id), at))


COMPOSERS: Mapping[str, Composer] = {
    "concern.card": told,
    "concern.receipt": receipt,
    "concern.answer": answer,
    "concern.redraw": redraw,
}
SUBJECTS = {"concern": Subject(day_item, why_not)}
