"""Evidence: what can be asked; nothing is written."""

from itertools import islice

from storage.concerns.tables import Concern, ConcernState
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse
from storage.interviews.tables import Answer, Interview, InterviewState
from storage.nonconformities.tables import Action, Nonconformity, NonconformityState
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.evidence.rules import ACTIONS_TAKE_FILES, CASES_TAKE_FILES, TAKES_FILES
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay

Served = Task | Nonconformity | Interview | DeskAudit | Concern
"""What a piece of evidence may serve; of an interview it is one answer, of an audit a note of its team."""


def served_by(uow: UnitOfWork, use: EvidenceUse) -> Served:
    """What a piece of evidence serves."""
    if use.task_id is not None:
        return uow.get(Task, use.task_id)
    if use.answer_id is not None:
        return _audited_in(uow, uow.get(Answer, use.answer_id))
    if use.concern_id is not None:
        return uow.get(Concern, use.concern_id)
    return uow.get(Nonconformity, use.nonconformity_id or 0)


def _audited_in(uow: UnitOfWork, answer: Answer) -> Interview | DeskAudit:
    if answer.interview_id is None:
        return uow.get(DeskAudit, answer.desk_audit_id or 0)
    return uow.get(Interview, answer.interview_id)


def owner_of(served: Served) -> str:
    """Who is to show that it was done, was asked to, noted it, or brought it up; nobody where that has no name."""
    if isinstance(served, DeskAudit):
        return served.auditor_id
    if isinstance(served, Concern):
        return served.reporter_id or ""
    return served.person_id if isinstance(served, Interview) else served.owner_id


def takes_files(served: Served) -> bool:
    """Whether evidence may still be given for it."""
    if isinstance(served, Task):
        return served.state in TAKES_FILES
    if isinstance(served, DeskAudit):
        return False
    if isinstance(served, Concern):
        return served.state is ConcernState.OPEN
    if isinstance(served, Interview):
        return served.state is InterviewState.ANSWERING
    return served.state in CASES_TAKE_FILES


def accepted_kinds(uow: UnitOfWork, evidence_id: int) -> list[str]:
    """The kinds of files that will do for what a piece of evidence serves; none for any."""
    served = [served_by(uow, use) for use in evidence_queries.uses_of(uow, evidence_id)]
    return [kind for each in served if isinstance(each, Task) for kind in each.accepts]


def task_taking(deed: Deed, *, task_id: int) -> Task:
    """The task the actor may give evidence for now. Raises `NotAllowed` or `AlreadyDecided`."""
    task = deed.uow.get(Task, task_id)
    if deed.by != task.owner_id and not deed.may(Permission.ACCEPT_TASK):
        raise NotAllowed(Tried.ADD_EVIDENCE_FOR_TASK, WhoMay.OWNER_OR_LEAD, task.owner_id)
    if not takes_files(task):
        raise AlreadyDecided(what=Thing.NAMED, called=task.title, state=task.state.value, by=task.decided_by)
    return task


def nonconformity_taking(deed: Deed, *, nonconformity_id: int) -> Nonconformity:
    """The finding the actor may give evidence for now. Raises `NotAllowed` or `AlreadyDecided`."""
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    if deed.by != finding.owner_id:
        raise NotAllowed(Tried.ADD_EVIDENCE_HERE, WhoMay.OWNER, finding.owner_id)
    if not takes_files(finding):
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{finding.number}", state=finding.state.value, by=None)
    return finding


def action_taking(deed: Deed, *, action_id: int) -> Action:
    """The action of a plan the actor may give evidence for now. Raises `NotAllowed` or `AlreadyDecided`."""
    action = deed.uow.get(Action, action_id)
    finding = deed.uow.get(Nonconformity, action.nonconformity_id)
    if deed.by != action.assignee_id:
        raise NotAllowed(Tried.ADD_EVIDENCE_HERE, WhoMay.PERSON, action.assignee_id)
    if finding.state is not NonconformityState.IMPLEMENTING or action.state not in ACTIONS_TAKE_FILES:
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{finding.number}", state=finding.state.value, by=None)
    return action


def tasks_asking(deed: Deed) -> list[Task]:
    """The tasks a file dropped outside any thread may be meant for: the open ones of the actor that want evidence."""
    return [
        task
        for task in task_queries.undecided(deed.uow, deed.by)
        if task.state in (TaskState.OPEN, TaskState.RETURNED) and task.evidence_required
    ]


def latest(deed: Deed, *, limit: int) -> list[Evidence]:
    """The newest evidence: everybody's for those who may see it, else what one gave or is given for one's tasks.

    What was given in an audit alone is left out for whoever doesn't read what people say there.
    """
    if not deed.may(Permission.SEE_EVERYONES_EVIDENCE):
        return evidence_queries.latest(deed.uow, limit, deed.by)
    newest = evidence_queries.latest(deed.uow, None)
    return list(islice((each for each in newest if not is_closed_to(deed, each)), limit))


def is_closed_to(deed: Deed, evidence: Evidence) -> bool:
    """Whether it was given in audits alone, and the actor neither gave it nor reads what people say in any of them."""
    uow = deed.uow
    served = [served_by(uow, use) for use in evidence_queries.uses_of(uow, evidence.id)]
    audits = [_audit_of(uow, each) for each in served if isinstance(each, Interview | DeskAudit)]
    if not audits or len(audits) < len(served) or deed.by == evidence.provided_by:
        return False
    return not any(deed.by in access.readers(uow, audit) for audit in audits)


def _audit_of(uow: UnitOfWork, served: Interview | DeskAudit) -> DeskAudit:
    return served if isinstance(served, DeskAudit) else uow.get(DeskAudit, served.desk_audit_id)
