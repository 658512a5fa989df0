"""What a shape is: a frozen dataclass whose fields say by their types what a form asks, a row stores and a pack tells.

`str` is prose of several lines, `date` a day, `bool` a box to tick; the other kinds have a name below. A field with a
default may be left empty; one that a form did not ask keeps its default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum, auto
from types import MappingProxyType, NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

S = TypeVar("S")


class Kind(StrEnum):
    """What a field holds. Which choices there are is known where the form is made."""

    PROSE = auto()
    LINE = auto()
    DAY = auto()
    TICK = auto()
    PERSON = auto()
    PEOPLE = auto()
    CHOICE = auto()
    CHOICES = auto()


@dataclass(frozen=True)
class Steps:
    """Prose in up to `most` steps, each asked by itself; the first `least` are wanted."""

    least: int
    most: int


Line = Annotated[str, Kind.LINE]
Person = Annotated[str, Kind.PERSON]
People = Annotated[tuple[str, ...], Kind.PEOPLE]
Choice = Annotated[str, Kind.CHOICE]
Choices = Annotated[tuple[str, ...], Kind.CHOICES]

_PLAIN: Mapping[Any, Kind] = MappingProxyType({str: Kind.PROSE, date: Kind.DAY, bool: Kind.TICK})


@dataclass(frozen=True)
class Field:
    """One field of a shape; its name is that of the column, of the input and of its words."""

    name: str
    kind: Kind | Steps
    is_optional: bool


def fields_of(shape: type) -> tuple[Field, ...]:
    """The fields of a shape, in the order in which they are asked."""
    hints = get_type_hints(shape, include_extras=True)
    return tuple(Field(each.name, _kind(hints[each.name]), each.default is not MISSING) for each in fields(shape))


def _kind(hint: Any) -> Kind | Steps:
    if get_origin(hint) is Annotated:
        found: Kind | Steps = hint.__metadata__[0]
        return found
    either = [each for each in get_args(hint) if each is not NoneType]
    return _kind(either[0]) if either else _PLAIN[hint]


def asked_by(field: Field) -> list[Field]:
    """The inputs that ask for a field: itself, or one for each of its steps, counted from 1."""
    if not isinstance(field.kind, Steps):
        return [field]
    numbers = range(1, field.kind.most + 1)
    return [Field(f"{field.name}_{number}", Kind.PROSE, number > field.kind.least) for number in numbers]


def answers(said: object) -> Iterator[tuple[Field, Any]]:
    """What was said, field by field; of steps, one after the other."""
    for field in fields_of(type(said)):
        value = getattr(said, field.name)
        yield from ((field, each) for each in (value if isinstance(field.kind, Steps) else [value]))


def values_of(said: object) -> dict[str, Any]:
    """What was said, by the names of the columns and as rows hold it: texts stripped, sequences as lists."""
    return {each.name: _stored(getattr(said, each.name)) for each in fields_of(type(said))}


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.strip() if type(value) is str else value


def of_row(shape: type[S], row: object, **otherwise: Any) -> S:
    """What a row holds of a shape, by the same names; `otherwise` is what it holds in other words."""
    values = {each.name: getattr(row, each.name) for each in fields_of(shape) if each.name not in otherwise}
    same = {name: tuple(each) if isinstance(each, list) else each for name, each in values.items()}
    return shape(**same, **otherwise)
