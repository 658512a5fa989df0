"""The pages about the sandbox say what its code says: addresses, frames, tables, and a story that can be played."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from docs import tables
from sandbox import live
from sandbox.alone import SAMPLE_MANIFEST, WRONG_INPUT
from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox
from sandbox.story import Player, read_story
from sandbox.story.reading import PARTS, TOP
from tests.sandbox.conftest import MONDAY
from tests.sandbox.manifest import MANIFEST
from tests.sandbox.teapot import Teapot

DOCS = Path(__file__).parents[2] / "docs"
CALL = re.compile(r"`([A-Z*]+) (/\S*)`")
KEY = re.compile(r"^\| `([a-z ]+)` \|", re.MULTILINE)


def guide(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """What stands below a heading, up to the next."""
    return guide(name).partition(f"## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    started = Sandbox(folder=tmp_path, manifest=MANIFEST, companies=[Company.load()], start=MONDAY)
    await started.start()
    yield started
    await started.stop()


@pytest.mark.parametrize("name", tables.PAGES)
def test_the_tables_hold_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == tables.page(name), "make it anew: python -m docs.tables"


async def test_the_page_of_hands_names_every_address_and_no_other(sandbox: Sandbox) -> None:
    assert sandbox._runner is not None
    routes = [each for each in sandbox._runner.app.router.routes() if each.method != "HEAD"]
    there_are = {(each.method, each.resource.canonical) for each in routes if each.resource}
    assert set(CALL.findall(guide("hands"))) - {("GET", "/live/{user}")} == there_are - {("GET", "/live/{user}")}
    assert "`GET /live/{user}`" in guide("hands")


def test_the_page_of_hands_names_every_frame_and_no_other() -> None:
    source = Path(live.__file__).read_text(encoding="utf-8")
    sent = set(re.findall(r'"type": f?"([a-z_]+)', source))
    told = re.findall(
        r"`([a-z_]+)`", " ".join(re.findall(r"^\| (`.+?) \|", section("hands", "Being told"), re.MULTILINE))
    )
    assert {"view_" if re.fullmatch("view_(opened|updated|pushed|closed)", name) else name for name in told} == sent


def test_the_page_of_stories_names_every_key_and_no_other() -> None:
    assert set(KEY.findall(section("stories", "The file"))) == set(TOP)
    assert set(KEY.findall(section("stories", "A step"))) | {"tells"} == set(PARTS)


async def test_the_story_on_its_page_is_played(sandbox: Sandbox, tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(title: .+?)```", guide("stories"), re.DOTALL)
    path = tmp_path / "tea.yaml"
    path.write_text(text, encoding="utf-8")
    story, teapot = read_story(path), Teapot(sandbox)
    await teapot.start()
    try:
        async with Hands(sandbox.url) as hands:
            player = Player(hands, patience_seconds=5)
            await player.prepare(story)
            for step in story.steps:
                await player.play(step)
    finally:
        await teapot.stop()


def test_the_page_of_the_sandbox_names_its_files_and_codes() -> None:
    assert f"sandbox/{SAMPLE_MANIFEST.name}" in guide("sandbox")
    assert f"exit code {WRONG_INPUT}" in guide("sandbox")
