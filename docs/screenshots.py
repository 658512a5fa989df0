"""Takes the pictures in docs/images: plays the demo's story and looks at the workspace's page, as its people would.

Run by `make screenshots`. It needs a Chromium (Debian: `apt install chromium`).
"""

import asyncio
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console

from bot.commands.demo import Demo, the_day

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH = 1280
SECONDS_TO_SETTLE = 0.5
"""After everything is there: pictures of people and the last scrolling."""


@dataclass(frozen=True)
class Picture:
    """One picture: after which step of the story (its sentence), who looks at which place, and what must be there.

    `part` is the piece of the page that is kept, as a CSS selector; `height` is the window's, in pixels.
    """

    name: str
    after: str
    person: str
    place: str
    shows: str
    part: str = "body"
    height: int = 800
    opens_thread: bool = False


PICTURES = (
    Picture(
        name="nudge",
        after="The card says it is with the leads.",
        person="U0JONAS",
        place="D0JONAS",
        shows="Kept access-review-q4.csv",
        opens_thread=True,
    ),
    Picture(
        name="interview",
        after="It comes from payroll. The bot draws three rows by chance, so that nobody chooses what is looked at.",
        person="U0ELENA",
        place="D0ELENA",
        shows="Drawn for",
        opens_thread=True,
    ),
    Picture(
        name="nonconformity",
        after="Jonas drops the evidence into the thread.",
        person="U0JONAS",
        place="D0JONAS",
        shows="leaver-ticket-rule.txt · 97 bytes · kept",
        part=".main .message .blocks",
        height=1100,
    ),
    Picture(
        name="home",
        after="He reports that everything is done.",
        person="U0MIRA",
        place="D0MIRA/home",
        shows="Confirm: it was done",
        part=".home-body",
        height=1200,
    ),
    Picture(
        name="digest",
        after="Two weeks pass.",
        person="U0DAVID",
        place="C0MGMT",
        shows="Audit trail: entry",
        part=".main .message .blocks",
        height=1100,
    ),
)


class NoBrowser(Exception):
    """There is no Chromium on this machine, and pictures need one."""


async def take_all(console: Console) -> None:
    """Play the story once in a folder of its own and take every picture on the way."""
    with TemporaryDirectory() as folder:
        demo = Demo(Path(folder), 0, the_day())
        async with demo.running() as player, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            for step in (step for chapter in the_day().chapters for step in chapter.steps):
                await player.play(step)
                for picture in PICTURES:
                    if picture.after == step.tells:
                        await _take(picture, browser, demo.sandbox.url)
                        console.print(f"  ✓ {picture.name}")
            await browser.close()


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NoBrowser(NoBrowser.__doc__)
    return found


async def _take(picture: Picture, browser: Browser, url: str) -> None:
    window = {"width": WIDTH, "height": picture.height}
    page = await browser.new_page(locale="en-GB", color_scheme="light", viewport=window)  # type: ignore[arg-type]
    await page.goto(f"{url}/?as={picture.person}#{picture.place}")
    if picture.opens_thread:
        await page.locator(".thread-summary").last.click()
    part = page.locator(picture.part).last
    await part.get_by_text(picture.shows).last.wait_for()
    await _settle(page)
    await part.screenshot(path=IMAGES / f"{picture.name}.png")
    await page.close()


async def _settle(page: Page) -> None:
    await page.mouse.move(WIDTH / 2, 60)  # where nothing lights up under the pointer
    await asyncio.sleep(SECONDS_TO_SETTLE)


def main() -> int:
    """Take the pictures; the exit code."""
    console = Console()
    IMAGES.mkdir(exist_ok=True)
    try:
        asyncio.run(take_all(console))
    except NoBrowser as missing:
        console.print(f"✗ {missing}", style="red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
