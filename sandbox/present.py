"""How stored objects are shown: files in messages get their address of today, conversations their numbers."""

from __future__ import annotations

from sandbox.files import Files
from sandbox.people import bot_profile
from sandbox.store import Json
from sandbox.workspace import Workspace, kind_of


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
        if "bot_id" in message:
            shown = shown | {"bot_profile": bot_profile(self._workspace.person(message["user"]))}
        return shown

    def file(self, file_id: str) -> Json:
        """A file as files.info and files.list tell it: with the messages it stands in (`shares`)."""
        shares: Json = {}
        for channel, ts in self._files.get(file_id).get("messages", ()):
            if self._workspace.messages.has(channel, ts):
                conversation = self._workspace.conversation(channel)
                reach = "public" if kind_of(conversation) == "public_channel" else "private"
                shares.setdefault(reach, {}).setdefault(channel, []).append(self._share(conversation, ts))
        return self._files.shown(file_id) | {"shares": shares}

    def _share(self, conversation: Json, ts: str) -> Json:
        message = self._workspace.messages.get(conversation["id"], ts)
        thread: Json = {key: message[key] for key in ("thread_ts", "latest_reply") if key in message}
        return {
            "reply_users": message.get("reply_users", []),
            "reply_users_count": message.get("reply_users_count", 0),
            "reply_count": message.get("reply_count", 0),
            "ts": ts,
            **thread,
            "channel_name": conversation.get("name", ""),
            "team_id": self._workspace.team["id"],
            "share_user_id": message["user"],
            "source": "UPLOAD",
        }

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
