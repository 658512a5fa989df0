"""As little of Slack as a bot needs to run, so that next to nothing but the bot is measured; all on 127.0.0.1."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode

from aiohttp import web

from benchmarks import company

SIGNING_SECRET = "not-a-secret"
ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {
        "team": "Bench",
        "team_id": company.TEAM,
        "user": "deskaudit",
        "user_id": company.BOT_USER,
        "bot_id": company.BOT,
    },
    "users.list": {"members": company.directory()},
    "usergroups.list": {"usergroups": []},
    "dnd.teamInfo": {"users": {}},
    "conversations.open": {"channel": {"id": company.DM}},
    "chat.postMessage": {"channel": company.DM, "ts": "1700000000.000001"},
}
"""What a method answers besides `ok`; the others answer nothing else."""


class NotAcknowledged(Exception):
    """A press was answered with anything but a plain acknowledgement."""


class Line(Protocol):
    """A way on which Slack delivers."""

    async def press(self, payload: str) -> None:
        """Deliver an interaction and wait for its acknowledgement. Raises `NotAcknowledged`."""


class SocketLine:
    """Socket Mode: one socket, on which acknowledgements come back in any order."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def press(self, payload: str) -> None:
        envelope = f"bench-{next(self._numbers)}"
        answered = self._waiting[envelope] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(
            f'{{"envelope_id":"{envelope}","type":"interactive","accepts_response_payload":true,"payload":{payload}}}'
        )
        if (answer := await answered) != {"envelope_id": envelope}:
            raise NotAcknowledged(answer)

    async def listen(self) -> None:
        """Hand every acknowledgement to whoever waits for it, until the socket closes."""
        async for frame in self._socket:
            answer = json.loads(frame.data)
            self._waiting.pop(answer["envelope_id"]).set_result(answer)


class HttpLine:
    """Signed requests over connections that are kept, each with one request at a time."""

    def __init__(self, connections: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
        self._idle = list(connections)

    async def press(self, payload: str) -> None:
        reader, writer = self._idle.pop()
        writer.write(_signed(urlencode({"payload": payload}).encode()))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 ") or b"content-length: 0\r\n" not in head.lower():
            raise NotAcknowledged(head)
        self._idle.append((reader, writer))


class StandIn:
    """Answers the Web API, and lets the app join by Socket Mode."""

    def __init__(self) -> None:
        self.url = ""
        self.joined: asyncio.Future[SocketLine] = asyncio.get_running_loop().create_future()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": f"{self.url.replace('http', 'ws', 1)}socket"})
        return web.json_response({"ok": True, **ANSWERS.get(method, {})})

    async def join(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        line = SocketLine(socket)
        self.joined.set_result(line)
        await line.listen()
        return socket


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """A Slack that one app talks to."""
    slack = StandIn()
    pages = web.Application()
    pages.add_routes([web.route("*", "/api/{method}", slack.answer), web.get("/api/socket", slack.join)])
    runner = web.AppRunner(pages, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()


@asynccontextmanager
async def http_line(port: int, connections: int) -> AsyncIterator[HttpLine]:
    """Slack's end of HTTP to the app on a port."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    try:
        yield HttpLine(opened)
    finally:
        for _, writer in opened:
            writer.close()


def _signed(body: bytes) -> bytes:
    """Slack reference: "Verifying requests from Slack"."""
    at = str(int(time.time()))
    signed = hmac.new(SIGNING_SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {at}\r\nX-Slack-Signature: v0={signed}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
