"""Plays the steps of a story in the sandbox's page, as people do: by clicking what has the right role and label."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from playwright.async_api import Browser, FilePayload, Locator, Page, expect
from playwright.async_api import TimeoutError as TooLate

from sandbox.story import Step
from sandbox.story.choosing import span
from sandbox.story.words import readable
from tests.journeys.conftest import Journey

PATIENCE = 20_000.0
"""Milliseconds until something must be seen."""

IN_THE_WAY = 2_000.0
"""Milliseconds after which what cannot be clicked is covered by something."""


def beginning(words: str) -> re.Pattern[str]:
    """Names that begin with these words, as a story may shorten them."""
    return re.compile("^" + re.escape(words).replace("/", r"\/"))  # the browser reads it between slashes


class Clicks:
    """A window for each person, opened when first needed."""

    def __init__(self, browser: Browser, journey: Journey) -> None:
        self._browser = browser
        self._journey = journey
        self._windows: dict[str, Page] = {}
        self._read = ""

    async def play(self, step: Step) -> None:
        """Do what the step says and wait until it is seen."""
        page = await self._window(step.who)
        deeds: Mapping[str, Callable[[Page, Step], Awaitable[None]]] = {
            "types": self._type,
            "presses": self._press,
            "fills": self._fill,
            "drops": self._drop,
            "clock": self._move_clock,
        }
        self._read = ""
        if step.deed:
            await deeds[step.deed](page, step)
        for text in step.sees:
            if text not in self._read:
                await expect(await self._place(page, step.place)).to_contain_text(text, timeout=PATIENCE)

    async def _window(self, who: str) -> Page:
        if who not in self._windows:
            page = await self._browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 900})
            await page.goto(f"{self._journey.sandbox.url}/?as=U0{who.upper()}")
            self._windows[who] = page
        return self._windows[who]

    async def _place(self, page: Page, place: str) -> Locator:
        if place == "modal":
            return page.get_by_role("dialog")
        if place == "thread":
            return await self._thread(page)
        await self._open_tab(page, "Home" if place == "home" else "Messages")
        return page.get_by_role("main")

    async def _open_tab(self, page: Page, tab: str) -> None:
        """The app's Home or Messages."""
        await self._click(page, page.get_by_role("navigation", name="Deskaudit").get_by_role("link", name=tab))

    async def _thread(self, page: Page) -> Locator:
        """The thread beside the conversation, or the newest one."""
        thread = page.get_by_role("complementary", name="Thread")
        if not await thread.is_visible():
            await self._open_tab(page, "Messages")
            await page.get_by_role("main").get_by_role("button", name=re.compile(r"^\d+ repl")).last.click()
        return thread

    async def _messages(self, page: Page, saying: str) -> Locator:
        """The messages with these words, once a thread beside them has gone."""
        await self._open_tab(page, "Messages")
        await expect(page.get_by_role("complementary", name="Thread")).to_be_hidden(timeout=PATIENCE)
        return page.get_by_role("main").get_by_role("article").filter(has_text=saying)

    async def _messages_with(self, page: Page, step: Step, button: Locator) -> Locator:
        """The messages that a step is about and that have a button, in the conversation or else in its thread."""
        found = (await self._messages(page, step.of)).filter(has=button)
        if step.place != "thread" or await found.count():
            return found
        return (await self._thread(page)).get_by_role("article").filter(has_text=step.of).filter(has=button)

    async def _type(self, page: Page, step: Step) -> None:
        await self._open_tab(page, "Messages")
        await page.get_by_label("Message Deskaudit").fill(step.what)
        await page.keyboard.press("Enter")

    async def _press(self, page: Page, step: Step) -> None:
        wanted = page.get_by_role("button", name=beginning(step.what))
        if step.of in ("home", "modal"):
            place = await self._place(page, step.of)
        else:
            place = (await self._messages_with(page, step, wanted)).last
        button = place.get_by_role("button", name=beginning(step.what)).first
        await expect(button).to_be_visible(timeout=PATIENCE)
        self._read = await place.inner_text()  # a card that is pressed on may say something else afterwards
        await self._click(page, button)
        question = page.get_by_role("alertdialog")  # stands there at once where the app wants one
        if await question.is_visible():
            await question.get_by_role("button").last.click()

    async def _click(self, page: Page, button: Locator) -> None:
        """A modal that came up by itself may be in the way: who does not want it closes it."""
        try:
            await button.click(timeout=IN_THE_WAY)
        except TooLate:
            await page.keyboard.press("Escape")
            await button.click(timeout=PATIENCE)

    async def _reply_to(self, newest: Locator) -> None:
        """A newer one may come between pointing at a message and clicking; then that one is pointed at."""
        reply = newest.get_by_role("button", name="Reply in thread")
        await newest.hover()
        try:
            await reply.click(timeout=IN_THE_WAY)
        except TooLate:
            await newest.hover()
            await reply.click(timeout=PATIENCE)

    async def _drop(self, page: Page, step: Step) -> None:
        await self._reply_to((await self._messages(page, step.what["thread"])).last)
        thread = page.get_by_role("complementary", name="Thread")
        file = FilePayload(name=step.what["name"], mimeType="text/plain", buffer=str(step.what["content"]).encode())
        await thread.get_by_label("Files to send").set_input_files(file)
        await thread.get_by_role("button", name="Send").click()

    async def _fill(self, page: Page, step: Step) -> None:
        """Fill the modal that has all these fields, and submit it."""
        dialog = page.get_by_role("dialog")
        for label, wanted in step.what.items():
            field = dialog.get_by_role("group", name=beginning(label)).or_(dialog.get_by_label(beginning(label)))
            await expect(field.first).to_be_visible(timeout=PATIENCE)
            await self._fill_field(page, field.first, wanted)
        await dialog.get_by_role("button").last.click()

    async def _fill_field(self, page: Page, field: Locator, wanted: Any) -> None:
        match await field.evaluate("(field) => field.localName"):
            case "fieldset":
                await self._tick(field, wanted)
            case "select":
                options = await field.get_by_role("option").all_text_contents()
                await field.select_option(label=next(text for text in options if readable(text).startswith(wanted)))
            case "button":
                await field.click()
                await self._tick(page.get_by_role("dialog"), wanted)
                await page.keyboard.press("Escape")
            case _:
                await field.fill(wanted if isinstance(wanted, str) else await self._date(wanted))

    async def _tick(self, place: Locator, wanted: str | list[str]) -> None:
        for words in [wanted] if isinstance(wanted, str) else wanted:
            boxes = place.get_by_role("checkbox", name=beginning(words))
            await boxes.or_(place.get_by_role("radio", name=beginning(words))).first.check()

    async def _date(self, wanted: Mapping[str, int]) -> str:
        now = datetime.fromisoformat((await self._journey.hands.clock())["now"])
        return (now + span(wanted)).date().isoformat()

    async def _move_clock(self, page: Page, step: Step) -> None:
        weeks, days = divmod(span(step.what["advance"]).days, 7)
        for button, times in (("+1 week", weeks), ("+1 day", days)):
            for _ in range(times):
                await page.get_by_role("button", name=button).click()
