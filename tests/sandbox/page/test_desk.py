"""The sandbox's own controls: clock, log, faults."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.sandbox.page.conftest import Look


async def test_time_may_run_faster(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA")
    async with page.expect_response("**/clock"):
        await page.get_by_role("combobox", name="How fast time runs").select_option("1 hour/s")
    await expect(page.get_by_role("button", name="Pause the clock")).to_be_visible()
    state = sandbox.clock.state()
    assert (state["speed"], state["playing"]) == (3600, True)


async def test_the_log_says_what_was_refused_and_why(sandbox: Sandbox, look: Look, slack: AsyncWebClient) -> None:
    page = await look(sandbox, "U0MIRA")
    await page.get_by_role("button", name="Log").click()
    await slack.api_call("chat.postMessage", params={"channel": "U0MIRA", "text": "fine"})
    with pytest.raises(Exception, match="channel_not_found"):
        await slack.chat_postMessage(channel="C0NOWHERE", text="lost")
    sandbox.world.log.write("fault", "chat.postMessage", started=0, error="injected", detail="429 storm")
    rows = page.get_by_role("tabpanel", name="Log").get_by_role("row")
    await expect(rows.filter(has_text="channel_not_found")).to_be_visible()
    await expect(rows.filter(has_text="Injected 429 storm")).to_be_visible()
    await page.get_by_label("Refused only").check()
    await expect(rows).to_have_count(3)  # the head, the refusal, the fault
    await page.get_by_label("Filter the log").fill("STORM")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Refused only").uncheck()
    await page.get_by_label("Filter the log").fill("no such word")
    await expect(page.get_by_role("status").filter(has_text="0 of")).to_be_visible()


async def test_the_log_keeps_the_place_of_whoever_reads_it(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA")
    for number in range(600):
        sandbox.world.log.write("call", f"number.{number}", started=0)
    await page.get_by_role("button", name="Log").click()
    rows = page.get_by_role("region", name="Calls and deliveries")
    await expect(rows.get_by_text("number.599")).to_be_in_viewport()
    await rows.evaluate("(rows) => { rows.scrollTop = 2000; }")
    seen = rows.get_by_text("number.190", exact=True)
    before = await seen.evaluate("(row) => row.getBoundingClientRect().top")
    for number in range(600, 610):
        sandbox.world.log.write("call", f"number.{number}", started=0)
    await expect(rows.get_by_text("number.609")).to_be_attached()
    assert await seen.evaluate("(row) => row.getBoundingClientRect().top") == pytest.approx(before, abs=2)


async def test_faults_are_injected_by_a_form_and_taken_back(
    sandbox: Sandbox, look: Look, slack: AsyncWebClient
) -> None:
    page, other = await look(sandbox, "U0MIRA", "&desk=faults"), await look(sandbox, "U0TOM", "&desk=faults")
    nothing = "Nothing. Everything goes as it should."
    await expect(page.get_by_text(nothing)).to_be_visible()
    await expect(page.get_by_role("button", name="Faults")).to_have_attribute("aria-expanded", "true")
    await page.get_by_label("Match").fill("chat.*")
    await page.get_by_label("Times").fill("2")
    await page.get_by_label("Lasts").fill("")
    await page.get_by_label("Empty").check()
    await page.get_by_role("button", name="Inject").click()
    storm = other.get_by_role("list", name="Injected faults").get_by_role("listitem").filter(has_text="429 storm")
    await expect(storm).to_contain_text("match chat.*")
    await expect(storm).to_contain_text("2 left, hit 0 times so far")
    injected = sandbox.world.faults.shown()[0]
    assert (injected["match"], injected["times"], injected["empty"]) == ("chat.*", 2, True)
    with pytest.raises(Exception, match="429"):
        await slack.chat_postMessage(channel="U0MIRA", text="lost")
    await expect(storm).to_contain_text("1 left, hit once so far")
    await page.get_by_label("Kind of fault").select_option("Late delivery")
    await page.get_by_label("Seconds").fill("1.5")
    await page.get_by_role("button", name="Inject").click()
    await other.get_by_role("button", name="Take back 429 storm").click()
    await expect(storm).to_have_count(0)
    assert [(fault["kind"], fault["seconds"]) for fault in sandbox.world.faults.shown()] == [("late_delivery", 1.5)]
    await page.get_by_label("Seed of the random numbers").fill("7")
    await page.get_by_role("button", name="Start again from this seed").click()
    await page.get_by_role("button", name="Take back Late delivery").click()
    await expect(page.get_by_text(nothing)).to_be_visible()
    assert sandbox.world.faults.state()["seed"] == 7


async def test_what_a_fault_must_not_be_is_said(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", "&desk=faults")
    await page.get_by_label("Probability").fill("2")
    await page.get_by_role("button", name="Inject").click()
    await expect(page.get_by_role("status").filter(has_text="`probability` is a number")).to_be_visible()


async def test_every_kind_of_fault_has_its_form(sandbox: Sandbox, look: Look) -> None:
    page = await look(sandbox, "U0MIRA", "&desk=faults")
    for kind in sandbox.world.faults.state()["kinds"]:
        await page.get_by_label("Kind of fault").select_option(kind["kind"])
        await expect(page.get_by_text(kind["sentence"], exact=True)).to_be_visible()
        await page.get_by_role("button", name="Inject").click()
    await expect(page.get_by_role("button", name="Take back all")).to_be_visible()
    await expect(page.get_by_role("list", name="Injected faults").get_by_role("listitem")).to_have_count(
        len(sandbox.world.faults.shown()) + 1
    )
    await page.get_by_role("button", name="Take back all").click()
    await expect(page.get_by_text("Nothing. Everything goes as it should.")).to_be_visible()
    assert sandbox.world.faults.shown() == []
