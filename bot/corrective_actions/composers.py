"""Corrective actions: what the bot says by itself, composed at the moment of sending."""

from datetime import datetime

from bot.corrective_actions import facts
from bot.sending.day import Subject
from bot.slack.calls import Post, Redraw, Skip
from messages.corrective_actions import cards as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Action, Nonconformity
from storage.nudges.posted import where_posted
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.corrective_actions import questions
from workflows.nonconformities.carrying_out import ACTION_CARD
from workflows.nudges.reasons import Moved, moved_on
from workflows.people import questions as people_questions


def told(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card, to whoever carries it out; nobody is asked for what is somebody else's by now."""
    action = uow.get(Action, row.subject_id)
    if reason := _why_not(uow, action, row.recipient):
        return Skip(reason)
    return Post(_for(uow, action, row.recipient, at))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """The same in the message of the day; how it stands its owner may always know."""
    if nudge.rung != "due":
        return ""
    return _why_not(uow, uow.get(Action, nudge.subject_id), nudge.person_id)


def _why_not(uow: UnitOfWork, action: Action, person_id: str) -> str:
    if action.assignee_id == person_id and questions.is_under_way(uow, action):
        return ""
    return moved_on(Moved.NONCONFORMITY, uow.get(Nonconformity, action.nonconformity_id).state.value)


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """An action as one of the things of the day."""
    action = uow.get(Action, nudge.subject_id)
    shown = facts.card(uow, action, people_questions.reader(uow, nudge.person_id), at)
    return words.day_item(shown, nudge.person_id, nudge.rung)


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the action as it stands now, each with its reader's buttons."""
    action = uow.get(Action, row.subject_id)
    readers = {place.recipient for place in where_posted(uow, "nonconformity_action", action.id)}
    cards = {reader: _for(uow, action, reader, at) for reader in readers}
    return Redraw(lambda place: cards.get(place.recipient))


def _for(uow: UnitOfWork, action: Action, person_id: str, at: datetime) -> Message:
    return words.card(facts.card(uow, action, people_questions.reader(uow, person_id), at))


COMPOSERS = {ACTION_CARD: told, "nonconformity_action.redraw": redraw}
SUBJECTS = {"nonconformity_action": Subject(day_item, why_not)}
