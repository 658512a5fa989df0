"""conversations.*: which channels and DMs there are, and who is in them."""

from __future__ import annotations

from sandbox.api.method import Call, Method, page_of
from sandbox.people import SLACKBOT
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import SCOPE_PREFIX, kind_of

READ = tuple(f"{family}:read" for family in SCOPE_PREFIX.values())
MOST_IN_DM = 8


def _open(call: Call) -> Json:
    """A DM of one person and the app. DMs of several are not known here, which `method_not_supported…` says."""
    conversation, was_open = _resumed(call) if call.arguments.text("channel") else _opened(call)
    already = {"no_op": True, "already_open": True} if was_open else {}
    shown = shown_conversation(call, conversation)
    return {"channel": shown if call.arguments.flag("return_im") else {"id": conversation["id"]}, **already}


def _resumed(call: Call) -> tuple[Json, bool]:
    conversation = call.conversation()
    if kind_of(conversation) != "im":
        raise Refusal("method_not_supported_for_channel_type")
    return conversation, True


def _opened(call: Call) -> tuple[Json, bool]:
    users = call.arguments.items("users")
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > MOST_IN_DM:
        raise Refusal("too_many_users")
    people = [call.world.workspace.person(user) for user in users]
    if len(users) > 1:
        call.need_scope("mpim:write")
        raise Refusal("method_not_supported_for_channel_type", "[ERROR] this sandbox has no DMs of several people")
    if people[0]["is_bot"] or people[0]["id"] == SLACKBOT:
        raise Refusal("cannot_dm_bot")
    call.need_scope("im:write")
    known = {one["id"] for one in call.world.workspace.conversations()}
    conversation = call.world.workspace.direct(users[0])
    return conversation, conversation["id"] in known


def _info(call: Call) -> Json:
    conversation = readable(call, "read")
    counted = {"num_members": len(conversation["members"])} if call.arguments.flag("include_num_members") else {}
    located = {"locale": "en-US"} if call.arguments.flag("include_locale") else {}
    return {"channel": shown_conversation(call, conversation) | counted | located}


def _list(call: Call) -> Json:
    page, more = page_of([_listed(call, one) for one in chosen(call) if call.sees(one)], call, default=100, highest=999)
    return {"channels": page, **more}


def _listed(call: Call, conversation: Json) -> Json:
    shown = shown_conversation(call, conversation)
    return shown if conversation.get("is_im") else shown | {"num_members": len(conversation["members"])}


def _members(call: Call) -> Json:
    conversation = readable(call, "read")
    page, more = page_of([{"id": member} for member in conversation["members"]], call, default=100)
    return {"members": [member["id"] for member in page], **more}


def chosen(call: Call) -> list[Json]:
    """The conversations of the `types` that were asked for. Refuses: invalid_types, missing_scope."""
    types = call.arguments.items("types") or ["public_channel"]
    if set(types) - set(SCOPE_PREFIX):
        raise Refusal("invalid_types")
    for kind in types:
        call.need_scope(f"{SCOPE_PREFIX[kind]}:read")
    found = [one for one in call.world.workspace.conversations() if kind_of(one) in types]
    return [one for one in found if not (one["is_archived"] and call.arguments.flag("exclude_archived"))]


def readable(call: Call, right: str) -> Json:
    """The conversation named in the call, if the app's scopes reach its kind. Refuses: channel_not_found."""
    conversation = call.conversation()
    call.need_scope(f"{SCOPE_PREFIX[kind_of(conversation)]}:{right}")
    return conversation


def shown_conversation(call: Call, conversation: Json) -> Json:
    """Slack's conversation object: without the members, with the app's own membership."""
    shown = {key: value for key, value in conversation.items() if key != "members"}
    if conversation.get("is_im"):
        deleted = call.world.workspace.person(conversation["user"])["deleted"]
        return shown | {"is_user_deleted": deleted, "is_org_shared": False}
    shared = {"is_shared": False, "is_ext_shared": False, "is_org_shared": False}
    return {"previous_names": []} | shown | shared | {"is_member": call.is_member(conversation)}


METHODS = {
    "conversations.open": Method(_open, ("im:write", "mpim:write", "channels:manage", "groups:write")),
    "conversations.info": Method(_info, READ, json=False),
    "conversations.list": Method(_list, READ, pace="tier2", json=False),
    "conversations.members": Method(_members, READ, pace="tier4", json=False),
}
