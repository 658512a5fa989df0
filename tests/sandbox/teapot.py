"""A small Bolt app: a command opens a modal, the modal updates the Home tab, files are fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox

Json = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]

ORDER_MODAL: Json = {
    "type": "modal",
    "callback_id": "order",
    "title": {"type": "plain_text", "text": "Order tea"},
    "submit": {"type": "plain_text", "text": "Order"},
    "blocks": [
        {
            "type": "input",
            "block_id": "kind",
            "label": {"type": "plain_text", "text": "Kind"},
            "element": {"type": "plain_text_input", "action_id": "kind", "min_length": 3},
        },
        {
            "type": "input",
            "block_id": "proof",
            "optional": True,
            "label": {"type": "plain_text", "text": "Proof"},
            "element": {"type": "file_input", "action_id": "proof", "max_files": 1},
        },
    ],
}


class Teapot:
    """Keeps what it received in queues that tests wait on."""

    def __init__(self, sandbox: Sandbox, ping_interval: float = 10) -> None:
        environment = sandbox.environment
        self.token = environment["SLACK_BOT_TOKEN"]
        self.client = AsyncWebClient(token=self.token, base_url=environment["SLACK_API_URL"])
        self.app = AsyncApp(name="teapot", client=self.client, signing_secret="", process_before_response=True)
        self.handler = AsyncSocketModeHandler(
            self.app,
            app_token=environment["SLACK_APP_TOKEN"],
            web_client=self.client,
            ping_interval=ping_interval,
        )
        self.received: asyncio.Queue[Json] = asyncio.Queue()
        self.acted: asyncio.Queue[Json] = asyncio.Queue()
        self.app.command("/tea")(self._order)
        self.app.view("order")(self._ordered)
        self.app.action("pour")(self._pour)
        self.app.action("order")(self._order_by_button)
        self.app.shortcut("keep")(self._keep)
        for event in ("message", "app_home_opened", "file_shared", "user_change", "member_joined_channel"):
            self.app.event(event)(self._note)

    async def start(self) -> None:
        await self.handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's adapter has no types

    async def stop(self) -> None:
        await self.handler.close_async()  # type: ignore[no-untyped-call] # see above
        await self.handler.client.aiohttp_client_session.close()

    async def event(self, kind: str) -> Json:
        """The next event of a kind."""
        while True:
            event = await asyncio.wait_for(self.received.get(), 5)
            if event["type"] == kind:
                return event

    async def download(self, file: Json) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with aiohttp.ClientSession() as session, session.get(file["url_private"], headers=headers) as answer:
            return await answer.read()

    async def _order(self, ack: Ack, body: Json, client: AsyncWebClient) -> None:
        if body["text"]:
            await ack(text=f"{body['text']} is coming")
            return
        await client.views_open(trigger_id=body["trigger_id"], view=ORDER_MODAL)
        await ack()

    async def _order_by_button(self, ack: Ack, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=ORDER_MODAL)
        await ack()

    async def _ordered(self, ack: Ack, body: Json, client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        kind = values["kind"]["kind"]["value"]
        if kind == "coffee":
            await ack(response_action="errors", errors={"kind": "This is a teapot."})
            return
        button = {"type": "button", "action_id": "pour", "value": kind, "text": {"type": "plain_text", "text": "Pour"}}
        home = {"type": "home", "blocks": [{"type": "actions", "block_id": "tea", "elements": [button]}]}
        await client.views_publish(user_id=body["user"]["id"], view=home)
        await self.acted.put(body)
        await ack()

    async def _pour(self, ack: Ack, body: Json) -> None:
        await self.acted.put(body)
        await ack()

    async def _keep(self, ack: Ack, body: Json) -> None:
        await self.acted.put(body)
        await ack()

    async def _note(self, event: Json) -> None:
        await self.received.put(event)
