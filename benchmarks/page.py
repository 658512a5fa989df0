"""The sandbox's page in a crowd against the same page in an almost empty workspace: `python -m benchmarks.page`.

A hundred people have their pages open (each a live socket) and the app writes to their direct messages all the time,
while one of them types, becomes somebody else, and reads a channel of 5,000 messages. Times are the browser's own: from
a key to the picture after it, and the work of its main thread (Chrome DevTools Protocol, "Performance.getMetrics").
"""

import argparse
import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import aiohttp
from playwright.async_api import Browser, CDPSession, Page, async_playwright, expect
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import wall_clock
from sandbox.company import Channel, Company, Employee
from sandbox.server import Sandbox

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking"]
KEYS = 60
SWITCHES = 12
OLDER_PAGES = 10
PAGE = 100
CHANNEL = "C0BENCH"
MANIFEST = {
    "display_information": {"name": "Benchmark"},
    "features": {
        "app_home": {"messages_tab_enabled": True},
        "bot_user": {"display_name": "Benchmark"},
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:write"]}},
    "settings": {"socket_mode_enabled": True},
}
BECOME = """async (person) => {
  const before = document.querySelector(".composer-text");
  document.querySelector(`a.person[href="?as=${person}"]`).click();
  const isThere = () => document.activeElement.matches(".composer-text") && document.activeElement !== before;
  while (!isThere()) await new Promise(requestAnimationFrame);
}"""
OPEN = """async (newest) => {
  document.querySelector(`.conversation[href="#C0BENCH"]`).click();
  const isThere = () => [...document.querySelectorAll("article")].at(-1)?.textContent.includes(newest);
  while (!isThere()) await new Promise(requestAnimationFrame);
}"""
SCROLL_UP = """async (oldest) => {
  const scroller = document.querySelector(".scroller");
  scroller.scrollTop = -1e7;
  const isThere = () => document.querySelector("article").textContent.includes(oldest);
  while (!isThere()) await new Promise(requestAnimationFrame);
}"""
WATCH_KEYS = """() => {
  window.latencies = [];
  addEventListener("keydown", ({ timeStamp }) => {
    const painted = () => window.latencies.push(performance.now() - timeStamp);
    requestAnimationFrame(() => setTimeout(painted));
  }, { capture: true });
}"""


@dataclass(frozen=True)
class Setting:
    """A workspace to measure in; `pause` is the time between two messages of the app in seconds, None: it is silent."""

    name: str
    people: int
    messages: int
    pause: float | None


EMPTY = Setting("almost empty", 2, PAGE, None)
PEOPLE, MESSAGES = 100, 5_000


@dataclass
class Measured:
    """Milliseconds by what was done, and the most elements there were in the document."""

    times: dict[str, list[float]] = field(default_factory=dict)
    elements: int = 0
    heard: int = 0

    def note(self, what: str, *milliseconds: float) -> None:
        """Add to what is known of `what`."""
        self.times.setdefault(what, []).extend(milliseconds)


def main() -> None:
    """Measure and print."""
    setting = _crowd()
    console, load_before = Console(), os.getloadavg()[0]
    with console.status("Looking at the page …"):
        empty, crowd = asyncio.run(_both(setting))
    console.print(_table(setting, empty, crowd))
    console.print(
        f"In the crowd the app wrote {crowd.heard} messages; at most {crowd.elements:,} elements stood in the page.\n"
        f"Load of the machine before this run: {load_before:.1f} on {os.cpu_count()} cores."
    )


def _crowd() -> Setting:
    parser = argparse.ArgumentParser(description="What the page costs in a crowd, against an almost empty workspace.")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many have the page open in the crowd")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="how many there are in its channel")
    given = parser.parse_args()
    return Setting("crowd", given.people, given.messages, 0.02)


# --- measuring ---


async def _both(crowd: Setting) -> tuple[Measured, Measured]:
    found = next(filter(None, map(shutil.which, BROWSERS)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        return await _measured(browser, EMPTY), await _measured(browser, crowd)


async def _measured(browser: Browser, setting: Setting) -> Measured:
    measured = Measured()
    with TemporaryDirectory() as folder:
        async with _workspace(Path(folder), setting, measured) as sandbox:
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await page.goto(f"{sandbox.url}/?as=U000")
            session = await page.context.new_cdp_session(page)
            await session.send("Performance.enable")
            await _type(page, measured)
            await _switch(page, session, setting, measured)
            await _read(page, session, setting, measured)
            await page.close()
    return measured


@asynccontextmanager
async def _workspace(folder: Path, setting: Setting, measured: Measured) -> AsyncIterator[Sandbox]:
    """A running sandbox with everybody's page open, and the app at work there."""
    people = tuple(Employee(f"U{n:03}", f"Person {n:03}", "Somebody", "Europe/Berlin") for n in range(setting.people))
    channel = Channel(CHANNEL, "long", members=tuple(person.id for person in people))
    company = Company("T0BENCH", "Bench", "bench", people, (channel,))
    sandbox = Sandbox(folder=folder, manifest=MANIFEST, companies=[company], start=wall_clock(), rate_factor=None)
    for number in range(setting.messages):
        author = people[number % len(people)].id
        sandbox.world.messages.post(CHANNEL, {"user": author, "text": f"*message* {number} for <@{author}>"})
    await sandbox.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.stop)
        client = await stack.enter_async_context(aiohttp.ClientSession())
        for person in people:
            socket = await client.ws_connect(f"{sandbox.url}/live/{person.id}")
            listening = asyncio.create_task(_listen(socket))
            stack.callback(listening.cancel)
        writing = asyncio.create_task(_write(sandbox, setting, measured))
        stack.callback(writing.cancel)
        yield sandbox


async def _listen(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        continue


async def _write(sandbox: Sandbox, setting: Setting, measured: Measured) -> None:
    """The app writes to one after another, over the Web API."""
    told = sandbox.environment
    slack = AsyncWebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"])
    for number in cycle(range(setting.people)):
        await slack.chat_postMessage(channel=f"U{number:03}", text=f"News for <@U{number:03}>")
        if setting.pause is None and number == setting.people - 1:
            return
        measured.heard += 1
        await asyncio.sleep(setting.pause or 0)


async def _type(page: Page, measured: Measured) -> None:
    await expect(page.get_by_label("Message Benchmark")).to_be_focused()
    await page.evaluate(WATCH_KEYS)
    for _ in range(KEYS):
        await page.keyboard.press("a")
    await page.get_by_label("Message Benchmark").fill("")
    latencies = sorted(await page.evaluate("window.latencies"))
    measured.note("a key, to the picture after it", *latencies)
    measured.note("… the slowest of twenty", latencies[-len(latencies) // 20])


async def _switch(page: Page, session: CDPSession, setting: Setting, measured: Measured) -> None:
    for number in range(1, SWITCHES + 1):
        worked = await _work(page, session, BECOME, f"U{number % setting.people:03}")
        measured.note("becoming somebody else, main thread", worked)


async def _read(page: Page, session: CDPSession, setting: Setting, measured: Measured) -> None:
    newest = f"message {setting.messages - 1} "
    measured.note("the newest page of the channel, main thread", await _work(page, session, OPEN, newest))
    for number in range(2, min(OLDER_PAGES + 2, setting.messages // PAGE)):
        oldest = f"message {setting.messages - PAGE * number} "
        measured.note("an older page, main thread", await _work(page, session, SCROLL_UP, oldest))
        elements = await page.evaluate("document.querySelectorAll('*').length")
        measured.elements = max(measured.elements, elements)


async def _work(page: Page, session: CDPSession, act: str, wanted: str) -> float:
    """Milliseconds the main thread worked until what was done is drawn; the page itself looks, which costs little."""
    before = await _task_seconds(session)
    await page.evaluate(act, wanted)
    return (await _task_seconds(session) - before) * 1000


async def _task_seconds(session: CDPSession) -> float:
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


# --- printing ---


def _table(setting: Setting, empty: Measured, crowd: Measured) -> Table:
    there = f"{setting.people} people with open pages, the app writing all the time, {setting.messages:,} messages"
    caption = f"median of each; the crowd: {there}"
    table = Table(title="The page", caption=caption, box=SIMPLE)
    table.add_column("milliseconds for", no_wrap=True)
    for name in (EMPTY.name, setting.name, "ratio"):
        table.add_column(name.replace(" ", "\n"), justify="right", no_wrap=True)
    for what, times in crowd.times.items():
        table.add_row(what, *_row(empty.times, what, median(times)))
    return table


def _row(empty: Mapping[str, list[float]], what: str, crowd: float) -> tuple[str, str, str]:
    if what not in empty:
        return "-", f"{crowd:.1f}", "-"
    alone = median(empty[what])
    return f"{alone:.1f}", f"{crowd:.1f}", f"{crowd / alone:.1f}"


if __name__ == "__main__":
    main()
