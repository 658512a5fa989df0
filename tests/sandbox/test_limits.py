"""What the app may do in a minute or an hour, and how it is told when that is too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.limits import EVENTS_AN_HOUR, EventLimits, Limits
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_workspace_takes_300_posts_a_minute_whatever_the_channel() -> None:
    watch = Stopwatch()
    limits = Limits(watch)
    posts = [limits.wait_seconds("posting", "chat.postMessage", f"C{n}") for n in range(301)]
    assert posts == [0] * 300 + [1]
    assert Limits(watch).wait_seconds("posting", "chat.postMessage", "C0") == 0  # another workspace has its own
    watch.now = 60.0
    assert sum(limits.wait_seconds("posting", "chat.postMessage", f"D{n}") == 0 for n in range(400)) == 300


def test_a_refused_post_takes_nothing_from_the_workspace() -> None:
    limits = Limits(Stopwatch())
    for _ in range(400):
        limits.wait_seconds("posting", "chat.postMessage", "C0LOUD")
    assert sum(limits.wait_seconds("posting", "chat.postMessage", f"C{n}") == 0 for n in range(400)) == 295


@given(st.lists(st.floats(0, 30), max_size=80), st.sampled_from([0.001, 0.1, 1.0, 3.0]))
def test_who_waits_as_told_may_go_on(pauses: list[float], factor: float) -> None:
    watch = Stopwatch()
    limits = Limits(watch, factor)
    for pause in pauses:
        wait = limits.wait_seconds("tier2", "users.list")
        if wait:
            watch.now += wait
            assert limits.wait_seconds("tier2", "users.list") == 0
        watch.now += pause


@pytest.mark.parametrize(("factor", "hourly"), [(0.001, 30), (0.01, 300)])
def test_events_of_an_hour(factor: float, hourly: int) -> None:
    watch = Stopwatch()
    limits = EventLimits(watch, factor)
    assert EVENTS_AN_HOUR == 30_000
    assert [limits.take("T1") for _ in range(hourly + 1)] == [True] * hourly + [False]
    assert limits.take("T2")  # another workspace
    watch.now = 59 * 60 + 59.0
    assert not limits.take("T1")
    watch.now = 60 * 60.0
    assert limits.take("T1")


def test_the_app_is_told_once_a_minute() -> None:
    watch = Stopwatch()
    limits = EventLimits(watch)
    told = []
    for second in range(0, 180, 10):
        watch.now = float(second)
        told.append(limits.tell("T1"))
    assert told == [n % 6 == 0 for n in range(18)]


def test_no_factor_is_no_limit() -> None:
    assert all(EventLimits(Stopwatch(), None).take("T1") for _ in range(EVENTS_AN_HOUR + 1))


async def test_surplus_events_are_dropped_and_the_app_is_told(build: Build) -> None:
    sandbox = await build(rate_factor=0.0001)  # three events an hour
    async with Hands(sandbox.url) as hands, SocketApp(sandbox) as app:
        mira = hands.person("U0MIRA")
        for n in range(5):
            await mira.say(str(n))
        payloads = [(await app.next("events_api"))["payload"] for _ in range(4)]
        assert [payload["event"]["text"] for payload in payloads[:3]] == ["0", "1", "2"]
        limited = payloads[3]
        assert limited.keys() == {"token", "type", "team_id", "minute_rate_limited", "api_app_id"}
        assert (limited["type"], limited["team_id"]) == ("app_rate_limited", "T0ALDER")
        assert limited["minute_rate_limited"] % 60 == 0
        assert app.envelopes.empty()
        dropped = await hands.dropped()
        assert [(one["event"]["text"], one["tries"], one["reason"]) for one in dropped] == [
            ("3", 0, "rate_limited"),
            ("4", 0, "rate_limited"),
        ]


async def test_too_many_posts_are_told_how_long_to_wait(build: Build) -> None:
    sandbox = await build(rate_factor=0.01)  # three posts in the workspace at once, and one in a channel
    environment = sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    for user in ("U0MIRA", "U0TOM", "U0KOFI"):
        await slack.chat_postMessage(channel=user, text="hello")
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel="C0MGMT", text="hello")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "20"
