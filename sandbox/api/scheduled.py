"""chat.schedule*: what the app says later."""

from __future__ import annotations

from sandbox.api.chat import authored, destination
from sandbox.api.content import content_of, needs_content
from sandbox.api.method import Call, Method, page_of
from sandbox.refusal import Refusal
from sandbox.store import Json


def _schedule(call: Call) -> Json:
    conversation = destination(call)
    content = needs_content(content_of(call))
    call.arguments.required("post_at")
    post_at = call.arguments.number("post_at", 0, lowest=0, highest=10**11, refused="invalid_time")
    kept = call.world.scheduled.add(conversation["id"], authored(call, content), post_at)
    return {
        "channel": conversation["id"],
        "scheduled_message_id": kept["id"],
        "post_at": post_at,
        "message": {**kept["message"], "type": "delayed_message"},
    }


def _list(call: Call) -> Json:
    waiting = call.world.scheduled.pending(_channel(call))
    oldest, latest = (call.arguments.moment(name, refused="invalid_arguments") for name in ("oldest", "latest"))
    found = [one for one in waiting if (oldest or 0) <= one["post_at"] <= (latest or one["post_at"])]
    page, more = page_of([_shown(one) for one in found], call, default=100)
    return {"scheduled_messages": page, **more}


def _channel(call: Call) -> str:
    if not call.arguments.text("channel"):
        return ""
    try:
        return str(call.conversation()["id"])
    except Refusal:
        raise Refusal("invalid_channel") from None


def _shown(scheduled: Json) -> Json:
    shown = {name: scheduled[name] for name in ("id", "channel_id", "post_at", "date_created")}
    return shown | {"text": scheduled["message"]["text"]}


def _cancel(call: Call) -> Json:
    channel = call.conversation()["id"]
    call.world.scheduled.cancel(channel, call.arguments.required("scheduled_message_id"))
    return {}


METHODS = {
    "chat.scheduleMessage": Method(_schedule, ("chat:write",)),
    "chat.scheduledMessages.list": Method(_list),
    "chat.deleteScheduledMessage": Method(_cancel, ("chat:write",)),
}
