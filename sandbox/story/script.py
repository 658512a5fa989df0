"""What a story consists of, and how one goes wrong."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WIDTH = 100
MOST_LINES = 30
"""Of what was seen instead: more than a screen helps nobody."""


@dataclass(frozen=True)
class Step:
    """One deed of one person, and what is then seen.

    `of` names the message or surface that is acted on, `at` the channel it happens in (else the app's messages).
    `place` is where one looks afterwards, `thread` the words of the message whose thread is looked at. `where` says
    where the step stands, for whoever has to look it up.
    """

    tells: str
    who: str = ""
    deed: str = ""
    what: Any = None
    of: str = ""
    sees: tuple[str, ...] = ()
    place: str = "messages"
    thread: str = ""
    at: str = ""
    sees_once: tuple[str, ...] = ()
    never_sees: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    fails: str = ""
    where: str = ""


@dataclass(frozen=True)
class Chapter:
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Story:
    """A title and its chapters, and what is asked of whoever plays it.

    `begins` is the moment (aware) the workspace's clock shows before the first step; None suits every moment. `needs`
    are the deeds that the host must lend, `seed` makes its faults repeatable.
    """

    title: str
    chapters: tuple[Chapter, ...]
    begins: datetime | None = None
    needs: tuple[str, ...] = ()
    seed: int | None = None
    file: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every chapter."""
        return tuple(step for chapter in self.chapters for step in chapter.steps)


class StoryRefused(ValueError):
    """A story cannot be played: in which file, on which line, and what was expected there."""


class StoryFailed(Exception):
    """A step did not go as the story says: which one, what was expected, what was seen."""

    def __init__(self, step: Step, expected: str, seen: str) -> None:
        place = f"{step.where}: " if step.where else ""
        super().__init__(f"{place}{step.tells}\n  expected: {expected}\n  seen:\n{_bounded(seen)}")
        self.step = step


def _bounded(seen: str) -> str:
    """The end of what was seen, wrapped and indented: the newest stands last."""
    lines = [
        part
        for line in seen.splitlines()
        if line.strip()
        for part in textwrap.wrap(line, WIDTH, initial_indent="    ", subsequent_indent="    ")
    ]
    left_out = ["    …"] if len(lines) > MOST_LINES else []
    return "\n".join([*left_out, *lines[-MOST_LINES:]]) or "    nothing"
