"""What an open page hears of a sandbox, for tests to wait on instead of sleeping."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from sandbox.server import Sandbox

Json = dict[str, Any]


class Heard:
    def __init__(self, sandbox: Sandbox) -> None:
        self._address = f"{sandbox.url}/live/U0MIRA"

    async def __aenter__(self) -> Heard:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(self._address)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._session.close()

    async def frame(self, kind: str) -> Json:
        """The next frame of a type."""
        while True:
            frame: Json = await asyncio.wait_for(self._socket.receive_json(), 20)
            if frame["type"] == kind:
                return frame

    async def entry(self, kind: str, name: str = "") -> Json:
        """The next entry of the log of a kind (call, delivery, fault), with that name."""
        while True:
            entry: Json = (await self.frame("log"))["entry"]
            if entry["kind"] == kind and name in ("", entry["name"]):
                return entry
