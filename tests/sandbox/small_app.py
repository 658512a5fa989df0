"""Somebody else's app, written from Bolt's reference: `/note` asks for a note, Home shows it; files are weighed."""

import os
from typing import Any
from urllib.request import Request, urlopen

from slack_bolt import Ack, App, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

TOKEN = os.environ["SLACK_BOT_TOKEN"]
app = App(client=WebClient(TOKEN, base_url=os.environ["SLACK_API_URL"]))


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


FIELD = {"type": "plain_text_input", "action_id": "text"}
INPUT = {"type": "input", "block_id": "note", "label": plain("Note"), "element": FIELD}
MODAL = {"type": "modal", "callback_id": "note", "title": plain("A note"), "submit": plain("Keep"), "blocks": [INPUT]}


@app.command("/note")
def ask(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@app.view("note")
def keep(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
    ack()
    text = view["state"]["values"]["note"]["text"]["value"]
    blocks = [{"type": "section", "text": plain(text)}]
    client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": blocks})


@app.event({"type": "message", "subtype": "file_share"})
def weigh(event: dict[str, Any], say: Say) -> None:
    request = Request(event["files"][0]["url_private_download"], headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(request) as content:
        say(f"{event['files'][0]['name']} has {len(content.read())} bytes.")


if __name__ == "__main__":
    if "SLACK_APP_TOKEN" in os.environ:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call] # Bolt's adapter has no types
    else:
        app.start(port=int(os.environ["PORT"]))
