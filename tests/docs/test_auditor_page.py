"""The auditor's page names whatever is written on the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def verbs(source: ast.AST) -> Iterator[str]:
    """The verbs that a file writes, but for those whose last word is a move: `verb=…`, or by its own `_record`."""
    calls = [each for each in ast.walk(source) if isinstance(each, ast.Call)]
    named = [word.value for call in calls for word in call.keywords if word.arg == "verb"]
    yield from (str(each.value) for each in named if isinstance(each, ast.Constant))
    rooms = [ast.unparse(each)[2:].partition("{")[0] for each in named if isinstance(each, ast.JoinedStr)]
    for call in calls:
        if ast.unparse(call.func) == "_record":
            words = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
            yield from (word if "." in word else room + word for word in words for room in rooms or [""])


def test_every_verb_stands_on_the_page() -> None:
    page = (PROJECT / "docs" / "auditor.md").read_text(encoding="utf-8")
    files = [ast.parse(file.read_text(encoding="utf-8")) for file in (PROJECT / "workflows").rglob("*.py")]
    written = {verb for file in files for verb in verbs(file)}
    assert len(written) > 80
    assert sorted(verb for verb in written if f"`{verb}`" not in page) == []
