"""App Home: what waits for somebody, and for compliance leads how the programme stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.concerns import facts as concern_facts
from bot.desk_audits import cards as desk_audit_cards
from bot.evidence.facts import file_line
from bot.interviews import facts as interview_facts
from bot.nonconformities import facts as nonconformity_facts
from bot.packs import facts as pack_facts
from bot.people import facts as people_facts
from bot.programme import facts as programme_facts
from bot.requirements import served
from bot.reviews import facts as review_facts
from bot.services import Services
from bot.slack.calls import Event, Press, Reply
from bot.slack.routes import AnyRoute, event, press
from bot.tasks import facts as task_facts
from messages.home import cards as words
from messages.tasks.cards import WorkItem
from messages.tasks.payloads import HandoverRef, ListRef, TaskRef
from messages.words.kit import Home
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.concerns import questions as concerns
from workflows.deed import Deed
from workflows.desk_audits import desk
from workflows.interviews import questions as interview_questions
from workflows.nonconformities import questions as findings
from workflows.nudges import undelivered
from workflows.people import commands as people_commands
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.reviews.questions import standing
from workflows.tasks import handovers, work_lists
from workflows.tasks import questions as task_questions
from workflows.tasks.work_lists import Chosen


async def opened(call: Event) -> Reply:
    """Somebody looks at the Home tab."""
    if call.body.get("tab") == "home":
        call.services.later(call.services.publish_home(call.workspace_id, call.person_id), about="Home that was opened")
    return None


async def publish(services: Services, workspace_id: str, person_id: str) -> None:
    """Draw somebody's Home anew from what is stored now."""
    at = services.clock.now()
    await services.gateway.publish_home(person_id, await services.database.read(workspace_id, home, person_id, at=at))


def home(uow: UnitOfWork, person_id: str, *, at: datetime) -> Home:
    """The Home tab of one person."""
    deed = Deed.of(uow, person_id, at)
    actor, workspace, today = deed.actor, uow.workspace(), deed.today
    # To work out how the programme stands takes longer than all the rest, and only leads are told.
    is_lead, has_begun = Role.LEAD in actor.roles, workspace.programme_started_on is not None
    coming_up, coming_up_total = programme_facts.coming_up(deed, today)
    return words.home(
        words.HomeValues(
            person_id=person_id,
            today=today,
            programme=review_facts.programme(standing(uow, at=at)) if is_lead and has_begun else None,
            has_begun=has_begun,
            **_tasks(deed),
            accesses=pack_facts.accesses(uow, person_id, at),
            offers=_offers(deed),
            interviews=[
                interview_facts.item(interview_questions.step_of(uow, each.id))
                for each in interview_queries.waiting_for(uow, person_id)
            ],
            audits=[desk_audit_cards.own_audit(each, today) for each in desk.own(deed)],
            concerns=[concern_facts.card(uow, each, at) for each in concerns.waiting(deed)],
            findings=[nonconformity_facts.item(uow, each, actor, deed.today) for each in findings.waiting_for(deed)],
            queue=_queue(deed),
            coming_up=coming_up,
            coming_up_total=coming_up_total,
            ownerless=_ownerless(deed),
            absence=people_facts.absence(uow, person_id, today),
            is_lead=is_lead,
            undelivered=undelivered.count(deed),
            may_bring_up=not actor.is_outsider,
            can_claim_lead=actor.is_admin and not people_questions.holders(uow, Role.LEAD),
        )
    )


def _tasks(deed: Deed) -> dict[str, Any]:
    """The list of tasks on the tab and page that the person chose last, as far as these still exist."""
    tabs = work_lists.tabs(deed)
    tab, page = _last_chosen(deed, tabs)
    if deed.uow.workspace().programme_started_on is None:
        return {"tabs": tabs}
    found = task_facts.list_page(deed, chosen=Chosen(whose=tab, page=page))
    if page and not found.items:
        found = task_facts.list_page(deed, chosen=Chosen(whose=tab, page=found.pages - 1))
    return {"tasks": found.items, "tabs": tabs, "tab": tab, "listed": found}


def _last_chosen(deed: Deed, tabs: Sequence[str]) -> tuple[str, int]:
    person = people_queries.person(deed.uow, deed.by)
    return (person.home_tab, person.home_page) if person and person.home_tab in tabs else (tabs[0], 0)


def _offers(deed: Deed) -> list[words.Offer]:
    """What others asked the person to take on."""
    asked = task_queries.handovers_waiting_for(deed.uow, deed.by)
    found = [(each, deed.uow.get(Task, each.task_id)) for each in asked]
    return [
        words.Offer(HandoverRef(each.id), task.title, task.due_on, each.by_id, each.reason)
        for each, task in found
        if task.state in handovers.CHANGES_HANDS
    ]


def _ownerless(deed: Deed) -> list[WorkItem]:
    if not deed.may(Permission.ASSIGN_TASK):
        return []
    return [task_facts.item(deed.uow, task, deed.actor, deed.today) for task in handovers.to_find_owners(deed.uow)]


async def turn(call: Press[ListRef]) -> Reply:
    """Another list, or another page of it; the Home tab is drawn anew after every press on it."""
    await call.act(people_commands.turn_home, tab=call.payload.whose, page=call.payload.page)
    return None


def _queue(deed: Deed) -> list[words.QueueItem]:
    if not deed.may(Permission.ACCEPT_TASK):
        return []
    return [_queued(deed, task) for task in task_queries.submitted(deed.uow)]


def _queued(deed: Deed, task: Task) -> words.QueueItem:
    assert task.submitted_at is not None  # it stands in the queue because it was submitted
    return words.QueueItem(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        requirements=served(deed.uow, task.requirements),
        submitted_by=task.submitted_by or task.owner_id,
        submitted_at=task.submitted_at,
        files=[file_line(each) for each in task_questions.kept(deed.uow, task)],
        is_own=not task_questions.is_independent(deed.uow, task, deed.by),
    )


ROUTES: tuple[AnyRoute, ...] = (
    event("app_home_opened", opened),
    *(press(f"{words.TAB}.{tab}", ListRef, turn) for tab in (work_lists.MINE, work_lists.TEAM, work_lists.ALL)),
    press(f"{words.PAGE}.back", ListRef, turn),
    press(f"{words.PAGE}.on", ListRef, turn),
)
