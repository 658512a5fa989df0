"""App Home: what waits for somebody, and for compliance leads how the programme stands."""

from datetime import datetime

from bot import desk_audits, months, nonconformities, reviews, tasks
from bot.calls import Event, Reply
from bot.evidence import file_line
from bot.frameworks import served
from bot.house import House
from bot.routes import event
from messages import home as words
from messages.kit import Home
from messages.payloads import TaskRef
from storage import desk_audits as stored_audits
from storage import tasks as stored_tasks
from storage.people import Role
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from workflows import desk_audits as audits
from workflows import nudges, people
from workflows import tasks as task_rules
from workflows.nonconformities import questions as findings
from workflows.people import Actor
from workflows.reviews import standing


async def opened(call: Event) -> Reply:
    """Somebody looks at the Home tab."""
    if call.body.get("tab") == "home":
        await publish(call.house, call.workspace_id, call.person_id)
    return None


async def publish(house: House, workspace_id: str, person_id: str) -> None:
    """Draw somebody's Home anew from what is stored now."""
    at = house.clock.now()
    await house.gateway.publish_home(person_id, await house.database.read(workspace_id, home, person_id, at=at))


def home(uow: UnitOfWork, person_id: str, *, at: datetime) -> Home:
    """The Home tab of one person."""
    actor = people.actor(uow, person_id)
    workspace = uow.workspace()
    is_lead = Role.LEAD in actor.roles
    today = nudges.local_day(workspace.zone, at)
    coming_up, coming_up_total = months.coming_up(uow, actor, today)
    return words.home(
        words.HomeValues(
            person_id=person_id,
            today=today,
            programme=reviews.programme(standing(uow, at=at)) if workspace.programme_started_on else None,
            tasks=[tasks.item(uow, task, person_id) for task in stored_tasks.undecided(uow, person_id)],
            interviews=[
                desk_audits.item(audits.step_of(uow, each.id)) for each in stored_audits.waiting_for(uow, person_id)
            ],
            findings=[nonconformities.item(uow, each, actor) for each in findings.waiting_for(uow, actor)],
            queue=_queue(uow, actor),
            coming_up=coming_up,
            coming_up_total=coming_up_total,
            is_lead=is_lead,
            can_claim_lead=actor.is_admin and not people.holders(uow, Role.LEAD),
        )
    )


def _queue(uow: UnitOfWork, actor: Actor) -> list[words.QueueItem]:
    if not actor.may("accept a task"):
        return []
    return [_queued(uow, actor, task) for task in stored_tasks.submitted(uow)]


def _queued(uow: UnitOfWork, actor: Actor, task: Task) -> words.QueueItem:
    assert task.submitted_at is not None  # it stands in the queue because it was submitted
    return words.QueueItem(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        requirements=served(uow, task.requirements),
        submitted_by=task.submitted_by or task.owner_id,
        submitted_at=task.submitted_at,
        files=[file_line(each) for each in task_rules.kept(uow, task)],
        is_own=not task_rules.is_independent(uow, task, actor.person_id),
    )


ROUTES = (event("app_home_opened", opened),)
