"""Audit reports: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.audit_reports import facts
from bot.sending.day import Subject
from bot.slack.calls import Composer, Later, Outgoing, Post, Redraw, ShareFile, Skip
from messages.audit_reports import cards as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.audit_reports import queries as stored
from storage.audit_reports.tables import AuditReport
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import EvidenceState
from storage.nudges.posted import Place
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow, OutboxState
from workflows.audit_reports import filing
from workflows.nudges.reasons import Reason

UNTIL_THE_CARD_STANDS = timedelta(seconds=5)


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The draft for its lead auditor, or the signed report for one of its readers."""
    return Post(facts.card(uow, uow.get(AuditReport, row.subject_id), row.recipient))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same card as the report moves on."""
    report = uow.get(AuditReport, row.subject_id)

    def message_for(place: Place) -> Message | None:
        return facts.card(uow, report, place.recipient) if place.kind in filing.CARDS else None

    return Redraw(message_for)


def paper(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
    """A paper, in the thread of the reader's card, which comes first."""
    report, kind = uow.get(AuditReport, row.subject_id), row.values["paper"]
    kept = evidence_queries.of_source(uow, filing.source_of(report, kind))
    if kept is None or kept.state is not EvidenceState.KEPT:
        return Skip(Reason.NO_LONGER_KEPT)
    told = filing.card_of(uow, report, row.recipient)
    if told is None or told.state in filing.NEVER_STOOD:
        return Skip(Reason.NO_CARD_TO_UPDATE)
    if told.state is not OutboxState.SENT:
        return Later(max(at, told.not_before) + UNTIL_THE_CARD_STANDS, Reason.CARD_TO_COME)
    return ShareFile(
        message=Message("", ()),
        file_name=kept.name,
        title=kept.name,
        size=kept.size or 0,
        sha256=kept.sha256 or "",
        channel_id=told.channel_id,
        thread_ts=told.ts,
    )


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """What became of what somebody said."""
    return words.outcome(facts.outcome_of(uow, uow.get(AuditReport, nudge.subject_id), nudge.person_id))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """A later revision tells it anew."""
    report = uow.get(AuditReport, nudge.subject_id)
    later = [each for each in stored.signed(uow, report.desk_audit_id) if each.revision > report.revision]
    return Reason.COVERED_BY_LATER_UPDATE if later else ""


COMPOSERS: Mapping[str, Composer] = {
    **dict.fromkeys(filing.CARDS, card),
    "audit_report.redraw": redrawn,
    filing.PAPER: paper,
}
SUBJECTS = {"audit_report": Subject(day_item, why_not)}
