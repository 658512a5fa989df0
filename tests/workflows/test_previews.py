"""What lies ahead on the ladder of a task, found by words, and why somebody is the one who is asked."""

from datetime import date, timedelta

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.people.tables import Person
from storage.programme.tables import Kind, Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from workflows.deed import Deed
from workflows.nudges import commands as nudge_commands
from workflows.nudges import previews
from workflows.nudges.ladders import OPENED
from workflows.people import commands as people_commands
from workflows.people import leaving
from workflows.refusals import NotAllowed
from workflows.tasks import commands as task_commands
from workflows.tasks import handovers

TODAY = MONDAY.date()


def first_task(uow: UnitOfWork) -> Task:
    """The open task of an ordinary obligation that falls due first."""
    ordinary = (Kind.CONTROL, Kind.REVIEW)
    found = [each for each in task_queries.waiting(uow) if uow.get(Obligation, each.obligation_id).kind in ordinary]
    return min(found, key=lambda each: each.due_on)


def ahead(uow: UnitOfWork, task: Task) -> list[tuple[date, str, set[str]]]:
    """The days foretold to a lead, with the rung and who is told."""
    shown = previews.preview(deed(uow, "UMIRA"), task_id=task.id)
    return [(each.on, each.rung.name, set(each.told)) for each in shown.coming]


def test_what_is_foretold_is_what_happens(programme: UnitOfWork) -> None:
    task = first_task(programme)
    foretold = ahead(programme, task)
    assert [rung for _, rung, _ in foretold] == [
        "due_soon.3",
        "due",
        "overdue.1",
        "overdue.3",
        "overdue.5",
        "overdue.20",
    ]
    for day, rung, told in foretold:
        nudge_commands.tick(the_bot(programme, MONDAY + (day - TODAY)))
        assert {each.person_id for each in programme.matching(Nudge, subject_id=task.id, rung=rung)} == told


def test_a_planned_task_begins_with_its_opening(programme: UnitOfWork) -> None:
    task = programme.matching(Task, state=TaskState.SCHEDULED)[0]
    assert ahead(programme, task)[0] == (task.opens_on, OPENED.name, {task.owner_id})


def test_what_waits_for_the_leads_reminds_nobody(programme: UnitOfWork) -> None:
    task = programme.change(first_task(programme), evidence_required=False)
    task_commands.done(deed(programme, task.owner_id), task_id=task.id)
    assert ahead(programme, task) == []


@pytest.mark.parametrize(
    ("due_on", "moved"),
    [
        (date(2026, 12, 9), {date(2026, 12, 4): date(2026, 12, 6)}),  # a Sunday
        (date(2026, 12, 28), {date(2026, 12, 24): date(2026, 12, 25), date(2027, 1, 5): date(2027, 1, 4)}),
    ],
)
def test_days_that_were_moved_say_from_where(programme: UnitOfWork, due_on: date, moved: dict[date, date]) -> None:
    task = programme.change(first_task(programme), due_on=due_on)
    shown = previews.preview(deed(programme, "UMIRA"), task_id=task.id)
    assert {each.on: each.moved_from for each in shown.coming if each.moved_from}.items() >= moved.items()


def test_tasks_are_found_by_words_of_their_title_the_next_of_each_obligation(programme: UnitOfWork) -> None:
    task = first_task(programme)
    words = task.title.upper().split()[:2]
    found = previews.named(deed(programme, "UMIRA"), words=words)
    assert task in found
    assert len({each.obligation_id for each in found}) == len(found)
    assert previews.named(deed(programme, "UMIRA"), words=["100%", "_"]) == []


def test_an_owner_finds_own_tasks_only(programme: UnitOfWork) -> None:
    jonas, priya = actor(programme, "UJONAS"), actor(programme, "UPRIYA")
    assert {each.owner_id for each in previews.named(Deed(programme, jonas, MONDAY), words=[])} == {"UJONAS"}
    task = first_task(programme)
    stranger = priya if task.owner_id == "UJONAS" else jonas
    with pytest.raises(NotAllowed):
        previews.preview(Deed(programme, stranger, MONDAY), task_id=task.id)


# --- why me ---


def test_who_was_never_given_it_was_named_when_the_programme_began(programme: UnitOfWork) -> None:
    origin = previews.origin(programme, first_task(programme))
    assert (origin.verb, origin.by, origin.at) == ("programme.start", "UMIRA", MONDAY)


def test_who_was_given_it_learns_by_whom_and_when(programme: UnitOfWork) -> None:
    task = first_task(programme)
    given = handovers.assign(deed(programme, "UINES"), task_id=task.id, version=task.version, to_id="UTOM")
    origin = previews.origin(programme, given)
    assert (origin.verb, origin.by, origin.at) == ("task.assign", "UINES", MONDAY)


def test_who_stands_in_learns_that_it_goes_back(programme: UnitOfWork) -> None:
    task = first_task(programme)
    (owner,) = programme.matching(Person, slack_id=task.owner_id)
    people_commands.name_manager_and_deputy(
        deed(programme, "UMIRA"), person_id=owner.slack_id, manager_id=None, deputy_id="UTOM"
    )
    away = {"first": TODAY, "last": TODAY + timedelta(days=5)}
    leaving.go_away(deed(programme, owner.slack_id), person_id=owner.slack_id, **away)
    moved = programme.get(Task, task.id)
    assert (moved.owner_id, moved.stands_in_for) == ("UTOM", owner.slack_id)
    assert previews.origin(programme, moved).verb == "task.stand_in"
