"""Without Socket Mode the app is told by signed HTTP requests, which are tried again by Slack's schedule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.delivery.retries import RETRY_SECONDS, Attempt, Retries
from sandbox.event_bus import EventBus
from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from sandbox.store import Store
from tests.sandbox.conftest import MONDAY, Build
from tests.sandbox.heard import Heard
from tests.sandbox.http_app import HttpApp, Reply

Json = dict[str, Any]


@pytest.fixture
async def app() -> AsyncIterator[HttpApp]:
    async with HttpApp() as running:
        yield running


@pytest.fixture
async def sandbox(build: Build, app: HttpApp) -> Sandbox:
    built = await build(manifest=app.manifest, ack_seconds=1.0, retry_factor=0.0)
    app.secret = built.environment["SLACK_SIGNING_SECRET"]
    return built


async def test_signed_requests(sandbox: Sandbox, app: HttpApp, mira: Person) -> None:
    await mira.command("/tea", "assam")
    asked = await app.next()
    assert (asked.path, asked.content["command"], asked.content["text"]) == ("/commands", "/tea", "assam")
    assert [one["text"] for one in await mira.messages()] == ["on its way"]
    await mira.shortcut("brew")
    asked = await app.next()
    assert asked.path == "/acts"
    assert '"callback_id": "brew"' in asked.content["payload"]
    await mira.say("hello")
    asked = await app.next()
    assert (asked.path, asked.content["event"]["text"]) == ("/events", "hello")
    assert not asked.headers.keys() & {"X-Slack-Retry-Num", "X-Slack-Retry-Reason"}


@pytest.mark.parametrize(
    ("reply", "verified"),
    [(None, True), (Reply(body="sandbox"), False), (Reply(status=500), False), (Reply(body="{"), False)],
)
async def test_url_verification(sandbox: Sandbox, app: HttpApp, reply: Reply | None, verified: bool) -> None:
    app.replies.extend([reply] if reply else [])
    assert await sandbox.verify_request_url() is verified
    asked = (await app.next()).content
    assert asked.keys() == {"type", "token", "challenge"}


async def test_the_challenge_may_be_answered_as_json(sandbox: Sandbox, app: HttpApp) -> None:
    app.echoes_json = True
    assert await sandbox.verify_request_url()


REDIRECT = (("Location", "/elsewhere"),)
FAILURES: list[tuple[list[Reply], str]] = [
    ([Reply(status=500)], "http_error"),
    ([Reply(status=404)], "http_error"),
    ([Reply(status=304)], "http_error"),
    ([Reply(silent=True)], "http_timeout"),
    ([Reply(hang_up=True)], "connection_failed"),
    ([Reply(status=302, headers=REDIRECT)] * 3, "too_many_redirects"),
    ([Reply(headers=(("Content-Encoding", "gzip"),), body="no gzip")], "unknown_error"),
]


@pytest.mark.parametrize(("replies", "reason"), FAILURES, ids=lambda one: one if isinstance(one, str) else "")
async def test_each_failure_is_tried_again_with_slacks_reason(
    sandbox: Sandbox, app: HttpApp, mira: Person, replies: list[Reply], reason: str
) -> None:
    app.replies.extend(replies)
    await mira.say("hello")
    first = await app.next()
    for _ in replies[1:]:
        await app.next()
    second = await app.next()
    assert (second.headers["X-Slack-Retry-Num"], second.headers["X-Slack-Retry-Reason"]) == ("1", reason)
    assert second.content["event_id"] == first.content["event_id"]


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(status=202)],
        [Reply(status=204)],
        [Reply(status=301, headers=REDIRECT), Reply(status=302, headers=REDIRECT)],
        [Reply(status=500, headers=(("X-Slack-No-Retry", "1"),))],
    ],
)
async def test_what_is_not_tried_again(sandbox: Sandbox, app: HttpApp, mira: Person, replies: list[Reply]) -> None:
    app.replies.extend(replies)
    async with Heard(sandbox) as heard:
        await mira.say("first")
        await heard.entry("delivery", "message")
        await mira.say("second")
        await heard.entry("delivery", "message")
    events = [asked.content.get("event", {}).get("text") for asked in await _all(app)]
    assert [text for text in events if text] == ["first", "second"]


async def test_after_three_retries_an_event_is_given_up(
    sandbox: Sandbox, app: HttpApp, hands: Hands, mira: Person
) -> None:
    app.replies.extend([Reply(status=500)] * 4)
    async with Heard(sandbox) as heard:
        await mira.say("first")
        errors = [(await heard.entry("delivery", "message"))["error"] for _ in range(4)]
        given_up = await heard.entry("dropped", "message")
        await mira.say("second")
        await heard.entry("delivery", "message")
        dropped = await hands.dropped()
    assert errors == ["http_error"] * 4
    (lost,) = dropped
    assert (given_up["ok"], lost["event_id"] in given_up["detail"]) == (False, True)
    told = {"n": 1, "team_id": "T0ALDER", "tries": 4, "reason": "http_error"}
    assert lost.items() >= told.items()
    assert lost["event"]["text"] == "first"
    numbers = [asked.headers.get("X-Slack-Retry-Num") for asked in await _all(app)]
    assert numbers == [None, "1", "2", "3", None]


@pytest.mark.parametrize("reply", [Reply(status=202), Reply(status=500), Reply(silent=True), Reply(hang_up=True)])
async def test_commands_and_interactions_are_asked_once(
    sandbox: Sandbox, app: HttpApp, mira: Person, reply: Reply
) -> None:
    app.replies.append(reply)
    with pytest.raises(HandError) as refused:
        await mira.command("/tea")
    assert refused.value.error == "app_did_not_respond"
    await mira.command("/tea", "again")
    assert [asked.content["text"] for asked in await _all(app)] == ["", "again"]


@pytest.mark.parametrize("body", ["{", "[1]", "5", "{" * 5000, "plain words"])
async def test_an_answer_that_is_no_json_object_is_text(
    sandbox: Sandbox, app: HttpApp, mira: Person, body: str
) -> None:
    app.replies.append(Reply(body=body))
    await mira.command("/tea")
    assert [one["text"] for one in await mira.messages()] == [body]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://[nowhere", "connection_failed"),
        ("http://127.0.0.1:1/", "connection_failed"),
        ("https://{app}/", "ssl_error"),
    ],
)
async def test_an_address_where_nobody_is(build: Build, app: HttpApp, address: str, reason: str) -> None:
    manifest = app.manifest
    events = manifest["settings"]["event_subscriptions"]
    events["request_url"] = address.format(app=app.url.removeprefix("http://"))
    sandbox = await build(manifest=manifest, retry_factor=0.0)
    async with Hands(sandbox.url) as hands, Heard(sandbox) as heard:
        await hands.person("U0MIRA").say("hello")
        assert (await heard.entry("delivery", "message"))["error"] == reason


# The schedule


class Alarm:
    """Real time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.slept: list[float] = []

    def real(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def retries(folder: Path, alarm: Alarm, factor: float = 1.0) -> Retries:
    store = Store.open(folder / "s.sqlite")
    clock = Clock(shelf=store.shelf("clock"), bus=EventBus(), start=MONDAY, real=alarm.real)
    return Retries(store=store, clock=clock, factor=factor, sleep=alarm.sleep)


@pytest.mark.parametrize("factor", [1.0, 0.5, 0.0])
async def test_retries_come_at_once_and_after_one_and_five_minutes(tmp_path: Path, factor: float) -> None:
    alarm = Alarm()
    schedule = retries(tmp_path, alarm, factor)
    while (attempt := schedule.next("Ev1")).is_allowed:
        await schedule.wait(attempt)
        schedule.failed("Ev1", attempt, "http_error")
    assert alarm.slept == [0.0, *(seconds * factor for seconds in RETRY_SECONDS)]
    assert RETRY_SECONDS == (0.0, 60.0, 300.0)


async def test_a_restart_keeps_the_schedule(tmp_path: Path) -> None:
    alarm = Alarm()
    first = retries(tmp_path, alarm)
    for number in range(2):
        first.failed("Ev1", Attempt(number), "http_timeout")
    alarm.now += timedelta(seconds=20)  # it was away for that long
    second = retries(tmp_path, alarm)
    attempt = second.next("Ev1")
    await second.wait(attempt)
    assert (attempt.number, attempt.reason, alarm.slept) == (2, "http_timeout", [40.0])
    second.forget("Ev1")
    assert retries(tmp_path, alarm).next("Ev1") == Attempt()


async def test_a_restarted_sandbox_goes_on_where_it_was(build: Build, app: HttpApp, tmp_path: Path) -> None:
    app.replies.append(Reply(status=500))
    first = await build(manifest=app.manifest, retry_factor=0.0)
    app.secret = first.environment["SLACK_SIGNING_SECRET"]
    app.replies.append(Reply(silent=True))
    async with Hands(first.url) as hands:
        await hands.person("U0MIRA").say("hello")
    event_id = (await app.next()).content["event_id"]
    assert (await app.next()).headers["X-Slack-Retry-Num"] == "1"
    await first.stop()
    await build(manifest=app.manifest, retry_factor=0.0)
    again = await app.next()
    assert (again.content["event_id"], again.headers["X-Slack-Retry-Num"]) == (event_id, "1")


async def _all(app: HttpApp) -> list[Any]:
    return [app.received.get_nowait() for _ in range(app.received.qsize())]
