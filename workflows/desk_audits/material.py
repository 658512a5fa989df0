"""Desk audits: what stands beside an answer for the auditor alone, as it was frozen when the question was put."""

from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Interview
from workflows.desk_audits.question_sets import question_sets
from workflows.question_bank.freezing import thawed
from workflows.question_bank.shapes import AskedQuestion


def as_asked(uow: UnitOfWork, interview: Interview, question_id: str) -> AskedQuestion | None:
    """The question with its intent, what to listen for, red flags and wanted evidence; None for one that is gone.

    Interviews of earlier versions were asked the questions of a set as it ships.
    """
    if interview.questions is None:
        found = question_sets().get(uow.get(DeskAudit, interview.desk_audit_id).question_set)
        return next((each for each in found.asked if each.id == question_id), None) if found else None
    frozen = next((each for each in interview.questions if each.get("id") == question_id), None)
    return None if frozen is None else thawed(frozen)
