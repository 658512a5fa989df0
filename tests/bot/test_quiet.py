"""Quiet hours: asked of Slack in few questions, remembered for an hour, and no obstacle when Slack does not say."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.slack import do_not_disturb
from bot.slack.do_not_disturb import QuietHours
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox

EVENING = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""Half past nine in New York, where Tom is left alone from eight in the evening to half past seven."""

MORNING = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


class Asked:
    """How often it was Slack's turn."""

    def __init__(self) -> None:
        self.times = 0

    async def turn(self) -> None:
        self.times += 1
        await asyncio.sleep(0)


@pytest.fixture
def granted() -> bool:
    """Whether the app may ask."""
    return True


@pytest.fixture
async def sandbox(tmp_path: Path, granted: bool) -> AsyncIterator[Sandbox]:
    app = manifest([])
    if not granted:
        app["oauth_config"]["scopes"]["bot"].remove("dnd:read")
    sandbox = Sandbox(folder=tmp_path / "workspace", manifest=app, companies=[Company.load()], start=EVENING)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


async def test_who_keeps_quiet_hours_is_left_alone_until_they_end(slack: Gateway) -> None:
    hours = QuietHours(slack, Asked().turn)
    assert await hours.until("U0TOM", EVENING) == MORNING
    assert await hours.until("U0MIRA", EVENING) is None


async def test_many_share_a_question_and_nobody_is_asked_about_twice_an_hour(slack: Gateway) -> None:
    asked = Asked()
    hours = QuietHours(slack, asked.turn)
    everybody = [f"U{number:09}" for number in range(do_not_disturb.PEOPLE_PER_QUESTION * 2)] + ["U0TOM"]
    untils = await asyncio.gather(*(hours.until(each, EVENING) for each in everybody))
    assert untils[-1] == MORNING
    assert untils[:-1] == [None] * (len(everybody) - 1)
    assert asked.times == 3
    await hours.until("U0TOM", EVENING + timedelta(minutes=59))
    assert asked.times == 3
    await hours.until("U0TOM", EVENING + timedelta(minutes=61))
    assert asked.times == 4


async def test_outside_of_them_nobody_waits(sandbox: Sandbox, slack: Gateway) -> None:
    async with Hands(sandbox.url) as hands:
        await hands.go_to(NOON)
    assert await QuietHours(slack, Asked().turn).until("U0TOM", NOON) is None


@pytest.mark.parametrize("granted", [False])
async def test_without_the_scope_nobody_waits(slack: Gateway) -> None:
    assert await QuietHours(slack, Asked().turn).until("U0TOM", EVENING) is None


async def test_while_slack_is_away_nobody_waits(sandbox: Sandbox, slack: Gateway) -> None:
    await sandbox.stop()
    assert await QuietHours(slack, Asked().turn).until("U0TOM", EVENING) is None
