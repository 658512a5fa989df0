"""conversations.*: channels and DMs, and what was said in them."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.api.method import Call, Method, page_of
from sandbox.people import SLACKBOT
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import SCOPE_PREFIX, kind_of

_FAMILIES = tuple(SCOPE_PREFIX.values())


def _open(call: Call) -> Json:
    users = call.arguments.items("users")
    channel = call.arguments.text("channel")
    if channel:
        return {"channel": _shown(call, call.world.workspace.conversation(channel))}
    if len(users) != 1:
        raise Refusal("users_list_not_supplied" if not users else "method_not_supported_for_channel_type")
    if users[0] in (SLACKBOT, call.world.app.user):
        raise Refusal("cannot_dm_bot")
    call.need_scope("im:write")
    known = {one["id"] for one in call.world.workspace.conversations()}
    conversation = call.world.workspace.direct(users[0])
    already = {"no_op": True, "already_open": True} if conversation["id"] in known else {}
    if call.arguments.flag("return_im"):
        return {"channel": _shown(call, conversation), **already}
    return {"channel": {"id": conversation["id"]}, **already}


def _info(call: Call) -> Json:
    conversation = _readable(call, "read")
    shown = _shown(call, conversation)
    if call.arguments.flag("include_num_members"):
        shown |= {"num_members": len(conversation["members"])}
    return {"channel": shown}


def _list(call: Call) -> Json:
    types = call.arguments.items("types") or ["public_channel"]
    unknown = set(types) - set(SCOPE_PREFIX)
    if unknown:
        raise Refusal("invalid_types")
    for kind in types:
        call.need_scope(f"{SCOPE_PREFIX[kind]}:read")
    found = [one for one in call.world.workspace.conversations() if kind_of(one) in types and _sees(call, one)]
    if call.arguments.flag("exclude_archived"):
        found = [one for one in found if not one["is_archived"]]
    page, more = page_of([_shown(call, one) for one in found], call, default=100)
    return {"channels": page, **more}


def _members(call: Call) -> Json:
    conversation = _readable(call, "read")
    page, more = page_of([{"id": member} for member in conversation["members"]], call, default=100)
    return {"members": [member["id"] for member in page], **more}


def _join(call: Call) -> Json:
    conversation = call.world.workspace.conversation(call.arguments.required("channel"))
    if kind_of(conversation) != "public_channel":
        raise Refusal("method_not_supported_for_channel_type")
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    joined = call.world.workspace.join(call.world.app.user, conversation["id"])
    warned = (
        {} if joined else {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    )
    return {"channel": _shown(call, call.world.workspace.conversation(conversation["id"])), **warned}


def _history(call: Call) -> Json:
    conversation = _history_of(call)
    newest_first = call.world.messages.timeline(conversation["id"])[::-1]
    page, more = page_of(_within(call, newest_first), call, default=100, highest=999)
    return {**_messages(call, page, more), "pin_count": 0}


def _replies(call: Call) -> Json:
    conversation = _history_of(call)
    root, *replies = call.world.messages.thread(conversation["id"], call.arguments.required("ts"))
    page, more = page_of(_within(call, replies), call, default=1000)
    return _messages(call, [root, *page], more)


def _history_of(call: Call) -> Json:
    conversation = _readable(call, "history")
    if call.world.app.user not in conversation["members"]:
        raise Refusal("not_in_channel")
    return conversation


def _readable(call: Call, right: str) -> Json:
    """The conversation named in the call, if the app's scopes reach its kind. Refuses: channel_not_found."""
    conversation = call.world.workspace.conversation(call.arguments.required("channel"))
    if not _sees(call, conversation):
        raise Refusal("channel_not_found")
    call.need_scope(f"{SCOPE_PREFIX[kind_of(conversation)]}:{right}")
    return conversation


def _sees(call: Call, conversation: Json) -> bool:
    return kind_of(conversation) == "public_channel" or call.world.app.user in conversation["members"]


def _within(call: Call, messages: Iterable[Json]) -> list[Json]:
    """Between `oldest` and `latest`; the bounds themselves only if `inclusive`."""
    oldest = call.arguments.text("oldest", "0")
    latest = call.arguments.text("latest") or "99999999999"
    if not all(bound.replace(".", "", 1).isdigit() for bound in (oldest, latest)):
        raise Refusal("invalid_ts_oldest" if not oldest.replace(".", "", 1).isdigit() else "invalid_ts_latest")
    low, high = float(oldest), float(latest)
    inclusive = call.arguments.flag("inclusive")
    return [one for one in messages if low < float(one["ts"]) < high or (inclusive and float(one["ts"]) in (low, high))]


def _messages(call: Call, page: list[Json], more: Json) -> Json:
    metadata = call.arguments.flag("include_all_metadata")
    messages = [call.world.presenter.message(message, metadata=metadata) for message in page]
    return {"messages": messages, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def _shown(call: Call, conversation: Json) -> Json:
    """Slack's conversation object: without the members, with the app's own membership."""
    shown = {key: value for key, value in conversation.items() if key != "members"}
    if conversation.get("is_im"):
        deleted = call.world.workspace.person(conversation["user"])["deleted"]
        return shown | {"is_user_deleted": deleted, "is_org_shared": False}
    return shown | {
        "is_member": call.world.app.user in conversation["members"],
        "num_members": len(conversation["members"]),
    }


_READ = tuple(f"{family}:read" for family in _FAMILIES)
_HISTORY = tuple(f"{family}:history" for family in _FAMILIES)

METHODS = {
    "conversations.open": Method(_open, ("im:write", "mpim:write", "channels:manage", "groups:write")),
    "conversations.info": Method(_info, _READ),
    "conversations.list": Method(_list, _READ, pace="tier2"),
    "conversations.members": Method(_members, _READ, pace="tier4"),
    "conversations.join": Method(_join, ("channels:join",)),
    "conversations.history": Method(_history, _HISTORY),
    "conversations.replies": Method(_replies, _HISTORY),
}
