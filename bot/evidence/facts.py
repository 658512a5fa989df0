"""Evidence: what the words need to know, looked up in rows."""

from messages.evidence import cards as words
from messages.evidence.payloads import EvidenceRef
from messages.words.kit import Message
from storage.concerns.tables import Concern
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Given, Verdict
from storage.interviews.tables import Interview
from storage.packs import requests as stored_requests
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import details
from workflows.evidence import links as links_rules
from workflows.evidence import questions as evidence_questions

MOST_LISTED = 20


def file_line(given: Given) -> words.GivenFile:
    """A piece of evidence as a line on the card of what it serves."""
    return _line(given.evidence, given.use.verdict)


def _line(row: Evidence, verdict: Verdict | None) -> words.GivenFile:
    judged = row.state is EvidenceState.KEPT and verdict is not None and verdict is not Verdict.WAITING
    size = row.announced_size if row.size is None else row.size
    ref = EvidenceRef(row.id, row.version) if row.state is EvidenceState.KEPT else None
    state = verdict.value if judged and verdict else row.state.value
    return words.GivenFile(row.name, size, state, row.note, ref, is_address_only=links_rules.is_address_only(row))


def belongs_to(uow: UnitOfWork, use: EvidenceUse) -> str:
    """What a piece of evidence is for, as people call it."""
    served = evidence_questions.served_by(uow, use)
    if isinstance(served, Interview):
        return uow.get(DeskAudit, served.desk_audit_id).title
    if isinstance(served, Concern):
        return f"C-{served.number}"
    return served.title if isinstance(served, Task | DeskAudit) else f"NC-{served.number}"


def listing(deed: Deed) -> Message:
    found = evidence_questions.latest(deed, limit=MOST_LISTED)
    return words.listing(items=[_item(deed, row) for row in found], total=len(found))


def _item(deed: Deed, row: Evidence) -> words.EvidenceItem:
    uses = evidence_queries.uses_of(deed.uow, row.id)
    return words.EvidenceItem(
        _line(row, uses[0].verdict if uses else None),
        tasks_served(deed.uow, row),
        row.received_at.date(),
        details.may_describe(deed, row),
        row.permalink,
    )


def tasks_served(uow: UnitOfWork, row: Evidence) -> list[str]:
    """Everything that a piece of evidence is for."""
    uses, answers = evidence_queries.uses_of(uow, row.id), stored_requests.answered_by(uow, row.id)
    return [*(belongs_to(uow, use) for use in uses), *(f"R-{each.number}" for each in answers)]
