"""One WebSocket of the app, which may be cut or frozen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import WSMsgType, web

from sandbox.store import Json

PING_SECONDS = 10.0
_SILENT_SECONDS = 3 * PING_SECONDS
_CLOSE_SECONDS = 2.0  # how long an app may take to say goodbye


class Link:
    """`frozen`: open for both sides, but nothing comes through and no ping is answered, as with a half-open connection.

    Pings and close frames are answered here and not by aiohttp, which could not be silenced.
    """

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.frozen = False
        self.socket = web.WebSocketResponse(
            autoping=False, autoclose=False, receive_timeout=_SILENT_SECONDS, timeout=_CLOSE_SECONDS
        )

    async def open(self) -> None:
        await self.socket.prepare(self._request)

    async def send(self, frame: Json) -> None:
        """Raises ConnectionError, or RuntimeError for a socket that is closing."""
        if not self.frozen:
            await self.socket.send_json(frame)

    async def texts(self) -> AsyncIterator[str]:
        """What the app sends, until it leaves or has been silent for too long."""
        beat = asyncio.create_task(self._beat())
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.PING and not self.frozen:
                    await self.socket.pong(frame.data)
                elif frame.type is WSMsgType.TEXT and not self.frozen:
                    yield frame.data
        except (TimeoutError, ConnectionError):
            return
        finally:
            beat.cancel()

    async def close(self) -> None:
        if self.frozen:
            self.abort()
        elif not self.socket.closed:
            await self.socket.close()

    def abort(self) -> None:
        """End the TCP connection without a close frame."""
        if self._request.transport:
            self._request.transport.abort()

    async def _beat(self) -> None:
        with suppress(ConnectionError):  # the reader notices, too
            while True:
                await asyncio.sleep(PING_SECONDS)
                if not self.frozen:
                    await self.socket.ping(b"Ping from sandbox")
