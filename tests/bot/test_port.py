"""The port for machines: alive, ready or why not, and the figures."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.http import slack_requests
from bot.http.ports import application
from bot.http.server import Condition, Meters, health
from bot.programme import feeds
from bot.services import Services
from bot.slack.calls import Reply, Tell
from bot.slack.router import Router
from bot.slack.routes import index, verb
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, bolt
from tests.bot.kit import said
from tests.bot.signing import SECRET, FixedTime, signed

WELL = Condition(connected=True, tick_age=timedelta(seconds=30), outbox_lag=timedelta(seconds=1))


async def get(path: str, condition: Condition, meters: Meters | None = None) -> tuple[int, Any]:
    async def now() -> Condition:
        return condition

    async def lag() -> timedelta:
        return condition.outbox_lag

    async with TestClient(TestServer(application(health(now, lag, meters or Meters())))) as client:
        answer = await client.get(path)
        return answer.status, await (answer.json() if "json" in answer.content_type else answer.text())


async def test_alive_whatever_else() -> None:
    ill = Condition(connected=False, tick_age=None, outbox_lag=timedelta(days=1))
    assert await get("/healthz", ill) == (200, {"alive": True})


async def test_ready() -> None:
    status, said_back = await get("/readyz", WELL)
    assert status == 200
    assert said_back["reasons"] == []
    assert said_back["tick_age_seconds"] == 30


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (Condition(False, timedelta(0), timedelta(0)), "no connection"),
        (Condition(True, None, timedelta(0)), "planners"),
        (Condition(True, timedelta(minutes=3, seconds=1), timedelta(0)), "planners"),
        (Condition(True, timedelta(minutes=3), timedelta(minutes=11)), "660 seconds"),
        (Condition(True, timedelta(0), timedelta(0), faults=["The disk is full."]), "The disk is full."),
    ],
)
async def test_not_ready_and_why(condition: Condition, reason: str) -> None:
    status, said_back = await get("/readyz", condition)
    assert status == 503
    [given] = said_back["reasons"]
    assert reason in given


async def test_the_figures_say_what_was_answered_last_and_have_nothing_looked_at() -> None:
    meters, ill = Meters(), Condition(False, timedelta(0), timedelta(0))
    _, text = await get("/metrics", ill, meters)
    assert "deskaudit_ready NaN" in text
    assert (await get("/readyz", ill, meters))[0] == 503
    for said_last in ("0.0", "1.0"):
        _, text = await get("/metrics", WELL, meters)
        assert f"deskaudit_ready {said_last}" in text
        [age] = [line for line in text.splitlines() if line.startswith("deskaudit_ready_age_seconds ")]
        assert 0 <= float(age.split()[1]) < 60
        assert (await get("/readyz", WELL, meters))[0] == 200


async def test_figures() -> None:
    meters = Meters()
    meters.interaction("press", "done", 0.002)
    meters.delivery("task.nudge", "sent")
    meters.tick("failed")
    status, text = await get("/metrics", WELL, meters)
    assert status == 200
    for line in (
        'deskaudit_interactions_total{kind="press",outcome="done"} 1.0',
        'deskaudit_interaction_seconds_bucket{kind="press",le="0.003"} 1.0',
        'deskaudit_deliveries_total{kind="task.nudge",outcome="sent"} 1.0',
        'deskaudit_ticks_total{outcome="failed"} 1.0',
        "deskaudit_outbox_lag_seconds 1.0",
    ):
        assert line in text


@ON_SQLITE
@pytest.mark.parametrize(
    ("secret", "age", "status"), [("shh", 0, 200), ("guessed", 0, 401), ("shh", 301, 401), ("shh", -301, 401)]
)
async def test_slacks_own_requests_by_their_signature(
    services: Services, meters: Meters, secret: str, age: int, status: int
) -> None:
    async def hello(_call: Any) -> Reply:
        return Tell(said("hello"))

    router = Router(services, index([verb("tasks", handler=hello)]), meters)
    body = urlencode(kit.slash("tasks"))
    async with TestClient(TestServer(application([slack_requests.page(bolt(router), SECRET, FixedTime())]))) as client:
        headers = signed(body.encode(), secret=secret, age=age)
        answer = await client.post("/slack/events", data=body, headers=headers)
        assert answer.status == status
        if status == 200:
            assert (await answer.json())["text"] == "hello"


async def test_without_http_mode_slack_has_no_door_here() -> None:
    assert (await get("/slack/events", WELL))[0] == 404


async def a_feed(secret: str) -> bytes | None:
    return b"BEGIN:VCALENDAR" if secret == "abc123" else None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/calendar/abc123.ics", 200),
        ("/calendar/abc124.ics", 404),
        ("/calendar/.ics", 404),
        ("/calendar/abc123", 404),
        ("/calendar/ABC123.ics", 404),
        (f"/calendar/{'a' * 129}.ics", 404),
        ("/calendar/..%2Fabc123.ics", 404),
    ],
)
async def test_a_calendar_is_read_by_its_secret_and_by_nothing_else(path: str, status: int) -> None:
    async with TestClient(TestServer(application([feeds.served(a_feed)]))) as client:
        answer = await client.get(path)
        assert answer.status == status
        assert (answer.content_type == "text/calendar") == (status == 200)


async def test_a_calendar_that_has_not_changed_is_not_sent_again() -> None:
    async with TestClient(TestServer(application([feeds.served(a_feed)]))) as client:
        first = await client.get("/calendar/abc123.ics")
        again = await client.get("/calendar/abc123.ics", headers={"If-None-Match": first.headers["ETag"]})
        other = await client.get("/calendar/abc123.ics", headers={"If-None-Match": '"other"'})
        assert (again.status, await again.read()) == (304, b"")
        assert other.status == 200
