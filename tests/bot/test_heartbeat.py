"""The heartbeat: every planner for every workspace, and none holds up another."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.heartbeat import Heartbeat, Tick
from bot.http.server import Meters
from storage.engine.database import Database
from storage.engine.workspace import Workspace
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, StoppedClock
from workflows.deed import Deed

pytestmark = ON_SQLITE


class Beats:
    """Planners that write down when they were called."""

    def __init__(self) -> None:
        self.called: list[tuple[str, str, datetime]] = []
        self.woken = 0

    def planner(self, name: str) -> Tick:
        def tick(deed: Deed) -> None:
            self.called.append((name, deed.uow.workspace_id, deed.at))
            deed.uow.put_workspace(name=name)

        return tick

    def looked(self, at: datetime) -> None:
        self.woken += 1


def broken(deed: Deed) -> None:
    deed.uow.put_workspace(name="half done")
    raise ZeroDivisionError


def heartbeat(database: Database, ticks: list[Tick], beats: Beats, clock: StoppedClock) -> Heartbeat:
    return Heartbeat(database=database, clock=clock, ticks=ticks, looked=beats.looked, meters=Meters())


async def test_every_planner_in_order_for_every_workspace(database: Database, clock: StoppedClock) -> None:
    beats = Beats()
    with database.unit_of_work("T0OTHER") as uow:
        uow.put_workspace(name="Other")
    await heartbeat(database, [beats.planner("a"), beats.planner("b")], beats, clock).beat()
    assert sorted(beats.called, key=lambda each: each[1]) == [
        (name, workspace, NOON) for workspace in ("T0OTHER", WORKSPACE) for name in ("a", "b")
    ]
    assert beats.woken == 1


async def test_a_planner_that_fails_is_undone_and_holds_up_none(database: Database, clock: StoppedClock) -> None:
    beats = Beats()
    with structlog.testing.capture_logs() as logged:
        await heartbeat(database, [beats.planner("a"), broken, beats.planner("b")], beats, clock).beat()
    assert [name for name, _, _ in beats.called] == ["a", "b"]
    assert [line["planner"] for line in logged] == [f"{__name__}.broken"]
    [workspace] = [each for each in database.workspaces() if isinstance(each, Workspace)]
    assert workspace.name == "b"


async def test_it_beats_at_the_start_and_knows_its_age(database: Database, clock: StoppedClock) -> None:
    beats = Beats()

    async def nightly() -> None:
        raise AssertionError("not at the start")

    heart = heartbeat(database, [beats.planner("a")], beats, clock)
    before = heart.age
    await heart.start(nightly)
    after = heart.age
    await heart.stop()
    assert len(beats.called) == 1
    assert before is None
    assert after is not None
    assert after < timedelta(seconds=10)


async def test_the_housekeeping_is_done_once_when_the_clock_passes_the_night(
    database: Database, clock: StoppedClock
) -> None:
    nights: list[datetime] = []

    async def nightly() -> None:
        nights.append(clock.now())
        raise RuntimeError("logged, and the next night comes")

    heart = heartbeat(database, [], Beats(), clock)
    await heart.start(nightly)
    for hours in (13, 1, 1, 23, 72):  # from noon: 01:00, 02:00, 03:00, 02:00, and three days later
        clock.advance(timedelta(hours=hours))
        heart.beat_early()
        await asyncio.gather(*heart._early)
    await heart.stop()
    assert nights == [NOON + timedelta(hours=hours) for hours in (14, 38, 110)]


async def test_when_time_jumps_it_beats_at_once(database: Database, clock: StoppedClock) -> None:
    beats = Beats()
    heart = heartbeat(database, [beats.planner("a")], beats, clock)
    clock.advance(timedelta(days=3))
    heart.beat_early()
    await heart.stop()
    assert beats.called == [("a", WORKSPACE, NOON + timedelta(days=3))]
