"""conversations.history and conversations.replies: what was said."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.api.conversations import readable
from sandbox.api.method import Call, Method, page_of
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import SCOPE_PREFIX


def _history(call: Call) -> Json:
    conversation = _history_of(call)
    newest_first = call.world.messages.timeline(conversation["id"])[::-1]
    page, more = page_of(_within(call, newest_first), call, default=100, highest=999)
    pinned = sum(bool(message.get("pinned_to")) for message in newest_first)
    actions = {"channel_actions_ts": None, "channel_actions_count": 0}
    return {**_messages(call, page, more), "pin_count": pinned, **actions}


def _replies(call: Call) -> Json:
    conversation = _history_of(call)
    root, *replies = call.world.messages.thread(conversation["id"], call.arguments.required("ts"))
    page, more = page_of(_within(call, replies), call, default=1000)
    return _messages(call, [root, *page], more)


def _history_of(call: Call) -> Json:
    conversation = readable(call, "history")
    if not call.is_member(conversation):
        raise Refusal("not_in_channel")
    return conversation


def _within(call: Call, messages: Iterable[Json]) -> list[Json]:
    """Between `oldest` and `latest`; the bounds themselves only if `inclusive`."""
    low = call.arguments.moment("oldest", refused="invalid_ts_oldest") or 0.0
    high = call.arguments.moment("latest", refused="invalid_ts_latest") or float("inf")
    inclusive = call.arguments.flag("inclusive")
    return [one for one in messages if low < float(one["ts"]) < high or (inclusive and float(one["ts"]) in (low, high))]


def _messages(call: Call, page: list[Json], more: Json) -> Json:
    metadata = call.arguments.flag("include_all_metadata")
    messages = [call.world.presenter.message(message, metadata=metadata) for message in page]
    return {"messages": messages, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


_HISTORY = tuple(f"{family}:history" for family in SCOPE_PREFIX.values())

METHODS = {
    "conversations.history": Method(_history, _HISTORY),
    "conversations.replies": Method(_replies, _HISTORY, json=False),
}
