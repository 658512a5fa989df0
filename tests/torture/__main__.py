"""`python -m tests.torture`: torture the real bot, and say what was lost. It ends with 1 when anything was."""

import argparse
import asyncio
import secrets
import shutil
import sys
from pathlib import Path

from rich.console import Console

from tests.torture.options import Options
from tests.torture.processes import Died
from tests.torture.running import run

FOLDER = Path("var/torture")
"""Logs, the sandbox's store and the bot's files of the last run are left there."""


def _asked(words: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="what chance begins with")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite", help="postgres: with S3")
    parser.add_argument("--replicas", type=int, default=1, help="processes of the bot; several need postgres")
    parser.add_argument("--transport", choices=("socket", "http"), default="socket", help="how Slack reaches the bot")
    parser.add_argument("--kills", type=int, default=20, help="so many, half as many freezes, and faults beside them")
    parser.add_argument("--seconds", type=float, default=180.0, help="for how long people and troubles come")
    given = parser.parse_args(words)
    if given.replicas > 1 and given.database == "sqlite":
        parser.error("several replicas need --database postgres")
    return Options(**vars(given))


def main(words: list[str]) -> int:
    """Run once; the exit code."""
    options, console = _asked(words), Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"seed {options.seed}: {options.command}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        report = asyncio.run(run(options, FOLDER.resolve(), console.print))
    except Died as died:
        console.print(f"DIED        {died}")
        return 1
    for line in report.lines():
        console.print(line)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
