"""files.*: what was uploaded, and the two calls around an upload by the app."""

from __future__ import annotations

from typing import Any

from sandbox.api.method import Call, Method
from sandbox.event_bus import FileDeleted
from sandbox.judge import judged_blocks
from sandbox.people import APP_ID
from sandbox.posting import app_may_read, share_files
from sandbox.refusal import Refusal
from sandbox.store import Json

LARGEST = 1_000_000_000  # bytes
MOST_CHANNELS = 100
ALT_TEXT_LIMIT = 1_000
# Words of the `types` argument, and the kinds of file each of them is about.
_TYPES = {"all": "", "images": "image/", "pdfs": "application/pdf", "zips": "application/zip"}
_NOT_HERE = ("spaces", "snippets", "gdocs")


def _info(call: Call) -> Json:
    file = _readable(call)
    return {"file": call.world.presenter.file(file["id"]), "comments": [], "response_metadata": {"next_cursor": ""}}


def _list(call: Call) -> Json:
    count = call.arguments.number("count", 100, lowest=1, highest=1000, refused="invalid_arguments")
    page = call.arguments.number("page", 1, lowest=1, highest=10**6, refused="invalid_arguments")
    found = [file for file in call.world.files.all() if file["complete"] and _matches(call, file)]
    shown = [call.world.presenter.file(file["id"]) for file in found[(page - 1) * count : page * count]]
    paging = {"count": count, "total": len(found), "page": page, "pages": -(-len(found) // count)}
    return {"files": shown, "paging": paging}


def _matches(call: Call, file: Json) -> bool:
    """Whether the app sees a file and the filters of the call let it pass. Refuses: user_not_found, unknown_type."""
    user, channel = call.arguments.text("user"), call.arguments.text("channel")
    if user:
        call.world.workspace.person(user)
    begins = call.arguments.moment("ts_from", refused="invalid_arguments") or 0
    ends = call.arguments.moment("ts_to", refused="invalid_arguments") or file["created"]
    return (
        app_may_read(call.world, file)
        and user in ("", file["user"])
        and (not channel or channel in file["channels"])
        and begins <= file["created"] <= ends
        and any(file["mimetype"].startswith(kind) for kind in _kinds(call))
    )


def _kinds(call: Call) -> list[str]:
    types = call.arguments.items("types") or ["all"]
    if set(types) - {*_TYPES, *_NOT_HERE}:
        raise Refusal("unknown_type")
    return [_TYPES[one] for one in types if one in _TYPES]


def _delete(call: Call) -> Json:
    file = _readable(call)
    if file["user"] != call.world.app.user:
        raise Refusal("cant_delete_file")
    call.world.files.delete(file["id"])
    call.world.bus.announce(FileDeleted(file["id"], tuple(file["channels"])))
    return {}


def _readable(call: Call) -> Json:
    """Refuses: file_not_found (also for a file the app must not see), file_deleted."""
    file = call.world.files.get(call.arguments.required("file"))
    if file.get("deleted"):
        raise Refusal("file_deleted")
    if not file["complete"] or not app_may_read(call.world, file):
        raise Refusal("file_not_found")
    return file


def _upload_url(call: Call) -> Json:
    name = call.arguments.required("filename")
    call.arguments.required("length")
    length = call.arguments.number("length", 0, lowest=1, highest=LARGEST, refused="invalid_arguments")
    if len(call.arguments.text("alt_txt")) > ALT_TEXT_LIMIT:
        raise Refusal("alt_txt_too_large")
    file = call.world.files.reserve(call.world.app.user, name, length)
    return {"upload_url": f"{call.world.base_url()}/upload/{file['id']}", "file_id": file["id"]}


def _complete(call: Call) -> Json:
    entries = _entries(call)
    conversations = _conversations(call)
    message = _message(call) if conversations else {}
    completed = [call.world.files.complete(entry["id"], entry.get("title")) for entry in entries]
    for conversation in conversations:
        share_files(call.world, conversation["id"], [file["id"] for file in completed], message)
    return {"files": [call.world.files.shown(file["id"]) for file in completed]}


def _entries(call: Call) -> list[Json]:
    call.arguments.required("files")
    entries: Any = call.arguments.structure("files", refused="invalid_arguments")
    if not isinstance(entries, list) or not entries or not all(map(_is_entry, entries)):
        raise Refusal("invalid_arguments", "[ERROR] `files` is a list of objects with an `id` [json-pointer:/files]")
    for entry in entries:
        file = call.world.files.get(entry["id"])
        if file["user"] != call.world.app.user:
            raise Refusal("access_denied")
        if not call.world.files.path(entry["id"]).exists():
            raise Refusal("file_not_found")
    return entries


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("id")) and isinstance(entry.get("id"), str)


def _conversations(call: Call) -> list[Json]:
    """Where the files go: `channel_id` or `channels`. Refuses: channel_not_found, not_in_channel and others."""
    if call.arguments.text("channel_id"):
        named = [call.arguments.text("channel_id")]
    else:
        named = call.arguments.items("channels")
    if len(named) > MOST_CHANNELS:
        raise Refusal("channels_limit_exceeded")
    found = [call.world.workspace.conversation(channel) for channel in named]
    for conversation in found:
        if not call.sees(conversation):
            raise Refusal("channel_not_found")
        if not call.is_member(conversation):
            raise Refusal("not_in_channel")
        if conversation["is_archived"]:
            raise Refusal("posting_to_channel_denied")
    return found


def _message(call: Call) -> Json:
    message = {**call.world.app.author, "app_id": APP_ID, "text": call.arguments.text("initial_comment")}
    blocks = call.arguments.structure("blocks", refused="invalid_blocks")
    if blocks and not message["text"]:  # with an initial comment Slack does not look at the blocks
        message["blocks"] = judged_blocks(blocks, "message")
    thread_ts = call.arguments.text("thread_ts")
    return message | ({"thread_ts": thread_ts} if thread_ts else {})


def _upload(_: Call) -> Json:
    raise Refusal("method_deprecated")


METHODS = {
    "files.info": Method(_info, ("files:read",), pace="tier4", json=False),
    "files.list": Method(_list, ("files:read",), json=False),
    "files.delete": Method(_delete, ("files:write",)),
    "files.upload": Method(_upload, ("files:write",), pace="tier2", json=False),
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), pace="tier4", json=False),
    "files.completeUploadExternal": Method(_complete, ("files:write",), pace="tier4"),
}
