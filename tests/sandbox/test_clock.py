"""Sandbox time moves forward only; message stamps always increase."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.event_bus import EventBus
from sandbox.hands import HandError, Hands
from sandbox.refusal import Refusal
from sandbox.server import Sandbox
from sandbox.store import Store

START = datetime(2027, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "clock.sqlite")
    yield opened
    opened.close()


def clock_in(store: Store, elapsed: Callable[[], float] = lambda: 0.0) -> Clock:
    """A clock as it is after a start on this store."""
    return Clock(shelf=store.shelf("clock"), bus=EventBus(), start=START, elapsed=elapsed)


def test_it_runs_pauses_and_speeds_up(store: Store) -> None:
    seconds = [0.0]
    clock = clock_in(store, lambda: seconds[0])
    seconds[0] = 10
    assert clock.now() == START + timedelta(seconds=10)
    clock.play(False)
    seconds[0] = 20
    assert clock.now() == START + timedelta(seconds=10)
    clock.play(True, speed=60)
    seconds[0] = 21
    assert clock.now() == START + timedelta(seconds=70)
    clock.go_to(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)


def test_it_refuses_to_go_back(store: Store) -> None:
    clock = clock_in(store)
    with pytest.raises(Refusal):
        clock.go_to(START - timedelta(seconds=1))
    with pytest.raises(Refusal):
        clock.play(True, speed=0)


_MOVES = st.lists(st.sampled_from(["stamp", "wait", "advance", "pause", "play", "restart"]), max_size=25)


@given(_MOVES)
def test_stamps_increase_whatever_people_do(moves: list[str]) -> None:
    seconds = [0.0]
    with TemporaryDirectory() as folder, closing(Store.open(Path(folder) / "clock.sqlite")) as store:
        clock = clock_in(store, lambda: seconds[0])
        stamps = [clock.stamp()]
        for move in moves:
            match move:
                case "restart":
                    clock = clock_in(store, lambda: seconds[0])
                case "wait":
                    seconds[0] += 0.4
                case "advance":
                    clock.advance(60)
                case "pause" | "play":
                    clock.play(move == "play")
            stamps.append(clock.stamp())
        assert stamps == sorted(set(stamps))


async def test_over_http(sandbox: Sandbox, hands: Hands) -> None:
    before = await hands.play(False)
    moved = await hands.advance(timedelta(hours=1))
    assert datetime.fromisoformat(moved["now"]) - datetime.fromisoformat(before["now"]) == timedelta(hours=1)
    assert moved["revision"] == before["revision"] + 1
    with pytest.raises(HandError) as refused:
        await hands.go_to(datetime.fromisoformat(before["now"]))
    assert refused.value.error == "clock_goes_forward_only"
    for body in ({}, {"advance": -1}, {"to": "noon"}, {"to": "2031-01-01T00:00:00"}):
        with pytest.raises(HandError):
            await hands.post("/clock", body)


async def test_long_poll_waits_for_the_next_move(sandbox: Sandbox, hands: Hands) -> None:
    clock = await hands.clock()
    waiting = asyncio.create_task(hands.clock(after=clock["revision"]))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    moved = await hands.advance(timedelta(days=1))
    assert (await waiting)["revision"] == moved["revision"]
    assert (await hands.clock(after=0))["revision"] == moved["revision"]
