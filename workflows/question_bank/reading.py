"""From data as people write it to shapes; what can't be read is told, all of it.

What a key holds is said by the shape's fields. Three things are written more shortly than they are kept: an option has
its labels beside its id, a condition is one key, and what is for the auditor stands among the question's other keys.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workflows.question_bank.faults import Fault, Why
from workflows.question_bank.marked import Path
from workflows.question_bank.shapes import (
    BankQuestion,
    Condition,
    ForAuditor,
    Option,
    Question,
    Texts,
    Trait,
)

ENGLISH = "en"
LANGUAGES = ("en", "de")
YES_AND_NO: Mapping[str, bool] = MappingProxyType({"true": True, "yes": True, "false": False, "no": False})
OF_FILES = frozenset({Trait.NO_FILE, Trait.FILE_OLDER_THAN})
OF_OTHERS = frozenset({Trait.ANY, Trait.ALL})


class Reading:
    """Reads values, and keeps what is wrong with them. What could not be read is None, and its fault is there."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def question(self, data: Any, at: Path) -> BankQuestion | None:
        """A question with all that belongs to it, or None. A key too many is a fault, yet it is looked further."""
        if not isinstance(data, dict):
            self._wrong(at, Why.NOT_A_MAPPING)
            return None
        told = {each.name: data[each.name] for each in fields(ForAuditor) if each.name in data}
        other = {key: value for key, value in data.items() if key not in told}
        found: BankQuestion | None = self._shape(Question, other, at, for_auditor=self._shape(ForAuditor, told, at))
        return found if found and found.for_auditor else None

    def value(self, hint: Any, data: Any, at: Path) -> Any:
        """What the data says, as the hint wants it."""
        shape, arguments = get_origin(hint) or hint, get_args(hint)
        if hint is Texts or isinstance(hint, TypeVar):
            return self._texts(data, at)
        if shape in (Union, UnionType):
            return self.value(next(each for each in arguments if each is not NoneType), data, at)
        if shape is tuple:
            return self._list(arguments[0], data, at)
        if isinstance(shape, type) and issubclass(shape, Mapping):
            return self._mapping(arguments[1], data, at)
        if is_dataclass(shape):
            return self._written(shape, data, at)
        return self._scalar(shape, data, at)

    def _written(self, shape: Any, data: Any, at: Path) -> Any:
        if shape is Option:
            return self._option(data, at)
        if shape is Condition:
            return self._condition(data, at)
        return self._shape(shape, data, at) if isinstance(data, dict) else self._wrong(at, Why.NOT_A_MAPPING)

    def _shape(self, shape: Any, data: Mapping[str, Any], at: Path, **already: Any) -> Any:
        asked = [each for each in fields(shape) if each.name not in already]
        hints, names = get_type_hints(shape), [each.name for each in asked]
        for key in data:
            if key not in names:
                self._wrong((*at, key), Why.UNKNOWN_KEY, key=key, near=_nearest(key, names))
        for each in asked:
            if each.default is MISSING and each.name not in data:
                self._wrong(at, Why.MISSING, key=each.name)
        known = len(self.faults)
        values = {name: self.value(hints[name], data[name], (*at, name)) for name in names if name in data}
        return None if len(self.faults) > known or self._lacks(asked, data) else shape(**values, **already)

    def _lacks(self, asked: Any, data: Mapping[str, Any]) -> bool:
        return any(each.default is MISSING and each.name not in data for each in asked)

    def _list(self, of: Any, data: Any, at: Path) -> Any:
        if isinstance(data, dict) or data is None:
            return self._wrong(at, Why.NOT_A_LIST)
        listed = data if isinstance(data, list) else [data]
        return tuple(self.value(of, each, (*at, place)) for place, each in enumerate(listed))

    def _mapping(self, of: Any, data: Any, at: Path) -> Any:
        if not isinstance(data, dict):
            return self._wrong(at, Why.NOT_A_MAPPING)
        return {key: self.value(of, each, (*at, key)) for key, each in data.items()}

    def _texts(self, data: Any, at: Path) -> Any:
        """By language, or one text, which is English."""
        if not isinstance(data, dict):
            return {ENGLISH: self._scalar(str, data, at)}
        for key in data:
            if key not in LANGUAGES:
                self._wrong((*at, key), Why.UNKNOWN_KEY, key=key, near=", ".join(LANGUAGES))
        return {key: self._scalar(str, each, (*at, key)) for key, each in data.items()} or self._wrong(at, Why.EMPTY)

    def _scalar(self, shape: Any, data: Any, at: Path) -> Any:
        if not isinstance(data, str):
            return self._wrong(at, Why.NOT_A_TEXT)
        if not data:
            return self._wrong(at, Why.EMPTY)
        if shape is bool:
            found = YES_AND_NO.get(data.lower())
            return self._wrong(at, Why.NOT_TRUE_OR_FALSE) if found is None else found
        if issubclass(shape, StrEnum):
            return shape(data) if data in tuple(shape) else self._wrong(at, Why.ONE_OF, word=data, known=tuple(shape))
        try:
            found = shape(data)
        except ValueError:
            return self._wrong(at, Why.NOT_A_NUMBER, word=data)
        return found if shape is str or isfinite(found) else self._wrong(at, Why.NOT_A_NUMBER, word=data)

    def _option(self, data: Any, at: Path) -> Any:
        if not isinstance(data, dict):
            return Option(slug(data), {ENGLISH: data}) if data and isinstance(data, str) else self._wrong(at, Why.EMPTY)
        labels = {key: value for key, value in data.items() if key != "id"}
        return self._shape(Option, {"id": data.get("id")}, at, label=self._texts(labels, at))

    def _condition(self, data: Any, at: Path) -> Any:
        if not isinstance(data, dict) or len(data) != 1:
            return self._wrong(at, Why.NOT_ONE_CONDITION)
        (name, said), place = next(iter(data.items())), (*at, *data)
        if name not in tuple(Trait):
            return self._wrong(place, Why.ONE_OF, word=name, known=tuple(Trait))
        trait = Trait(name)
        if trait is Trait.ANSWER_IS:
            return Condition(trait, answers=self._list(str, said, place) or ())
        if trait in OF_FILES:
            return Condition(trait, evidence=self._scalar(str, said, place) or "")
        if trait in OF_OTHERS:
            return Condition(trait, of=self._list(Condition, said, place) or ())
        return Condition(trait, than=self._scalar(float, said, place) or 0)

    def _wrong(self, at: Path, why: Why, **about: object) -> Any:
        self.faults.append(Fault(at, why, about))
        return None


def slug(text: str) -> str:
    """An id made of words: `At home` is `at-home`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _nearest(key: str, names: list[str]) -> str:
    return next(iter(get_close_matches(key, names, 1)), "")
