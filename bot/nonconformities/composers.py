"""Nonconformities: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Sequence
from datetime import datetime

from bot.nonconformities.facts import card, item
from bot.sending.day import Subject
from bot.slack.calls import Post, Redraw, Skip
from messages.nonconformities import cards as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState, Seat
from storage.nudges.posted import where_posted
from storage.nudges.tables import Nudge
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.record.outbox import OutboxRow
from workflows.nonconformities import cases, independence
from workflows.nudges import rules as nudge_rules
from workflows.nudges.ladders import Audience
from workflows.nudges.reasons import Moved, moved_on
from workflows.people import questions as people_questions
from workflows.people.rules import Actor

BESIDES = ("returned_again", "ineffective_again", "regrade")
"""What people hear of though it is for others to act: a third return, a second round that did not work, and a grade
that may not hold any more.
"""

TO_VERIFY = (NonconformityState.VERIFYING, NonconformityState.EFFECTIVENESS_REVIEW)
BY_ROLE: Sequence[tuple[Role, words.Reader]] = (
    (Role.LEAD, "lead"),
    (Role.AUDITOR, "auditor"),
    (Role.MANAGEMENT, "management"),
)
"""Why somebody hears of a finding that is neither theirs nor waits for their check: the first role they hold."""


def told(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card, to whoever must act next; nobody is asked for what was done meanwhile."""
    finding = uow.get(Nonconformity, row.subject_id)
    if reason := _why_not(uow, finding, row.recipient):
        return Skip(reason)
    return Post(_for(uow, finding, row.recipient, at))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """The same in the message of the day; whoever hears of a case besides hears of it whoever acts next."""
    if _is_besides(nudge):
        return ""
    return _why_not(uow, uow.get(Nonconformity, nudge.subject_id), nudge.person_id)


def _why_not(uow: UnitOfWork, finding: Nonconformity, person_id: str) -> str:
    ended = finding.state in (NonconformityState.CLOSED, NonconformityState.VOID)
    is_theirs = ended or person_id in independence.actors_next(uow, finding)
    return "" if is_theirs else moved_on(Moved.NONCONFORMITY, finding.state.value)


def _is_besides(nudge: Nudge) -> bool:
    """Whether somebody hears of a case though it is for others to act."""
    return nudge.rung in BESIDES or nudge.values.get("audience", Audience.OWNER) != Audience.OWNER


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A finding as one of the things of the day, as its reader may act on it."""
    finding = uow.get(Nonconformity, nudge.subject_id)
    today = nudge_rules.local_day(uow.workspace().zone, at)
    shown = item(uow, finding, people_questions.reader(uow, nudge.person_id), today)
    return words.day_item(
        shown,
        today,
        nudge.person_id,
        is_besides=_is_besides(nudge),
        alone=lambda: _for(uow, finding, nudge.person_id, at),
    )


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the finding as it stands now, each with its reader's buttons."""
    finding = uow.get(Nonconformity, row.subject_id)
    readers = {place.recipient for place in where_posted(uow, "nonconformity", finding.id)}
    cards = {reader: _for(uow, finding, reader, at) for reader in readers}
    return Redraw(lambda place: cards.get(place.recipient))


def _for(uow: UnitOfWork, finding: Nonconformity, person_id: str, at: datetime) -> Message:
    reader = people_questions.reader(uow, person_id)
    return words.card(card(uow, finding, reader, at), _kind_of_reader(uow, finding, reader))


def _kind_of_reader(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None) -> words.Reader:
    if reader is None:
        return "reader"
    if reader.person_id == finding.owner_id:
        return "owner"
    if finding.state in TO_VERIFY and reader.person_id in cases.filling(uow, finding, Seat.VERIFIER).people:
        return "verifier"
    if reader.person_id == finding.raised_by:
        return "author"
    as_role = next((kind for role, kind in BY_ROLE if role in reader.roles), None)
    return as_role or ("manager" if _manages(uow, finding, reader.person_id) else "reader")


def _manages(uow: UnitOfWork, finding: Nonconformity, person_id: str) -> bool:
    """Whether somebody is the manager of whoever is to act."""
    asked = (people_queries.person(uow, each) for each in cases.asked_next(uow, finding))
    return any(each is not None and each.manager_id == person_id for each in asked)


COMPOSERS = {"nonconformity.card": told, "nonconformity.redraw": redraw}


SUBJECTS = {"nonconformity": Subject(day_item, why_not)}
