"""Modals: a stack of three, errors, and selects whose options the app gives."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.page.conftest import Look
from tests.sandbox.page.gallery import MODAL, button, field, options, plain

Json = dict[str, Any]


def modal(title: str, *blocks: Json, **rest: Any) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Go"), "blocks": list(blocks), **rest}


NEXT = {"type": "actions", "block_id": "next", "elements": [button("next", "Next…")]}


async def opened(app: SocketApp, slack: AsyncWebClient, page: Page, view: Json) -> None:
    """The app opens a modal for whoever typed the command."""
    await page.get_by_label("Message Teapot").fill("/tea")
    await page.keyboard.press("Enter")
    trigger = (await app.next("slash_commands"))["payload"]["trigger_id"]
    await slack.views_open(trigger_id=trigger, view=view)
    await expect(page.get_by_role("dialog", name=view["title"]["text"])).to_be_visible()


async def test_three_modals_stand_on_each_other_and_keep_what_was_typed(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    async with SocketApp(sandbox) as app:
        page = await look(sandbox, "U0MIRA")
        await opened(app, slack, page, modal("First", field("Kind", {"type": "plain_text_input"}), NEXT))
        await page.get_by_label("Kind").fill("green")
        for title in ("Second", "Third"):
            await page.get_by_role("button", name="Next…").click()
            trigger = (await app.next("interactive"))["payload"]["trigger_id"]
            await slack.views_push(trigger_id=trigger, view=modal(title, NEXT))
            await expect(page.get_by_role("dialog", name=title)).to_be_visible()
        await expect(page.get_by_text("3 of 3")).to_be_visible()
        await page.get_by_role("button", name="Back").click()
        await expect(page.get_by_role("dialog", name="Second")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog", name="First").get_by_label("Kind")).to_have_value("green")


async def test_what_every_kind_of_field_sends(sandbox: Sandbox, look: Look, slack: AsyncWebClient) -> None:
    async with SocketApp(sandbox) as app:
        page = await look(sandbox, "U0MIRA")
        await opened(app, slack, page, MODAL)
        for label, text in (("Short text", "tea"), ("Rich", "rich words"), ("How many", "3"), ("Mail", "a@b.example")):
            await page.get_by_label(label).fill(text)
        await page.get_by_label("Leaf (optional)").select_option("sencha")
        await page.get_by_label("Guest (optional)").select_option("U0TOM")
        await page.get_by_label("Where (optional)").select_option("C0GENERAL")
        await page.get_by_label("Leaves (optional)").click()
        await page.get_by_label("Oolong", exact=True).check()
        await page.keyboard.press("Escape")
        await page.get_by_label("Strong").check()
        await page.get_by_label("Milk").check()
        await page.get_by_label("Day (optional)").fill("2027-01-02")
        await page.get_by_label("Hour (optional)").fill("08:30")
        await page.get_by_role("button", name="Send").last.click()
        values = (await app.next("interactive"))["payload"]["view"]["state"]["values"]
    sent = {name: next(iter(state.values())) for name, state in values.items()}
    assert sent["short-text"]["value"] == "tea"
    assert sent["rich"]["rich_text_value"]["elements"][0]["elements"] == [{"type": "text", "text": "rich words"}]
    assert (sent["how-many"]["value"], sent["mail"]["value"]) == ("3", "a@b.example")
    assert sent["leaf"]["selected_option"]["value"] == "sencha"
    assert [option["value"] for option in sent["leaves"]["selected_options"]] == ["oolong"]
    assert (sent["guest"]["selected_user"], sent["where"]["selected_conversation"]) == ("U0TOM", "C0GENERAL")
    assert sent["strength"]["selected_option"]["value"] == "strong"
    assert [option["value"] for option in sent["extras"]["selected_options"]] == ["milk"]
    assert (sent["day"]["selected_date"], sent["hour"]["selected_time"]) == ("2027-01-02", "08:30")
    assert sent["long-text"]["value"] is None


async def test_an_external_select_asks_the_app_while_one_types(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    asked: list[Json] = []

    def suggest(envelope: Json) -> Json:
        if envelope["payload"].get("type") != "block_suggestion":
            return {}
        asked.append(envelope["payload"])
        groups = [{"label": plain("Near"), "options": options("Leaf House", "Lotus")}]
        return {"option_groups": groups} if asked[-1]["value"] == "le" else {"options": []}

    shop = {"type": "external_select", "min_query_length": 2}
    several = {"type": "multi_external_select", "min_query_length": 0}
    async with SocketApp(sandbox, suggest) as app:
        page = await look(sandbox, "U0MIRA")
        await opened(app, slack, page, modal("Shops", field("Shop", shop), field("Shops", several, optional=True)))
        box = page.get_by_role("combobox", name="Shop", exact=True)
        await box.press_sequentially("l")
        await expect(page.get_by_text("Type 1 more letter.")).to_be_visible()
        await box.press_sequentially("e")
        await expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(2)
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("option", name="Lotus")).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("Lotus")
        await expect(page.get_by_role("dialog", name="Shops")).to_be_visible()
        many = page.get_by_role("combobox", name="Shops")
        await many.focus()
        await expect(page.get_by_text("Nothing fits.")).to_be_visible()
        await many.fill("le")
        await page.get_by_role("option", name="Leaf House").click()
        await expect(page.get_by_role("button", name="Take away Leaf House")).to_be_visible()
        await page.get_by_role("button", name="Go", exact=True).click()
        while (sent := (await app.next("interactive"))["payload"])["type"] != "view_submission":
            continue
    values = sent["view"]["state"]["values"]
    assert values["shop"]["shop"]["selected_option"]["text"]["text"] == "Lotus"
    assert [one["value"] for one in values["shops"]["shops"]["selected_options"]] == ["leaf house"]
    assert [(each["action_id"], each["value"]) for each in asked] == [("shop", "le"), ("shops", ""), ("shops", "le")]
