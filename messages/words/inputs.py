"""The inputs of a form, built from the shape of what it asks.

The words of a field stand in the form's template under the field's name: the question as `correction`, the hint, if
there is one, as `correction_hint`; of a step `causes_1`; beside a box to tick `personal_data_yes`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

from slack_sdk.models.blocks import Block

from messages.words import fields
from messages.words.fields import Choice
from messages.words.wording import Words
from workflows.shapes import Field, Kind, Steps, asked_by, fields_of

Choices = Sequence[Choice] | Mapping[str, Sequence[Choice]]
"""What can be chosen: all of it visible or in a menu, or in a menu under headings."""

FEW = 5
"""Up to so many choices are all visible; more go into a menu."""


def inputs(
    shape: type,
    wording: Words,
    *,
    given: Mapping[str, Any] | None = None,
    choices: Mapping[str, Choices] | None = None,
    without: Collection[str] = (),
) -> list[Block]:
    """An input for each field of `shape` but those `without`; what is `given` stands in it already."""
    return [
        _input(asked, wording, value, (choices or {}).get(field.name, ()))
        for field in fields_of(shape)
        if field.name not in without
        for asked, value in zip(asked_by(field), _before(field, given or {}), strict=False)
    ]


def _before(field: Field, given: Mapping[str, Any]) -> Iterable[Any]:
    value = given.get(field.name)
    return chain(value or (), repeat(None)) if isinstance(field.kind, Steps) else [value]


def _input(field: Field, wording: Words, given: Any, choices: Choices) -> Block:
    name, label, hint = field.name, wording[field.name], wording.get(f"{field.name}_hint")
    match field.kind:
        case Kind.DAY:
            return fields.day(name, label, hint, given=given, optional=field.is_optional)
        case Kind.PERSON:
            return fields.person(name, label, hint, given=given, optional=field.is_optional)
        case Kind.PEOPLE:
            return fields.people(name, label, hint, given=given or (), optional=field.is_optional)
        case Kind.TICK:
            yes = [(name, wording[f"{name}_yes"].plain)]
            return fields.ticks(name, label, yes, hint, given=[name] if given else [], optional=True)
        case Kind.CHOICES:
            return _choices(field, wording, given or (), choices)
        case Kind.CHOICE:
            return _choice(field, wording, given, choices)
    is_long = field.kind is Kind.PROSE
    return fields.text(name, label, hint, given=given or "", long=is_long, optional=field.is_optional)


def _choice(field: Field, wording: Words, given: str | None, choices: Choices) -> Block:
    label, hint = wording[field.name], wording.get(f"{field.name}_hint")
    if isinstance(choices, Mapping):
        groups = list(choices.items())
        return fields.one_of_groups(field.name, label, groups, hint, given=given, optional=field.is_optional)
    one_of = fields.radio if len(choices) <= FEW else fields.one_of
    return one_of(field.name, label, choices, hint, given=given)


def _choices(field: Field, wording: Words, given: Collection[str], choices: Choices) -> Block:
    label, hint = wording[field.name], wording.get(f"{field.name}_hint")
    if not isinstance(choices, Mapping):
        return fields.ticks(field.name, label, choices, hint, given=given, optional=field.is_optional)
    groups = list(choices.items())
    return fields.several_of(field.name, label, groups, hint, given=given, optional=field.is_optional)


def named(wording: Words, name: str, keys: Iterable[str]) -> list[Choice]:
    """The choices of a field in the words of its template: `control` of `kind` is `kind_control` there."""
    return [(key, wording[f"{name}_{key}"].plain) for key in keys]
