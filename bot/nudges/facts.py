"""Nudges room: what the words need to know of a planned message."""

from messages.nudges import problems as words
from storage.concerns.tables import Concern
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.nonconformities.tables import Nonconformity
from storage.nudges import queries as nudge_queries
from storage.packs.tables import AuditRequest
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task


def about(uow: UnitOfWork, subject: str, subject_id: int) -> str:
    """What its subject is called, if that has a name."""
    match subject:
        case "task":
            return uow.get(Task, subject_id).title
        case "nonconformity":
            return f"NC-{uow.get(Nonconformity, subject_id).number}"
        case "concern":
            return f"C-{uow.get(Concern, subject_id).number}"
        case "evidence":
            return uow.get(Evidence, subject_id).name
        case "audit_request":
            request = uow.get(AuditRequest, subject_id)
            return f"R-{request.number} {request.what}"
    return ""


def _in_the_day(uow: UnitOfWork, row: OutboxRow) -> str:
    """What a message of the day was to tell of; nothing of other messages."""
    told = ((each.subject, each.subject_id) for each in nudge_queries.told_by(uow, [row.id]))
    return ", ".join(filter(None, (about(uow, *each) for each in dict.fromkeys(told))))


def problem(uow: UnitOfWork, row: OutboxRow) -> words.Problem:
    """A message that could not be delivered."""
    return words.Problem(
        message=row.id,
        kind=row.kind,
        about=about(uow, row.subject, row.subject_id) or _in_the_day(uow, row),
        recipient=row.recipient,
        at=row.settled_at or row.planned_at,
        reason=row.reason,
    )
