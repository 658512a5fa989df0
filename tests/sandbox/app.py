"""A bare app on Socket Mode: keeps every envelope and answers as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp

from sandbox.server import Sandbox

Json = dict[str, Any]
Answer = Callable[[Json], Json | None]


def acknowledge(_: Json) -> Json | None:
    """A bare acknowledgement."""
    return {}


class SocketApp:
    """`answer` is given each envelope and returns the payload of the acknowledgement, or None to stay silent."""

    def __init__(self, sandbox: Sandbox, answer: Answer = acknowledge) -> None:
        self._sandbox = sandbox
        self.answer = answer
        self.envelopes: asyncio.Queue[Json] = asyncio.Queue()
        self.others: asyncio.Queue[Json] = asyncio.Queue()

    async def __aenter__(self) -> SocketApp:
        self._session = aiohttp.ClientSession()
        environment = self._sandbox.environment
        headers = {"Authorization": f"Bearer {environment['SLACK_APP_TOKEN']}"}
        address = f"{environment['SLACK_API_URL']}apps.connections.open"
        async with self._session.post(address, headers=headers) as response:
            opened = await response.json()
        self._socket = await self._session.ws_connect(opened["url"])
        self.hello: Json = await self._socket.receive_json()
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self._socket.close()
        await self._session.close()

    async def next(self, kind: str | None = None) -> Json:
        """The next envelope, of that type."""
        while True:
            envelope = await asyncio.wait_for(self.envelopes.get(), 5)
            if kind in (None, envelope["type"]):
                return envelope

    async def event(self, kind: str) -> Json:
        """The next event of that type."""
        while True:
            event: Json = (await self.next("events_api"))["payload"]["event"]
            if event["type"] == kind:
                return event

    async def send(self, frame: Json) -> None:
        await self._socket.send_json(frame)

    async def send_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def left(self) -> int | None:
        """Returns once the socket has ended, with the close code it ended with."""
        await asyncio.wait_for(self._reader, 5)
        return self._socket.close_code

    async def _read(self) -> None:
        async for frame in self._socket:
            envelope = frame.json()
            if "envelope_id" not in envelope:
                await self.others.put(envelope)
                continue
            await self.envelopes.put(envelope)
            payload = self.answer(envelope)
            if payload is not None:
                await self._socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
