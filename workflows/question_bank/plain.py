"""Shapes as plain data and back: what JSON can hold, by the names of the fields."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

S = TypeVar("S")


def plain(value: Any) -> Any:
    """A shape as dicts, lists and values. What says no more than its default is left out."""
    if is_dataclass(value):
        return {each.name: plain(said) for each in fields(value) if (said := getattr(value, each.name)) != each.default}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value.value if isinstance(value, StrEnum) else value


def made(hint: Any, data: Any, words: Any = str) -> Any:
    """The shape that `plain` made the data of; `words` is how it keeps texts. Raises `KeyError` or `ValueError`."""
    shape: Any = get_origin(hint) or hint
    arguments = get_args(hint)
    if isinstance(hint, TypeVar):
        return made(words, data)
    if shape in (Union, UnionType):
        return None if data is None else made(next(each for each in arguments if each is not NoneType), data, words)
    if shape is tuple:
        return tuple(made(arguments[0], each, words) for each in data)
    if isinstance(shape, type) and issubclass(shape, Mapping):
        return {key: made(arguments[1], each, words) for key, each in data.items()}
    return _made_of_fields(shape, data, words) if is_dataclass(shape) else shape(data)


def _made_of_fields(shape: Any, data: Mapping[str, Any], words: Any) -> Any:
    hints = get_type_hints(shape)
    return shape(
        **{each.name: made(hints[each.name], data[each.name], words) for each in fields(shape) if each.name in data}
    )
