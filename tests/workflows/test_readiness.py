"""Readiness: fresh, accepted evidence over what applies, per framework, with what standards share counted in each."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_applicability import decide
from tests.workflows.test_own_frameworks import CSV, bring
from tests.workflows.test_tasks import an_objectives_review, give, the_access_review
from workflows.evidence.freshness import is_fresh, period_of
from workflows.frameworks import readiness
from workflows.frameworks.own_frameworks import rows_of
from workflows.nudges import rules as nudge_rules
from workflows.reviews import questions as review_questions
from workflows.tasks import commands as task_commands


def accept(uow: UnitOfWork, task: Task) -> None:
    """A file for the task, accepted by a lead."""
    give(uow, task, by=task.owner_id, file=f"F{task.id}")
    given = uow.get(Task, task.id)
    task_commands.accept(deed(uow, "UMIRA"), task_id=task.id, version=given.version)


def a_task(uow: UnitOfWork, title: str) -> Task:
    task = uow.first(Task, col(Task.title) == title, order_by=col(Task.due_on))
    assert task is not None
    return task


@pytest.mark.parametrize(
    ("rule", "period"),
    [
        ("FREQ=MONTHLY", relativedelta(months=1)),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", relativedelta(months=3)),
        ("RRULE:INTERVAL=2;FREQ=WEEKLY", relativedelta(weeks=2)),
        ("FREQ=YEARLY", relativedelta(years=1)),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=-1", relativedelta(months=6)),
        ("FREQ=MONTHLY;BYMONTH=3;X-WORKDAY=BEFORE", relativedelta(months=12)),
        ("FREQ=YEARLY;INTERVAL=3;BYMONTH=3", relativedelta(months=36)),
        ("FREQ=YEARLY;COUNT=1", None),
        ("FREQ=YEARLY;COUNT=12", relativedelta(years=1)),
        ("FREQ=SECONDLY", None),
        ("", None),
    ],
)
def test_the_period_of_a_rule(rule: str, period: relativedelta | None) -> None:
    assert period_of(rule) == period


@drawn(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 30), st.sampled_from([1, 3, 6, 12]))
def test_evidence_counts_until_the_next_is_due_and_no_longer_than_a_period_after_it_came(
    scheduled_on: date, early: int, months: int
) -> None:
    period = relativedelta(months=months)
    accepted_on = scheduled_on - timedelta(days=early)
    assert is_fresh(accepted_on, scheduled_on, period, scheduled_on + period)
    assert not is_fresh(accepted_on, scheduled_on, period, scheduled_on + period + timedelta(days=1))
    late = scheduled_on + timedelta(days=early)
    assert is_fresh(late, scheduled_on, period, late + period)


def test_a_quarterly_review_counts_for_a_quarter(programme: UnitOfWork) -> None:
    accept(programme, the_access_review(programme))
    due_on = the_access_review(programme).scheduled_on
    assert readiness.shown(programme, MONDAY) == {"iso27001-2022:A.5.18", "iso27001-2022:A.8.2"}
    days = (due_on + relativedelta(months=3) - nudge_rules.local_day("Europe/Berlin", MONDAY)).days
    assert readiness.shown(programme, MONDAY + timedelta(days=days))
    assert readiness.shown(programme, MONDAY + timedelta(days=days + 1)) == frozenset()


def test_done_without_evidence_is_done_and_shows_nothing(programme: UnitOfWork) -> None:
    task = programme.change(an_objectives_review(programme), state=TaskState.OPEN)
    done = task_commands.done(deed(programme, task.owner_id), task_id=task.id)
    task_commands.accept(deed(programme, "UMIRA"), task_id=task.id, version=done.version)
    assert readiness.shown(programme, MONDAY) == frozenset()


def test_what_standards_share_counts_in_each_that_is_followed(programme: UnitOfWork) -> None:
    task_commands.tick(the_bot(programme, MONDAY + timedelta(days=60)))
    accept(programme, a_task(programme, "Review the competence matrix"))
    assert readiness.shown(programme, MONDAY) == {"iso27001-2022:7.2", "iso9001-2015:7.2"}
    programme.put_workspace(standards=["iso14001-2015", "iso9001-2015"])
    assert readiness.shown(programme, MONDAY) == {"iso14001-2015:7.2", "iso9001-2015:7.2"}


def test_readiness_is_told_per_framework_over_what_applies(programme: UnitOfWork) -> None:
    accept(programme, the_access_review(programme))
    decide(programme)
    bring(programme, rows_of("a.csv", CSV))
    told = {each.edition: (each.ready, each.applicable) for each in readiness.readiness(programme, MONDAY)}
    assert told == {"iso27001-2022": (2, 122), "iso9001-2015": (0, 65), "own-acme": (0, 2)}
    standing = review_questions.standing(programme, at=MONDAY)
    assert (standing.ready, standing.applicable, standing.accepted_tasks) == (2, 122 + 65 + 2, 1)


def test_what_is_left_out_counts_no_longer_even_with_evidence(programme: UnitOfWork) -> None:
    accept(programme, the_access_review(programme))
    decide(programme, reference="iso27001-2022:A.8.2")
    [first, _] = readiness.readiness(programme, MONDAY)
    assert (first.ready, first.applicable) == (1, 122)
