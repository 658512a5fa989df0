"""Being different people: in one window, in two, in two workspaces, and in a workspace without the app."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.company import Company
from sandbox.hands import Person
from sandbox.server import Sandbox
from tests.sandbox.conftest import Build
from tests.sandbox.page.conftest import Look
from tests.sandbox.teapot import Teapot

ANOTHER: dict[str, Any] = {
    "team": {"id": "T0OTHER", "name": "Other Works", "domain": "other"},
    "people": [{"id": "U0ZOE", "name": "Zoe Adler", "title": "Owner", "zone": "Asia/Tokyo", "admin": True}],
    "channels": [{"id": "C0LOBBY", "name": "lobby", "members": "everybody"}],
}


def clock_zone(page: Page) -> Any:
    return page.get_by_role("banner").get_by_role("time")


async def test_becoming_another_person_takes_one_click(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", "#C0GENERAL")
    await page.evaluate("window.same = true")
    await page.get_by_role("link", name="Tom Okafor Customer support").click()
    await expect(page.get_by_role("button", name="Menu of Tom Okafor")).to_be_visible()
    await expect(clock_zone(page)).to_contain_text("America/New_York")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Teapot")
    assert page.url == f"{sandbox.url}/?as=U0TOM"
    await page.get_by_role("link", name="Mira Lindqvist Compliance lead").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("# general")  # where Mira was
    await page.go_back()
    await expect(page.get_by_role("button", name="Menu of Tom Okafor")).to_be_visible()
    assert await page.evaluate("window.same")  # the page itself was never loaded again


async def test_a_second_window_is_a_second_person_live(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", "#C0GENERAL")
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Tom Okafor in a second window").click()
    second = await opened.value
    await second.get_by_role("link", name="general").click()
    await second.get_by_label("Message #general").fill("from the second window")
    await second.keyboard.press("Enter")
    await expect(page.get_by_role("main").get_by_text("from the second window", exact=True)).to_be_visible()


async def test_accounts_show_as_what_they_are(sandbox: Sandbox, look: Look, mira: Person) -> None:
    await mira.say("hello", "C0GENERAL")
    page = await look(sandbox, "U0TOM", "#C0GENERAL")
    people = page.get_by_role("navigation", name="Conversations and people")
    await expect(people.get_by_text("Otto Krause")).to_be_visible()
    await expect(people.get_by_role("link", name="Otto Krause")).to_have_count(0)
    account = sandbox.world.workspace.person("U0MIRA")
    status = {"status_text": "On leave", "status_emoji": ":palm_tree:"}
    changed = account | {"is_restricted": True, "profile": account["profile"] | status}
    sandbox.world.workspace.change_person(changed)
    message = page.get_by_role("main").get_by_role("article")
    await expect(message.get_by_role("img", name="Status: On leave")).to_have_text("🌴")
    await expect(message.get_by_text("Guest")).to_be_visible()
    await expect(people.get_by_role("link", name="Mira Lindqvist").first).to_contain_text("Guest")
    sandbox.world.workspace.change_person(changed | {"deleted": True})
    await expect(message.get_by_text("Deactivated")).to_be_visible()


@pytest.fixture
async def two(build: Build) -> Sandbox:
    return await build(companies=[Company.load(), Company.from_document(ANOTHER)])


async def test_one_workspace_needs_no_rail(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA")
    await expect(page.get_by_role("navigation", name="Workspaces")).to_have_count(0)


async def test_the_rail_switches_workspace_and_person(two: Sandbox, look: Look) -> None:
    page = await look(two, "U0TOM")
    rail = page.get_by_role("navigation", name="Workspaces")
    await rail.get_by_role("link", name="Other Works").click()
    await expect(page.get_by_role("button", name="Menu of Zoe Adler")).to_be_visible()
    await expect(rail.get_by_role("link", name="Other Works")).to_have_attribute("aria-current", "page")
    await page.get_by_role("link", name="lobby").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("# lobby")
    await rail.get_by_role("link", name="Aldermoor Instruments").click()
    await expect(page.get_by_role("button", name="Menu of Tom Okafor")).to_be_visible()  # who one was there
    direct = await look(two, "U0ZOE")
    await expect(direct.get_by_role("button", name="Menu of Zoe Adler")).to_be_visible()


async def test_an_administrator_removes_the_app_and_the_page_says_so(
    sandbox: Sandbox, look: Look, teapot: Teapot
) -> None:
    tom, mira = await look(sandbox, "U0TOM"), await look(sandbox, "U0MIRA")
    await tom.get_by_role("button", name="Menu of Tom Okafor").click()
    await expect(tom.get_by_role("menuitem", name="Open a second window")).to_be_visible()
    await expect(tom.get_by_role("menuitem", name="Remove app Teapot…")).to_have_count(0)
    await tom.keyboard.press("Escape")
    menu = mira.get_by_role("button", name="Menu of Mira Lindqvist")
    for answer in ("Keep it", "Remove app"):
        await menu.click()
        await mira.get_by_role("menuitem", name="Remove app Teapot…").click()
        await expect(tom.get_by_role("note")).to_have_count(0)
        await mira.get_by_role("alertdialog", name="Remove Teapot?").get_by_role("button", name=answer).click()
    for page in (mira, tom):
        note = page.get_by_role("note").filter(has_text="Teapot is not installed in Aldermoor Instruments.")
        await expect(note).to_be_visible()
        await expect(page.get_by_role("banner").get_by_role("status")).to_have_text("App not installed")
    await menu.click()
    await expect(mira.get_by_role("menuitem", name="Open a second window")).to_be_visible()
    await expect(mira.get_by_role("menuitem", name="Remove app")).to_have_count(0)


async def test_an_archived_channel_can_be_read_and_not_written_to(build: Build, look: Look) -> None:
    document = ANOTHER | {
        "channels": [{"id": "C0OLD", "name": "old", "members": "everybody", "archived": True}, *ANOTHER["channels"]]
    }
    sandbox = await build(companies=[Company.from_document(document)])
    page = await look(sandbox, "U0ZOE", "#C0OLD")
    await expect(page.get_by_role("note")).to_have_text(
        "#old is archived: it can be read, and nothing new is posted here."
    )
    await expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)


async def test_a_channel_of_others_can_be_read_and_not_written_to(build: Build, look: Look) -> None:
    document = ANOTHER | {"channels": [{"id": "C0FAR", "name": "far", "members": []}, *ANOTHER["channels"]]}
    sandbox = await build(companies=[Company.from_document(document)])
    page = await look(sandbox, "U0ZOE", "#C0FAR")
    await expect(page.get_by_role("note")).to_contain_text("only members can post")
