"""A dispatcher in a process of its own, without Slack's pace: it begins at a line and ends when its input closes.

It is told the URL of the database and of Slack.
"""

import asyncio
import math
import sys

from benchmarks import company
from bot.clock import WallClock
from bot.http.server import Meters
from bot.rooms import composers
from bot.sending.dispatcher import Dispatcher
from bot.slack.gateway import Gateway
from bot.slack.rate_limits import Pace
from storage.engine.database import Database
from storage.files.blobs import BlobStore


async def main(database_url: str, slack_url: str) -> None:
    """Say that it is ready, and send until the standard input closes."""
    database = Database.open(database_url)
    gateway = Gateway.open(token="xoxb-bench", base_url=slack_url)
    dispatcher = Dispatcher(
        database=database,
        gateway=gateway,
        blobs=BlobStore.open("memory://"),
        clock=WallClock(),
        composers=composers(),
        meters=Meters(),
        pace=Pace(math.inf),
    )
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await dispatcher.start(company.TEAM)
    await asyncio.to_thread(sys.stdin.read)
    await dispatcher.stop()
    await gateway.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
