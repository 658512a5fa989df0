"""Multipart forms with files, streamed to disk."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from sandbox.refusal import Refusal
from sandbox.world import World

CHUNK = 256 * 1024  # bytes


async def receive_form(world: World, user: str, request: web.Request) -> tuple[dict[str, str], list[str]]:
    """The text fields of a form and the ids of the files received, which belong to the person."""
    if not request.content_type.startswith("multipart/"):
        raise Refusal("invalid_form", "Send a multipart form.")
    fields: dict[str, str] = {}
    file_ids: list[str] = []
    # Parts are read as they come, so that no file is ever held in memory.
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.filename:
            file = world.files.reserve(user, part.filename)
            await world.files.receive(file["id"], _chunks(part))
            world.files.complete(file["id"])
            file_ids.append(file["id"])
        else:
            fields[part.name] = await part.text()
    return fields, file_ids


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield part.decode(chunk)
