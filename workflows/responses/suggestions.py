"""Responses: examples of causes, actions and measures for a requirement. They are offered, and never filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

EXAMPLES = Path(__file__).with_name("suggestions.yaml")
CONTROLS_OF = "iso27001-2022"
"""The edition whose controls have examples of their own."""

ALL_OF_THEM = "100 %"
"""The target that is proposed where there is no example."""


class BadExample(ValueError):
    """An entry of the examples lacks something, or has something too many."""


@dataclass(frozen=True)
class Measure:
    """How it would show that an action worked: what is counted, how much is good enough, from where, and when."""

    measure: str
    target: str
    source: str
    period: str


@dataclass(frozen=True)
class Examples:
    """What others found about a requirement, why it happened, what removed the cause, and how it showed."""

    findings: Sequence[str]
    causes: Sequence[str]
    actions: Sequence[str]
    measure: Measure


def for_requirement(reference: str) -> Examples | None:
    """The examples for a requirement, given as `edition:number`; None where there are none."""
    return _all().get(reference)


def target_of(reference: str) -> str:
    """The target that is proposed for a requirement."""
    found = for_requirement(reference)
    return found.measure.target if found else ALL_OF_THEM


@cache
def _all() -> Mapping[str, Examples]:
    return read(yaml.safe_load(EXAMPLES.read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Mapping[str, Examples]:
    """The examples by the references that they are for. Raises `BadExample` for an entry that isn't as it should be."""
    controls = {f"{CONTROLS_OF}:{number}": _examples(number, told) for number, told in data["controls"].items()}
    clauses = {
        f"{edition}:{number}": _examples(f"{edition}:{number}", _without(told, "requirements"))
        for told in data["clauses"]
        for edition, numbers in told["requirements"].items()
        for number in numbers
    }
    return MappingProxyType({**clauses, **controls})


def _examples(name: str, told: Mapping[str, Any]) -> Examples:
    _must_hold(name, told, Examples)
    _must_hold(name, told["measure"], Measure)
    texts = {key: tuple(_text(name, each) for each in told[key]) for key in ("findings", "causes", "actions")}
    return Examples(**texts, measure=Measure(**{key: _text(name, each) for key, each in told["measure"].items()}))


def _must_hold(name: str, told: Mapping[str, Any], shape: type) -> None:
    wanted = {each.name for each in fields(shape)}
    if told.keys() != wanted or not all(told.values()):
        raise BadExample(f"{name} should hold {', '.join(sorted(wanted))}, each with something in it")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadExample(f"{name} holds something that is no text: {value!r}")
    return value


def _without(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return {name: value for name, value in told.items() if name != key}
