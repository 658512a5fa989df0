"""Nothing is kept alive by tests alone: whatever can be said, the bot says, and whatever it may be told, it is told.

The samples put values of their own into the messages, so that any text can be tried in them without a database; here
the bot's own calls are held against what they sample.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
import messages

MESSAGES, BOT = Path(messages.__file__).parent, Path(bot.__file__).parent
MODULES = sorted(path for path in MESSAGES.rglob("*.py") if path.name != "__init__.py")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def names_used(tree: ast.AST) -> Iterator[str]:
    """Names that are read, called, or taken from another module; not those that are only defined."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield from (each.name for each in node.names)


def keywords_given(tree: ast.AST) -> Iterator[str]:
    """What is named in calls, and the keys of literal mappings, which are handed on as such."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


MADE_OF_A_WHOLE = {
    "Programme": "of what the question about the programme answers, by the same names (bot/reviews/facts.py)",
    "Rhythm": "of a recurrence, by the same names (bot/programme/obligations.py)",
    "CertificateItem": "with the days that its rule tells, by the same names (workflows/programme/certification.py)",
}
"""Values whose fields no call names, and why."""

OURS = [parsed(path) for floor in (BOT, MESSAGES) for path in sorted(floor.rglob("*.py"))]
USED = {name for tree in OURS for name in names_used(tree)}
GIVEN = {name for tree in OURS for name in keywords_given(tree)}


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(MESSAGES)))
def test_whatever_can_be_said_the_bot_says(path: Path) -> None:
    assert [each.name for each in functions(parsed(path)) if each.name not in USED] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(MESSAGES)))
def test_whatever_it_may_be_told_it_is_told(path: Path) -> None:
    wanted = {
        f"{each.name}({name.arg}=)": name.arg for each in functions(parsed(path)) for name in each.args.kwonlyargs
    }
    assert [call for call, name in wanted.items() if name not in GIVEN] == []


def fields_left_out_by_default(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.dump(each) for each in node.decorator_list):
            for each in node.body if node.name not in MADE_OF_A_WHOLE else ():
                if isinstance(each, ast.AnnAssign) and each.value is not None and isinstance(each.target, ast.Name):
                    yield node.name, each.target.id


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(MESSAGES)))
def test_whatever_a_value_may_hold_it_is_given(path: Path) -> None:
    assert [f"{name}.{field}" for name, field in fields_left_out_by_default(parsed(path)) if field not in GIVEN] == []
