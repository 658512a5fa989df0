"""Desk audits: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import datetime

from bot.desk_audits import facts
from bot.desk_audits.cards import desk_message, found_message
from bot.sending.day import Subject
from bot.slack.calls import Composer, Post, Redraw
from messages.desk_audits import findings as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.desk_audits.tables import AuditFinding, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.posted import Place
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.deed import Deed


def desk(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of an audit, for whoever asked to see it."""
    return Post(desk_message(Deed.of(uow, row.recipient, at), row.subject_id))


def found(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """What was found, for whoever answers for it."""
    return Post(found_message(uow, uow.get(DeskAudit, row.subject_id), row.recipient))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the audit as it stands now, each as its reader may see it."""
    audit = uow.get(DeskAudit, row.subject_id)
    return Redraw(lambda place: _at(uow, audit, place, at))


def _at(uow: UnitOfWork, audit: DeskAudit, place: Place, at: datetime) -> Message | None:
    if place.kind == "desk_audit.found":
        return found_message(uow, audit, place.recipient)
    return desk_message(Deed.of(uow, place.recipient, at), audit.id)


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A finding that whoever answers for it sees differently, for the auditor who raised it."""
    finding = uow.get(AuditFinding, nudge.subject_id)
    return words.differs(facts.finding(uow, finding), uow.get(DeskAudit, finding.desk_audit_id).title)


COMPOSERS: Mapping[str, Composer] = {
    "desk_audit.desk": desk,
    "desk_audit.found": found,
    "desk_audit.redraw": redraw,
}

SUBJECTS = {"audit_finding": Subject(day_item)}
