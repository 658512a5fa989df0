"""Small checks that Block Kit's tables are made of. A check is given a value and its JSON pointer, and yields faults.

The sentences are worded like Slack's own ("must be less than 151 characters").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.judge.fault import Fault

Check = Callable[[Any, str], Iterator[Fault]]


@dataclass(frozen=True)
class Shape:
    """An object: keys it must have, keys it may have, and a check of the whole once its keys are right."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check]
    whole: Check | None = None

    def __call__(self, value: Any, pointer: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(pointer, "must provide an object")
            return
        faults = list(self._keys(value, pointer))
        yield from faults
        if self.whole and not faults:
            yield from self.whole(value, pointer)

    def _keys(self, value: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
        for name in self.required:
            if value.get(name) is None:
                yield Fault(pointer, f"missing required field: {name}")
        for name, part in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                yield Fault(pointer, f"invalid additional property: {name}")
            elif part is not None:
                yield from check(part, f"{pointer}/{name}")


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object that says by its `type` which check it is for."""

    def check(value: Any, pointer: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            yield Fault(pointer, "missing required field: type")
        elif not isinstance(kind, str) or kind not in kinds:
            yield Fault(f"{pointer}/type", f"unsupported type: {kind}")
        else:
            yield from kinds[kind](value, pointer)

    return check


def text(longest: int, shortest: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(pointer, "must provide a string")
        elif len(value) < shortest:
            yield Fault(pointer, f"must be more than {shortest - 1} characters")
        elif len(value) > longest:
            yield Fault(pointer, f"must be less than {longest + 1} characters")

    return check


def matching(pattern: str, meaning: str) -> Check:
    """A text of a certain form."""

    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield Fault(pointer, f"must be {meaning}")

    return check


def whole_number(lowest: int, highest: int) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            yield Fault(pointer, f"must be a whole number from {lowest} to {highest}")

    return check


def flag(value: Any, pointer: str) -> Iterator[Fault]:
    """True or false."""
    if not isinstance(value, bool):
        yield Fault(pointer, "must provide a boolean")


def number(value: Any, pointer: str) -> Iterator[Fault]:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(pointer, "must provide a number")


def one_of(*words: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in words:
            yield Fault(pointer, f"must be a valid enum value: {', '.join(words)}")

    return check


def listed(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many, each checked."""

    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(pointer, "must provide an array")
            return
        if len(value) > most:
            yield Fault(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            yield Fault(pointer, f"no fewer than {least} items allowed")
        for index, part in enumerate(value):
            yield from item(part, f"{pointer}/{index}")

    return check


def exactly_one(*names: str) -> Check:
    """An object has one of these keys, and not two."""

    def check(value: Any, pointer: str) -> Iterator[Fault]:
        if sum(value.get(name) is not None for name in names) != 1:
            yield Fault(pointer, f"must provide exactly one of: {', '.join(names)}")

    return check
