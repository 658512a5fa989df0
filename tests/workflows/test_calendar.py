"""Obligations and the tasks that come of their recurrence."""

from datetime import date, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, the_bot
from workflows.dates.recurrence import dates
from workflows.dates.workweek import MONDAY_TO_FRIDAY, WorkingDays
from workflows.programme import calendar
from workflows.programme.calendar import opens_on

GERMANY = WorkingDays(MONDAY_TO_FRIDAY, "DE")
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@given(days, st.integers(0, 60))
def test_a_task_opens_on_a_working_day_at_least_its_lead_time_before(due_on: date, lead_days: int) -> None:
    opens = opens_on(due_on, lead_days, GERMANY)
    assert GERMANY.is_working(opens)
    assert lead_days <= (due_on - opens).days <= lead_days + 4


def test_ticking_for_a_year_writes_every_occurrence_once(programme: UnitOfWork) -> None:
    for month in range(13):
        calendar.tick(the_bot(programme, MONDAY + timedelta(days=30 * month)))
    for obligation in programme.all(Obligation):
        rows = programme.all(Task, col(Task.obligation_id) == obligation.id, order_by=col(Task.scheduled_on))
        planned = [row.scheduled_on for row in rows]
        assert planned == list(islice(dates(obligation.recurrence, obligation.starts_on, GERMANY), len(planned)))
        assert planned[-1] > (MONDAY + timedelta(days=360)).date()
