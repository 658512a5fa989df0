"""The sandbox in a process of its own; what an app needs goes to standard output as JSON.

It is told its folder, the address at which the app is called (`socket` for Socket Mode), and how much faster than Slack
it delivers again. It runs until its standard input closes.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.rooms import ROUTES
from bot.slack.manifest import manifest
from sandbox import company
from sandbox.company import Company
from sandbox.server import Sandbox

MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
"""Five past nine in Berlin."""

SOCKET_MODE = "socket"


async def main(folder: str, address: str, retry_factor: str) -> None:
    """Run until the standard input closes."""
    sandbox = Sandbox(
        folder=Path(folder),
        manifest=manifest(ROUTES, None if address == SOCKET_MODE else address),
        companies=[Company.load(company.SAMPLE)],
        start=MONDAY,
        retry_factor=float(retry_factor),
    )
    await sandbox.start()
    sys.stdout.write(json.dumps({"url": sandbox.url, "environment": sandbox.environment}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
