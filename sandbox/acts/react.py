"""Emoji under messages, by people and by the app."""

from __future__ import annotations

import re

from sandbox.event_bus import Reacted
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World

MOST_EMOJI = 50  # different ones under a message; Slack counts too and does not say how far
_NAME = re.compile(r"[a-z0-9_'+-]{1,100}(::skin-tone-[2-6])?")


def react(world: World, user: str, channel: str, ts: str, name: str) -> None:
    """Refuses: invalid_name, message_not_found, already_reacted, too_many_emoji."""
    if not _NAME.fullmatch(name):
        raise Refusal("invalid_name")
    message = world.messages.get(channel, ts)
    reactions = _reactions(message)
    if user in reactions.get(name, ()):
        raise Refusal("already_reacted")
    if name not in reactions and len(reactions) >= MOST_EMOJI:
        raise Refusal("too_many_emoji")
    reactions.setdefault(name, []).append(user)
    _put(world, channel, ts, reactions)
    world.bus.announce(Reacted(user, channel, message, name))


def take_back(world: World, user: str, channel: str, ts: str, name: str) -> None:
    """Refuses: invalid_name, message_not_found, no_reaction (of this person)."""
    if not _NAME.fullmatch(name):
        raise Refusal("invalid_name")
    message = world.messages.get(channel, ts)
    reactions = _reactions(message)
    if user not in reactions.get(name, ()):
        raise Refusal("no_reaction")
    reactions[name].remove(user)
    _put(world, channel, ts, reactions)
    world.bus.announce(Reacted(user, channel, message, name, gone=True))


def _reactions(message: Json) -> dict[str, list[str]]:
    """Who reacted with what, in the order in which the emoji came."""
    return {one["name"]: list(one["users"]) for one in message.get("reactions", ())}


def _put(world: World, channel: str, ts: str, reactions: dict[str, list[str]]) -> None:
    shown = [{"name": name, "users": users, "count": len(users)} for name, users in reactions.items() if users]
    world.messages.annotate(channel, ts, {"reactions": shown or None})
