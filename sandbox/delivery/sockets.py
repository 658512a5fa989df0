"""Socket Mode (Slack reference: "Using Socket Mode"): WebSockets that the app opens, each payload to one of them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiohttp import web

from sandbox.delivery.courier import ACK_SECONDS, NoAnswerError, Parcel
from sandbox.delivery.link import Link
from sandbox.event_bus import AppChanged, EventBus
from sandbox.faults import Fault, Faults
from sandbox.people import APP_ID
from sandbox.store import Json

MOST_SOCKETS = 10


class Sockets:
    """The open sockets of the app. Acknowledgements may come back on another socket than the payload went out on."""

    timeout_reason = "timeout"

    def __init__(self, *, bus: EventBus, faults: Faults, ack_seconds: float = ACK_SECONDS) -> None:
        self._bus = bus
        self._faults = faults
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self._open: deque[Link] = deque()
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self._arrived = asyncio.Event()
        self._dismissals: set[asyncio.Task[None]] = set()
        self._acts: Mapping[str, Callable[[Fault, Link], Awaitable[None]]] = {
            "dropped_socket": self._drop,
            "half_open_socket": self._freeze,
            "disconnect": self._dismiss,
        }

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
        link = self._open[-1]
        await self._strike(parcel.name, link)
        envelope_id = secrets.token_hex(16)
        answer = self._answers[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await link.send(_envelope(envelope_id, parcel))
            # Also where the socket breaks meanwhile: the app may acknowledge on its next one.
            return await asyncio.wait_for(answer, self._ack_seconds)
        except TimeoutError:
            raise NoAnswerError(self.timeout_reason) from None
        except (ConnectionError, RuntimeError):  # aiohttp raises RuntimeError for a socket that is closing
            raise NoAnswerError("connection_failed") from None
        finally:
            self._answers.pop(envelope_id, None)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The `/socket` address: hello, then acknowledgements until the app leaves."""
        link = Link(request)
        await link.open()
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        if not known or len(self._open) >= MOST_SOCKETS:
            await link.send(_disconnect("too_many_websockets" if known else "link_disabled"))
            await link.close()
        else:
            await self._listen(link)
        return link.socket

    async def disconnect(self, reason: str = "refresh_requested", warning: float = 0.0) -> None:
        """Send every socket away, as Slack does when it refreshes its connections or stops.

        `warning` is how many seconds before the end the app is warned; 0 spares the warning.
        """
        await asyncio.gather(*(self._part(link, reason, warning) for link in list(self._open)))

    async def stop(self) -> None:
        for task in self._dismissals:
            task.cancel()
        await asyncio.gather(*self._dismissals, return_exceptions=True)
        await self.disconnect()

    async def strike(self) -> None:
        """A fault was injected: those that bite "now" take a socket that is open, or else the next that opens."""
        for link in list(self._open):
            await self._strike("now", link)

    async def _listen(self, link: Link) -> None:
        self._open.append(link)
        try:
            await link.send(_hello(len(self._open)))
            self._arrived.set()
            self._bus.announce(AppChanged(True))
            await self._strike("now", link)
            async for text in link.texts():
                self._acknowledge(text)
        finally:
            self._leave(link)
            await link.close()

    def _leave(self, link: Link) -> None:
        if link in self._open:
            self._open.remove(link)
            if not self._open:
                self._arrived.clear()
                self._bus.announce(AppChanged(False))

    def _acknowledge(self, text: str) -> None:
        frame = _object(text)
        answer = self._answers.get(str(frame.get("envelope_id")))
        if answer and not answer.done():
            payload = frame.get("payload")
            answer.set_result(payload if isinstance(payload, dict) else {})

    async def _part(self, link: Link, reason: str, warning: float = 0.0) -> None:
        with suppress(ConnectionError, RuntimeError):  # it may leave by itself, best of all when it was warned
            if warning:
                await link.send(_disconnect("warning"))
                await asyncio.sleep(warning)
            await link.send(_disconnect(reason))
        self._leave(link)
        await link.close()

    async def _strike(self, moment: str, link: Link) -> None:
        fault = self._faults.strike("socket", moment)
        if fault:
            await self._acts[fault.kind.name](fault, link)

    async def _drop(self, _: Fault, link: Link) -> None:
        self._leave(link)
        link.abort()

    async def _freeze(self, _: Fault, link: Link) -> None:
        link.frozen = True  # and not taken from the open ones: Slack takes it for alive, too

    async def _dismiss(self, fault: Fault, link: Link) -> None:
        task = asyncio.create_task(self._part(link, fault["reason"], fault["warning"]))
        self._dismissals.add(task)
        task.add_done_callback(self._dismissals.discard)


def _object(text: str) -> Json:
    """What the app sent, if it is a JSON object at all."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return frame if isinstance(frame, dict) else {}


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
