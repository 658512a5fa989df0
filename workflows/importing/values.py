"""What a cell means: a person, a day, how often, a requirement. What is not sure is a fault and never a guess."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from storage.people.tables import Person
from workflows.dates import understanding
from workflows.dates.recurrence import CHOICES
from workflows.dates.recurrence import understood as understood_rule
from workflows.dates.refusals import MoreThanDaily, RuleNotUnderstood
from workflows.files.spreadsheets import Cell, begins_like_a_formula
from workflows.importing.guessing import simple, words
from workflows.refusals import DateNotUnderstood

ONCE = CHOICES["once"]
SERIALS = range(20_000, 80_000)
"""Figures that are days of the years 1954 to 2119 in a spreadsheet; others are no dates."""

YEARS_AROUND = timedelta(days=3660)
"""Days further away than ten years are slips of the hand."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_HANDLE = re.compile(r"@[\w.' -]+")
_FIGURE = re.compile(r"[+-]?\d+(?:[.,]\d+)*")
_EVERY = re.compile(
    r"(?:once |einmal )?(?:(?:every|alle|all) )?(?P<count>\d{1,2}|[a-zäöüß]+) "
    r"(?:(?P<unit>days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?)"
    r"|(?P<adjective>weekly|monthly|yearly|wöchentlich|monatlich|jährlich))"
)
_TIMES_A_YEAR = re.compile(
    r"(?P<count>12|[12346]) ?(?:x|mal|times) ?(?:a|per|pro|im|je)? ?(?:year|jahr|jährlich|annually|yearly)"
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/\d{2,4})?")
_NUMBER = re.compile(
    r"(?P<words>(?:(?:annex|anhang|clause|control|klausel|kontrolle|kapitel|abschnitt|cl|kap|nr|no|§)(?![^\W\d])[.:]?\s*)*)"
    r"(?P<number>A[. ]?\d+(?:\.\d+)*(?![\w-])|\d+(?:\.\d+)*(?![\w-])|\S+)",
    re.IGNORECASE,
)
_OF_A_CONTROL = re.compile("annex|anhang|control|kontrolle", re.IGNORECASE)
_OF_A_CLAUSE = re.compile("cl|klausel|kap|abschnitt|§", re.IGNORECASE)
_UNITS = {"d": "DAILY", "w": "WEEKLY", "m": "MONTHLY", "y": "YEARLY", "t": "DAILY", "j": "YEARLY"}


class Why(StrEnum):
    """What is wrong with a cell, or with its row; each has its sentence with the messages."""

    FORMULA = "formula"
    OWNER_MISSING = "owner_missing"
    OWNER_UNKNOWN = "owner_unknown"
    OWNER_AMBIGUOUS = "owner_ambiguous"
    OWNER_IS_A_BOT = "owner_is_a_bot"
    OWNER_HAS_LEFT = "owner_has_left"
    DATE_UNKNOWN = "date_unknown"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_FAR_AWAY = "date_far_away"
    DATE_MISSING = "date_missing"
    FREQUENCY_UNKNOWN = "frequency_unknown"
    CONTROL_UNKNOWN = "control_unknown"
    CONTROL_AMBIGUOUS = "control_ambiguous"
    CONTROL_OR_CLAUSE = "control_or_clause"
    CONTROL_MISSING = "control_missing"
    CONTROL_IS_A_FIGURE = "control_is_a_figure"
    KIND_UNKNOWN = "kind_unknown"
    TITLE_MISSING = "title_missing"
    TITLE_TOO_LONG = "title_too_long"
    TEXT_TOO_LONG = "text_too_long"
    FINDING_MISSING = "finding_missing"
    EVIDENCE_MISSING = "evidence_missing"


class Wrong(Exception):
    """A cell that cannot be taken."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def must_be_plain(cell: Cell) -> None:
    """Raise `Wrong` for what a spreadsheet computes, or might when it opens it again; figures and @names are none."""
    harmless = _FIGURE.fullmatch(cell.text) or _HANDLE.fullmatch(cell.text)
    if cell.is_formula or (begins_like_a_formula(cell.text) and not harmless):
        raise Wrong(Why.FORMULA)


# --- people ---


def _name(text: str) -> str:
    return simple(unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Directory:
    """Everybody Slack has told us of, by everything a register may call them."""

    by_id: Mapping[str, Person]
    by_email: Mapping[str, Sequence[Person]]
    by_name: Mapping[str, Sequence[Person]]
    by_first_name: Mapping[str, Sequence[Person]]

    @classmethod
    def of(cls, people: Sequence[Person]) -> "Directory":
        """The directory of these people."""
        return cls(
            {each.slack_id: each for each in people},
            _by(people, lambda each: [each.email.casefold()]),
            _by(people, lambda each: [_name(each.name), _name(each.name).replace(" ", "")]),
            _by(people, lambda each: _name(each.name).split()[:1]),
        )

    def owner(self, text: str) -> str:
        """The one person who is meant: by mention, e-mail, @name or full name. Raises `Wrong`."""
        found = self._meant(text.strip())
        living = [each for each in found if not each.is_bot and not each.is_deactivated]
        if len(living) == 1:
            return living[0].slack_id
        if living:
            raise Wrong(Why.OWNER_AMBIGUOUS)
        if not found:
            raise Wrong(Why.OWNER_UNKNOWN)
        raise Wrong(Why.OWNER_IS_A_BOT if found[0].is_bot else Why.OWNER_HAS_LEFT)

    def _meant(self, text: str) -> Sequence[Person]:
        mention = _MENTION.fullmatch(text)
        if mention or text in self.by_id:
            person = self.by_id.get(mention[1] if mention else text)
            return [person] if person else []
        if "@" in text[1:]:
            return self.by_email.get(text.casefold().removeprefix("mailto:"), ())
        last, comma, first = text.partition(",")
        name = _name(f"{first} {last}" if comma else text)
        if found := self.by_name.get(name):
            return found
        return self.by_first_name.get(name, ()) if text.startswith("@") else ()


def _by(people: Iterable[Person], keys: Callable[[Person], Iterable[str]]) -> Mapping[str, Sequence[Person]]:
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for each in people:
        for key in dict.fromkeys(filter(None, keys(each))):
            found[key].append(each)
    return found


# --- days ---


def with_month_first(texts: Iterable[str], locale: str) -> bool:
    """Whether dates with slashes name the month first: as the column itself shows, else as the person writes them."""
    parts = [(int(found[1]), int(found[2])) for text in texts if (found := _SLASHES.fullmatch(text))]
    month_first, day_first = any(second > 12 for _, second in parts), any(first > 12 for first, _ in parts)
    return locale.lower().startswith("en-us") if month_first == day_first else month_first


def day(cell: Cell, *, today: date, day_zero: date, month_first: bool) -> date:
    """The day a cell means: as people write it, or as a spreadsheet counts it. Raises `Wrong`."""
    whole = cell.text.partition(".")[0] if cell.is_figure else cell.text
    if whole.isdecimal() and len(whole) == 5 and int(whole) in SERIALS:
        return _near(day_zero + timedelta(days=int(whole)), today)
    written = re.sub(r"(?<=^\d{4}-\d\d-\d\d)[ T]\d\d:.*", "", cell.text)
    try:
        return _near(understanding.understood(written, today=today, locale="en-US" if month_first else "en-GB"), today)
    except DateNotUnderstood as no:
        raise Wrong(Why.DATE_IMPOSSIBLE if no.is_a_date else Why.DATE_UNKNOWN) from no


def _near(found: date, today: date) -> date:
    if abs(found - today) > YEARS_AROUND:
        raise Wrong(Why.DATE_FAR_AWAY)
    return found


# --- how often ---


@cache
def _rules() -> Mapping[str, str]:
    listed: Mapping[str, list[str]] = words()["rules"]
    return {word: rule for rule, called in listed.items() for word in called} | dict.fromkeys(words()["once"], ONCE)


def recurrence(text: str) -> str:
    """The rule that words such as "quarterly" or "every 6 months" mean, or a rule itself. Raises `Wrong`."""
    said = simple(text)
    found = _rules().get(said) or _times_a_year(said) or _every(said) or _as_rule(text)
    if found is None:
        raise Wrong(Why.FREQUENCY_UNKNOWN)
    return found


def _times_a_year(said: str) -> str | None:
    found = _TIMES_A_YEAR.fullmatch(said)
    return _rule("MONTHLY", 12 // int(found["count"])) if found else None


def _every(said: str) -> str | None:
    found = _EVERY.fullmatch(said)
    count = _count(found["count"]) if found else None
    if found is None or count is None:
        return None
    return _rule(_UNITS[(found["unit"] or found["adjective"])[0]], count)


def _count(word: str) -> int | None:
    numbers = {each: number for number, listed in enumerate(understanding.NUMBERS, 1) for each in listed}
    return int(word) or None if word.isdecimal() else numbers.get(word)


def _rule(frequency: str, interval: int) -> str:
    if frequency == "MONTHLY" and interval % 12 == 0:
        frequency, interval = "YEARLY", interval // 12
    return f"FREQ={frequency}" if interval == 1 else f"FREQ={frequency};INTERVAL={interval}"


def _as_rule(text: str) -> str | None:
    try:
        understood_rule(text)
    except (RuleNotUnderstood, MoreThanDaily):
        return None
    return text.strip().upper().removeprefix("RRULE:")


# --- requirements ---

Index = Mapping[str, Sequence[str]]
"""Every number, reference and heading in small letters, with the references it means."""


def requirements(cell: Cell, index: Index) -> list[str]:
    """The requirements a cell names, those of every standard that has the number. Raises `Wrong`."""
    parts = [part for each in re.split(r"[,;/&\n]", cell.text) if (part := each.strip())]
    named = [part for part in parts if re.search(r"\d", part)] or parts
    if cell.is_figure and "." in cell.text and ({f"{cell.text}0", f"a.{cell.text}0"} & index.keys()):
        raise Wrong(Why.CONTROL_IS_A_FIGURE)
    return list(dict.fromkeys(reference for part in named for reference in _named(part, index)))


def requirement(cell: Cell, index: Index) -> str:
    """The one requirement a cell names. Raises `Wrong`."""
    found = requirements(cell, index)
    if len(found) != 1:
        raise Wrong(Why.CONTROL_AMBIGUOUS)
    return found[0]


def _named(part: str, index: Index) -> Sequence[str]:
    """Clauses and controls share numbers: without a word that tells, what may be either is not sure. Raises `Wrong`."""
    found = _NUMBER.match(part)
    words, number = (found["words"], found["number"].casefold()) if found else ("", part.casefold())
    number = re.sub(r"^a[. ]?(?=\d)", "a.", number)
    clauses, controls = index.get(number, ()), index.get(f"a.{number}", ())
    if not clauses and not controls:
        raise Wrong(Why.CONTROL_UNKNOWN)
    if _OF_A_CONTROL.search(words):
        return controls or clauses
    if clauses and controls and not _OF_A_CLAUSE.search(words):
        raise Wrong(Why.CONTROL_OR_CLAUSE)
    return clauses or controls
