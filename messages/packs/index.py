"""Packs room: the index of an audit pack as a page that opens from the disk and asks nothing of any network."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

from jinja2 import Environment, StrictUndefined

from messages.words import filters
from messages.words.filters import Filters
from messages.words.mrkdwn import clean
from messages.words.wording import named, phrase, rooms, words
from workflows.evidence.shapes import Details
from workflows.nonconformities.shapes import Finding, Plan
from workflows.shapes import Kind, Steps, fields_of

Index = Mapping[str, Any]


class Titles(Protocol):
    """What files serve, in words."""

    def get(self, key: str, default: str) -> str:
        """The title of a task, a nonconformity or a request."""
        ...


ENDED_WELL, WAIVED, MISSED, UNFINISHED = "accepted", "waived", "missed", "unfinished"
OUTCOMES = (ENDED_WELL, WAIVED, MISSED, UNFINISHED)
"""How tasks ended, as the diagram shows it from below to above."""

ACTIVE_ENDINGS = frozenset(("html", "htm", "xhtml", "xht", "xml", "svg", "mht", "mhtml", "js", "hta"))
ACTIVE_TYPES = ("text/html", "application/xhtml", "text/xml", "application/xml", "image/svg", "javascript")
"""What a browser does not only show, but carries out."""

PIECES_AT_ONCE = 500
"""Of the page, which is written as it is made."""

_FORMS: Mapping[type, str] = MappingProxyType(
    {
        Details: "evidence/details_modal",
        Finding: "nonconformities/finding",
        Plan: "nonconformities/response_modal",
    }
)
"""Where the words of a shape stand."""

HEIGHT = 100
BAR, GAP = 26, 10
"""Of the diagram, in units of its own."""


@dataclass(frozen=True)
class Part:
    """One colour of a bar: from where, how high, and how many tasks that is."""

    outcome: str
    top: float
    height: float
    count: int


@dataclass(frozen=True)
class Bar:
    """A month of the diagram."""

    left: int
    month: str
    total: int
    parts: Sequence[Part]


@dataclass(frozen=True)
class Told:
    """A field of a shape, as the index tells of it."""

    name: str
    term: str
    kind: Kind | Steps


def write_page(
    file: BinaryIO,
    index: Index,
    by_folder: Mapping[str, Collection[Index]],
    titles: Titles,
    language: str = filters.ENGLISH,
) -> None:
    """The index as an HTML page: with its files `by_folder`, and the `titles` of what they serve, in words."""
    template = _environment(language).get_template("packs/index.html.j2")
    bars = _bars(index["tasks"])
    shapes = {"finding_told": told_of(Finding, language), "response_told": told_of(Plan, language)}
    called = words("packs/folders", language)
    folders = {name: called[f"folder_{name[:2]}"].plain for name in by_folder}
    values = {"language": language, "by_folder": by_folder, "folders": folders, "titles": titles}
    page = template.stream(pack=index, bars=bars, outcomes=OUTCOMES, **values, **shapes)
    page.enable_buffering(PIECES_AT_ONCE)
    page.dump(file, "utf-8")


def _bars(tasks: Iterable[Index]) -> list[Bar]:
    months: dict[str, dict[str, int]] = {}
    for task in tasks:
        counts = months.setdefault(task["due_on"][:7], dict.fromkeys(OUTCOMES, 0))
        counts[task["state"] if task["state"] in OUTCOMES else UNFINISHED] += 1
    most = max((sum(counts.values()) for counts in months.values()), default=1)
    return [
        Bar(number * (BAR + GAP), month, sum(counts.values()), _parts(counts, most))
        for number, (month, counts) in enumerate(sorted(months.items()))
    ]


def _parts(counts: Mapping[str, int], most: int) -> list[Part]:
    parts, below = [], 0.0
    for outcome in OUTCOMES:
        height = round(counts[outcome] * HEIGHT / most, 2)
        below += height
        parts.append(Part(outcome, round(HEIGHT - below, 2), height, counts[outcome]))
    return [each for each in parts if each.count]


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=rooms(language),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.tests.update(active=_does_something)
    environment.filters.update(number=number, requirements=requirements)
    told: Filters = {"day": _day, "moment": _moment, "words": said, "named": named}
    environment.filters.update({name: partial(tell, language=language) for name, tell in told.items()})
    environment.filters.update(size=partial(filters.size, say=partial(_phrase, language), language=language))
    return environment


def _phrase(language: str, name: str, **values: Any) -> str:
    return phrase(name, language, **values)


def _shown(value: Any) -> Any:
    """People's text without what turns the direction of reading, and nothing where there is nothing."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value


def _day(text: str | None, *, language: str) -> str:
    return filters.date_alone(date.fromisoformat(text), language=language) if text else ""


def _moment(text: str | None, *, language: str) -> str:
    at = datetime.fromisoformat(text) if text else None
    return f"{filters.date_alone(at.date(), language=language)}, {at:%H:%M} UTC" if at else ""


@cache
def said(value: str | None, of: str, *, language: str) -> str:
    """How something stands or came, as people say it."""
    return words("packs/in_words", language, value=value, of=of).words.plain


def _does_something(file: Index) -> bool:
    """Whether a browser might carry out what is in a file, so that a click must not open it."""
    ending = file["path"].rpartition(".")[2].casefold()
    return ending in ACTIVE_ENDINGS or any(each in file["media_type"] for each in ACTIVE_TYPES)


def number(reference: str) -> str:
    """A requirement without the name of its edition."""
    return reference.partition(":")[2] or reference


def one_requirement(reference: str | None, standards: Mapping[str, str]) -> str:
    """A requirement as in `requirements`; of what the pack is not about, its number alone."""
    return (requirements([reference], standards) or number(reference)) if reference else ""


def requirements(references: Sequence[str], standards: Mapping[str, str]) -> str:
    """Those of the pack's standards by their numbers; which standard is said where there are several."""
    numbers = {
        standard: ", ".join(number(each) for each in references if each.startswith(f"{edition}:"))
        for edition, standard in standards.items()
    }
    several = len(standards) > 1
    return " · ".join(f"{standard} {those}" if several else those for standard, those in numbers.items() if those)


def told_of(shape: type, language: str = filters.ENGLISH, *, without: str = "") -> list[Told]:
    """The fields of a shape but the one `without`, by the terms that records use."""
    wording = words(_FORMS[shape], language)
    fields = [each for each in fields_of(shape) if each.name != without]
    return [Told(each.name, wording[f"{each.name}_term"].plain, each.kind) for each in fields]
