"""A program that makes or restores a backup and stands still at a step, to be killed there.

The step is `backup` or `restore`, a colon, and where: `database`, before it is copied, `half way` through the files, or
`last`, after the last of them.
"""

import asyncio
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.progress import Progress, TaskID

from bot.commands import backup
from bot.settings import Places
from tests.bot.killing import say_so
from tests.bot.kit import StoppedClock


class StoppingProgress(Progress):
    """Stands still when the progress that is told is that of its step."""

    step = ""

    def add_task(self, description: str, *words: Any, **values: Any) -> TaskID:
        if description == self.step:
            stand_still()
        return super().add_task(description, *words, **values)

    def track(self, sequence: Iterable[Any], *_words: Any, **_values: Any) -> Iterable[Any]:
        for number, each in enumerate(sequence):
            yield each
            if (self.step, number) == ("half way", 1):
                stand_still()
        if self.step == "last":
            stand_still()


def stand_still() -> None:
    """Say so, and wait to be killed."""
    say_so()
    while True:
        signal.pause()


def main(database_url: str, store_url: str, folder: str, step: str) -> None:
    """Do what the step says until there."""
    urls = {"DESKAUDIT_DATABASE_URL": database_url, "DESKAUDIT_EVIDENCE_URL": store_url}
    places = Places.model_validate(urls)
    command, _, stop = step.partition(":")
    progress = StoppingProgress(disable=True)
    progress.step = stop
    if command == "backup":
        asyncio.run(backup.back_up(places, Path(folder), StoppedClock(), progress))
    else:
        asyncio.run(backup.restore(places, Path(folder), progress))
