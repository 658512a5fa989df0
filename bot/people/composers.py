"""People: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.sending.day import Subject
from bot.slack.calls import Composer, Post, Redraw
from messages.nudges.day import DayItem
from messages.nudges.ledger import reason_in_words
from messages.people import cards as words
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge
from storage.people.tables import Person
from storage.record.outbox import OutboxRow


def left(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To a lead: somebody has left, and what became of their work."""
    person = uow.get(Person, nudge.subject_id)
    return words.left(person_id=person.slack_id, **nudge.values)


def cannot_reach(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To a lead: a message could not be delivered."""
    return words.cannot_reach(recipient=nudge.rung, why=reason_in_words(nudge.values["reason"]))


def silence_notice(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """To the digest's channel: who could not be reached on a day."""
    return Post(_silence_notice(uow, row))


def silence_notice_again(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same notice, as somebody else could not be reached later that day."""
    return Redraw(lambda _place: _silence_notice(uow, row))


def _silence_notice(uow: UnitOfWork, row: OutboxRow) -> Message:
    day = date.fromordinal(row.subject_id)
    return words.silence_notice(day=day, unreached=nudge_queries.silences(uow, day))


COMPOSERS: Mapping[str, Composer] = {
    "silence_notice": silence_notice,
    "silence_notice.redraw": silence_notice_again,
}


SUBJECTS = {"silence": Subject(cannot_reach), "leaver": Subject(left)}
