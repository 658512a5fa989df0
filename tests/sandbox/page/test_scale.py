"""Long conversations and many people: what is drawn stays bounded, and nothing is drawn once per message."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from sandbox.company import Channel, Company, Employee
from sandbox.server import Sandbox
from tests.sandbox.conftest import Build
from tests.sandbox.page.conftest import Look

MANY = 5_000
DRAWN = 300


@pytest.fixture
async def crowd(build: Build) -> Sandbox:
    """A hundred people, each with a DM, and a channel of them all."""
    people = tuple(Employee(f"U{n:03}", f"Person {n:03}", "Somebody", "Europe/Berlin") for n in range(100))
    channel = Channel("C0LONG", "long", members=tuple(person.id for person in people), app=True)
    sandbox = await build(companies=[Company("T0MANY", "Many", "many", people, (channel,))])
    for person in people:
        sandbox.world.workspace.direct(person.id)
    return sandbox


@pytest.fixture
async def busy(crowd: Sandbox) -> Sandbox:
    """The same, with five thousand messages in the channel."""
    for number in range(MANY):
        crowd.world.messages.post("C0LONG", {"user": f"U{number % 100:03}", "text": f"message {number}"})
    return crowd


def tell(sandbox: Sandbox, user: str, text: str) -> None:
    """The app writes to somebody."""
    sandbox.world.messages.post(f"D{user[1:]}", {**sandbox.world.app.author, "text": text})


async def drawn(page: Page) -> int:
    """How many messages there are in the document."""
    return await page.get_by_role("article").count()


async def scroll_to(page: Page, where: str) -> None:
    top = {"the top": "-each.scrollHeight", "the bottom": "0"}[where]
    await page.get_by_role("log").evaluate(
        f"(log) => {{ const each = log.closest('.scroller'); each.scrollTop = {top}; }}"
    )


async def test_five_thousand_messages_come_in_pages_and_few_are_drawn(busy: Sandbox, look: Look) -> None:
    page = await look(busy, "U000", "#C0LONG")
    log = page.get_by_role("log")
    await expect(log.get_by_text("message 4999", exact=True)).to_be_in_viewport()
    for step in range(1, 8):
        await scroll_to(page, "the top")
        oldest = log.get_by_text(f"message {MANY - 100 * (step + 1)}", exact=True)
        await expect(oldest).to_be_attached()
        assert await drawn(page) <= DRAWN
    await expect(log.get_by_text("message 4999", exact=True)).to_have_count(0)
    assert await page.evaluate("document.querySelectorAll('*').length") < 60 * DRAWN
    busy.world.messages.post("C0LONG", {"user": "U001", "text": "while you were reading"})
    await page.get_by_role("button", name="1 new message").click()
    await expect(log.get_by_text("while you were reading", exact=True)).to_be_in_viewport()


async def test_the_reader_keeps_the_place_while_pages_come_and_go(busy: Sandbox, look: Look) -> None:
    page = await look(busy, "U000", "#C0LONG")
    log = page.get_by_role("log")
    await log.get_by_text("message 4905", exact=True).scroll_into_view_if_needed()
    anchor = log.get_by_text("message 4905", exact=True)
    await expect(log.get_by_text("message 4800", exact=True)).to_be_attached()
    before = await anchor.evaluate("(each) => each.getBoundingClientRect().top")
    busy.world.messages.post("C0LONG", {"user": "U001", "text": "one more below"})
    await expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    assert await anchor.evaluate("(each) => each.getBoundingClientRect().top") == pytest.approx(before, abs=2)
    for step in range(1, 5):
        await scroll_to(page, "the top")
        await expect(log.get_by_text(f"message {4800 - 100 * step}", exact=True)).to_be_attached()
    texts = await log.get_by_role("article").all_inner_texts()
    shown = [int(found[1]) for found in map(re.compile(r"message (\d+)").search, texts) if found]
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    for _ in range(8):
        await scroll_to(page, "the bottom")
    await expect(log.get_by_text("one more below", exact=True)).to_be_in_viewport()


async def test_a_burst_is_drawn_once_and_typing_goes_on(crowd: Sandbox, look: Look) -> None:
    page = await look(crowd, "U007")
    await page.evaluate(
        """() => {
          window.pictures = 0;
          const count = () => { window.pictures += 1; };
          new MutationObserver(count).observe(document.querySelector(".conversation-lists"), { childList: true });
        }"""
    )
    box = page.get_by_label("Message Teapot")
    await box.press_sequentially("typed ")
    for number in range(500):
        tell(crowd, "U007", f"burst {number}")
        tell(crowd, f"U{number % 100:03}", "for others")
    await box.press_sequentially("on")
    await expect(page.get_by_role("log").get_by_text("burst 499", exact=True)).to_be_in_viewport()
    await expect(box).to_have_value("typed on")
    assert await drawn(page) <= DRAWN
    assert 0 < await page.evaluate("window.pictures") < 100
    await page.get_by_role("link", name="Person 042 Somebody").click()
    await expect(page.get_by_role("log").get_by_text("for others", exact=True).last).to_be_in_viewport()
    await page.get_by_label("Find a person").fill("099")
    await expect(page.get_by_role("link", name="Somebody")).to_have_count(1)


async def test_unread_marks_are_counted_without_asking_again(crowd: Sandbox, look: Look) -> None:
    page = await look(crowd, "U007", "#C0LONG")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number in range(120):
        tell(crowd, "U007", f"news {number}")
    await expect(page.get_by_role("link", name="Teapot 99+ unread")).to_be_visible()
    assert await page.title() == "(120) long · Person 007 · Many"
    assert [url for url in asked if url.endswith("/conversations")] == []
