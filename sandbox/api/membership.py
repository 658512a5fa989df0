"""conversations.*: coming, going, bringing others along, and closing a channel."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.api.conversations import shown_conversation
from sandbox.api.method import Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import kind_of

MOST_INVITED = 100
_MANAGE = {"public_channel": "channels:manage", "private_channel": "groups:write"}
_INVITE = {"public_channel": "channels:write.invites", "private_channel": "groups:write.invites"}


def _join(call: Call) -> Json:
    conversation = call.conversation()
    if kind_of(conversation) != "public_channel":
        raise Refusal("method_not_supported_for_channel_type")
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    if call.world.workspace.join(call.world.app.user, conversation["id"]):
        return _channel(call, conversation["id"])
    warned = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return _channel(call, conversation["id"]) | warned


def _leave(call: Call) -> Json:
    conversation = managed(call)
    if conversation["is_general"]:
        raise Refusal("cant_leave_general")
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    if conversation["members"] == [call.world.app.user]:
        raise Refusal("last_member")
    if call.world.workspace.leave(call.world.app.user, conversation["id"]):
        return {}
    return {"ok": False, "not_in_channel": True}  # no error code: so it stands on the method's page


def _invite(call: Call) -> Json:
    conversation = managed(call, _INVITE)
    users = call.arguments.items("users")
    if not users:
        raise Refusal("no_user")
    if len(users) > MOST_INVITED:
        raise Refusal("invalid_arguments", f"[ERROR] at most {MOST_INVITED} users [json-pointer:/users]")
    if not call.is_member(conversation):
        raise Refusal("not_in_channel")
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    errors = [fault for user in users if (fault := _invitation_fault(call, conversation, user))]
    if errors and not (call.arguments.flag("force") and len(errors) < len(users)):
        raise Refusal(errors[0]["error"], errors=errors)
    for user in set(users) - {fault["user"] for fault in errors}:
        call.world.workspace.join(user, conversation["id"], call.world.app.user)
    return _channel(call, conversation["id"]) | ({"errors": errors} if errors else {})


def _invitation_fault(call: Call, conversation: Json, user: str) -> Json | None:
    error = None
    if not call.world.workspace.has(user):
        error = "user_not_found"
    elif user == call.world.app.user:
        error = "cant_invite_self"
    elif call.world.workspace.person(user)["deleted"]:
        error = "cant_invite"
    elif user in conversation["members"]:
        error = "already_in_channel"
    return {"user": user, "ok": False, "error": error} if error else None


def _kick(call: Call) -> Json:
    conversation = managed(call)
    user = call.world.workspace.person(call.arguments.required("user"))["id"]
    if user == call.world.app.user:
        raise Refusal("cant_kick_self")
    if conversation["is_general"]:
        raise Refusal("cant_kick_from_general")
    if not call.is_member(conversation) or not call.world.workspace.leave(user, conversation["id"]):
        raise Refusal("not_in_channel")
    return {"errors": {}}


def _archive(call: Call) -> Json:
    conversation = managed(call)
    if conversation["is_general"]:
        raise Refusal("cant_archive_general")
    if conversation["is_archived"]:
        raise Refusal("already_archived")
    if not call.is_member(conversation):
        raise Refusal("not_in_channel")
    call.world.workspace.archive(conversation["id"], call.world.app.user)
    return {}


def managed(call: Call, more: Mapping[str, str] | None = None) -> Json:
    """A channel that the app's scopes allow it to manage. Refuses: channel_not_found, missing_scope and others."""
    conversation = call.conversation()
    kind = kind_of(conversation)
    if kind not in _MANAGE:
        raise Refusal("method_not_supported_for_channel_type")
    call.need_scope(_MANAGE[kind], *([more[kind]] if more else []))
    return conversation


def _channel(call: Call, channel: str) -> Json:
    return {"channel": shown_conversation(call, call.world.workspace.conversation(channel))}


WRITE = (*_MANAGE.values(), "im:write", "mpim:write")

METHODS = {
    "conversations.join": Method(_join, ("channels:join",)),
    "conversations.leave": Method(_leave, WRITE),
    "conversations.invite": Method(_invite, (*_MANAGE.values(), *_INVITE.values())),
    "conversations.kick": Method(_kick, WRITE),
    "conversations.archive": Method(_archive, WRITE, pace="tier2"),
}
