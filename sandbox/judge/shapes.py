"""Small checks that Block Kit's tables are made of. A check is given a value and its JSON pointer, and yields faults.

The sentences are worded like Slack's own ("must be less than 151 characters"). No check trusts a value: whatever JSON
can hold may come, and is answered with a fault.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.judge.objection import Objection, missing

Check = Callable[[Any, str], Iterable[Objection]]


@dataclass(frozen=True)
class Shape:
    """An object: keys it must have, keys it may have, and a check of the whole once its keys are right.

    In Block Kit a key that is null is a key not given; where `nulls` is false, null is a value like any other.
    """

    required: Mapping[str, Check]
    optional: Mapping[str, Check]
    whole: Check | None = None
    nulls: bool = True

    def __call__(self, value: Any, pointer: str) -> Iterator[Objection]:
        if not isinstance(value, dict):
            yield Objection(pointer, "must provide an object")
            return
        faults = list(self._keys(value, pointer))
        yield from faults
        if self.whole and not faults:
            yield from self.whole(value, pointer)

    def _keys(self, value: Mapping[str, Any], pointer: str) -> Iterator[Objection]:
        for name in self.required:
            if name not in value or (self.nulls and value[name] is None):
                yield missing(pointer, name)
        for name, part in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                yield Objection(pointer, f"invalid additional property: {name}")
            elif part is not None or not self.nulls:
                yield from check(part, f"{pointer}/{name}")


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object that says by its `type` which check it is for."""

    def check(value: Any, pointer: str) -> Iterable[Objection]:
        if not isinstance(value, dict):
            return [Objection(pointer, "must provide an object")]
        kind = value.get("type")
        if kind is None:
            return [missing(pointer, "type")]
        if not isinstance(kind, str):
            return [Objection(f"{pointer}/type", "must provide a string")]
        if kind not in kinds:
            return [Objection(f"{pointer}/type", f"unsupported type: {kind}")]
        return kinds[kind](value, pointer)

    return check


def text(longest: int | None = None, shortest: int = 1) -> Check:
    """A text of so many characters; without `longest` Slack's reference names no limit."""

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if not isinstance(value, str):
            yield Objection(pointer, "must provide a string")
        elif len(value) < shortest:
            yield Objection(pointer, f"must be more than {shortest - 1} characters")
        elif longest is not None and len(value) > longest:
            yield Objection(pointer, f"must be less than {longest + 1} characters")

    return check


def matching(pattern: str, meaning: str, longest: int | None = None) -> Check:
    """A text of a certain form."""
    form = re.compile(pattern)

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if not isinstance(value, str) or not form.fullmatch(value):
            yield Objection(pointer, f"must be {meaning}")
        elif longest is not None and len(value) > longest:
            yield Objection(pointer, f"must be less than {longest + 1} characters")

    return check


def whole_number(lowest: int, highest: int | None = None) -> Check:
    """An integer of a range; without `highest` it has no upper end."""
    meaning = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= lowest
        if not fits or (highest is not None and value > highest):
            yield Objection(pointer, f"must be a whole number {meaning}")

    return check


def flag(value: Any, pointer: str) -> Iterator[Objection]:
    """True or false."""
    if not isinstance(value, bool):
        yield Objection(pointer, "must provide a boolean")


def number(value: Any, pointer: str) -> Iterator[Objection]:
    """Any number that JSON can write."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or (isinstance(value, float) and not math.isfinite(value)):
        yield Objection(pointer, "must provide a number")


def above_zero(value: Any, pointer: str) -> Iterator[Objection]:
    faults = list(number(value, pointer))
    yield from faults
    if not faults and value <= 0:
        yield Objection(pointer, "must be greater than 0")


def anything(_: Any, __: str) -> Iterable[Objection]:
    """Judged elsewhere, or not at all."""
    return ()


def one_of(*words: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if not isinstance(value, str) or value not in words:
            yield Objection(pointer, f"must be a valid enum value: {', '.join(words)}")

    return check


def listed(item: Check, most: int | None = None, least: int = 1) -> Check:
    """A list of so many, each checked; without `most` Slack's reference names no limit."""

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if not isinstance(value, list):
            yield Objection(pointer, "must provide an array")
            return
        if most is not None and len(value) > most:
            yield Objection(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            yield Objection(pointer, f"no fewer than {least} items allowed")
        for index, part in enumerate(value):
            yield from item(part, f"{pointer}/{index}")

    return check


def distinct(value: Any, pointer: str) -> Iterator[Objection]:
    """No text of a list comes twice."""
    seen: set[str] = set()
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, str):
            if one in seen:
                yield Objection(f"{pointer}/{index}", "must not come twice")
            seen.add(one)


def exactly_one(*names: str) -> Check:
    """An object has one of these keys, and not two."""

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if _given(value, names) != 1:
            yield Objection(pointer, f"must provide exactly one of: {', '.join(names)}")

    return check


def not_both(one: str, other: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if _given(value, (one, other)) > 1:
            yield Objection(pointer, f"must provide only one of: {one}, {other}")

    return check


def at_least_one(*names: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Objection]:
        if not _given(value, names):
            yield Objection(pointer, f"missing required field: one of {', '.join(names)}", field=names[0])

    return check


def every(*checks: Check) -> Check:
    """All of these checks."""

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        for one in checks:
            yield from one(value, pointer)

    return check


def unique(key: str, where: str) -> Check:
    """No two objects of the list under `where` have the same `key`."""

    def check(value: Any, pointer: str) -> Iterator[Objection]:
        entries = ((entry.get(key), f"{pointer}/{where}/{n}") for n, entry in enumerate(value.get(where) or ()))
        yield from repeated(entries, key)

    return check


def repeated(entries: Iterable[tuple[str | None, str]], key: str) -> Iterator[Objection]:
    """A fault at each of these (id, pointer) whose id came before; what has no id is unlike everything."""
    seen: set[str] = set()
    for one, pointer in entries:
        if one in seen:
            yield Objection(f"{pointer}/{key}", f"`{key}` {one} already exists")
        elif one is not None:
            seen.add(one)


def without_nulls(value: Any) -> Any:
    """A copy without the keys that are null, which to Slack are keys not given."""
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return value


def _given(value: Mapping[str, Any], names: Iterable[str]) -> int:
    return sum(value.get(name) is not None for name in names)
