"""Tasks: what it says no to."""

from dataclasses import dataclass
from datetime import date

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class NothingKept(Refusal):
    """A file is asked for whose bytes are not there: they come, were refused or were disposed of, as `state` says."""

    file: str
    state: str


@dataclass(eq=False)
class ExternalDate(Refusal):
    """The day was set by somebody outside: it is neither put off nor waived here."""

    title: str
    due_on: date


@dataclass(eq=False)
class CannotPutOff(OfAField, Refusal):
    """A task was put off as often, or as far, as the limits allow. `latest` is the last day that can be asked for."""

    title: str
    times: int
    latest: date | None
    field_name: str = ""


@dataclass(eq=False)
class TooEarly(Refusal):
    """A task can be done before it opens, but not that long before: it would belong to another period."""

    title: str
    begins_on: date


@dataclass(eq=False)
class FilterUnknown(Refusal):
    """A word after `/iso tasks` that narrows nothing down; `known` are those that do."""

    word: str
    known: tuple[str, ...]
