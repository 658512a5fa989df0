"""Faults on demand: what may be asked for, when they bite, and that the same seed makes the same faults."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.event_bus import EventBus, FaultsChanged, Happening, Logged
from sandbox.fault_kinds import KINDS
from sandbox.faults import Faults
from sandbox.hands import HandError, Hands
from sandbox.log import Log
from sandbox.refusal import Refusal
from sandbox.server import Sandbox
from sandbox.store import Store
from tests.sandbox.conftest import MONDAY
from tests.sandbox.heard import Heard

Json = dict[str, Any]
COMMON = {"match", "times", "probability", "lasts"}


class Desk:
    """Faults with a watch that a test moves, and what they announce."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.elapsed = 0.0
        self.heard: list[Happening] = []
        bus = EventBus()
        bus.listen(self.heard.append)
        shelf = Store.open(folder / "s.sqlite").shelf("clock")
        clock = Clock(shelf=shelf, bus=bus, start=MONDAY, elapsed=lambda: self.elapsed)
        self.faults = Faults(clock=clock, log=Log(clock=clock, bus=bus), bus=bus, seed=seed)

    def strikes(self, *names: str, place: str = "call") -> list[bool]:
        return [self.faults.strike(place, name) is not None for name in names]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_every_kind_is_described_well_enough_for_a_form() -> None:
    for kind in KINDS.values():
        described = kind.described()
        assert described["sentence"].endswith(".")
        assert described["settings"][: len(COMMON)] == [one for one in described["settings"] if one["name"] in COMMON]
        for setting, told in zip(kind.settings, described["settings"], strict=True):
            assert told["type"] in ("number", "text", "boolean")
            assert told["sentence"].endswith(".")
            assert setting.checked(told["default"]) == told["default"]  # the form as it stands is accepted


def test_a_fault_bites_as_often_as_it_should(desk: Desk) -> None:
    fault = desk.faults.inject({"kind": "server_error", "times": 2, "match": "chat.*"})
    assert fault.items() >= {"kind": "server_error", "times": 2, "status": 503, "left": 2, "hit": 0}.items()
    assert desk.strikes("users.info", "chat.update", "Chat.update", "chat.delete", "chat.delete") == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert [(shown["left"], shown["hit"]) for shown in desk.faults.shown()] == [(0, 2)]


def test_a_fault_may_be_for_ever_and_be_taken_back(desk: Desk) -> None:
    fault = desk.faults.inject({"kind": "429_storm", "lasts": None})
    assert desk.strikes(*["m"] * 50) == [True] * 50
    assert desk.faults.shown()[0]["left"] is None
    desk.faults.take_back(fault["id"])
    assert desk.strikes("m") == [False]
    with pytest.raises(Refusal, match="fault_not_found"):
        desk.faults.take_back(fault["id"])


def test_a_fault_ends_with_its_time(desk: Desk) -> None:
    desk.faults.inject({"kind": "429_storm", "lasts": 30})
    desk.elapsed = 29.9
    assert desk.strikes("m") == [True]
    desk.elapsed = 30.0
    assert desk.strikes("m") == [False]


def test_places_do_not_mix(desk: Desk) -> None:
    desk.faults.inject({"kind": "duplicate_event", "times": None})
    assert desk.strikes("message", place="events_api") == [True]
    assert desk.strikes("message", place="interactive") == desk.strikes("message", place="call") == [False]


def test_the_first_that_fits_bites(desk: Desk) -> None:
    desk.faults.inject({"kind": "slow_answer"})
    desk.faults.inject({"kind": "server_error"})
    struck = [desk.faults.strike("call", "m") for _ in range(3)]
    assert [fault and fault.kind.name for fault in struck] == ["slow_answer", "server_error", None]


def test_what_was_injected_is_logged_and_told(desk: Desk) -> None:
    desk.faults.inject({"kind": "429_storm", "times": 1})
    desk.faults.strike("call", "chat.postMessage")
    (entry,) = (one.entry for one in desk.heard if isinstance(one, Logged))
    assert (entry["kind"], entry["name"], entry["ok"]) == ("fault", "chat.postMessage", False)
    assert f"{entry['error']}: {entry['detail']}" == "injected: 429 storm"
    assert [one.faults[0]["left"] for one in desk.heard if isinstance(one, FaultsChanged)] == [1, 0]


WRONG: list[Json] = [
    {},
    {"kind": "earthquake"},
    {"kind": ["429_storm"]},
    {"kind": "429_storm", "sleep": 1},
    {"kind": "429_storm", "match": ""},
    {"kind": "429_storm", "match": 5},
    {"kind": "429_storm", "match": "x" * 201},
    {"kind": "429_storm", "match": None},
    {"kind": "429_storm", "times": 0},
    {"kind": "429_storm", "times": 1.5},
    {"kind": "429_storm", "times": True},
    {"kind": "429_storm", "times": "3"},
    {"kind": "429_storm", "probability": 1.1},
    {"kind": "429_storm", "probability": None},
    {"kind": "429_storm", "probability": float("nan")},
    {"kind": "429_storm", "lasts": -1},
    {"kind": "429_storm", "lasts": float("inf")},
    {"kind": "429_storm", "retry_after": 10**400},
    {"kind": "429_storm", "empty": 1},
    {"kind": "server_error", "status": 404},
    {"kind": "slow_answer", "seconds": 3601},
    {"kind": "cut_download", "bytes": -1},
]


@pytest.mark.parametrize("asked", WRONG, ids=lambda asked: str(list(asked.items())[-1:]))
def test_what_cannot_be_asked_for_is_refused_with_a_sentence(desk: Desk, asked: Json) -> None:
    with pytest.raises(Refusal) as refused:
        desk.faults.inject(asked)
    assert refused.value.error == "invalid_fault"
    assert refused.value.reasons[0].endswith(".")
    assert desk.faults.shown() == []


_CALLS = st.lists(st.sampled_from(["chat.postMessage", "chat.update", "users.info"]), max_size=40)
_INJECTED = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["429_storm", "server_error", "lost_answer"])},
        optional={
            "match": st.sampled_from(["*", "chat.*", "users.info"]),
            "times": st.none() | st.integers(1, 5),
            "probability": st.floats(0, 1),
        },
    ),
    max_size=4,
)


@settings(max_examples=50)
@given(_INJECTED, _CALLS, st.integers(0, 2**40))
def test_the_same_seed_makes_the_same_faults(injected: list[Json], calls: list[str], seed: int) -> None:
    runs = []
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), seed=7)
        for _ in range(2):
            desk.faults.take_back_all()
            desk.faults.sow(seed)
            for one in injected:
                desk.faults.inject(one)
            struck = [desk.faults.strike("call", name) for name in calls]
            runs.append([fault and fault.kind.name for fault in struck])
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("seed", "bitten"), [(1, 11), (2, 8)])
def test_a_seed_is_the_same_on_every_machine(tmp_path: Path, seed: int, bitten: int) -> None:
    desk = Desk(tmp_path, seed)
    desk.faults.inject({"kind": "429_storm", "probability": 0.5})
    assert sum(desk.strikes(*["m"] * 20)) == bitten


# Over HTTP


async def test_faults_over_http(sandbox: Sandbox, hands: Hands) -> None:
    async with Heard(sandbox) as heard:
        fault = await hands.inject("slow_answer", seconds=0.5, times=3)
        assert (await heard.frame("faults"))["faults"] == [fault]
        state = await hands.faults()
        assert (state["seed"], state["faults"]) == (1, [fault])
        assert {kind["kind"] for kind in state["kinds"]} == set(KINDS)
        await hands.inject("login_page")
        await hands.take_back(fault["id"])
        assert [one["kind"] for one in (await hands.faults())["faults"]] == ["login_page"]
        await hands.take_back()
        await hands.seed(42)
        assert (await hands.faults()).items() >= {"seed": 42, "faults": []}.items()


async def test_refusals_over_http(sandbox: Sandbox, hands: Hands) -> None:
    for wrong in (hands.inject("earthquake"), hands.inject("429_storm", often=True)):
        with pytest.raises(HandError) as refused:
            await wrong
        assert refused.value.error == "invalid_fault"
    with pytest.raises(HandError, match="fault_not_found"):
        await hands.take_back("Ft9")
    with pytest.raises(HandError, match="invalid_seed"):
        await hands.post("/faults/seed", {"seed": "x"})


BODIES = [b"", b"{", b"[]", b'"x"', b"\xff\x00", b"[" * 100_000, b'{"kind": {}}', b'{"seed": NaN}', b'{"seed": true}']


@pytest.mark.parametrize("content_type", ["application/json", "text/plain; charset=none", "multipart/form-data", None])
async def test_nonsense_over_http(sandbox: Sandbox, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        for path in ("/faults", "/faults/seed"):
            answers = [await client.post(path, content=body, headers=headers) for body in BODIES]
            assert {answer.status_code for answer in answers} == {400}
            assert all(answer.json()["message"].endswith(".") for answer in answers)
        wrong = [("PUT", "/faults"), ("PATCH", "/faults/Ft1"), ("GET", "/faults/seed"), ("POST", "/faults/Ft1")]
        assert {(await client.request(*one)).status_code for one in wrong} == {405}
        assert (await client.get("/faults", headers={"X-Long": "x" * 100_000})).status_code == 400
        assert (await client.delete("/faults/%00%F0")).status_code == 404


async def test_a_hold_ends_when_the_fault_is_taken_back(desk: Desk) -> None:
    desk.faults.inject({"kind": "slow_answer"})
    fault = desk.faults.strike("call", "m")
    assert fault is not None
    held = asyncio.create_task(fault.hold(3600))
    desk.faults.take_back(fault.id)
    await asyncio.wait_for(held, 5)
