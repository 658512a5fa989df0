"""Reads a story file. What is malformed is refused with its line, before anything is played."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from sandbox.story.forms import FORMS, is_number, is_text
from sandbox.story.script import Chapter, Step, Story, StoryRefused

PARTS = ("tells", "who", "at", "of", "in", "sees", "sees once", "never sees", "answers", "fails")
"""What a step may have beside its deed."""

_SEEN = ("sees", "sees once", "never sees", "answers")
TOP = ("title", "begins", "needs", "seed", "chapters")
_PLACES = ("messages", "home", "modal", "thread")
_ACTED_ON = ("presses", "chooses", "takes", "reacts", "edits", "deletes")
_EXPECTED_PLACE = "messages, home, modal, thread, a #channel, or {thread: words of a message}"


class _Mapping(dict[str, Any]):
    """A mapping that knows the line it begins on, and the line of each of its keys."""

    line = 0
    lines: dict[str, int]


class _Loader(yaml.BaseLoader):
    """Leaves every word what it is: `10:30` is no number of minutes, and `yes` is what a person says."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Mapping:
    found = _Mapping()
    found.line, found.lines = node.start_mark.line + 1, {}
    for key, value in node.value:
        name = str(loader.construct_object(key))
        if name in found:
            raise yaml.MarkedYAMLError(problem=f"`{name}` stands here twice", problem_mark=key.start_mark)
        found[name] = loader.construct_object(value, deep=True)
        found.lines[name] = key.start_mark.line + 1
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_story(path: Path) -> Story:
    """Read a story. Raises StoryRefused with file, line and what was expected there."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - makes texts, lists, mappings
    except OSError as error:
        raise StoryRefused(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise StoryRefused(f"{path}, line {line}: this is no YAML, {error.problem}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StoryRefused(f"{path} is no YAML: {' '.join(str(error).split())}.") from error
    return _Reader(path).story(document)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._needs: tuple[str, ...] = ()

    def story(self, document: Any) -> Story:
        if not isinstance(document, _Mapping):
            raise self._wrong(1, "a story has `title` and `chapters`")
        self._check_keys(document, TOP, ("title", "chapters"), "a story")
        self._needs = self._texts(document, "needs")
        begins, seed = self._begins(document), document.get("seed")
        if seed is not None and not (isinstance(seed, str) and seed.isdigit()):
            raise self._wrong(document.lines["seed"], "`seed` is a whole number")
        return Story(
            title=self._text(document, "title"),
            chapters=tuple(self._chapter(row, document.lines["chapters"]) for row in self._list(document, "chapters")),
            begins=begins,
            needs=self._needs,
            seed=None if seed is None else int(seed),
            file=str(self._path),
        )

    def _begins(self, document: _Mapping) -> datetime | None:
        if "begins" not in document:
            return None
        try:
            begins = datetime.fromisoformat(document["begins"])
        except (TypeError, ValueError):
            begins = None
        if begins is None or begins.tzinfo is None:
            raise self._wrong(document.lines["begins"], "`begins` is a moment in its zone, `2027-01-04 09:05+01:00`")
        return begins

    def _chapter(self, row: Any, line: int) -> Chapter:
        if not isinstance(row, _Mapping):
            raise self._wrong(line, "a chapter has `title` and `steps`")
        self._check_keys(row, ("title", "steps"), ("title", "steps"), "a chapter")
        title, steps = self._text(row, "title"), self._list(row, "steps")
        line = row.lines["steps"]
        return Chapter(title, tuple(self._step(step, title, number, line) for number, step in enumerate(steps, 1)))

    def _step(self, row: Any, chapter: str, number: int, line: int) -> Step:
        if not isinstance(row, _Mapping):
            raise self._wrong(line, f"step {number} has a sentence, `tells`, and at most one deed")
        self._check_keys(row, (*PARTS, *FORMS, *self._needs), ("tells",), "a step")
        deeds = [name for name in row if name not in PARTS]
        if len(deeds) > 1:
            raise self._wrong(row.lines[deeds[1]], f"a step has one deed, and this one has {' and '.join(deeds)}")
        deed = deeds[0] if deeds else ""
        self._check_deed(row, deed)
        place, thread, channel = self._place(row)
        return Step(
            tells=self._text(row, "tells"),
            who=self._optional(row, "who"),
            deed=deed,
            what=_typed(row[deed]) if deed == "breaks" else row.get(deed),
            of=self._optional(row, "of"),
            sees=self._texts(row, "sees"),
            place=place,
            thread=thread,
            at=channel,
            sees_once=self._texts(row, "sees once"),
            never_sees=self._texts(row, "never sees"),
            answers=self._texts(row, "answers"),
            fails=self._optional(row, "fails"),
            where=f"{chapter}, step {number} ({self._path.name}, line {row.line})",
        )

    def _check_deed(self, row: _Mapping, deed: str) -> None:
        form = FORMS.get(deed)
        if form and not form.fits(row[deed]):
            raise self._wrong(row.lines[deed], f"after `{deed}` stands {form.words}")
        looks = any(name in row for name in _SEEN)
        if "who" not in row and (looks or (form and form.person)):
            raise self._wrong(row.line, "`who` does or sees this")
        if "of" in row and deed not in _ACTED_ON:
            raise self._wrong(row.lines["of"], f"`of` belongs to one of {', '.join(_ACTED_ON)}")
        if "fails" in row and not deed:
            raise self._wrong(row.lines["fails"], "`fails` belongs to a deed")

    def _place(self, row: _Mapping) -> tuple[str, str, str]:
        """Where one looks, the words of the message whose thread that is, and the channel the step happens in."""
        channel = self._optional(row, "at")
        if channel and not channel.startswith("#"):
            raise self._wrong(row.lines["at"], "`at` is a #channel; left out it is the app's messages")
        match row.get("in", channel or "messages"):
            case str() as place if place in _PLACES or place.startswith("#"):
                return place, "", channel
            case {"thread": str() as thread, **others} if is_text(thread) and not others:
                return channel or "messages", thread, channel
            case _:
                raise self._wrong(row.lines["in"], f"`in` is one of {_EXPECTED_PLACE}")

    def _check_keys(self, row: _Mapping, known: tuple[str, ...], needed: tuple[str, ...], what: str) -> None:
        for name in row:
            if name not in known:
                raise self._wrong(row.lines[name], f"`{name}` is no part of {what}; these are: {', '.join(known)}")
        for name in needed:
            if name not in row:
                raise self._wrong(row.line, f"{what} has `{name}`")

    def _text(self, row: _Mapping, name: str) -> str:
        if not is_text(row[name]):
            raise self._wrong(row.lines[name], f"`{name}` is a text")
        return str(row[name])

    def _optional(self, row: _Mapping, name: str) -> str:
        return self._text(row, name) if name in row else ""

    def _list(self, row: _Mapping, name: str) -> list[Any]:
        found = row[name]
        if not isinstance(found, list) or not found:
            raise self._wrong(row.lines[name], f"`{name}` is a list with something in it")
        return found

    def _texts(self, row: _Mapping, name: str) -> tuple[str, ...]:
        found = row.get(name, [])
        texts = found if isinstance(found, list) else [found]
        if not all(map(is_text, texts)):
            raise self._wrong(row.lines[name], f"`{name}` is a text, or a list of texts")
        return tuple(texts)

    def _wrong(self, line: int, expected: str) -> StoryRefused:
        return StoryRefused(f"{self._path}, line {line}: {expected}.")


def _typed(fault: Any) -> Any:
    """A fault with its settings as numbers, booleans and texts."""
    return {name: _setting(value) for name, value in fault.items()} if isinstance(fault, dict) else fault


def _setting(value: str) -> str | float | bool | None:
    if not value:
        return None
    if value in ("true", "false"):
        return value == "true"
    if not is_number(value):
        return value
    return int(value) if value.isdigit() else float(value)
