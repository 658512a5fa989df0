"""Talking: messages, files, what is read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sandbox.acts.typed import stored
from sandbox.posting import share_files
from sandbox.refusal import Refusal
from sandbox.rich_text import rich_text_of
from sandbox.store import Json
from sandbox.world import World

LONGEST = 40_000


def say(world: World, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
    """Post a text as a person. Refuses: no_text, msg_too_long, and what `Workspace.writable` refuses."""
    if not text.strip():
        raise Refusal("no_text", "There is nothing to send yet.")
    conversation = _writable(world, user, channel, text)
    return world.messages.post(conversation["id"], _message(world, user, text, thread_ts))


def share(
    world: World, user: str, channel: str, file_ids: Sequence[str], text: str = "", thread_ts: str | None = None
) -> Json:
    """Post uploaded files as a person."""
    if not file_ids:
        raise Refusal("no_file", "Choose a file to send.")
    conversation = _writable(world, user, channel, text)
    return share_files(world, conversation["id"], file_ids, _message(world, user, text, thread_ts))


def edit(world: World, user: str, channel: str, ts: str, text: str) -> Json:
    """Change a message of one's own; one that says the same as before stays unedited.

    Refuses: no_text, cant_update_message, message_not_found, and what `Workspace.writable` refuses.
    """
    conversation = _writable(world, user, channel, text)
    message = _own(world, user, conversation["id"], ts, "cant_update_message")
    if not text.strip() and "files" not in message:
        raise Refusal("no_text", "A message needs a text. Delete it if it should go.")
    said = _said(world, text)
    if said["text"] == message["text"]:
        return message
    kept = {key: value for key, value in message.items() if key != "blocks"}
    edited = {"user": user, "ts": f"{world.clock.seconds()}.000000"}  # whole seconds, as Slack dates people's edits
    return world.messages.change(conversation["id"], ts, kept | said | {"edited": edited})


def delete(world: World, user: str, channel: str, ts: str) -> None:
    """Take a message away: one's own, or as an administrator anybody's.

    Refuses: cant_delete_message, message_not_found, and what `Workspace.writable` refuses.
    """
    conversation = world.workspace.writable(user, channel)
    if not world.workspace.person(user)["is_admin"]:
        _own(world, user, conversation["id"], ts, "cant_delete_message")
    world.messages.delete(conversation["id"], ts)


def conversations(world: World, user: str) -> list[Json]:
    """The person's list: channels one is in or may look into, and the DM with the app, opened on demand."""
    if world.app.installed:
        world.workspace.direct(user)
    found = [one for one in world.workspace.conversations() if _listed(world, one, user)]
    return [world.presenter.conversation(user, one) for one in found]


def messages(world: World, user: str, channel: str, before: str | None, limit: int) -> tuple[list[Json], bool]:
    """A page of a conversation in time order with the person's own ephemeral messages, and whether there is more."""
    conversation = world.workspace.visible(user, channel)
    page, has_more = world.messages.before(conversation["id"], before, limit)
    oldest = page[0]["ts"] if has_more else "0"
    whispers = [
        one
        for one in world.messages.whispers(user, conversation["id"])
        if oldest <= one["ts"] < (before or "~") and "thread_ts" not in one
    ]
    return _shown(world, [*page, *whispers]), has_more


def thread(world: World, user: str, channel: str, ts: str) -> list[Json]:
    """A root, its replies, and the person's own ephemeral messages in that thread."""
    conversation = world.workspace.visible(user, channel)
    whispers = world.messages.whispers(user, conversation["id"])
    mine = [one for one in whispers if one.get("thread_ts") == ts]
    return _shown(world, [*world.messages.thread(conversation["id"], ts), *mine])


def _writable(world: World, user: str, channel: str, text: str) -> Json:
    conversation = world.workspace.writable(user, channel)
    if conversation.get("is_im") and world.manifest.messages_read_only:
        raise Refusal("messages_tab_read_only", "Sending messages to this app has been turned off.")
    if len(text) > LONGEST:
        raise Refusal("msg_too_long", f"A message has at most {LONGEST:,} characters.")
    return conversation


def _own(world: World, user: str, channel: str, ts: str, refused: str) -> Json:
    message = world.messages.get(channel, ts)
    if message["user"] != user:
        raise Refusal(refused, "Somebody else wrote this message.")
    return message


def _message(world: World, user: str, text: str, thread_ts: str | None) -> Json:
    team = world.workspace.team["id"]
    message = {"user": user, "team": team, "client_msg_id": str(uuid.uuid4()), **_said(world, text)}
    return message | ({"thread_ts": thread_ts} if thread_ts else {})


def _said(world: World, text: str) -> Json:
    """What a client makes of what was typed: the text, and the same as rich text."""
    said = stored(world, text)
    return {"text": said} | ({"blocks": [rich_text_of(said)]} if said else {})


def _listed(world: World, conversation: Json, user: str) -> bool:
    if conversation.get("is_im"):
        return bool(conversation["user"] == user)
    if conversation["is_archived"]:
        return user in conversation["members"]  # read-only, so that what was said there can be looked up
    return world.workspace.may_look(user, conversation)


def _shown(world: World, found: list[Json]) -> list[Json]:
    return [world.presenter.message(one) for one in sorted(found, key=lambda one: one["ts"])]
