"""Keeps the tables in the pages about the sandbox as the code says.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`. After a change in the code: `python -m docs.tables`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from sandbox.api import METHODS
from sandbox.faults import KINDS, Setting
from sandbox.story.forms import FORMS

DOCS = Path(__file__).parent
PAGES = ("sandbox.md", "stories.md")
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_COMMON = ("times", "probability", "lasts")


def page(name: str) -> str:
    """The page with its tables made anew."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return _TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def methods() -> str:
    """The Web API methods by family."""
    families = groupby(sorted(METHODS), key=lambda name: name.rpartition(".")[0])
    rows = ((f"`{family}`", ", ".join(f"`{name.rpartition('.')[2]}`" for name in names)) for family, names in families)
    return _table(("Family", "Methods"), rows)


def faults() -> str:
    """What can be injected, with the settings of each kind."""
    return _table(("Kind", "What goes wrong", "Settings"), _faults())


def deeds() -> str:
    """The deeds of stories, and what is written after each."""
    return _table(("Deed", "After it"), ((f"`{name}`", form.words) for name, form in FORMS.items()))


TABLES: Mapping[str, Callable[[], str]] = {"methods": methods, "faults": faults, "deeds": deeds}


def _faults() -> Iterator[tuple[str, ...]]:
    for kind in KINDS.values():
        own = [setting for setting in kind.settings if setting.name not in _COMMON]
        changed = [each for each in kind.settings if each.name in _COMMON and each.default != _usual(each)]
        settings = [*map(_setting, own), *(f"`{each.name}` ({each.default or 'empty'})" for each in changed)]
        yield f"`{kind.name}`", kind.sentence, "<br>".join(settings)


def _usual(setting: Setting) -> object:
    return {"times": 1, "probability": 1.0, "lasts": None}[setting.name]


def _setting(setting: Setting) -> str:
    default = "empty" if setting.default is None else str(setting.default).lower()
    return f"`{setting.name}` ({default.replace('*', '`*`')}): {setting.sentence.replace('*', '`*`')}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heading = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


if __name__ == "__main__":
    for each in PAGES:
        (DOCS / each).write_text(page(each), encoding="utf-8")
