"""Pages hear at once of what concerns their person, and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.kit import home, modal, section

Json = dict[str, Any]


class Page:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def frame(self, kind: str) -> Json:
        while True:
            frame: Json = await asyncio.wait_for(self._socket.receive_json(), 5)
            if frame["type"] == kind:
                return frame


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def page(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    async with session.ws_connect(f"{sandbox.url}/live/U0MIRA") as socket:
        yield Page(socket)


async def test_frames_of_a_day(page: Page, sandbox: Sandbox, hands: Hands, mira: Person, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="hello")
    heard = await page.frame("message")
    assert (heard["channel"], heard["message"]["ts"], heard["message"]["text"]) == ("D0MIRA", posted["ts"], "hello")
    assert (await page.frame("log"))["entry"]["name"] == "chat.postMessage"
    await slack.chat_update(channel="D0MIRA", ts=posted["ts"], text="hello again")
    assert (await page.frame("message"))["message"]["text"] == "hello again"
    await slack.chat_delete(channel="D0MIRA", ts=posted["ts"])
    assert (await page.frame("message_deleted"))["ts"] == posted["ts"]
    await slack.views_publish(user_id="U0MIRA", view=home(section("x")))
    assert (await page.frame("home"))["view"]["type"] == "home"
    await hands.advance(timedelta(hours=1))
    assert (await page.frame("clock"))["playing"] is True
    with pytest.raises(HandError):
        await mira.command("/tea")
    assert (await page.frame("notice"))["text"] == "/tea failed because the app did not respond"


async def test_modals_and_the_apps_presence(page: Page, sandbox: Sandbox, mira: Person, slack: AsyncWebClient) -> None:
    async with SocketApp(sandbox) as app:
        assert (await page.frame("app"))["connected"] is True
        await mira.command("/tea")
        trigger_id = (await app.next("slash_commands"))["payload"]["trigger_id"]
        view = (await slack.views_open(trigger_id=trigger_id, view=modal()))["view"]
        assert (await page.frame("view_opened"))["view"]["id"] == view["id"]
        await slack.views_update(view_id=view["id"], view=modal())
        assert (await page.frame("view_updated"))["view"]["id"] == view["id"]
        await mira.close()
        assert (await page.frame("view_closed"))["view"]["id"] == view["id"]
    assert (await page.frame("app"))["connected"] is False


async def test_nothing_of_other_peoples_conversations(
    page: Page, sandbox: Sandbox, hands: Hands, slack: AsyncWebClient
) -> None:
    await slack.chat_postMessage(channel="U0TOM", text="for Tom")
    await hands.person("U0PRIYA").say("also here", "C0ITOPS")
    assert (await page.frame("message"))["message"]["text"] == "also here"


async def test_a_deactivated_person_has_no_page(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{sandbox.url}/live/U0OTTO") as answer:
        assert (answer.status, (await answer.json())["error"]) == (409, "account_inactive")
