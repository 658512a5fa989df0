"""Evidence room: the index of an audit pack, as a page that opens from the disk and as a workbook.

Both are made of the same plain values, `index.json` of the pack. The page asks nothing of any network.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

from jinja2 import Environment, StrictUndefined

from messages.words import filters, workbooks
from messages.words.mrkdwn import clean
from messages.words.wording import phrase, rooms, words
from messages.words.workbooks import Table
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
        Finding: "nonconformities/raise_modal",
        Plan: "nonconformities/response_modal",
    }
)
"""Where the words of a shape stand."""

_WIDTHS: Mapping[Kind | Steps, int] = MappingProxyType(
    {Kind.DAY: 12, Kind.TICK: 10, Kind.PERSON: 20, Kind.CHOICE: 22, Kind.LINE: 30}
)

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


def write_page(file: BinaryIO, index: Index, by_folder: Mapping[str, Collection[Index]], titles: Titles) -> None:
    """The index as an HTML page: with its files `by_folder`, and the `titles` of what they serve, in words."""
    template = _environment().get_template("packs/index.html.j2")
    bars = _bars(index["tasks"])
    shapes = {"finding_told": told_of(Finding), "response_told": told_of(Plan)}
    page = template.stream(pack=index, by_folder=by_folder, titles=titles, bars=bars, outcomes=OUTCOMES, **shapes)
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
def _environment() -> Environment:
    environment = Environment(
        loader=rooms(),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.tests.update(active=_does_something)
    environment.filters.update(day=_day, moment=_moment, number=_number, named=_named, words=_said)
    environment.filters.update(size=partial(filters.size, say=phrase))
    return environment


def _shown(value: Any) -> Any:
    """People's text without what turns the direction of reading, and nothing where there is nothing."""
    if value is None:
        return ""
    return clean(value) if type(value) is str else value


def _day(text: str | None) -> str:
    return _in_words(date.fromisoformat(text)) if text else ""


def _moment(text: str | None) -> str:
    return f"{_in_words(datetime.fromisoformat(text))}, {text[11:16]} UTC" if text else ""


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


@cache
def _said(value: str | None, of: str) -> str:
    """How something stands or came, as people say it."""
    return words("packs/in_words", value=value, of=of).words.plain


def _does_something(file: Index) -> bool:
    """Whether a browser might carry out what is in a file, so that a click must not open it."""
    ending = file["path"].rpartition(".")[2].casefold()
    return ending in ACTIVE_ENDINGS or any(each in file["media_type"] for each in ACTIVE_TYPES)


def _number(reference: str) -> str:
    """A requirement without the name of its edition."""
    return reference.partition(":")[2] or reference


def _one_named(reference: str | None, standards: Mapping[str, str]) -> str:
    """A requirement as in `_named`; of what the pack is not about, its number alone."""
    return (_named([reference], standards) or _number(reference)) if reference else ""


def _named(references: Sequence[str], standards: Mapping[str, str]) -> str:
    """Those of the pack's standards by their numbers; which standard is said where there are several."""
    numbers = {
        standard: ", ".join(_number(each) for each in references if each.startswith(f"{edition}:"))
        for edition, standard in standards.items()
    }
    several = len(standards) > 1
    return " · ".join(f"{standard} {those}" if several else those for standard, those in numbers.items() if those)


# --- the workbook ---

_HELD = (("Evidence", 10, "id"), ("File in the pack", 50, "path"), ("Original name", 40, "name"))
_LEFT_OUT = (("Evidence", 10, "id"), ("Original name", 40, "name"), ("Why it isn't here", 18, "why"))
TASKS = (
    ("Task", 8, "id"),
    ("Title", 45, "title"),
    ("Requirements", 30, "requirements"),
    ("Owner", 20, "owner_id"),
    ("Due on", 12, "due_on"),
    ("State", 12, "state"),
    ("Handed in by", 20, "submitted_by"),
    ("Handed in (UTC)", 22, "submitted_at"),
    ("Decided by", 20, "decided_by"),
    ("Decided (UTC)", 22, "decided_at"),
    ("Reason", 40, "reason"),
)
REQUESTS = (
    ("Request", 8, "number"),
    ("Auditor's number", 12, "label"),
    ("What was asked", 50, "what"),
    ("Requirement", 22, "requirement"),
    ("Period", 20, "period"),
    ("Population and sample", 30, "sample"),
    ("Owner", 20, "owner_id"),
    ("Due on", 12, "due_on"),
    ("State", 12, "state"),
    ("Answer", 60, "answer"),
    ("Answered by", 20, "answered_by"),
    ("Answered (UTC)", 22, "answered_at"),
    ("Settled by", 20, "settled_by"),
)
DECISIONS = (
    ("Standard", 18, "edition"),
    ("Number", 10, "number"),
    ("Requirement", 40, "title"),
    ("Applies", 8, "applies"),
    ("Reason", 60, "reason"),
)

Column = tuple[str, int, str]
Columns = Sequence[Column]


def told_of(shape: type, *, without: str = "") -> list[Told]:
    """The fields of a shape but the one `without`, by the terms that records use."""
    wording = words(_FORMS[shape])
    fields = [each for each in fields_of(shape) if each.name != without]
    return [Told(each.name, wording[f"{each.name}_term"].plain, each.kind) for each in fields]


def _columns(told: Iterable[Told]) -> list[Column]:
    return [(each.term, _WIDTHS.get(each.kind, 50), each.name) for each in told]


def _files() -> Columns:
    return (
        ("Evidence for", 12, "serves"),
        ("Requirement", 22, "reference"),
        *_columns(told_of(Details, without="legal_hold")),
        ("Provided by", 20, "provided_by"),
        ("Received (UTC)", 22, "received_at"),
        ("Came by", 10, "way_in"),
        ("Accepted by", 20, "judged_by"),
        ("Accepted (UTC)", 22, "judged_at"),
        ("Revision", 8, "revision"),
        ("Type", 24, "media_type"),
        ("Bytes", 12, "size"),
        ("SHA-256", 66, "sha256"),
        ("Note", 40, "note"),
    )


def _findings() -> Columns:
    return (
        ("Nonconformity", 8, "number"),
        ("Grade", 10, "grade"),
        ("State", 18, "state"),
        *_columns(told_of(Finding)),
        ("Issued by", 20, "issued_by"),
        ("Issued (UTC)", 22, "issued_at"),
        ("Verified by", 20, "verified_by"),
        ("Effectiveness confirmed by", 20, "effect_confirmed_by"),
        ("Closed by", 20, "closed_by"),
        ("Closed (UTC)", 22, "closed_at"),
    )


def write_workbook(file: BinaryIO, index: Index) -> None:
    """The index as an XLSX file; every cell is text, and nothing in it is ever computed."""
    people, standards = index["people"], index["scope"]["standards"]
    decisions = (
        {**each, "edition": version["edition"]} for version in index["statements"] for each in version["decisions"]
    )
    tables = [
        _table("Files", (*_HELD, *_files()), _plainly(map(_flat, index["files"]), standards), people),
        _table(
            "Not in the pack", (*_LEFT_OUT, *_files()), _plainly(map(_flat, index["not_included"]), standards), people
        ),
        _table("Tasks", TASKS, _plainly(index["tasks"], standards, "task"), people),
        _table("Nonconformities", _findings(), _plainly(index["nonconformities"], standards, "nonconformity"), people),
        _table("Requests", REQUESTS, _plainly(index["requests"], standards, "request"), people),
        _table("Applicability", DECISIONS, _plainly(decisions, standards), people),
    ]
    workbooks.write(file, tables, created_at=datetime.fromisoformat(index["asked_at"]))


def _flat(file: Index) -> Index:
    """A file with what it serves in one line."""
    first = file["serves"][0]
    serves = ", ".join(each["serves"] for each in file["serves"])
    return {**file, **first, "serves": serves}


def _plainly(rows: Iterable[Index], standards: Mapping[str, str], state_of: str = "") -> Iterator[Index]:
    """Rows whose references, editions and states are what people call them."""
    saying: Mapping[str, Callable[[Any], str]] = {
        "state": lambda state: _said(state, state_of),
        "why": lambda verdict: _said(verdict, "verdict"),
        "way_in": lambda way: _said(way, "way_in"),
        "edition": lambda edition: standards[edition],
        "requirements": lambda references: _named(references, standards),
        **dict.fromkeys(("reference", "requirement"), lambda reference: _one_named(reference, standards)),
    }
    for row in rows:
        yield {key: saying[key](value) if key in saying else value for key, value in row.items()}


def _table(name: str, columns: Columns, rows: Any, people: Mapping[str, str]) -> Table:
    headings = [(heading, width) for heading, width, _ in columns]
    return Table(name, headings, ([_cell(row[key], people) for _, _, key in columns] for row in rows))


def _cell(value: Any, people: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return people.get(value, value) if isinstance(value, str) else str(value)
