"""The sandbox in a process of its own, with as many people as asked for: what an app needs goes to standard output.

It is told its folder, the factor of its rate limits (`none` without limits) and how many people there are, and runs
until its standard input closes.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.rooms import ROUTES
from bot.slack.manifest import manifest
from sandbox.clock import wall_clock
from sandbox.company import Company
from sandbox.server import Sandbox


def person_id(number: int) -> str:
    """The Slack id of one of the people."""
    return f"U0BENCH{number:04d}"


def _company(people: int) -> Company:
    document = {
        "team": {"id": "T0BENCH", "name": "Bench", "domain": "bench"},
        "people": [{"id": person_id(number), "name": f"Person {number}"} for number in range(people)],
        "channels": [],
    }
    return Company.from_document(document)


async def main(folder: str, factor: str, people: str) -> None:
    """Run until the standard input closes."""
    sandbox = Sandbox(
        folder=Path(folder),
        manifest=manifest(ROUTES),
        companies=[_company(int(people))],
        start=wall_clock(),
        rate_factor=None if factor == "none" else float(factor),
    )
    await sandbox.start()
    print(json.dumps(sandbox.environment), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
