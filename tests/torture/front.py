"""One address before several replicas, as a proxy gives it: each connection goes to the next one that listens."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import httpx

CHUNK = 65536


@asynccontextmanager
async def opened(ports: Sequence[int]) -> AsyncIterator[str]:
    """The address at which Slack calls the app, whichever replica answers."""
    turns = count()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turns)
        for turn in range(len(ports)):
            with suppress(OSError):
                replica = await asyncio.open_connection("127.0.0.1", ports[(first + turn) % len(ports)])
                await asyncio.gather(_pour(reader, replica[1]), _pour(replica[0], writer))
                return
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/slack/events"


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            target.write(chunk)
            await target.drain()
    target.close()


def is_ready(port: int) -> bool:
    """Whether the replica on a port says that it can work."""
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1, trust_env=False).is_success
    return False
