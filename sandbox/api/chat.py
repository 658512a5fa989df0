"""chat.*: what the app says."""

from __future__ import annotations

from typing import Any

from sandbox.api.method import Call, Method
from sandbox.judge import judged_blocks
from sandbox.people import APP_ID
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import kind_of

TEXT_LIMIT = 40_000
METADATA_LIMIT = 8_000  # characters of the payload as JSON


def _post(call: Call) -> Json:
    conversation = _destination(call)
    thread_ts = call.arguments.text("thread_ts")
    message = {**call.world.app.author, "app_id": APP_ID, **_content(call)}
    if thread_ts:
        message["thread_ts"] = thread_ts
        if call.arguments.flag("reply_broadcast"):
            message["subtype"] = "thread_broadcast"
    stored = call.world.messages.post(conversation["id"], message)
    return _posted(call, conversation, stored)


def _update(call: Call) -> Json:
    conversation = _conversation(call)
    ts = call.arguments.required("ts")
    message = _own_message(call, conversation, ts, "cant_update_message")
    content = _content(call, earlier=message)
    edited = {"user": call.world.app.user, "ts": call.world.clock.stamp()}
    kept = {key: value for key, value in message.items() if key not in ("blocks", "text")}
    changed = call.world.messages.change(conversation["id"], ts, {**kept, **content, "edited": edited})
    return {**_posted(call, conversation, changed), "text": changed["text"]}


def _delete(call: Call) -> Json:
    conversation = _conversation(call)
    ts = call.arguments.required("ts")
    _own_message(call, conversation, ts, "cant_delete_message")
    call.world.messages.delete(conversation["id"], ts)
    return {"channel": conversation["id"], "ts": ts}


def _whisper(call: Call) -> Json:
    conversation = _destination(call)
    user = call.arguments.required("user")
    if user not in conversation["members"]:
        raise Refusal("user_not_in_channel")
    message = {**call.world.app.author, **_content(call)}
    if call.arguments.text("thread_ts"):
        message["thread_ts"] = call.arguments.text("thread_ts")
    stored = call.world.messages.whisper(user, conversation["id"], message)
    return {"message_ts": stored["ts"]}


def _permalink(call: Call) -> Json:
    conversation = _conversation(call)
    ts = call.arguments.required("message_ts")
    message = call.world.messages.get(conversation["id"], ts)
    link = f"{call.world.base_url()}/archives/{conversation['id']}/p{ts.replace('.', '')}"
    if message.get("thread_ts") not in (None, ts):
        link += f"?thread_ts={message['thread_ts']}&cid={conversation['id']}"
    return {"channel": conversation["id"], "permalink": link}


def _conversation(call: Call) -> Json:
    return call.world.workspace.conversation(call.arguments.required("channel"))


def _destination(call: Call) -> Json:
    """Where a message goes: a conversation, a channel by name, or a person (whose DM is opened).

    Refuses: channel_not_found, not_in_channel, is_archived, restricted_action for other bots' DMs.
    """
    where = call.arguments.required("channel")
    workspace = call.world.workspace
    if where.startswith(("U", "W")):
        return _direct(call, where)
    conversation = workspace.conversation_named(where.removeprefix("#")) or workspace.conversation(where)
    if conversation["is_archived"]:
        raise Refusal("is_archived")
    if call.world.app.user not in conversation["members"]:
        if kind_of(conversation) != "public_channel":  # Slack hides from an app that a private channel exists
            raise Refusal("channel_not_found")
        if "chat:write.public" not in call.world.app.scopes:
            raise Refusal("not_in_channel")
    return conversation


def _direct(call: Call, user: str) -> Json:
    try:
        return call.world.workspace.direct(user)
    except Refusal:
        raise Refusal("channel_not_found") from None


def _own_message(call: Call, conversation: Json, ts: str, refused: str) -> Json:
    message = call.world.messages.get(conversation["id"], ts)
    if message["user"] != call.world.app.user:
        raise Refusal(refused)
    return message


def _content(call: Call, earlier: Json | None = None) -> Json:
    """Text, blocks and metadata of a message. Refuses: no_text, msg_too_long, invalid_blocks and their kin.

    In an update, blocks that are not given are taken away when text is given, as in Slack.
    """
    text = call.arguments.text("text")
    blocks = call.arguments.structure("blocks", refused="invalid_blocks_format")
    if not text and not blocks and not (earlier and blocks is None and earlier.get("blocks")):
        raise Refusal("no_text")
    if len(text) > TEXT_LIMIT:
        raise Refusal("msg_too_long")
    content: Json = {"text": text}
    if blocks:
        content["blocks"] = judged_blocks(blocks, "message")
    elif earlier and not text:
        content = {"text": earlier["text"], "blocks": earlier["blocks"]}
    metadata = call.arguments.structure("metadata", refused="invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = _metadata(metadata)
    return content


def _metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if not metadata.get("event_type"):
        raise Refusal("invalid_metadata_format")
    if len(str(metadata["event_payload"])) > METADATA_LIMIT:
        raise Refusal("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _posted(call: Call, conversation: Json, message: Json) -> Json:
    shown = call.world.presenter.message(message, metadata=True)
    return {"channel": conversation["id"], "ts": message["ts"], "message": shown}


METHODS = {
    "chat.postMessage": Method(_post, ("chat:write",), pace="posting"),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "chat.postEphemeral": Method(_whisper, ("chat:write",), pace="tier4"),
    "chat.getPermalink": Method(_permalink, pace="unlimited"),
}
