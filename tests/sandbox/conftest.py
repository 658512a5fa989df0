"""A running sandbox, its people, and a small Bolt app that works in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Company
from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.manifest import MANIFEST
from tests.sandbox.teapot import Teapot

MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
"""When every workspace is opened: its calendar does not depend on the day of the tests."""

Build = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    """Start sandboxes with other settings than the usual; they are stopped afterwards."""
    running: list[Sandbox] = []

    async def start(**settings: Any) -> Sandbox:
        usual = {
            "folder": tmp_path / "workspace",
            "manifest": MANIFEST,
            "companies": [Company.load()],
            "rate_factor": None,
            "start": MONDAY,
        }
        sandbox = Sandbox(**{**usual, **settings})
        await sandbox.start()
        running.append(sandbox)
        return sandbox

    yield start
    for sandbox in running:
        await sandbox.stop()


@pytest.fixture
async def sandbox(build: Build) -> Sandbox:
    return await build(ack_seconds=1.0)


@pytest.fixture
async def hands(sandbox: Sandbox) -> AsyncIterator[Hands]:
    async with Hands(sandbox.url) as connected:
        yield connected


@pytest.fixture
def mira(hands: Hands) -> Person:
    return hands.person("U0MIRA")


@pytest.fixture
def slack(sandbox: Sandbox) -> AsyncWebClient:
    """The app's Web API client."""
    environment = sandbox.environment
    return AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])


@pytest.fixture
async def teapot(sandbox: Sandbox) -> AsyncIterator[Teapot]:
    app = Teapot(sandbox)
    await app.start()
    yield app
    await app.stop()
