"""files.*: what was uploaded, and the two calls around an upload by the app."""

from __future__ import annotations

from typing import Any

from sandbox.api.method import Call, Method
from sandbox.judge import judged_blocks
from sandbox.people import APP_ID
from sandbox.posting import app_may_read, share_files
from sandbox.refusal import Refusal
from sandbox.store import Json

LARGEST = 1_000_000_000  # bytes


def _info(call: Call) -> Json:
    file = call.world.files.get(call.arguments.required("file"))
    if not file["complete"] or not app_may_read(call.world, file):
        raise Refusal("file_not_found")
    return {"file": call.world.files.shown(file["id"]), "comments": [], "response_metadata": {"next_cursor": ""}}


def _upload_url(call: Call) -> Json:
    name = call.arguments.required("filename")
    call.arguments.required("length")
    length = call.arguments.number("length", 0, lowest=1, highest=LARGEST, refused="invalid_arguments")
    file = call.world.files.reserve(call.world.app.user, name, length)
    return {"upload_url": f"{call.world.base_url()}/upload/{file['id']}", "file_id": file["id"]}


def _complete(call: Call) -> Json:
    entries = _entries(call)
    conversation = _conversation(call)
    completed = [call.world.files.complete(entry["id"], entry.get("title")) for entry in entries]
    if conversation:
        _share(call, conversation, [file["id"] for file in completed])
    return {"files": [call.world.files.shown(file["id"]) for file in completed]}


def _entries(call: Call) -> list[Json]:
    call.arguments.required("files")
    entries: Any = call.arguments.structure("files", refused="invalid_arguments")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in entries):
        raise Refusal("invalid_arguments", "[ERROR] `files` is a list of objects with an `id` [json-pointer:/files]")
    for entry in entries:
        file = call.world.files.get(entry["id"])
        if file["user"] != call.world.app.user or not call.world.files.path(entry["id"]).exists():
            raise Refusal("file_not_found")
    return entries


def _conversation(call: Call) -> Json | None:
    channel = call.arguments.text("channel_id") or ",".join(call.arguments.items("channels")[:1])
    if not channel:
        return None
    conversation = call.world.workspace.conversation(channel)
    if call.world.app.user not in conversation["members"]:
        raise Refusal("not_in_channel")
    return conversation


def _share(call: Call, conversation: Json, file_ids: list[str]) -> None:
    message = {**call.world.app.author, "app_id": APP_ID}
    message["text"] = call.arguments.text("initial_comment")
    blocks = call.arguments.structure("blocks", refused="invalid_blocks_format")
    if blocks:
        message["blocks"] = judged_blocks(blocks, "message")
    if call.arguments.text("thread_ts"):
        message["thread_ts"] = call.arguments.text("thread_ts")
    share_files(call.world, conversation["id"], file_ids, message)


METHODS = {
    "files.info": Method(_info, ("files:read",), pace="tier4"),
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), pace="tier4"),
    "files.completeUploadExternal": Method(_complete, ("files:write",), pace="tier4"),
}
