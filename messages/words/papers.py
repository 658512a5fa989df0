"""Papers: PDFs set by typst from a template and values. The same values give the same bytes, on every machine.

People's text comes in as data and is shown as a string, so nothing in it is ever read as markup; no font of the machine
is looked at, and no network. What a template may not do with a value stands in decision 0034. Signs that none of the
fonts has, such as emoji, are said in words; otherwise typst would set a box in the place of each.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import typst

from messages.words.filters import ENGLISH
from messages.words.mrkdwn import clean
from messages.words.wording import words

Part = Mapping[str, Any]
"""A piece of a section: a text, a list, a table or another of those that `paper.typ` names."""

LAST_OF_LATIN = "\u017f"
"""All fonts have the signs up to here, so nobody is asked about them."""

_GAPS = re.compile(r"\n\s*\n+")


def pdf(template: str, values: Mapping[str, Any], *, at: datetime, language: str = ENGLISH) -> bytes:
    """A paper of a template such as `audit_reports/report`; `at` is the moment that it says it was made."""
    room, _, name = template.partition("/")
    source = files("messages").joinpath(room, "templates", f"{name}.typ").read_bytes()
    made = typst.compile(
        source,
        format="pdf",
        font_paths=_bundled(),
        sys_inputs={"values": json.dumps(legible(values, language), ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)  # a PDF is one file, however many pages it has
    return made


@cache
def _bundled() -> typst.Fonts:
    """The fonts that come with typst, and none of the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def legible(values: Mapping[str, Any], language: str = ENGLISH) -> Any:
    """The same values, with words in the place of signs that no font has."""
    text = json.dumps(values, ensure_ascii=False)
    unknown = without_glyph(frozenset(sign for sign in text if sign > LAST_OF_LATIN))
    return _legible(values, unknown, language) if unknown else values


def _legible(value: Any, unknown: frozenset[str], language: str) -> Any:
    if isinstance(value, str):
        return _in_words(value, unknown, language) if not unknown.isdisjoint(value) else value
    if isinstance(value, Mapping):
        return {name: _legible(each, unknown, language) for name, each in value.items()}
    return [_legible(each, unknown, language) for each in value] if isinstance(value, list | tuple) else value


def _in_words(text: str, unknown: frozenset[str], language: str) -> str:
    runs = groupby(text, key=lambda sign: _kind_of(sign) if sign in unknown else "")
    return "".join(_said(kind, "".join(signs), language) for kind, signs in runs)


def _said(kind: str, signs: str, language: str) -> str:
    """Signs of one kind in a row: the number of letters, or the name of each other sign."""
    if kind == "L":
        return words("words/papers", language, count=len(signs)).letters.plain
    names = [unicodedata.name(each, f"U+{ord(each):04X}").lower() for each in signs if not _only_alters(each)]
    return "".join(words("words/papers", language, name=each).sign.plain for each in names) if kind else signs


def _kind_of(sign: str) -> str:
    """L for letters and what hangs on them, S for all other signs (Unicode: general category)."""
    return "L" if unicodedata.category(sign)[0] in "LM" and not _only_alters(sign) else "S"


def _only_alters(sign: str) -> bool:
    """Whether a sign only says how the emoji before it looks: its skin, its colour, or that it goes on."""
    return sign in "\u200d\ufe0e\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff"


@lru_cache(maxsize=500)
def without_glyph(signs: frozenset[str]) -> frozenset[str]:
    """Which of these signs none of the bundled fonts can draw; asked of typst itself, which draws them one by one."""
    if not signs:
        return frozenset()
    drawn = typst.compile(
        _ONE_BY_ONE,
        format="svg",
        font_paths=_bundled(),
        sys_inputs={"signs": json.dumps([[f"{ord(each):X}", each] for each in [_NOWHERE, *sorted(signs)]])},
    )
    assert isinstance(drawn, bytes)
    glyphs, found = [], []
    for glyph, sign in _GLYPH_OR_SIGN.findall(drawn.decode().partition("<defs>")[0]):
        if glyph:
            glyphs.append(glyph)
        else:
            found.append((chr(int(sign, 16)), glyphs))
            glyphs = []
    (_, box), *rest = found
    return frozenset(sign for sign, drawn_as in rest if not set(box).isdisjoint(drawn_as))


_NOWHERE = "\U000f0000"
"""A sign for private use, which no font has: whatever is drawn for it is the box."""

_ONE_BY_ONE = b"""
#set page(height: auto)
#set text(font: "Libertinus Serif")
#for (code, sign) in json(bytes(sys.inputs.signs)) [#link("sign:" + code, sign) #linebreak()]
"""
_GLYPH_OR_SIGN = re.compile(r'href="#(g[0-9A-F]+)"|<a [^>]*?xlink:href="sign:([0-9A-F]+)"')
"""In the SVG the glyphs of a sign come first, then the link around them."""


def on_paper(text: str) -> str:
    """People's text as it is set: cleaned, with its lines, and never more than one of them left empty."""
    return _GAPS.sub("\n\n", clean(text)).strip()


def prose(text: str) -> list[Part]:
    """People's text as a part of its own; none where nothing was written."""
    return [{"text": on_paper(text)}] if text.strip() else []


def bullets(said: Sequence[str]) -> list[Part]:
    """Sentences as a list; none where there are none."""
    return [{"bullets": list(said)}] if said else []


def with_days(value: Any) -> Any:
    """The same facts, with days as dates: by their names, they end on `_on`."""
    if isinstance(value, Mapping):
        return {name: _day(name, each) for name, each in value.items()}
    return [with_days(each) for each in value] if isinstance(value, list | tuple) else value


def _day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else with_days(value)
