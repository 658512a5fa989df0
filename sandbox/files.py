"""Files of the workspace: bytes in a folder, what Slack says of them in the store (Slack reference: "File object")."""

from __future__ import annotations

import mimetypes
import re
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from sandbox.clock import Clock
from sandbox.refusal import Refusal
from sandbox.store import Json, Store

_OWN_KEYS = ("complete", "given_to_app", "channels", "messages")  # shown in another way, or not at all


class Files:
    """Uploaded files. Bytes stream to disk; a file is seen by its owner and wherever it was shared."""

    def __init__(self, *, store: Store, folder: Path, clock: Clock, base_url: Callable[[], str], app_user: str) -> None:
        self._folder = folder / "files"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._shelf = store.shelf("file")
        self._clock = clock
        self._base_url = base_url
        self._app_user = app_user

    def reserve(self, user: str, name: str, size: int = 0) -> Json:
        """A file object without bytes yet."""
        # Random and not counted: an id that can be guessed would make the download address one, too.
        file_id = f"F0{secrets.token_hex(5).upper()}"
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        suffix = Path(name).suffix.lstrip(".").lower() or "binary"
        self._shelf[file_id] = {
            "id": file_id,
            "created": self._clock.seconds(),
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": suffix,
            "pretty_type": suffix.upper(),
            "user": user,
            "size": size,
            "channels": [],
            "given_to_app": user == self._app_user,
            "complete": False,
        }
        return self._shelf[file_id]

    async def receive(self, file_id: str, chunks: AsyncIterator[bytes]) -> int:
        """Stream the bytes of a reserved file to disk and return how many they were."""
        size = 0
        with self.path(file_id).open("wb") as target:
            async for chunk in chunks:
                size += len(chunk)
                target.write(chunk)
        self._shelf[file_id] = self.get(file_id) | {"size": size}
        return size

    def complete(self, file_id: str, title: str | None = None) -> Json:
        """The file is there; `title` names it."""
        file = self.get(file_id)
        self._shelf[file_id] = file | {"complete": True, "title": title or file["title"]}
        return self._shelf[file_id]

    def share(self, file_id: str, channel: str) -> None:
        file = self.get(file_id)
        if channel not in file["channels"]:
            self._shelf[file_id] = file | {"channels": [*file["channels"], channel]}

    def shared_in(self, file_id: str, channel: str, ts: str) -> None:
        """The message in which a file was shared is posted."""
        file = self.get(file_id)
        self._shelf[file_id] = file | {"messages": [*file.get("messages", ()), [channel, ts]]}

    def give_to_app(self, file_id: str) -> None:
        """A person submitted the file in a modal: from now on the app may read it."""
        self._shelf[file_id] = self.get(file_id) | {"given_to_app": True}

    def has(self, file_id: str) -> bool:
        return file_id in self._shelf

    def get(self, file_id: str) -> Json:
        """The stored file. Refuses: file_not_found."""
        if file_id not in self._shelf:
            raise Refusal("file_not_found", "There is no such file.")
        return self._shelf[file_id]

    def all(self) -> list[Json]:
        """Every file that is there, the newest first."""
        return [file for file in reversed(list(self._shelf.values())) if not file.get("deleted")]

    def delete(self, file_id: str) -> None:
        """Take the bytes away; that there was a file is remembered (Slack's `mode: tombstone`)."""
        self._shelf[file_id] = self.get(file_id) | {"deleted": True}
        self.path(file_id).unlink(missing_ok=True)

    def path(self, file_id: str) -> Path:
        return self._folder / str(self.get(file_id)["id"])

    def shown(self, file_id: str) -> Json:
        """The file object as Slack gives it out; the addresses hold for as long as the sandbox runs."""
        file = self.get(file_id)
        if file.get("deleted"):
            return {"id": file_id, "mode": "tombstone"}
        address = f"{self._base_url()}/files/{file_id}/{_slug(file['name'])}"
        channels = file["channels"]
        return {
            **{key: value for key, value in file.items() if key not in _OWN_KEYS},
            "timestamp": file["created"],
            "mode": "hosted",
            "editable": False,
            "is_external": False,
            "external_type": "",
            "is_public": any(channel.startswith("C") for channel in channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "permalink": address,
            "file_access": "visible",
            "has_rich_preview": False,
            "channels": [channel for channel in channels if channel.startswith("C")],
            "groups": [channel for channel in channels if channel.startswith("G")],
            "ims": [channel for channel in channels if channel.startswith("D")],
            "comments_count": 0,
        }


def _slug(name: str) -> str:
    """The name as it stands in the address: Slack keeps letters, digits, dots and dashes, and lowers them."""
    return re.sub(r"[^a-z0-9.-]+", "_", name.lower()).strip(".") or "file"
