"""A small Bolt app with one process from end to end: tea is ordered, somebody approves, everybody sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.sandbox.page.gallery import button, field, mrkdwn, plain

Json = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]

CHANNEL = "C0MGMT"
APPROVERS = ("U0DAVID", "U0KOFI")
ORDER: Json = {
    "type": "modal",
    "callback_id": "order",
    "title": plain("Order tea"),
    "submit": plain("Order"),
    "blocks": [field("Which tea?", {"type": "plain_text_input"})],
}


class Kitchen:
    """Takes one order. What was decided is decided: later presses are answered, and change nothing."""

    def __init__(self, sandbox: Sandbox) -> None:
        environment = sandbox.environment
        self.client = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
        app = AsyncApp(name="kitchen", client=self.client, signing_secret="", process_before_response=True)
        self.handler = AsyncSocketModeHandler(app, app_token=environment["SLACK_APP_TOKEN"], web_client=self.client)
        self.kind, self.by, self.approved_by, self.card = "", "", "", ""
        app.command("/tea")(self._open)
        app.view("order")(self._ordered)
        app.action("approve")(self._approve)
        app.event("message")(self._heard)
        app.event("app_home_opened")(self._home)

    async def start(self) -> None:
        await self.handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's adapter has no types

    async def stop(self) -> None:
        await self.handler.close_async()  # type: ignore[no-untyped-call] # see above
        await self.handler.client.aiohttp_client_session.close()

    def _blocks(self) -> list[Json]:
        state = f"Approved by <@{self.approved_by}>" if self.approved_by else "Waits for somebody to approve"
        words = {"type": "section", "text": mrkdwn(f"*{self.kind}* for <@{self.by}>\n{state}")}
        act = {"type": "actions", "block_id": "act", "elements": [button("approve", "Approve", style="primary")]}
        return [words] if self.approved_by else [words, act]

    async def _open(self, ack: Ack, body: Json) -> None:
        await self.client.views_open(trigger_id=body["trigger_id"], view=ORDER)
        await ack()

    async def _ordered(self, ack: Ack, body: Json) -> None:
        kind = body["view"]["state"]["values"]["which-tea?"]["which-tea?"]["value"]
        if kind == "coffee":
            await ack(response_action="errors", errors={"which-tea?": "We only have tea."})
            return
        await ack()
        self.kind, self.by = kind, body["user"]["id"]
        self.card = (await self.client.chat_postMessage(channel=CHANNEL, text=kind, blocks=self._blocks()))["ts"]
        for approver in APPROVERS:
            await self.client.chat_postMessage(channel=approver, text=kind, blocks=self._blocks())

    async def _approve(self, ack: Ack, body: Json) -> None:
        await ack()
        who, where = body["user"]["id"], body["channel"]["id"]
        if who == self.by or self.approved_by:
            text = (
                f"<@{self.approved_by}> was faster." if self.approved_by else "Somebody else has to approve your tea."
            )
            await self.client.chat_postEphemeral(channel=where, user=who, text=text)
            return
        self.approved_by = who
        places = ((where, body["message"]["ts"]), (CHANNEL, self.card))
        for channel, ts in places:  # the card of the other approver stays as it is: its button is a stale one
            await self.client.chat_update(channel=channel, ts=ts, text=self.kind, blocks=self._blocks())

    async def _heard(self, event: Json) -> None:
        for file in event.get("files", ()):
            text, thread = f"Kept {file['name']}", event.get("thread_ts")
            await self.client.chat_postMessage(channel=event["channel"], thread_ts=thread, text=text)

    async def _home(self, event: Json) -> None:
        blocks = self._blocks()[:1] if self.kind else [{"type": "section", "text": plain("No tea today")}]
        await self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
