"""A process of its own that makes or restores a backup and stops at a step, to be killed there.

    python -m tests.bot.backup_process <database url> <store url> <folder> <step>

The step is `backup` or `restore`, a colon, and where: `database`, before it is copied, `half way` through the files, or
`last`, after the last of them. It says `here` once it stands there.
"""

import asyncio
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.progress import Progress, TaskID

from bot.commands import backup
from bot.settings import Settings
from tests.bot.conftest import TOKENS
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
    print("here", flush=True)  # noqa: T201 - this is how the test is told
    while True:
        signal.pause()


def main(database_url: str, store_url: str, folder: Path, step: str) -> None:
    """Do what the step says until there."""
    urls = {"DESKAUDIT_DATABASE_URL": database_url, "DESKAUDIT_EVIDENCE_URL": store_url}
    values: dict[str, Any] = {**TOKENS, **urls}
    settings = Settings(**values)
    command, _, stop = step.partition(":")
    progress = StoppingProgress(disable=True)
    progress.step = stop
    if command == "backup":
        asyncio.run(backup.back_up(settings, folder, StoppedClock(), progress))
    else:
        asyncio.run(backup.restore(settings, folder, progress))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
