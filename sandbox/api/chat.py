"""chat.*: what the app says, now."""

from __future__ import annotations

from sandbox.api.content import CONTENT_KEYS, content_of, needs_content, truncated
from sandbox.api.method import Call, Method
from sandbox.people import APP_ID
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import kind_of

ANY_LENGTH = 10**9
UPDATE_LIMIT = 4_000  # characters of text


def _post(call: Call) -> Json:
    conversation = destination(call)
    content, warned = truncated(content_of(call, ANY_LENGTH))
    message = authored(call, needs_content(content))
    stored = call.world.messages.post(conversation["id"], message)
    return _posted(call, conversation, stored) | warned


def _update(call: Call) -> Json:
    conversation = call.conversation()
    ts = call.arguments.required("ts")
    message = _own_message(call, conversation, ts, "cant_update_message")
    if conversation["is_archived"]:
        raise Refusal("is_inactive")
    edited = {"user": call.world.app.user, "ts": call.world.clock.stamp()}
    changed = _edited(message, content_of(call, UPDATE_LIMIT)) | {"edited": edited}
    stored = call.world.messages.change(conversation["id"], ts, changed)
    return {**_posted(call, conversation, stored), "text": stored["text"]}


def _edited(message: Json, content: Json) -> Json:
    """A message after an update: text alone takes the blocks away, attachments and metadata stay until replaced."""
    says_anew = bool(content["text"] or content.get("blocks"))
    if says_anew:
        message = {key: value for key, value in message.items() if key not in ("text", "blocks")}
    else:
        content = {key: value for key, value in content.items() if key != "text"}
    changed = {key: value for key, value in (message | content).items() if key not in CONTENT_KEYS or value}
    return needs_content({"text": ""} | changed)


def _delete(call: Call) -> Json:
    conversation = call.conversation()
    ts = call.arguments.required("ts")
    _own_message(call, conversation, ts, "cant_delete_message")
    call.world.messages.delete(conversation["id"], ts)
    return {"channel": conversation["id"], "ts": ts}


def _whisper(call: Call) -> Json:
    conversation = destination(call)
    user = call.arguments.required("user")
    if user not in conversation["members"]:
        raise Refusal("user_not_in_channel")
    message = authored(call, needs_content(content_of(call)))
    stored = call.world.messages.whisper(user, conversation["id"], message)
    return {"message_ts": stored["ts"]}


def _permalink(call: Call) -> Json:
    conversation = call.conversation()
    message = call.world.messages.get(conversation["id"], call.arguments.required("message_ts"))
    return {"channel": conversation["id"], "permalink": permalink(call, conversation["id"], message)}


def permalink(call: Call, channel: str, message: Json) -> str:
    """The address of a message; that of a reply also says which thread it is in."""
    link = f"{call.world.base_url()}/archives/{channel}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts") in (None, message["ts"]):
        return link
    return f"{link}?thread_ts={message['thread_ts']}&cid={channel}"


def authored(call: Call, content: Json) -> Json:
    """A message by the app, in the thread that the call names."""
    message = {**call.world.app.author, "app_id": APP_ID, **{key: part for key, part in content.items() if part != {}}}
    thread_ts = call.arguments.text("thread_ts")
    if not thread_ts:
        return message
    broadcast = {"subtype": "thread_broadcast"} if call.arguments.flag("reply_broadcast") else {}
    return message | {"thread_ts": thread_ts} | broadcast


def destination(call: Call) -> Json:
    """Where a message goes: a conversation, a channel by name, or a person (whose DM is opened).

    Refuses: channel_not_found, not_in_channel, is_archived, messages_tab_disabled.
    """
    where = call.arguments.required("channel")
    workspace = call.world.workspace
    if where.startswith(("U", "W")):
        conversation = _direct(call, where)
    else:
        conversation = workspace.conversation_named(where.removeprefix("#")) or workspace.conversation(where)
    if not call.sees(conversation):
        raise Refusal("channel_not_found")
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    if kind_of(conversation) == "im" and not call.world.manifest.messages_tab:
        raise Refusal("messages_tab_disabled")
    if not call.is_member(conversation) and "chat:write.public" not in call.world.app.scopes:
        raise Refusal("not_in_channel")
    return conversation


def _direct(call: Call, user: str) -> Json:
    try:
        return call.world.workspace.direct(user)
    except Refusal:
        raise Refusal("channel_not_found") from None


def _own_message(call: Call, conversation: Json, ts: str, refused: str) -> Json:
    # An ephemeral message is not stored in the conversation, and so it is not found.
    message = call.world.messages.get(conversation["id"], ts)
    if message["user"] != call.world.app.user:
        raise Refusal(refused)
    return message


def _posted(call: Call, conversation: Json, message: Json) -> Json:
    shown = call.world.presenter.message(message, metadata=True)
    return {"channel": conversation["id"], "ts": message["ts"], "message": shown}


METHODS = {
    "chat.postMessage": Method(_post, ("chat:write",), pace="posting"),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "chat.postEphemeral": Method(_whisper, ("chat:write",), pace="tier4"),
    "chat.getPermalink": Method(_permalink, pace="unlimited", json=False),
}
