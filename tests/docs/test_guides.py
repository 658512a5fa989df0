"""The guides name everything that is there, in the words that people see, and lead nowhere that does not exist."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from typer import Typer

from bot.commands import cli
from bot.commands.demo import the_day
from bot.http.server import Meters
from bot.rooms import ROUTES
from bot.settings import NAMED_BY, SETTINGS_FILE, Settings
from bot.slack.manifest import WHY, scopes
from bot.slack.routes import COMMAND, EventRoute, Verb
from docs.screenshots import IMAGES, PICTURES
from messages.words.wording import words
from storage.engine.database import Database
from storage.people.tables import Role
from storage.record import trail
from tests.conftest import WORKSPACE
from workflows.people.permissions import MAY, Permission

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = sorted([*REPOSITORY.glob("*.md"), *DOCS.glob("*.md"), *(REPOSITORY / "decisions").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
MESSAGES = REPOSITORY / "messages"


def guide(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def rows(name: str) -> dict[str, list[str]]:
    """Every row of the guide's tables by its first cell, without backticks."""
    lines = [line for line in guide(name).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=lambda field: str(field.alias))
def test_every_setting_stands_in_the_administrators_guide_with_its_default(field: FieldInfo) -> None:
    default = "required" if field.is_required() else f"`{field.default}`" if field.default else "none"
    assert rows("administrator")[str(field.alias)][0] == default


def test_the_variable_that_names_another_settings_file_is_told_too() -> None:
    assert rows("administrator")[NAMED_BY][0] == f"`{SETTINGS_FILE}`"


def _names_of(commands: Typer, before: str = "") -> Iterator[str]:
    for each in commands.registered_commands:
        yield f"{before}{each.name or getattr(each.callback, '__name__', '')}"
    for group in commands.registered_groups:
        if group.typer_instance:
            yield from _names_of(group.typer_instance, f"{before}{group.name} ")


def test_every_command_stands_in_the_administrators_guide() -> None:
    there_are = set(_names_of(cli.commands))
    told = {name.removeprefix("deskaudit ") for name in rows("administrator") if name.startswith("deskaudit ")}
    assert told == there_are


def test_every_scope_and_its_reason_stand_in_the_administrators_guide() -> None:
    told = rows("administrator")
    assert {scope: told[scope][0] for scope in scopes(ROUTES)} == dict(WHY)


@pytest.mark.parametrize("route", [each for each in ROUTES if isinstance(each, EventRoute)], ids=lambda each: each.type)
def test_every_event_stands_in_the_administrators_guide(route: EventRoute) -> None:
    assert f"`{route.type}`" in guide("administrator")


def test_every_figure_stands_in_the_administrators_guide() -> None:
    told = {name.removesuffix("_total") for name in rows("administrator") if name.startswith("deskaudit_")}
    assert told == {family.name for family in Meters().registry.collect()}


@pytest.mark.parametrize("name", [*(each.name for each in ROUTES if isinstance(each, Verb)), "help"])
def test_every_word_after_the_slash_command_stands_in_the_leads_guide(name: str) -> None:
    assert f"`{COMMAND} {name}`" in guide("lead")


@pytest.mark.parametrize("permission", Permission)
def test_the_table_of_roles_is_the_one_that_decides(permission: Permission) -> None:
    named = words("words/refusals/deed", tried=permission).words.plain
    assert [cell == "✓" for cell in rows("lead")[named]] == [role in MAY[permission] for role in Role]


@pytest.mark.parametrize("name", ["employee", "lead"])
def test_what_stands_in_bold_type_is_what_people_see(name: str) -> None:
    wording = " ".join(" ".join(each.read_text(encoding="utf-8").split()) for each in MESSAGES.rglob("*.j2"))
    assert [bold for found in BOLD.findall(guide(name)) if (bold := " ".join(found.split())) not in wording] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_resolves(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert "://" in link or target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", [DOCS / "contributor.md", REPOSITORY / "ARCHITECTURE.md"], ids=lambda page: page.name)
def test_every_file_of_ours_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`([\w/]+/[\w/]+\.(?:py|yaml|j2))\b", page.read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (REPOSITORY / path).exists()] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_picture_has_its_moment_in_the_story_and_is_small() -> None:
    sentences = {step.tells for chapter in the_day().chapters for step in chapter.steps}
    assert {picture.after for picture in PICTURES} <= sentences
    images = {picture.name: IMAGES / f"{picture.name}.png" for picture in PICTURES}
    assert [name for name, path in images.items() if path.stat().st_size > 250_000] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_auditors_own_check_walks_a_trail_and_finds_what_was_changed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        for number, reason in enumerate(['a "quoted" word', "zwölf — \U0001f512 \\ \n"]):
            uow.record(
                actor="U0MIRA",
                verb="task.return",
                subject="task",
                subject_id=number,
                at=datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
                details={"reason": reason},
            )
    with database.unit_of_work(WORKSPACE) as uow:
        head = trail.head(uow)
    path = database_url.removeprefix("sqlite:///")
    assert check(tmp_path, path).stdout.split() == [WORKSPACE, "2", head.hash]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER trail_entry_refuses_update")
        connection.execute("UPDATE trail_entry SET actor_id = 'U0JONAS' WHERE sequence = 2")
    assert "entry 2 is not as it was written" in check(tmp_path, path).stderr


def check(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the program that stands in the auditor's guide."""
    programs = re.findall(r"```python\n(.+?)```", guide("auditor"), re.DOTALL)
    (found,) = (each for each in programs if "trail_entry" in each)
    (folder / "check.py").write_text(found, encoding="utf-8")
    return subprocess.run([sys.executable, folder / "check.py", path], capture_output=True, text=True, check=False)


def test_what_the_threat_model_is_shown_by_is_there() -> None:
    shown = re.findall(r"`(tests/[\w/.]+)`", guide("security"))
    assert len(shown) > 10
    assert [each for each in shown if not (REPOSITORY / each).exists()] == []
