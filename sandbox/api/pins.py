"""pins.*: messages that are kept at the top of a channel."""

from __future__ import annotations

from sandbox.api.chat import permalink
from sandbox.api.method import Call, Method
from sandbox.api.reactions import item_of
from sandbox.event_bus import Pinned
from sandbox.refusal import Refusal
from sandbox.store import Json


def _add(call: Call) -> Json:
    call.arguments.required("channel")
    channel, timestamp = item_of(call)
    message = call.world.messages.get(channel, timestamp)
    if not call.is_member(call.conversation()):
        raise Refusal("not_in_channel")
    if message.get("pinned_to"):
        raise Refusal("already_pinned")
    info = {"channel": channel, "pinned_by": call.world.app.user, "pinned_ts": call.world.clock.seconds()}
    call.world.messages.annotate(channel, timestamp, {"pinned_to": [channel], "pinned_info": info})
    call.world.bus.announce(Pinned(call.world.app.user, channel, call.world.messages.get(channel, timestamp)))
    return {}


def _remove(call: Call) -> Json:
    call.arguments.required("channel")
    channel, timestamp = item_of(call)
    message = call.world.messages.get(channel, timestamp)
    if not message.get("pinned_to"):
        raise Refusal("no_pin")
    call.world.messages.annotate(channel, timestamp, {"pinned_to": None, "pinned_info": None})
    call.world.bus.announce(Pinned(call.world.app.user, channel, message, gone=True))
    return {}


def _list(call: Call) -> Json:
    channel = call.conversation()["id"]
    pinned = [message for message in call.world.messages.since(channel, "0") if message.get("pinned_to")]
    newest_first = sorted(pinned, key=lambda message: message["pinned_info"]["pinned_ts"], reverse=True)
    return {"items": [_item(call, channel, message) for message in newest_first]}


def _item(call: Call, channel: str, message: Json) -> Json:
    shown = call.world.presenter.message(message) | {"permalink": permalink(call, channel, message)}
    info = message["pinned_info"]
    by = {"created": info["pinned_ts"], "created_by": info["pinned_by"]}
    return {"type": "message", "channel": channel, "message": shown, **by}


METHODS = {
    "pins.add": Method(_add, ("pins:write",), pace="tier2"),
    "pins.remove": Method(_remove, ("pins:write",), pace="tier2"),
    "pins.list": Method(_list, ("pins:read",), pace="tier2", json=False),
}
