"""Tasks: what the words need to know, looked up in rows."""

from datetime import date, datetime

from bot.evidence.facts import file_line
from bot.requirements import served
from messages.tasks import cards as words
from messages.tasks.payloads import HandoverRef, ListRef, TaskRef
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.programme.tables import Kind, Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.evidence import file_kinds
from workflows.frameworks import rules as framework_rules
from workflows.nonconformities import sources
from workflows.nudges import questions as nudge_questions
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor
from workflows.tasks import questions as task_questions
from workflows.tasks import rules as task_rules
from workflows.tasks import work_lists
from workflows.tasks.work_lists import Chosen


def card(uow: UnitOfWork, task: Task, at: datetime) -> words.TaskCard:
    """Everything a task's card shows, as it stands now."""
    today = nudge_rules.local_day(uow.workspace().zone, at)
    coming = nudge_questions.told_next(uow, task, today)
    return words.TaskCard(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        purpose=task.purpose,
        requirements=served(uow, task.requirements),
        owner_id=task.owner_id,
        due_on=task.due_on,
        today=today,
        state=task.state.value,
        evidence_wanted=task.evidence_wanted,
        evidence_required=task.evidence_required,
        accepts=file_kinds.in_order(task.accepts),
        files=[file_line(each) for each in evidence_queries.for_task(uow, task.id)],
        submitted_by=task.submitted_by,
        submitted_at=task.submitted_at,
        decided_by=task.decided_by,
        decided_at=task.decided_at,
        reason=task.reason,
        told_next=words.ToldNext(coming.people, coming.on) if coming else None,
        has_calendar_file=uow.get(Obligation, task.obligation_id).kind in (Kind.AUDIT, Kind.CERTIFICATION),
        lead_days=(task.scheduled_on - task.opens_on).days,
        scheduled_on=task.scheduled_on,
        external=task.external,
        snoozes=task.snoozes,
        stands_in_for=task.stands_in_for,
        asked=_asked(uow, task),
        explained=bool(task.reason),
        went_wrong=sources.of_task(uow, task, today) is not None,
        comments=[words.Comment(each.person_id, each.at, each.text) for each in task_queries.comments(uow, task.id)],
    )


def _asked(uow: UnitOfWork, task: Task) -> words.Asked | None:
    asked = task_queries.waiting_handover(uow, task.id)
    if asked is None:
        return None
    return words.Asked(HandoverRef(asked.id), asked.kind.value, asked.by_id, asked.to_id, asked.reason)


def item(uow: UnitOfWork, task: Task, actor: Actor, today: date) -> words.WorkItem:
    """A task as a line in a list, as its reader may act on it."""
    leads = actor.may(Permission.ASSIGN_TASK)
    return words.WorkItem(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        requirements=served(uow, task.requirements),
        due_on=task.due_on,
        state=task.state.value,
        evidence_required=task.evidence_required,
        is_own=task.owner_id == actor.person_id,
        owner_id=task.owner_id,
        for_lead=leads,
        has_a_part=leads and not task_questions.is_independent(uow, task, actor.person_id),
        may_begin=task.state is TaskState.SCHEDULED and task_rules.begins_on(task) <= today,
        external=task.external,
        explained=bool(task.reason),
        snoozes=task.snoozes,
        owner_has_left=not people_questions.reachable(uow, task.owner_id),
    )


def list_page(deed: Deed, *, chosen: Chosen) -> words.ListPage:
    """A page of a list of tasks, as its reader may see it and act on it."""
    found = work_lists.work_list(deed, chosen=chosen)
    items = [item(deed.uow, task, deed.actor, found.today) for task in found.tasks]
    standard = framework_rules.catalogue(chosen.edition).standard if chosen.edition else ""
    return words.ListPage(ListRef(**vars(chosen)), deed.by, items, found.total, found.pages, found.today, standard)
