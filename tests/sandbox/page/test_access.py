"""For everybody: axe-core finds nothing, and everything can be done with the keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.gallery import MESSAGES, MODAL, button, mrkdwn
from tests.sandbox.teapot import Teapot

DESK, PHONE = ViewportSize(width=1280, height=720), ViewportSize(width=400, height=800)
LOOKS: Sequence[tuple[Literal["light", "dark"], ViewportSize]] = (
    *(("dark", PHONE), ("light", PHONE)),
    *(("dark", DESK), ("light", DESK)),
)
"""How a page may be looked at; the last is how it is opened."""

ONLY_COLOURS = {"runOnly": ["color-contrast"]}


async def sound(page: Page) -> list[str]:
    """What axe-core has against the page as it is now, however it is looked at; the dark differs in colours only."""
    found = []
    for scheme, size in LOOKS:
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size(size)
        against = await Axe().run(page, options=ONLY_COLOURS if scheme == "dark" else None)
        found += [
            f"{scheme}, {size['width']}: {each['id']}: {node['html'][:200]}"
            for each in against.response["violations"]
            for node in each["nodes"]
        ]
        if await page.evaluate("document.documentElement.scrollWidth - innerWidth"):
            found.append(f"{size['width']}: it sticks out")
    return found


async def test_every_place_is_sound(sandbox: Sandbox, look: Look, slack: AsyncWebClient, mira: Person) -> None:
    for blocks in MESSAGES:
        await slack.chat_postMessage(channel="U0MIRA", text="Everything", blocks=blocks)
    root = await mira.say("A question")
    await mira.say("and an answer", thread_ts=root)
    await slack.views_publish(user_id="U0MIRA", view={"type": "home", "blocks": MESSAGES[0]})
    page = await look(sandbox, "U0MIRA")
    found = {"conversation": await sound(page)}
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.get_by_role("complementary").get_by_text("and an answer")).to_be_visible()
    found["thread"] = await sound(page)
    await page.get_by_role("button", name="Close the thread").click()
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("main").get_by_role("button", name="Plain")).to_be_visible()
    found["home"] = await sound(page)
    await page.get_by_role("button", name="Log").click()
    await expect(page.get_by_role("row").nth(2)).to_be_visible()
    found["log"] = await sound(page)
    await page.get_by_role("tab", name="Faults").click()
    await page.get_by_role("button", name="Inject").click()
    await expect(page.get_by_role("button", name="Take back 429 storm")).to_be_visible()
    found["faults"] = await sound(page)
    assert {place: faults for place, faults in found.items() if faults} == {}


async def test_a_modal_with_errors_is_sound(sandbox: Sandbox, look: Look, slack: AsyncWebClient) -> None:
    async with SocketApp(sandbox) as app:
        page = await look(sandbox, "U0MIRA")
        await page.get_by_label("Message Teapot").fill("/tea")
        await page.keyboard.press("Enter")
        trigger = (await app.next("slash_commands"))["payload"]["trigger_id"]
        await slack.views_open(trigger_id=trigger, view=MODAL)
        app.answer = lambda _: {"response_action": "errors", "errors": {"short-text": "Say more.", "leaf": "Not this."}}
        await page.get_by_label("Short text").fill("no")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert").filter(has_text="Say more.")).to_be_visible()
        await expect(page.get_by_label("Short text")).to_have_attribute("aria-invalid", "true")
        await expect(page.get_by_label("Short text")).to_have_accessible_description("A few words Say more.")
        assert await sound(page) == []


async def test_a_whole_way_with_the_keyboard_alone(
    sandbox: Sandbox, look: Look, teapot: Teapot, slack: AsyncWebClient
) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": mrkdwn("Tea?")},
        {"type": "actions", "block_id": "acts", "elements": [button("order", "Order…")]},
    ]
    await slack.chat_postMessage(channel="U0TOM", text="Tea?", blocks=blocks)
    page = await look(sandbox, "U0MIRA")
    await page.get_by_role("link", name="Tom Okafor Customer support").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message Teapot")).to_be_focused()
    await expect(page.get_by_role("status").filter(has_text="You are now Tom Okafor")).to_be_attached()

    order = page.get_by_role("button", name="Order…")
    more = page.get_by_role("button", name="More message actions")
    await page.keyboard.press("Shift+Tab")  # the newest message stands before the composer
    await expect(order).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Reply in thread")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="React")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(more).to_be_focused()
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Keep")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()

    await order.focus()
    await page.keyboard.press("Enter")
    kind = page.get_by_role("dialog").get_by_label("Kind")
    await expect(kind).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(order).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(kind).to_be_focused()
    await page.keyboard.type("green")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(order).to_be_focused()
    assert (await teapot.acted.get())["user"]["id"] == "U0TOM"


async def test_the_drawer_with_the_keyboard_alone(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA")
    opener = page.get_by_role("button", name="Log")
    await opener.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("tab", name="Log").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Faults")).to_be_focused()
    await expect(page.get_by_role("tabpanel", name="Faults")).to_be_visible()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("tabpanel")).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_nothing_moves_for_whoever_wants_it_still(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", reduced_motion="reduce", viewport={"width": 400, "height": 800})
    assert await page.evaluate("document.getAnimations().length") == 0
    assert (
        await page.get_by_role("navigation").first.evaluate("(each) => getComputedStyle(each).transitionDuration")
        == "0s"
    )
