"""conversations.*: making a channel, naming it, and saying what it is for."""

from __future__ import annotations

import re

from sandbox.api.conversations import shown_conversation
from sandbox.api.membership import WRITE, managed
from sandbox.api.method import Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json

NAME_LIMIT = 80
WORDS_LIMIT = 250  # characters of a topic or purpose
_DESCRIBE = {"public_channel": "channels:write.topic", "private_channel": "groups:write.topic"}


def _create(call: Call) -> Json:
    is_private = call.arguments.flag("is_private")
    call.need_scope("groups:write" if is_private else "channels:manage")
    name = _checked_name(call)
    created = call.world.workspace.create(name, call.world.app.user, private=is_private)
    return {"channel": shown_conversation(call, created)}


def _rename(call: Call) -> Json:
    conversation = managed(call)
    name = _checked_name(call)
    _need_membership(call, conversation)
    if conversation["creator"] != call.world.app.user:  # an app is neither administrator nor manager of a channel
        raise Refusal("not_authorized")
    call.world.workspace.rename(conversation["id"], name)
    return _shown(call, conversation["id"])


def _set_topic(call: Call) -> Json:
    return _describe(call, "topic")


def _set_purpose(call: Call) -> Json:
    return _describe(call, "purpose")


def _describe(call: Call, what: str) -> Json:
    conversation = managed(call, _DESCRIBE)
    if what not in call.arguments.all():  # an empty text takes what was said away
        call.arguments.required(what)
    words = call.arguments.text(what)
    if len(words) > WORDS_LIMIT:
        raise Refusal("too_long")
    _need_membership(call, conversation)
    call.world.workspace.describe(conversation["id"], what, words, call.world.app.user)
    return _shown(call, conversation["id"])


def _checked_name(call: Call) -> str:
    """Refuses: invalid_name_required, invalid_name_maxlength, invalid_name_specials, invalid_name_punctuation."""
    name = call.arguments.text("name")
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise Refusal("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise Refusal("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise Refusal("invalid_name_punctuation")
    return name


def _need_membership(call: Call, conversation: Json) -> None:
    if not call.is_member(conversation):
        raise Refusal("not_in_channel")
    if conversation["is_archived"]:
        raise Refusal("is_archived")


def _shown(call: Call, channel: str) -> Json:
    return {"channel": shown_conversation(call, call.world.workspace.conversation(channel))}


METHODS = {
    "conversations.create": Method(_create, WRITE, pace="tier2"),
    "conversations.rename": Method(_rename, WRITE, pace="tier2"),
    "conversations.setTopic": Method(_set_topic, (*WRITE, *_DESCRIBE.values()), pace="tier2"),
    "conversations.setPurpose": Method(_set_purpose, (*WRITE, *_DESCRIBE.values()), pace="tier2"),
}
