"""Waiting within limits: on the way out for what runs, and at the start for Slack."""

import asyncio
from collections.abc import Iterator
from itertools import islice, repeat

import pytest

from bot.slack.errors import RateLimited, SlackAway, SlackError, TokenRefused, Unanswered
from bot.slack.patience import patiently, pauses
from bot.stopping import Budget
from tests.bot.kit import WORKSPACE, FakeGateway


async def test_what_ends_in_time_is_waited_for() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        done.set()

    await Budget(5).spend(work(), about="work")
    assert done.is_set()


async def test_what_never_ends_uses_up_the_budget_and_nothing_after_it_gets_more() -> None:
    budget, cancelled = Budget(0.05), []

    async def for_ever(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(name)

    async with asyncio.timeout(5):
        await budget.spend(for_ever("first"), about="first")
        assert budget.left == 0
        await budget.spend(for_ever("second"), about="second")
    assert "first" in cancelled


async def test_a_failure_on_the_way_out_is_no_secret() -> None:
    async def fails() -> None:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        await Budget(5).spend(fails(), about="failing")


# --- at the start ---


def at_once() -> Iterator[float]:
    return repeat(0.0)


@pytest.mark.parametrize("away", [SlackAway("HTTP 503"), Unanswered("HTTP 500"), RateLimited(retry_after=0)])
async def test_slack_is_waited_for(away: SlackError) -> None:
    gateway = FakeGateway()
    gateway.faults["identify"] = [away] * 5
    assert (await patiently(gateway.identify, at_once)).team_id == WORKSPACE
    assert len(gateway.named("identify")) == 6


async def test_a_token_that_is_refused_is_not_tried_again() -> None:
    gateway = FakeGateway()
    gateway.faults["identify"] = [TokenRefused()] * 5
    with pytest.raises(TokenRefused):
        await patiently(gateway.identify, at_once)
    assert len(gateway.named("identify")) == 1


def test_slack_is_asked_more_and_more_seldom_but_every_minute() -> None:
    assert list(islice(pauses(), 9)) == [1, 2, 4, 8, 16, 32, 60, 60, 60]
