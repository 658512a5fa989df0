"""Refusals: what the domain says no to. Each becomes a sentence; the wording stands with the messages.

The name of a refusal (`OwnEvidence` is `own_evidence`) names its template too, and its fields are the values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from workflows.shapes import Field, Kind, Steps, asked_by, fields_of


class Refusal(Exception):
    """Nothing was changed, and the person is told why."""

    @property
    def field(self) -> str | None:
        """The form field to point at, if there is one."""
        return None

    @property
    def name(self) -> str:
        """The refusal's name in snake case, which is also its template's."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """What the template needs to say it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # every refusal is a dataclass


class OfAField:
    """Said beside the field in which it was typed, if it was typed in one."""

    field_name: str

    @property
    def field(self) -> str | None:
        """The form field to point at."""
        return self.field_name or None


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The role or ownership the verb needs is missing. `who_may` is words, such as "a compliance lead"."""

    deed: str
    who_may: str


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    """The step was taken before. `state` is the state now, in the words people read."""

    what: str
    state: str
    by: str | None


@dataclass(eq=False)
class Stale(Refusal):
    """What the person decided on has changed since they saw it."""

    what: str


@dataclass(eq=False)
class InputWanted(OfAField, Refusal):
    """A field of a form is empty or out of bounds; `wish` says what belongs there."""

    field_name: str
    wish: str


_WISHES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.DAY: "choose a day",
        Kind.PERSON: "choose a person",
        Kind.CHOICE: "choose one of the options",
        Kind.CHOICES: "choose at least one option",
    }
)
"""What belongs into a field of a shape where its room has no better words; into all others, a sentence."""


def wanted(field: Field, wish: str = "") -> InputWanted:
    """The refusal that points at a field of a shape, or at the first of its steps that is still wanted."""
    if isinstance(field.kind, Steps):
        last = asked_by(field)[field.kind.least - 1]
        return InputWanted(last.name, wish or f"answer at least {field.kind.least} times")
    return InputWanted(field.name, wish or _WISHES.get(field.kind, "write a sentence"))


def want_all(said: object, wishes: Mapping[str, str] = MappingProxyType({})) -> None:
    """Raise `InputWanted` for the first field of a shape that may not be left empty and was; `wishes` by its name."""
    for field in fields_of(type(said)):
        if not field.is_optional and _is_empty(getattr(said, field.name), field):
            raise wanted(field, wishes.get(field.name, ""))


def _is_empty(value: Any, field: Field) -> bool:
    if isinstance(field.kind, Steps):
        return len([each for each in value if each.strip()]) < field.kind.least
    return not value.strip() if isinstance(value, str) else value in (None, ())


@dataclass(eq=False)
class EndBeforeStart(OfAField, Refusal):
    """Something was to end before it begins."""

    starts_on: date
    ends_on: date
    field_name: str = "ends_on"


@dataclass(eq=False)
class UnreadableFile(Refusal):
    """A file cannot be taken as a table; `why` names the sentence: empty, too_large, unpacks_too_large, …"""

    file: str
    why: str


@dataclass(eq=False)
class BadRows(Refusal):
    """Some rows of a file need another look, so none was taken. `rows` pairs each row's number with what is wrong."""

    file: str
    rows: tuple[tuple[int, str], ...]
    of: int


@dataclass(eq=False)
class DateNotUnderstood(OfAField, Refusal):
    """Words that mean no day. `is_a_date`: they look like one, but the calendar has no such day."""

    text: str
    is_a_date: bool
    field_name: str = ""
