"""Rules hold no English: a refusal, or a reason in the ledger, is made of keys and values, and never of a phrase."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
import workflows
from bot.slack.calls import Later, Skip
from workflows import refusals
from workflows.refusals import Refusal, RowFault

FLOORS = [Path(str(floor.__file__)).parent for floor in (workflows, bot)]
FILES = sorted(each for floor in FLOORS for each in floor.rglob("*.py"))


def every_refusal(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for each in of.__subclasses__():
        yield each
        yield from every_refusal(each)


SAID_TO_PEOPLE = {each.__name__ for each in (*every_refusal(), RowFault, Skip, Later)} | {refusals.wanted.__name__}


def phrases(source: str) -> list[str]:
    """Strings with a blank in them that are handed to a refusal or a reason, whole or in parts."""
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    refused = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id in SAID_TO_PEOPLE]
    values = [part for call in refused for part in ast.walk(call) if isinstance(part, ast.Constant)]
    return [each.value for each in values if isinstance(each.value, str) and " " in each.value]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_refusal_holds_a_phrase(file: Path) -> None:
    assert phrases(file.read_text(encoding="utf-8")) == []


def test_a_phrase_would_be_found() -> None:
    assert phrases('raise Stale(Thing.NAMED, f"The task {number}")') == ["The task "]
