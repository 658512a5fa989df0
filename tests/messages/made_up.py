"""A language that nobody speaks: every word of the templates in wide letters, every day and list in Greek ones.

Whatever is still in plain Latin letters on a screen came from elsewhere: from a value, or from English in the code.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from messages.packs import index
from messages.words import wording
from messages.words.wording import rooms

LANGUAGE = "el"
"""Whose days, figures and lists it has."""

_PLACE = re.compile(r"(%[ds])|[^%]+|%")
"""What `format` fills in stays as it is."""

_CODE = re.compile(r"(<[^<>]*(?:>|$)|^[^<>]*>|&\w+;)|[^<&]+|[<&]")
"""So do tags of HTML, whole or up to where a value is put into them."""

_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in map(chr, range(128)) if letter.isalpha()}
_SAID_IN_ARGUMENTS = ("plural", "any_of", "join", "default")
"""Filters that are given words of the template to say."""

N = TypeVar("N", bound=nodes.Node)


def wide(text: str, kept: re.Pattern[str] = _PLACE) -> str:
    """Its letters in wide ones, and everything else, such as marks and figures, as it is; so is what is `kept`."""
    return kept.sub(lambda found: found[1] or found[0].translate(_WIDE), text)


class MadeUp(Environment):
    """The templates there are, in the language that nobody speaks."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        kept = _CODE if name and name.endswith(".html.j2") else _PLACE
        return _Translator(kept).visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]  # Jinja's visitors are not typed


class _Translator(NodeTransformer):
    def __init__(self, kept: re.Pattern[str]) -> None:
        self._kept = kept

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - Jinja asks for it by this name
        for each in node.nodes:
            _translate(each, self._kept)
        return node


def _translate(node: Any, kept: re.Pattern[str]) -> None:
    """Make wide whatever an expression may come to say; what it only compares or looks up stays as it is."""
    if isinstance(node, nodes.TemplateData):
        node.data = wide(node.data, kept)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        node.value = wide(node.value)
    for part in _PARTS.get(type(node), lambda _: ())(node):
        _translate(part, kept)


def _looked_up(node: Any) -> tuple[Any, ...]:
    return (node.node,) if isinstance(node.node, nodes.Dict | nodes.List) else ()


_PARTS: dict[type[nodes.Node], Callable[[Any], Iterable[Any]]] = {
    nodes.CondExpr: lambda node: (node.expr1, node.expr2),
    nodes.Getitem: _looked_up,
    nodes.Dict: lambda node: [pair.value for pair in node.items],
    nodes.List: lambda node: node.items,
    nodes.Concat: lambda node: node.nodes,
    nodes.Filter: lambda node: (node.node, *(node.args if node.name in _SAID_IN_ARGUMENTS else ())),
    nodes.Call: lambda node: (*_looked_up(node.node), *node.args[1:]) if isinstance(node.node, nodes.Getattr) else (),
    **dict.fromkeys((nodes.Or, nodes.And, nodes.Add), lambda node: (node.left, node.right)),
}
"""What else of an expression is said with it."""


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say everything in that language from here on, out of the templates there are."""
    there_are = rooms()
    for place in (wording, index):
        monkeypatch.setattr(place, "Environment", MadeUp)
        monkeypatch.setattr(place, "rooms", lambda _: there_are)
    monkeypatch.setattr(wording.Words, "language", property(lambda _: LANGUAGE, lambda *_: None), raising=False)
