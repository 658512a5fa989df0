"""The sandbox page in a real browser: what a person sees, and what reaches the app when a person acts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Company
from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.conftest import MONDAY, Build
from tests.sandbox.manifest import MANIFEST
from tests.sandbox.page.conftest import Look
from tests.sandbox.teapot import Teapot

FRIDAY_EVENING = datetime(2026, 3, 27, 17, 30, tzinfo=UTC)  # in Berlin the clocks change that weekend
WIDE_LETTERS = "* { letter-spacing: .12em !important; word-spacing: .16em !important; }"
"""What readers may ask for (WCAG 2.2, 1.4.12), and wider than the fonts of any machine."""


async def say(page: Page, text: str, pane: str = ".main") -> None:
    await page.locator(f"{pane} .composer-text").fill(text)
    await page.keyboard.press("Enter")


def notice(page: Page) -> Any:
    return page.locator(".notice")


async def test_people_talk_and_what_they_type_stays_text(sandbox: Sandbox, look: Look) -> None:
    mira, tom = await look(sandbox, "U0MIRA", "#C0GENERAL"), await look(sandbox, "U0TOM")
    await say(mira, "*hello* <img src=x onerror=alert(1)> <!channel> & co")
    await expect(tom.locator(".conversation", has_text="general").locator(".badge")).to_contain_text("1")
    await tom.get_by_role("link", name="general").click()
    await expect(tom.locator(".message .text")).to_have_text("hello <img src=x onerror=alert(1)> <!channel> & co")
    await expect(tom.locator(".message .text strong")).to_have_text("hello")
    await expect(tom.locator(".message img, .message .mention")).to_have_count(0)
    await expect(tom.locator(".badge")).to_have_count(0)


async def test_a_command_is_completed_and_answered(sandbox: Sandbox, look: Look, teapot: Teapot) -> None:
    page = await look(sandbox, "U0MIRA", "#C0GENERAL")
    await page.locator(".composer-text").press_sequentially("/te")
    await expect(page.get_by_role("listbox").get_by_role("option")).to_have_text("/tea [kind]Order tea")
    await page.keyboard.press("Tab")
    await page.keyboard.type("green")
    await page.keyboard.press("Enter")
    await expect(page.locator(".ephemeral")).to_contain_text("Only visible to you")
    await expect(page.locator(".ephemeral .text")).to_have_text("green is coming")


async def test_a_command_nobody_answers_is_told_and_given_back(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA")
    await expect(page.locator(".connection")).to_have_text("App away")
    await say(page, "/tea")
    await expect(notice(page).first).to_contain_text("/tea failed because")
    await expect(page.locator(".composer-text")).to_have_value("/tea")


async def test_a_button_asks_first_and_then_reaches_the_app(
    sandbox: Sandbox, look: Look, teapot: Teapot, slack: AsyncWebClient
) -> None:
    words = {"type": "plain_text", "text": "Pour"}
    confirm = {"title": words, "text": {"type": "mrkdwn", "text": "*Hot*"}, "confirm": words, "deny": words}
    button = {"type": "button", "action_id": "pour", "value": "7", "text": words, "confirm": confirm}
    blocks = [{"type": "actions", "block_id": "pot", "elements": [button]}]
    await slack.chat_postMessage(channel="U0MIRA", text="Tea is ready", blocks=blocks)
    page = await look(sandbox, "U0MIRA")
    await page.locator(".message").get_by_role("button", name="Pour").click()
    await expect(page.get_by_role("alertdialog")).to_contain_text("Hot")
    assert teapot.acted.empty()
    await page.get_by_role("alertdialog").get_by_role("button").last.click()
    pressed = await teapot.acted.get()
    assert (pressed["user"]["id"], pressed["actions"][0]["value"]) == ("U0MIRA", "7")


async def test_a_modal_is_corrected_submitted_and_changes_the_home_tab(
    sandbox: Sandbox, look: Look, teapot: Teapot
) -> None:
    page = await look(sandbox, "U0MIRA")
    await say(page, "/tea")
    kind = page.get_by_role("textbox", name="Kind")
    await expect(kind).to_be_focused()
    await kind.fill("coffee")
    await page.keyboard.press("Enter")
    await expect(page.locator(".field-error").first).to_have_text("This is a teapot.")
    await expect(kind).to_have_value("coffee")
    await kind.fill("green")
    leaves = FilePayload(name="leaves.txt", mimeType="text/plain", buffer=b"leaves")
    await page.get_by_label("Proof").set_input_files(leaves)
    await expect(page.get_by_role("dialog").locator(".staged")).to_contain_text("leaves.txt")
    await page.get_by_role("button", name="Order").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    values = (await teapot.acted.get())["view"]["state"]["values"]
    assert (values["kind"]["kind"]["value"], values["proof"]["proof"]["files"][0]["name"]) == ("green", "leaves.txt")
    await page.get_by_role("link", name="Home").click()
    await page.get_by_role("button", name="Pour").click()
    assert (await teapot.acted.get())["actions"][0]["value"] == "green"


async def test_escape_closes_a_modal_and_gives_the_keyboard_back(sandbox: Sandbox, look: Look, teapot: Teapot) -> None:
    page = await look(sandbox, "U0MIRA")
    await say(page, "/tea")
    await expect(page.get_by_role("dialog")).to_be_visible()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.locator("main :focus, nav :focus").count() == 0
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".composer-text")).to_be_focused()


async def test_a_dropped_file_is_shown_and_reaches_the_app(sandbox: Sandbox, look: Look, teapot: Teapot) -> None:
    page = await look(sandbox, "U0MIRA")
    carried = await page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['a,b'], 'list.csv')); return all; }"
    )
    await page.locator(".main .pane").dispatch_event("drop", {"dataTransfer": carried})
    await expect(page.locator(".composer .staged")).to_contain_text("list.csv")
    await say(page, "the list")
    await expect(page.locator(".message")).to_contain_text("the list")
    await expect(page.locator(".file-card")).to_contain_text("list.csv")
    shared = await teapot.event("file_shared")
    file = (await teapot.client.files_info(file=shared["file_id"]))["file"]
    assert await teapot.download(file) == b"a,b"


async def test_a_thread_opens_beside_and_its_replies_are_counted(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    await slack.chat_postMessage(channel="U0MIRA", text="Which tea?")
    page = await look(sandbox, "U0MIRA")
    await page.locator(".message").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    await say(page, "Green", pane=".side")
    await expect(page.locator(".side .message").last).to_contain_text("Green")
    await expect(page.locator(".main .message")).to_have_count(1)
    await expect(page.locator(".thread-summary")).to_contain_text("1 reply")


async def test_a_message_shortcut_is_chosen_with_the_keyboard(
    sandbox: Sandbox, look: Look, teapot: Teapot, slack: AsyncWebClient
) -> None:
    sent = await slack.chat_postMessage(channel="U0MIRA", text="Keep me")
    page = await look(sandbox, "U0MIRA")
    await page.locator(".message").focus()
    await page.get_by_role("button", name="More message actions").press("Enter")
    await expect(page.get_by_role("menuitem", name="Keep")).to_be_focused()
    await page.keyboard.press("Enter")
    assert (await teapot.acted.get())["message"]["ts"] == sent["ts"]


async def test_people_react_and_take_it_back(sandbox: Sandbox, look: Look, mira: Person) -> None:
    await mira.say("Done?", "C0GENERAL")
    page, other = await look(sandbox, "U0TOM", "#C0GENERAL"), await look(sandbox, "U0MIRA", "#C0GENERAL")
    await page.get_by_role("main").get_by_role("article").hover()
    await page.get_by_role("button", name="React").click()
    await page.get_by_role("menuitem", name="eyes").click()
    reaction = other.get_by_role("list", name="Reactions").get_by_role("button")
    await expect(reaction).to_have_text("👀 1")
    await reaction.click()
    await expect(reaction).to_have_text("👀 2")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await reaction.click()
    await expect(page.get_by_role("list", name="Reactions").get_by_role("button")).to_have_text("👀 1")


async def test_the_clock_moves_for_everybody(build: Build, look: Look) -> None:
    sandbox = await build(start=FRIDAY_EVENING)
    mira, tom = await look(sandbox, "U0MIRA"), await look(sandbox, "U0TOM")
    await expect(mira.locator(".clock-face")).to_have_text("Fri 27 Mar 202618:30Europe/Berlin")
    await mira.get_by_role("button", name="Next morning").click()
    await expect(mira.locator(".clock-face")).to_have_text("Mon 30 Mar 202609:00Europe/Berlin")
    await expect(tom.locator(".clock-face")).to_have_text("Mon 30 Mar 202603:00America/New_York")
    await tom.get_by_role("button", name="+1 day").click()
    await tom.get_by_role("button", name="Go to a date and time").click()
    await tom.get_by_label("Go to (America/New_York)").fill("2026-04-02T10:15")
    await tom.get_by_role("button", name="Go", exact=True).click()
    await expect(mira.locator(".clock-face")).to_have_text("Thu 2 Apr 202616:15Europe/Berlin")
    await mira.get_by_role("button", name="Pause the clock").click()
    await expect(tom.get_by_role("button", name="Let the clock run")).to_be_visible()
    assert sandbox.clock.state()["playing"] is False


async def test_older_messages_come_when_scrolling_up(sandbox: Sandbox, look: Look, mira: Person) -> None:
    for number in range(130):
        await mira.say(f"number {number}", "C0GENERAL")
    page = await look(sandbox, "U0TOM", "#C0GENERAL")
    await expect(page.locator(".message")).to_have_count(100)
    await page.locator(".main .scroller").evaluate("(scroller) => { scroller.scrollTop = -scroller.scrollHeight; }")
    await expect(page.locator(".message")).to_have_count(130)
    await expect(page.locator(".message .text").first).to_have_text("number 0")


async def test_a_restarted_sandbox_is_found_again(look: Look, tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "folder": tmp_path / "kept",
        "manifest": MANIFEST,
        "companies": [Company.load()],
        "start": MONDAY,
    }
    first = Sandbox(**settings)
    await first.start()
    page = await look(first, "U0MIRA", "#C0GENERAL")
    await first.stop()
    await expect(page.locator(".connection")).to_have_text("Sandbox away")
    second = Sandbox(**settings)
    await second.start(int(first.url.rpartition(":")[2]))
    async with Hands(second.url) as hands:
        await hands.person("U0TOM").say("back again", "C0GENERAL")
    await expect(page.locator(".message")).to_contain_text("back again")
    await expect(page.locator(".connection")).to_have_text("App away")
    await page.close()
    await second.stop()


async def test_a_narrow_window_has_a_drawer_and_nothing_sticks_out(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", viewport={"width": 400, "height": 800})
    await expect(page.locator(".sidebar")).to_be_hidden()
    await page.get_by_role("button", name="Conversations and people").click()
    await page.get_by_role("link", name="general").click()
    await expect(page.locator(".main h1")).to_have_text("# general")
    await expect(page.locator(".sidebar")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 400


@pytest.mark.parametrize("width", [320, 800])
async def test_nothing_sticks_out_where_letters_are_wide(sandbox: Sandbox, look: Look, width: int) -> None:
    page = await look(sandbox, "U0MIRA", "#C0GENERAL", bypass_csp=True, viewport={"width": width, "height": 800})
    await page.add_style_tag(content=WIDE_LETTERS)
    await expect(page.get_by_role("button", name="Go to a date and time")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
