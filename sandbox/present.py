"""How stored objects are shown: files in messages get their address of today, conversations their numbers."""

from __future__ import annotations

from sandbox.files import Files
from sandbox.store import Json
from sandbox.workspace import Workspace


class Presenter:
    def __init__(self, workspace: Workspace, files: Files, app_user: str) -> None:
        self._workspace = workspace
        self._files = files
        self._app_user = app_user

    def message(self, message: Json, *, metadata: bool = False) -> Json:
        """A message with whole file objects; metadata only where it was asked for (`include_all_metadata`)."""
        shown = message if metadata else {key: value for key, value in message.items() if key != "metadata"}
        # Stored by id: the port, and with it every address, is another one after a restart.
        if "files" in message:
            shown = shown | {"files": [self._files.shown(file_id) for file_id in message["files"]]}
        return shown

    def conversation(self, user: str, conversation: Json) -> Json:
        """A line in a person's list of conversations."""
        channel = conversation["id"]
        is_dm = bool(conversation.get("is_im"))
        return {
            "id": channel,
            "name": self._workspace.person(self._app_user)["real_name"] if is_dm else conversation["name"],
            "kind": "dm" if is_dm else "channel",
            "with": self._app_user if is_dm else None,
            "private": not is_dm and conversation["is_private"],
            "archived": conversation["is_archived"],
            "topic": "" if is_dm else conversation["topic"]["value"],
            "member": user in conversation["members"],
            "unread": self._workspace.unread(user, channel) if user in conversation["members"] else 0,
            "last_ts": self._workspace.messages.last_ts(channel),
        }
