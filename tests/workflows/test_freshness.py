"""What runs out is asked for in time, once, and only where no task asks by itself."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import EvidenceUse
from storage.nudges.tables import Nudge
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import freshness
from workflows.frameworks import rules as framework_rules
from workflows.tasks import commands as task_commands

ASK_DAYS = timedelta(days=freshness.ages().ask_days)
A_DAY = timedelta(days=1)


def accepted(uow: UnitOfWork, **obligation: object) -> date:
    """The access review, accepted, with its obligation changed; the last day on which it counts."""
    task = the_access_review(uow)
    uow.change(uow.get(Obligation, task.obligation_id), **obligation)
    give(uow, task)
    task = uow.get(Task, task.id)
    task_commands.accept(deed(uow, "UMIRA"), task_id=task.id, version=task.version)
    [use] = uow.all(EvidenceUse)
    assert use.runs_out_on is not None
    return use.runs_out_on


def test_it_counts_for_the_period_of_its_obligation(programme: UnitOfWork) -> None:
    assert accepted(programme) == the_access_review(programme).scheduled_on + relativedelta(months=3)


def test_once_only_it_counts_as_long_as_the_catalogue_suggests(programme: UnitOfWork) -> None:
    assert accepted(programme, recurrence="FREQ=YEARLY;COUNT=1") == the_access_review(
        programme
    ).scheduled_on + relativedelta(months=3)


@pytest.mark.parametrize(
    "obligation",
    [{"recurrence": "FREQ=YEARLY;COUNT=1"}, {"ended_at": MONDAY}, {"paused_at": MONDAY}],
    ids=["once", "ended", "paused"],
)
def test_what_runs_out_is_asked_for_once(programme: UnitOfWork, obligation: dict[str, object]) -> None:
    until = accepted(programme, **obligation)
    first = MONDAY + (until - ASK_DAYS - MONDAY.date())
    freshness.tick(the_bot(programme, first - A_DAY))
    assert owed(programme, "evidence_use", "runs_out") == set()
    for at in (first, first, first + A_DAY):
        freshness.tick(the_bot(programme, at))
    assert owed(programme, "evidence_use", "runs_out") == {"UINES", "UJONAS", "UMIRA"}
    assert {each.what for each in programme.matching(Nudge, rung="runs_out")} == {until.isoformat()}


def test_what_comes_round_is_asked_for_by_its_next_task(programme: UnitOfWork) -> None:
    until = accepted(programme)
    freshness.tick(the_bot(programme, MONDAY + (until - MONDAY.date())))
    assert owed(programme, "evidence_use", "runs_out") == set()


def test_the_catalogue_knows_frequencies_that_there_are() -> None:
    assert set(freshness.ages().months) <= {each.value for each in framework_rules.Frequency}
