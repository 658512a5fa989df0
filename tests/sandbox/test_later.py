"""Messages for later, and hours in which people are left alone: what follows the sandbox's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Company
from sandbox.hands import Person
from sandbox.quiet import quiet_hours
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import MONDAY, Build

COMPANY = Company.load()
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def schedule(slack: AsyncWebClient, sandbox: Sandbox, text: str, seconds: int, **more: Any) -> str:
    post_at = sandbox.clock.seconds() + seconds
    answer = await slack.chat_scheduleMessage(channel="U0MIRA", text=text, post_at=post_at, **more)
    return str(answer["scheduled_message_id"])


async def test_messages_are_posted_when_their_time_has_come(
    slack: AsyncWebClient, sandbox: Sandbox, mira: Person
) -> None:
    for text, seconds in (("later", 7200), ("soon", 3600), ("never", 5000), ("tomorrow", 86_400)):
        scheduled_message_id = await schedule(slack, sandbox, text, seconds)
        if text == "never":
            await slack.chat_deleteScheduledMessage(channel="D0MIRA", scheduled_message_id=scheduled_message_id)
    waiting = (await slack.chat_scheduledMessages_list(channel="D0MIRA"))["scheduled_messages"]
    assert [one["text"] for one in waiting] == ["soon", "later", "tomorrow"]
    assert await mira.messages() == []
    sandbox.clock.advance(7201)
    assert [one["text"] for one in await mira.messages()] == ["soon", "later"]
    waiting = (await slack.chat_scheduledMessages_list())["scheduled_messages"]
    assert [one["text"] for one in waiting] == ["tomorrow"]


async def test_a_playing_clock_posts_at_its_beat(slack: AsyncWebClient, sandbox: Sandbox, app: SocketApp) -> None:
    sandbox.clock.play(False)  # on a busy machine a second may be over before the call arrives
    await schedule(slack, sandbox, "soon", 1)
    sandbox.clock.play(True)
    assert (await app.event("message"))["text"] == "soon"


async def test_what_waits_outlives_a_restart(build: Build, tmp_path: Path) -> None:
    first = await build(folder=tmp_path / "w")
    first.world.scheduled.add("C0MGMT", {"user": "U0APP", "text": "later"}, first.clock.seconds() + 3600)
    await first.stop()
    second = await build(folder=tmp_path / "w")
    second.clock.advance(3601)
    assert [one["text"] for one in second.world.messages.timeline("C0MGMT")] == ["later"]


async def test_thirty_in_five_minutes_are_enough(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.clock.play(False)
    for number in range(30):
        await schedule(slack, sandbox, "x", 3600 + number)
    with pytest.raises(SlackApiError, match="restricted_too_many"):
        await schedule(slack, sandbox, "x", 3700)
    await schedule(slack, sandbox, "x", 3600 + 29 + 300)


async def test_with_metadata_nothing_is_ever_posted(slack: AsyncWebClient, sandbox: Sandbox, mira: Person) -> None:
    await schedule(slack, sandbox, "x", 3600, metadata={"event_type": "order", "event_payload": {}})
    sandbox.clock.advance(3601)
    assert await mira.messages() == []
    assert (await slack.chat_scheduledMessages_list())["scheduled_messages"] == []


# Quiet hours: Tom's are from 20:00 to 07:30 in New York.


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        ("2027-01-15T12:00", "2027-01-15T20:00", "2027-01-16T07:30"),
        ("2027-01-15T23:00", "2027-01-15T20:00", "2027-01-16T07:30"),
        ("2027-01-16T07:29", "2027-01-15T20:00", "2027-01-16T07:30"),
        ("2027-01-16T07:30", "2027-01-16T20:00", "2027-01-17T07:30"),
        ("2027-03-13T23:00", "2027-03-13T20:00", "2027-03-14T07:30"),  # spring
    ],
)
def test_the_window_that_lasts_or_comes_next(at: str, begins: str, ends: str) -> None:
    hours = quiet_hours(COMPANY, "U0TOM", str(NEW_YORK), in_new_york(at))
    assert hours == {
        "dnd_enabled": True,
        "next_dnd_start_ts": in_new_york(begins).timestamp(),
        "next_dnd_end_ts": in_new_york(ends).timestamp(),
    }


def in_new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@given(st.integers(1_767_225_600, 1_893_456_000))  # the years 2026 to 2029
def test_the_window_is_never_over(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    hours = quiet_hours(COMPANY, "U0TOM", str(NEW_YORK), at)
    assert hours["next_dnd_end_ts"] > at.timestamp()
    assert hours["next_dnd_start_ts"] <= at.timestamp() + timedelta(days=1).total_seconds() + 3600
    assert 0 < hours["next_dnd_end_ts"] - hours["next_dnd_start_ts"] <= timedelta(hours=12.5).total_seconds()


def test_who_keeps_none_is_never_left_alone() -> None:
    assert quiet_hours(COMPANY, "U0MIRA", "Europe/Berlin", MONDAY) == {
        "dnd_enabled": False,
        "next_dnd_start_ts": 1,
        "next_dnd_end_ts": 1,
    }
