"""reactions.*: emoji under messages. Files and their comments take none any more."""

from __future__ import annotations

from sandbox.acts.react import react, take_back
from sandbox.api.chat import permalink
from sandbox.api.method import Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json


def _add(call: Call) -> Json:
    name, _, timestamp = (call.arguments.required(one) for one in ("name", "channel", "timestamp"))
    conversation = call.conversation()
    _check_timestamp(timestamp)
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    react(call.world, call.world.app.user, conversation["id"], timestamp, name)
    return {}


def _remove(call: Call) -> Json:
    name = call.arguments.required("name")
    channel, timestamp = item_of(call)
    take_back(call.world, call.world.app.user, channel, timestamp, name)
    return {}


def _get(call: Call) -> Json:
    channel, timestamp = item_of(call)
    message = call.world.messages.get(channel, timestamp)
    shown = call.world.presenter.message(message) | {"permalink": permalink(call, channel, message)}
    return {"type": "message", "channel": channel, "message": shown}


def item_of(call: Call) -> tuple[str, str]:
    """The message a call is about. Refuses: no_item_specified, channel_not_found, bad_timestamp."""
    if not (call.arguments.text("channel") and call.arguments.text("timestamp")):
        raise Refusal("no_item_specified")
    channel = call.conversation()["id"]
    return channel, _check_timestamp(call.arguments.text("timestamp"))


def _check_timestamp(timestamp: str) -> str:
    whole, _, fraction = timestamp.partition(".")
    if not (timestamp.isascii() and whole.isdigit() and fraction.isdigit()):
        raise Refusal("bad_timestamp")
    return timestamp


METHODS = {
    "reactions.add": Method(_add, ("reactions:write",)),
    "reactions.remove": Method(_remove, ("reactions:write",), pace="tier2"),
    "reactions.get": Method(_get, ("reactions:read",), json=False),
}
