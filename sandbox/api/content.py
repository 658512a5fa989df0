"""What a message of the app says: text, blocks, attachments, metadata (each chat method's page)."""

from __future__ import annotations

import json
from typing import Any

from sandbox.api.method import Call
from sandbox.judge import judged_attachments, judged_blocks
from sandbox.refusal import Refusal
from sandbox.store import Json

TEXT_LIMIT = 40_000
METADATA_LIMIT = 8_000  # characters of the payload as JSON
CONTENT_KEYS = ("text", "blocks", "attachments", "metadata")


def content_of(call: Call, longest: int = TEXT_LIMIT) -> Json:
    """The content that was given; "text" is always there.

    Refuses: no_text, msg_too_long, markdown_text_conflict, invalid_blocks and their kin.
    """
    content: Json = {"text": call.arguments.text("text")}
    blocks = _blocks(call)
    if blocks:
        content["blocks"] = judged_blocks(blocks, "message")
    attachments = _attachments(call)
    if attachments is not None:
        content["attachments"] = attachments
    if len(content["text"]) > longest:
        raise Refusal("msg_too_long")
    return content | _metadata(call)


def needs_content(content: Json) -> Json:
    """Refuses: no_text, where there is neither text nor anything else to show."""
    if not any(content.get(name) for name in ("text", "blocks", "attachments")):
        raise Refusal("no_text")
    return content


def truncated(content: Json) -> tuple[Json, Json]:
    """chat.postMessage cuts a long text off where others refuse it; the second part is the warning in the answer."""
    if len(content["text"]) <= TEXT_LIMIT:
        return content, {}
    warned = {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return content | {"text": content["text"][:TEXT_LIMIT]}, warned


def _blocks(call: Call) -> Any:
    """The blocks as they were given; `markdown_text` is one of them."""
    blocks = call.arguments.structure("blocks", refused="invalid_blocks_format")
    markdown = call.arguments.text("markdown_text")
    if not markdown:
        return blocks
    if blocks or call.arguments.text("text"):
        raise Refusal("markdown_text_conflict")
    return [{"type": "markdown", "text": markdown}]


def _attachments(call: Call) -> list[Json] | None:
    attachments = call.arguments.structure("attachments", refused="invalid_attachments")
    if attachments is None:
        return None
    return [{"id": number, **one} for number, one in enumerate(judged_attachments(attachments), 1)]


def _metadata(call: Call) -> Json:
    """The metadata, which are empty where they are to be taken away. Refuses: invalid_metadata_format and others."""
    metadata = call.arguments.structure("metadata", refused="invalid_metadata_format")
    if metadata is None:
        return {}
    if metadata == {}:
        return {"metadata": {}}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata["event_payload"], ensure_ascii=False)) > METADATA_LIMIT:
        raise Refusal("metadata_too_large")
    return {"metadata": {name: metadata[name] for name in ("event_type", "event_payload")}}
