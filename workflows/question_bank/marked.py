"""YAML as people write it, with the line on which each of its values stands.

Every scalar stays the text that it is: a requirement written 8.10 must not become 8.1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times as fast where libyaml is there
Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys, and places in lists counted from 0."""


@dataclass(frozen=True)
class Marked:
    """What a file says, and the line, counted from 1, on which each value begins."""

    data: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Where the value stands, or else what it belongs to."""
        return next(self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines)


class NotYaml(Exception):
    """A text that can't be read; `line` is where reading stopped."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class HasAliases(NotYaml):
    """A value that stands for another one. Written out, aliases of aliases multiply, and one of itself never ends."""


def marked(text: str) -> Marked:
    """Read YAML. Raises `NotYaml`, or `HasAliases` for one that isn't written out."""
    try:
        _no_aliases(text)
        node = yaml.compose(text, Loader=LOADER)
        return Marked(_value(node), dict(_lines(node, ()))) if node else Marked(None, {(): 1})
    except yaml.MarkedYAMLError as error:
        raise NotYaml(error.problem_mark.line + 1 if error.problem_mark else 1) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise NotYaml(1) from error


def _no_aliases(text: str) -> None:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise HasAliases(event.start_mark.line + 1)  # type: ignore[union-attr]  # parsed events have marks


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, _name(key)))
            yield (*path, _name(key)), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, (*path, place))


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_name(key): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    return node.value.replace("\0", "").strip()


def _name(key: yaml.Node) -> str:
    return key.value if isinstance(key, yaml.ScalarNode) else ""
