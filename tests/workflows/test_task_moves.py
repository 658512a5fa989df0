"""A task beside the straight way: begun early, waived, missed, reopened, put off, spoken about."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role, RoleGrant
from storage.record import trail
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskComment, TaskState
from tests.workflows.conftest import MONDAY, actor, deed, owed, the_bot
from tests.workflows.test_tasks import (
    an_objectives_review,
    give,
    in_state,
    planned,
    the_access_review,
    the_next_access_review,
)
from workflows.deed import Deed
from workflows.evidence.refusals import OwnEvidence
from workflows.refusals import AlreadyDecided, DateNotUnderstood, InputWanted, NotAllowed, Refusal, Stale
from workflows.tasks import commands as task_commands
from workflows.tasks import handovers
from workflows.tasks import rules as task_rules
from workflows.tasks.refusals import CannotPutOff, ExternalDate, TooEarly

DAY = timedelta(days=1)


def verbs(uow: UnitOfWork, task: Task) -> list[str]:
    """What the trail says of a task, in order."""
    entries = uow.all(trail.TrailEntry, col(trail.TrailEntry.subject_id) == str(task.id))
    return [entry.verb for entry in entries if entry.subject == "task"]


def test_an_owner_begins_early_within_the_window_and_not_before(programme: UnitOfWork) -> None:
    task, jonas = the_next_access_review(programme), actor(programme, "UJONAS")
    first = task_rules.begins_on(task)
    assert task.opens_on - first == timedelta(days=task_rules.EARLY_DAYS)
    with pytest.raises(TooEarly) as refused:
        task_commands.begin(Deed(programme, jonas, MONDAY), task_id=task.id)
    assert refused.value.begins_on == first
    at = MONDAY + (first - MONDAY.date())
    begun = task_commands.begin(Deed(programme, jonas, at), task_id=task.id)
    assert (begun.state, begun.scheduled_on, begun.due_on) == (TaskState.OPEN, task.scheduled_on, task.due_on)
    assert planned(programme, "task.nudge", task) == {"UJONAS"}
    give(programme, task, file="F9")
    assert programme.get(Task, task.id).state is TaskState.SUBMITTED
    with pytest.raises(AlreadyDecided):
        task_commands.begin(Deed(programme, jonas, at), task_id=task.id)


def test_a_short_lead_shortens_the_window_so_that_no_two_periods_meet() -> None:
    day = date(2026, 12, 7)
    weekly = Task(obligation_id=1, title="A", owner_id="U1", scheduled_on=day, opens_on=day - 3 * DAY, due_on=day)
    assert task_rules.begins_on(weekly) == day - 6 * DAY


@pytest.mark.parametrize("person", ["UMIRA", "UTOM", "ULIAM", "UDAVID"])
@pytest.mark.parametrize(
    ("command", "values"),
    [
        (task_commands.begin, {}),
        (task_commands.explain, {"reason": "No time"}),
        (handovers.put_off, {"until": "31.12.", "reason": "Ill"}),
        (handovers.delegate, {"to_id": "UTOM"}),
        (handovers.not_mine, {"suggested_id": None, "reason": "Not IT"}),
    ],
)
def test_only_the_owner_does_what_is_an_owners(
    programme: UnitOfWork, person: str, command: Callable[..., object], values: dict[str, object]
) -> None:
    task = the_access_review(programme)
    with pytest.raises(NotAllowed):
        command(deed(programme, person), task_id=task.id, **values)


@pytest.mark.parametrize(
    ("move", "state", "ends"),
    [
        ("waive", TaskState.SCHEDULED, None),
        ("waive", TaskState.OPEN, TaskState.WAIVED),
        ("waive", TaskState.RETURNED, TaskState.WAIVED),
        ("waive", TaskState.SUBMITTED, None),
        ("waive", TaskState.ACCEPTED, None),
        ("waive", TaskState.MISSED, None),
        ("reopen", TaskState.ACCEPTED, TaskState.OPEN),
        ("reopen", TaskState.WAIVED, TaskState.OPEN),
        ("reopen", TaskState.MISSED, None),
        ("reopen", TaskState.OPEN, None),
        ("reopen", TaskState.SCHEDULED, None),
    ],
)
def test_waiving_and_reopening_from_where_the_table_says(
    programme: UnitOfWork, move: str, state: TaskState, ends: TaskState | None
) -> None:
    task, decide = in_state(programme, state), {"waive": task_commands.waive, "reopen": task_commands.reopen}[move]
    mira = deed(programme, "UMIRA")
    if ends is None:
        with pytest.raises(AlreadyDecided):
            decide(mira, task_id=task.id, version=task.version, reason="So be it")
        return
    decided = decide(mira, task_id=task.id, version=task.version, reason=" So be it ")
    assert (decided.state, decided.reason, decided.decided_by) == (ends, "So be it", "UMIRA")
    assert owed(programme, "task", {"waive": "waived", "reopen": "reopened"}[move], task.id) == {"UJONAS"}
    assert verbs(programme, task)[-1] == f"task.{move}"


@pytest.mark.parametrize(
    ("person", "changes", "reason", "refusal"),
    [
        ("UTOM", {}, "So", NotAllowed),
        ("UJONAS", {}, "So", NotAllowed),
        ("UDAVID", {}, "So", NotAllowed),
        ("UMIRA", {}, " ", InputWanted),
        ("UMIRA", {"external": True}, "So", ExternalDate),
        ("UMIRA", {"owner_id": "UMIRA"}, "So", OwnEvidence),
        ("UMIRA", {"stands_in_for": "UMIRA"}, "So", OwnEvidence),
    ],
)
def test_who_may_waive_what(
    programme: UnitOfWork, person: str, changes: dict[str, object], reason: str, refusal: type[Refusal]
) -> None:
    task = programme.change(the_access_review(programme), **changes)
    with pytest.raises(refusal):
        task_commands.waive(deed(programme, person), task_id=task.id, version=task.version, reason=reason)


def test_what_changed_since_it_was_seen_is_not_waived_unseen(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    with pytest.raises(Stale):
        task_commands.waive(deed(programme, "UMIRA"), task_id=task.id, version=task.version - 1, reason="So")


def test_reopened_late_it_gets_two_weeks_and_the_scheduled_day_stays(programme: UnitOfWork) -> None:
    task = in_state(programme, TaskState.ACCEPTED)
    later = MONDAY + timedelta(days=60)
    reopened = task_commands.reopen(
        deed(programme, "UMIRA", later), task_id=task.id, version=task.version, reason="False"
    )
    assert reopened.due_on == later.date() + timedelta(days=task_rules.MORE_TIME_DAYS)
    assert reopened.scheduled_on == task.scheduled_on
    assert reopened.nudge_on is not None


def test_a_period_is_missed_when_the_next_one_falls_due_and_its_owner_is_asked_why(programme: UnitOfWork) -> None:
    task, following = the_access_review(programme), the_next_access_review(programme)
    assert task.period_ends_on == following.scheduled_on
    ends = MONDAY + (following.scheduled_on - MONDAY.date())
    task_commands.tick(the_bot(programme, ends - DAY))
    assert programme.get(Task, task.id).state is TaskState.OPEN
    task_commands.tick(the_bot(programme, ends))
    missed = programme.get(Task, task.id)
    assert (missed.state, missed.nudge_on, missed.due_on) == (TaskState.MISSED, None, task.due_on)
    assert owed(programme, "task", "missed", task.id) == {"UJONAS"}
    task_commands.tick(the_bot(programme, ends + DAY))
    assert verbs(programme, task).count("task.miss") == 1


def test_without_a_next_occurrence_it_is_missed_after_ninety_days(programme: UnitOfWork) -> None:
    last = max(
        (task for task in programme.all(Task) if task.title == "Review who has access to what"),
        key=lambda task: task.scheduled_on,
    )
    begun = task_commands.begin(deed(programme, "UJONAS", MONDAY + (last.opens_on - MONDAY.date())), task_id=last.id)
    assert begun.period_ends_on == last.scheduled_on + timedelta(days=task_rules.MISSED_AFTER_DAYS)


def test_the_owner_says_once_why_it_was_missed(programme: UnitOfWork) -> None:
    task, jonas = in_state(programme, TaskState.MISSED), actor(programme, "UJONAS")
    with pytest.raises(InputWanted):
        task_commands.explain(Deed(programme, jonas, MONDAY), task_id=task.id, reason=" ")
    explained = task_commands.explain(Deed(programme, jonas, MONDAY), task_id=task.id, reason="We moved house")
    assert (explained.state, explained.reason) == (TaskState.MISSED, "We moved house")
    with pytest.raises(AlreadyDecided):
        task_commands.explain(Deed(programme, jonas, MONDAY), task_id=task.id, reason="Or rather")


@pytest.mark.parametrize("person", ["UJONAS", "UMIRA", "ULIAM", "UDAVID"])
def test_those_it_concerns_leave_a_comment(programme: UnitOfWork, person: str) -> None:
    task = the_access_review(programme)
    task_commands.comment(deed(programme, person), task_id=task.id, text=" Half done ")
    assert [(each.person_id, each.text) for each in task_queries.comments(programme, task.id)] == [
        (person, "Half done")
    ]
    assert verbs(programme, task)[-1] == "task.comment"


@pytest.mark.parametrize("deed_of", ["assign", "waive"])
def test_a_comment_puts_no_list_out_of_date(programme: UnitOfWork, deed_of: str) -> None:
    shown, mira = the_access_review(programme), deed(programme, "UMIRA")
    task_commands.comment(mira, task_id=shown.id, text="Anna knows the new tool")
    assert planned(programme, "task.redraw", shown) == {""}
    if deed_of == "assign":
        given = handovers.assign(mira, task_id=shown.id, version=shown.version, to_id="UPRIYA")
        assert given.owner_id == "UPRIYA"
    else:
        waived = task_commands.waive(mira, task_id=shown.id, version=shown.version, reason="It is gone")
        assert waived.state is TaskState.WAIVED


def test_others_leave_none_and_nobody_an_empty_one(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    with pytest.raises(NotAllowed):
        task_commands.comment(deed(programme, "UTOM"), task_id=task.id, text="Hello")
    with pytest.raises(InputWanted):
        task_commands.comment(deed(programme, "UJONAS"), task_id=task.id, text=" ")
    assert programme.count(TaskComment) == 0


def test_putting_off_moves_the_due_day_and_nothing_else(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    wanted = task.due_on + 7 * DAY
    later = handovers.put_off(deed(programme, "UJONAS"), task_id=task.id, until=wanted.isoformat(), reason="Ill")
    assert (later.due_on, later.scheduled_on, later.snoozes) == (wanted, task.scheduled_on, 1)
    assert later.nudge_on is not None
    assert task.due_on < later.nudge_on <= wanted
    assert verbs(programme, task)[-1] == "task.put_off"


@pytest.mark.parametrize(
    ("changes", "until", "reason", "refusal"),
    [
        ({}, "2027-02-30", "Ill", DateNotUnderstood),
        ({}, "some day", "Ill", DateNotUnderstood),
        ({}, "in 2 weeks", " ", InputWanted),
        ({}, "today", "Ill", InputWanted),
        ({}, "2026-11-01", "Ill", InputWanted),
        ({}, "in 3 months", "Ill", CannotPutOff),
        ({"snoozes": 3}, "in 2 weeks", "Ill", CannotPutOff),
        ({"period_ends_on": date(2026, 12, 5)}, "in 3 weeks", "Ill", CannotPutOff),
        ({"external": True}, "in 2 weeks", "Ill", ExternalDate),
        ({"state": TaskState.SUBMITTED}, "in 2 weeks", "Ill", AlreadyDecided),
        ({"state": TaskState.SCHEDULED}, "in 2 weeks", "Ill", AlreadyDecided),
    ],
)
def test_the_limits_of_putting_off(
    programme: UnitOfWork, changes: dict[str, object], until: str, reason: str, refusal: type[Refusal]
) -> None:
    task = programme.change(the_access_review(programme), **changes)
    with pytest.raises(refusal):
        handovers.put_off(deed(programme, "UJONAS"), task_id=task.id, until=until, reason=reason)
    assert programme.get(Task, task.id).due_on == task.due_on


def test_words_for_a_day_are_read_in_the_zone_of_whoever_says_them(programme: UnitOfWork) -> None:
    programme.change(the_access_review(programme), owner_id="UPRIYA", due_on=MONDAY.date(), scheduled_on=MONDAY.date())
    late = MONDAY + timedelta(hours=10)  # Tuesday two o'clock in Singapore
    task = next(each for each in programme.all(Task) if each.owner_id == "UPRIYA" and each.due_on == MONDAY.date())
    moved = handovers.put_off(deed(programme, "UPRIYA", late), task_id=task.id, until="tomorrow", reason="Ill")
    assert moved.due_on == MONDAY.date() + 2 * DAY


def test_no_objection_is_lost_when_nobody_leads(programme: UnitOfWork) -> None:
    for lead in ("UMIRA", "UINES"):
        [grant] = programme.matching(RoleGrant, person_id=lead, role=Role.LEAD)
        programme.change(grant, ended_at=MONDAY)
    task = an_objectives_review(programme)
    asked = handovers.not_mine(deed(programme, "UJONAS"), task_id=task.id, suggested_id=None, reason="Not IT")
    assert task_queries.waiting_handover(programme, task.id) == asked
