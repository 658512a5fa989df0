"""Socket Mode (Slack reference: "Using Socket Mode"): WebSockets that the app opens, each payload to one of them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque

from aiohttp import WSMsgType, web

from sandbox.delivery.courier import ACK_SECONDS, NoAnswerError, Parcel
from sandbox.happenings import AppChanged, Bulletin
from sandbox.people import APP_ID
from sandbox.store import Json

MOST_SOCKETS = 10


class Sockets:
    """The open sockets of the app. Acknowledgements may come back on another socket than the payload went out on."""

    def __init__(self, *, bulletin: Bulletin, ack_seconds: float = ACK_SECONDS) -> None:
        self._bulletin = bulletin
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self._open: deque[web.WebSocketResponse] = deque()
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._arrived = asyncio.Event()

    @property
    def connected(self) -> bool:
        return bool(self._open)

    async def wait(self) -> None:
        await self._arrived.wait()

    def ticket(self) -> str:
        """A permission to open one socket."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def carry(self, parcel: Parcel) -> Json:
        if not self._open:
            raise NoAnswerError("no_socket")
        self._open.rotate(-1)  # each socket in turn
        envelope_id = secrets.token_hex(16)
        answer = self._answers[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._open[-1].send_json(_envelope(envelope_id, parcel))
            return await asyncio.wait_for(answer, self._ack_seconds)
        except TimeoutError:
            raise NoAnswerError("timeout") from None
        except (ConnectionError, RuntimeError):  # aiohttp raises RuntimeError for a socket that is closing
            raise NoAnswerError("connection_failed") from None
        finally:
            self._answers.pop(envelope_id, None)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The `/socket` address: hello, then acknowledgements until the app leaves."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self._open) >= MOST_SOCKETS:
            reason = "too_many_websockets" if ticket in self._tickets else "link_disabled"
            await socket.send_json(_disconnect(reason))
            await socket.close()
            return socket
        self._tickets.discard(ticket)
        await self._listen(socket)
        return socket

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send every socket away, as Slack does when it refreshes its connections or stops."""
        for socket in list(self._open):
            if not socket.closed:
                await socket.send_json(_disconnect(reason))
                await socket.close()

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        await socket.send_json(_hello(len(self._open)))
        self._arrived.set()
        self._bulletin.announce(AppChanged(True))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(frame.data)
        finally:
            self._open.remove(socket)
            if not self._open:
                self._arrived.clear()
                self._bulletin.announce(AppChanged(False))

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        answer = self._answers.get(frame.get("envelope_id", ""))
        if answer and not answer.done():
            answer.set_result(frame.get("payload") or {})


def _envelope(envelope_id: str, parcel: Parcel) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind != "events_api",
        "payload": parcel.payload,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope


def _hello(connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": APP_ID},
    }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
