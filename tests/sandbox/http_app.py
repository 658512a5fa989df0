"""A bare app that is told by signed HTTP requests: keeps what it received and answers as the test says."""

from __future__ import annotations

import asyncio
import copy
import json
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]


@dataclass(frozen=True)
class Received:
    path: str
    content: Json
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What to answer; `silent` for never, `hang_up` for ending the connection instead."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    silent: bool = False
    hang_up: bool = False


class HttpApp:
    """Checks signatures as Slack's SDK does; gives `replies` in turn and then what Slack wants."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.replies: deque[Reply] = deque()
        self.echoes_json = False  # the challenge as JSON, or as bare text
        self.received: asyncio.Queue[Received] = asyncio.Queue()

    async def __aenter__(self) -> HttpApp:
        application = web.Application()
        application.router.add_route("*", "/{kind:.*}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def manifest(self) -> Json:
        """The small app's manifest with this app's addresses."""
        manifest = copy.deepcopy(MANIFEST)
        manifest["settings"]["socket_mode_enabled"] = False
        manifest["settings"]["event_subscriptions"]["request_url"] = f"{self.url}/events"
        manifest["settings"]["interactivity"]["request_url"] = f"{self.url}/acts"
        manifest["features"]["slash_commands"][0]["url"] = f"{self.url}/commands"
        return manifest

    async def next(self) -> Received:
        return await asyncio.wait_for(self.received.get(), 5)

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        content: Json = {}
        if request.method == "POST":
            assert SignatureVerifier(self.secret).is_valid_request(body, dict(request.headers))
            is_json = request.content_type == "application/json"
            content = (
                await request.json()
                if is_json
                else {key: one[0] for key, one in parse_qs(body, keep_blank_values=True).items()}
            )
        await self.received.put(Received(request.path, content, dict(request.headers)))
        reply = self.replies.popleft() if self.replies else self._wanted(content)
        if reply.silent:
            await asyncio.Event().wait()
        if reply.hang_up and request.transport:
            request.transport.abort()
        return web.Response(status=reply.status, text=reply.body, headers=dict(reply.headers))

    def _wanted(self, content: Json) -> Reply:
        if "challenge" in content:
            challenge = content["challenge"]
            return Reply(body=json.dumps({"challenge": challenge}) if self.echoes_json else challenge)
        return Reply(body='{"text": "on its way"}' if "command" in content else "")
