"""From a form that was filled in to the shape of what it asks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from bot.slack.calls import Filled
from workflows.pasted_secrets import must_hold_none
from workflows.refusals import wanted
from workflows.shapes import Field, Kind, Steps, asked_by, fields_of

S = TypeVar("S")


def filled(call: Filled, shape: type[S]) -> S:
    """What was entered. A field that was not asked keeps its default; whether what is wanted is there, rules check.

    Raises `InputWanted` for a day without which there is no such shape, and `LooksLikeSecret` for a text that looks
    like holding a password, a key or an account number: nothing is kept, and what was typed stays in the form.
    """
    return shape(**{each.name: _entered(call, each) for each in fields_of(shape) if _was_asked(call, each)})


def _was_asked(call: Filled, field: Field) -> bool:
    return not field.is_optional or field.name in call.fields


def _entered(call: Filled, field: Field) -> Any:
    if isinstance(field.kind, Steps):
        return tuple(text for each in asked_by(field) if (text := prose(call, each.name)))
    value = _READ[field.kind](call, field.name)
    if value is not None or field.is_optional:
        return value
    if field.kind is Kind.PERSON:  # who is wanted, the room's rules say
        return ""
    raise wanted(field)


def prose(call: Filled, name: str) -> str:
    """What was typed into a field. Raises `LooksLikeSecret` if it looks like holding one."""
    text = call.text(name)
    must_hold_none(text, name)
    return text


_READ: Mapping[Kind, Callable[[Filled, str], Any]] = MappingProxyType(
    {
        Kind.PROSE: prose,
        Kind.LINE: prose,
        Kind.DAY: Filled.day,
        Kind.TICK: lambda call, name: name in call.choices(name),
        Kind.PERSON: Filled.person,
        Kind.PEOPLE: lambda call, name: tuple(call.people(name)),
        Kind.CHOICE: lambda call, name: call.choice(name) or "",
        Kind.CHOICES: lambda call, name: tuple(call.choices(name)),
    }
)
