"""The auditor's page names whatever is written on the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
HELPERS = ("_record", "_note")
"""What a room calls its own way of writing something down, where several of its commands write the same details."""


def verbs(source: ast.AST) -> Iterator[str]:
    """The verbs that a file writes, but for those whose last word is a move: in `deed.record`, or by its own helper."""
    calls = [each for each in ast.walk(source) if isinstance(each, ast.Call)]
    named = [word.value for call in calls for word in call.keywords if word.arg == "verb"]
    recorded = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "record"]
    named += [verb for call in recorded for verb in call.args[:1]]
    yield from (word for each in named for word in spelt(each))
    rooms = [ast.unparse(each)[2:].partition("{")[0] for each in named if isinstance(each, ast.JoinedStr)]
    for call in calls:
        if ast.unparse(call.func) in HELPERS:
            words = [word for each in call.args for word in spelt(each)]
            yield from (word if "." in word else room + word for word in words for room in rooms or [""])


def spelt(named: ast.expr) -> Iterator[str]:
    """What is spelt out: one word, or either of two."""
    if isinstance(named, ast.IfExp):
        yield from (*spelt(named.body), *spelt(named.orelse))
    elif isinstance(named, ast.Constant):
        yield str(named.value)


def test_every_verb_stands_on_the_page() -> None:
    page = (PROJECT / "docs" / "auditor.md").read_text(encoding="utf-8")
    files = [ast.parse(file.read_text(encoding="utf-8")) for file in (PROJECT / "workflows").rglob("*.py")]
    written = {verb for file in files for verb in verbs(file)}
    assert len(written) > 80
    assert sorted(verb for verb in written if f"`{verb}`" not in page) == []
