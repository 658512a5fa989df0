"""A press arrives whatever is drawn anew meanwhile, and who uses the keyboard keeps the place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, WebSocket, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.gallery import button
from tests.sandbox.teapot import Teapot

TWO_PICTURES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


class Wire:
    """What the page heard over its live wire."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def tap(self, page: Page) -> None:
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.heard.put_nowait(str(frame)))

    async def brings(self, page: Page, words: str) -> None:
        """Wait until the page has heard these words and had the time to draw them."""
        async with asyncio.timeout(5):
            while words not in await self.heard.get():
                pass
        await page.evaluate(TWO_PICTURES)


@pytest.fixture
def wire() -> Wire:
    return Wire()


def kettle(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "kettle", "elements": [*elements]}] if elements else []


async def by_mouse(page: Page, wanted: Locator) -> Callable[[], Awaitable[None]]:
    await wanted.hover()
    await page.mouse.down()
    return page.mouse.up


async def by_key(page: Page, wanted: Locator) -> Callable[[], Awaitable[None]]:
    await wanted.focus()
    await page.keyboard.down("Space")
    return lambda: page.keyboard.up("Space")


@pytest.mark.parametrize("press", [by_mouse, by_key])
async def test_a_press_arrives_though_its_message_changes_and_others_come(
    sandbox: Sandbox,
    look: Look,
    teapot: Teapot,
    slack: AsyncWebClient,
    wire: Wire,
    press: Callable[[Page, Locator], Awaitable[Callable[[], Awaitable[None]]]],
) -> None:
    sent = await slack.chat_postMessage(channel="U0MIRA", text="Cold", blocks=kettle(button("pour", "Pour")))
    page = await look(sandbox, "U0MIRA", before=wire.tap)
    main = page.get_by_role("main")
    let_go = await press(page, main.get_by_role("button", name="Pour"))
    await slack.chat_update(
        channel=sent["channel"], ts=sent["ts"], text="Warm", blocks=kettle(button("pour", "Pour now"))
    )
    await slack.chat_postMessage(channel="U0MIRA", text="Biscuits?")
    await wire.brings(page, "Biscuits?")
    await let_go()
    pressed = await asyncio.wait_for(teapot.acted.get(), 5)
    assert pressed["actions"][0]["action_id"] == "pour"
    await expect(main.get_by_role("button", name="Pour now")).to_be_visible()
    await expect(main.get_by_text("Biscuits?", exact=True)).to_be_visible()


async def test_news_go_on_when_a_press_ends_elsewhere(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient, wire: Wire
) -> None:
    await slack.chat_postMessage(channel="U0MIRA", text="Cold", blocks=kettle(button("pour", "Pour")))
    page = await look(sandbox, "U0MIRA", before=wire.tap)
    main = page.get_by_role("main")
    for ending in ("pointercancel", "blur"):
        await by_mouse(page, main.get_by_role("button", name="Pour"))
        await slack.chat_postMessage(channel="U0MIRA", text=f"Told after {ending}")
        await wire.brings(page, f"Told after {ending}")
        await expect(main.get_by_text(f"Told after {ending}", exact=True)).to_have_count(0)
        await page.evaluate("(ending) => document.body.dispatchEvent(new Event(ending, { bubbles: true }))", ending)
        await expect(main.get_by_text(f"Told after {ending}", exact=True)).to_be_visible()
        await page.mouse.up()


async def test_the_keyboard_stays_where_a_message_is_drawn_anew(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    both = (button("pour", "Pour"), button("wait", "Wait"))
    sent = await slack.chat_postMessage(channel="U0MIRA", text="Cold", blocks=kettle(*both))
    page = await look(sandbox, "U0MIRA")
    main = page.get_by_role("main")

    async def becomes(*elements: dict[str, Any]) -> None:
        await slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="Changed", blocks=kettle(*elements))

    await main.get_by_role("button", name="Wait").focus()
    await becomes(button("pour", "Pour"), button("wait", "Wait longer"))
    await expect(main.get_by_role("button", name="Wait longer")).to_be_focused()
    await becomes()
    await expect(main.get_by_text("Changed")).to_be_visible()
    await expect(main.get_by_role("article")).to_be_focused()  # where no such button is left, its message


async def test_the_keyboard_returns_from_a_menu_to_the_message_that_changed(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    await slack.chat_postMessage(channel="U0MIRA", text="Another", blocks=kettle(button("pour", "Pour")))
    sent = await slack.chat_postMessage(channel="U0MIRA", text="Cold", blocks=kettle(button("pour", "Pour")))
    page = await look(sandbox, "U0MIRA")
    last = page.get_by_role("main").get_by_role("article").last
    await last.hover()
    await last.get_by_role("button", name="React").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_be_visible()
    await slack.chat_update(
        channel=sent["channel"], ts=sent["ts"], text="Warm", blocks=kettle(button("pour", "Pour now"))
    )
    await expect(last.get_by_role("button", name="Pour now")).to_be_visible()
    await expect(page.locator(".panel")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(last.get_by_role("button", name="React")).to_be_focused()
