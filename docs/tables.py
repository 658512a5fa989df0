"""Keeps the tables in the pages about the sandbox as the code says.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`. After a change in the code: `python -m docs.tables`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from sandbox.api import METHODS
from sandbox.fault_kinds import KINDS, Setting
from sandbox.story.forms import FORMS

DOCS = Path(__file__).parent
PAGES = ("sandbox.md", "stories.md")
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_USUAL = {"times": 1, "probability": 1.0, "lasts": None}
"""The settings that every kind of fault has, told once above the table, with what they usually are."""


def page(name: str) -> str:
    """The page with its tables made anew."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return _TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def methods() -> str:
    """The Web API methods by family."""
    families: dict[str, list[str]] = {}
    for name in sorted(METHODS):
        family, _, method = name.rpartition(".")
        families.setdefault(family, []).append(f"`{method}`")
    return _table(("Family", "Methods"), ((f"`{family}`", ", ".join(found)) for family, found in families.items()))


def faults() -> str:
    """What can be injected, with the settings of each kind."""
    return _table(("Kind", "What goes wrong", "Settings"), _faults())


def deeds() -> str:
    """The deeds of stories, and what is written after each."""
    return _table(("Deed", "After it"), ((f"`{name}`", form.words) for name, form in FORMS.items()))


TABLES: Mapping[str, Callable[[], str]] = {"methods": methods, "faults": faults, "deeds": deeds}


def _faults() -> Iterator[tuple[str, ...]]:
    for kind in KINDS.values():
        told = [_setting(each) for each in kind.settings if each.name not in _USUAL]
        other = [each for each in kind.settings if each.name in _USUAL and each.default != _USUAL[each.name]]
        yield (
            f"`{kind.name}`",
            kind.sentence,
            "<br>".join([*told, *(f"`{each.name}` {_default(each)}" for each in other)]),
        )


def _setting(setting: Setting) -> str:
    return f"`{setting.name}` {_default(setting)}: {setting.sentence}".replace("*", "\\*").replace("(`\\*`)", "(`*`)")


def _default(setting: Setting) -> str:
    match setting.default:
        case None:
            return "(empty)"
        case bool() as flag:
            return f"(`{str(flag).lower()}`)"
        case float() as number:
            return f"(`{number:g}`)"
        case other:
            return f"(`{other}`)"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heading = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


if __name__ == "__main__":
    for each in PAGES:
        (DOCS / each).write_text(page(each), encoding="utf-8")
