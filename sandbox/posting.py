"""Posting files into a conversation, by people and by the app."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.event_bus import FileShared
from sandbox.store import Json
from sandbox.world import World


def share_files(world: World, channel: str, file_ids: Sequence[str], message: Json) -> Json:
    """Post a `file_share` message by `message["user"]` and tell of each file (events message and file_shared)."""
    for file_id in file_ids:
        world.files.share(file_id, channel)
    content = {**message, "subtype": "file_share", "upload": False, "files": list(file_ids)}
    posted = world.messages.post(channel, content)
    for file_id in file_ids:
        world.files.shared_in(file_id, channel, posted["ts"])
        world.bus.announce(FileShared(file_id, message["user"], channel, posted["ts"]))
    return posted


def app_may_read(world: World, file: Json) -> bool:
    """Whether the app sees a file: it was given to the app, or shared in a conversation that the app is in."""
    if file.get("deleted"):
        return False
    return bool(file["given_to_app"]) or _shared_with(world, file, world.app.user)


def person_may_read(world: World, user: str, file: Json) -> bool:
    """Whether a person sees a file: own, or shared in a conversation that the person may look into."""
    if file.get("deleted"):
        return False
    is_own = bool(file["user"] == user)
    return is_own or _shared_with(world, file, user) or any(channel.startswith("C") for channel in file["channels"])


def _shared_with(world: World, file: Json, user: str) -> bool:
    return any(user in world.workspace.conversation(channel)["members"] for channel in file["channels"])
