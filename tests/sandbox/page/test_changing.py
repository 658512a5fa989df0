"""Changing one's mind and the company on the page: edit, delete, invite, deactivate."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.test_access import PHONE, sound


def articles(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("article")


async def choose(page: Page, message: Locator, name: str) -> None:
    await message.hover()
    await message.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name=name).click()


async def test_a_message_is_edited_and_deleted_in_front_of_everybody(
    sandbox: Sandbox, look: Look, mira: Person
) -> None:
    await mira.say("Ask *@Tom Okafor*, see https://tea.example & <co>", "C0GENERAL")
    page, tom = await look(sandbox, "U0MIRA", "#C0GENERAL"), await look(sandbox, "U0TOM", "#C0GENERAL")
    await choose(page, articles(page), "Edit message…")
    field = page.get_by_role("dialog").get_by_label("Message")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Ask *@Tom Okafor*, see https://tea.example & <co>")
    await field.fill("Ask @Priya Raman")
    await page.get_by_role("button", name="Save").click()
    await expect(articles(tom)).to_contain_text("Ask @Priya Raman(edited)")
    (message,) = await mira.messages("C0GENERAL")
    assert message["text"] == "Ask <@U0PRIYA>"
    await choose(page, articles(page), "Edit message…")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await choose(page, articles(page), "Delete message…")
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await expect(articles(tom)).to_have_count(0)


async def test_others_messages_are_left_alone_but_by_administrators(sandbox: Sandbox, look: Look, hands: Hands) -> None:
    await hands.person("U0SOFIA").say("mine", "C0GENERAL")
    for person, offered in (("U0TOM", ["Keep"]), ("U0MIRA", ["Keep", "Delete message…"])):
        page = await look(sandbox, person, "#C0GENERAL")
        await articles(page).hover()
        await page.get_by_role("button", name="More message actions").click()
        labels = [await each.locator("span").inner_text() for each in await page.get_by_role("menuitem").all()]
        assert labels == offered


async def test_the_app_and_people_are_invited(sandbox: Sandbox, look: Look, slack: AsyncWebClient) -> None:
    async with SocketApp(sandbox) as app:
        page, tom = await look(sandbox, "U0MIRA", "#C0ITOPS"), await look(sandbox, "U0TOM", "#C0ITOPS")
        await expect(tom.get_by_role("main").get_by_role("note")).to_contain_text("without being a member")
        await expect(tom.get_by_role("button", name="Invite")).to_have_count(0)
        for name in ("Teapot", "Tom Okafor"):
            await page.get_by_role("button", name="Invite").click()
            await page.get_by_label("Person or app").select_option(label=name)
            await page.get_by_role("dialog").get_by_role("button", name="Invite").click()
            await expect(page.locator(".notice").last).to_contain_text(f"{name} is in #it-operations now.")
        assert (await app.event("member_joined_channel"))["user"] == "U0APP"
    await tom.get_by_label("Message #it-operations").fill("Here I am")
    await tom.keyboard.press("Enter")
    await expect(articles(page)).to_contain_text("Here I am")


async def test_an_administrator_ends_an_account_and_gives_it_back(sandbox: Sandbox, look: Look) -> None:
    page, tom = await look(sandbox, "U0MIRA"), await look(sandbox, "U0TOM", "#C0GENERAL")
    people = page.get_by_role("navigation", name="Conversations and people")
    await page.get_by_role("button", name="Menu of Mira Lindqvist").click()
    await page.get_by_role("menuitem", name="Deactivate an account…").click()
    await expect(page.get_by_label("Who leaves").get_by_role("option", name="David Chen")).to_have_count(0)
    await page.get_by_label("Who leaves").select_option(label="Tom Okafor")
    await page.get_by_role("button", name="Deactivate", exact=True).click()
    await expect(people.get_by_role("link", name="Tom Okafor Customer support")).to_have_count(0)
    await expect(tom.get_by_role("main").get_by_text("is deactivated")).to_be_visible()
    await expect(tom.get_by_role("button", name="Invite")).to_have_count(0)
    await page.get_by_role("button", name="Menu of Mira Lindqvist").click()
    await page.get_by_role("menuitem", name="Reactivate an account…").click()
    await page.get_by_label("Who comes back").select_option(label="Tom Okafor")
    await page.get_by_role("button", name="Reactivate", exact=True).click()
    await expect(people.get_by_role("link", name="Tom Okafor Customer support")).to_have_count(1)
    await expect(tom.get_by_role("main").get_by_text("is deactivated")).to_have_count(0)


async def test_the_questions_are_sound(sandbox: Sandbox, look: Look, mira: Person) -> None:
    await mira.say("Tea", "C0GENERAL")
    page = await look(sandbox, "U0MIRA", "#C0GENERAL")
    await choose(page, articles(page), "Edit message…")
    found = {"edit": await sound(page)}
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Invite").click()
    found["invite"] = await sound(page)
    await page.keyboard.press("Escape")
    await mira.edit("Green tea", ts=(await mira.messages("C0GENERAL"))[0]["ts"], channel="C0GENERAL")
    await expect(articles(page)).to_contain_text("(edited)")
    found["edited"] = await sound(page)
    assert {place: faults for place, faults in found.items() if faults} == {}
    await page.set_viewport_size(PHONE)
    box = await page.get_by_role("button", name="Invite").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= await page.evaluate("innerWidth")
