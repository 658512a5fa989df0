"""What a beat of the heart asks costs what is due, and not what there is."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.tasks import queries as task_queries

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (task_queries.to_open, "tasks_by_state_and_opening (workspace_id=? AND state=? AND opens_on<?)"),
        (task_queries.to_nudge, "tasks_by_state_and_nudge (workspace_id=? AND state=? AND nudge_on<?)"),
        (task_queries.to_miss, "tasks_by_state_and_end (workspace_id=? AND state=? AND period_ends_on<?)"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_due_is_found_by_its_day(
    uow: UnitOfWork, ask: Callable[[UnitOfWork, date], object], index: str
) -> None:
    asked: list[str] = []
    driver: Any = uow.connection.connection.driver_connection
    driver.set_trace_callback(asked.append)
    ask(uow, TODAY)
    driver.set_trace_callback(None)
    (plan,) = [driver.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
    assert plan[0][-1] == f"SEARCH task USING INDEX {index}"
