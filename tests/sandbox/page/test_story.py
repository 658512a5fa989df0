"""A whole story, clicked by four people in windows of their own. Found by roles and labels only: so these are right."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from sandbox.server import Sandbox
from tests.sandbox.conftest import Build
from tests.sandbox.manifest import MANIFEST
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.kitchen import Kitchen

RECEIPT = FilePayload(name="receipt.txt", mimeType="text/plain", buffer=b"1 x green")


@pytest.fixture
async def kitchen(build: Build) -> AsyncIterator[tuple[Sandbox, Kitchen]]:
    events = {"bot_events": ["app_home_opened", "message.im", "message.groups", "message.channels"]}
    sandbox = await build(manifest=MANIFEST | {"settings": MANIFEST["settings"] | {"event_subscriptions": events}})
    app = Kitchen(sandbox)
    await app.start()
    yield sandbox, app
    await app.stop()


def card(page: Page) -> Locator:
    """The newest message of the conversation."""
    return page.get_by_role("main").get_by_role("article").last


async def test_tea_is_ordered_approved_and_seen(kitchen: tuple[Sandbox, Kitchen], look: Look) -> None:
    sandbox, _ = kitchen
    mira = await look(sandbox, "U0MIRA", "#C0MGMT")
    david, kofi = await look(sandbox, "U0DAVID"), await look(sandbox, "U0KOFI")
    sofia = await look(sandbox, "U0SOFIA")

    # Mira orders; the first try is refused beside the field.
    await mira.get_by_label("Message #management-review").press_sequentially("/t")
    await mira.get_by_role("option", name="/tea").click()
    await mira.keyboard.press("Enter")
    modal = mira.get_by_role("dialog", name="Order tea")
    for kind in ("coffee", "green"):
        await modal.get_by_label("Which tea?").fill(kind)
        await modal.get_by_role("button", name="Order").click()
        if kind == "coffee":
            await expect(modal.get_by_role("alert").filter(has_text="We only have tea.")).to_be_visible()
    await expect(modal).to_have_count(0)
    await expect(card(mira)).to_contain_text("green for @Mira Lindqvist")

    # She may not approve it herself, and only she is told.
    await card(mira).get_by_role("button", name="Approve").click()
    await expect(card(mira)).to_contain_text("Only visible to you")
    await expect(card(mira)).to_contain_text("Somebody else has to approve your tea.")

    # David approves in his direct message; Mira sees it where she is.
    await card(david).get_by_role("button", name="Approve").click()
    await expect(card(david)).to_contain_text("Approved by @David Chen")
    await expect(card(david).get_by_role("button", name="Approve")).to_have_count(0)
    await expect(mira.get_by_role("main").get_by_role("article").first).to_contain_text("Approved by @David Chen")

    # Kofi's button is stale by now.
    await card(kofi).get_by_role("button", name="Approve").click()
    await expect(card(kofi)).to_contain_text("@David Chen was faster.")

    # Sofia finds it unread in the channel, and on the Home tab.
    await sofia.get_by_role("link", name="management-review 1 unread").click()
    await expect(card(sofia)).to_contain_text("Approved by @David Chen")
    await sofia.get_by_role("link", name="Teapot").click()
    await sofia.get_by_role("link", name="Home").click()
    await expect(sofia.get_by_role("main")).to_contain_text("green for @Mira Lindqvist")

    # She drops the receipt into the thread, which Mira has open.
    await sofia.get_by_role("link", name="management-review").click()
    for page in (sofia, mira):
        order = page.get_by_role("main").get_by_role("article").first
        await order.hover()
        await order.get_by_role("button", name="Reply in thread").click()
    thread = sofia.get_by_role("complementary", name="Thread")
    await thread.get_by_label("Files to send").set_input_files(RECEIPT)
    await expect(thread.get_by_role("list").filter(has_text="receipt.txt")).to_be_visible()
    await thread.get_by_label("Reply…").fill("Here is the receipt")
    await thread.get_by_role("button", name="Send").click()
    seen = mira.get_by_role("complementary", name="Thread")
    await expect(seen.get_by_role("link", name="receipt.txt")).to_be_visible()
    await expect(seen.get_by_role("article").last).to_contain_text("Kept receipt.txt")
    await expect(mira.get_by_role("main").get_by_role("button", name="2 replies")).to_be_visible()
