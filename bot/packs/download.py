"""Packs: what whoever has the address of a pack gets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from bot.services import Services
from messages.packs import cards as words
from storage.packs.tables import Pack
from workflows.deed import as_the_bot
from workflows.packs import commands


@dataclass(frozen=True)
class Fetched:
    """A pack on its way to whoever has its address."""

    name: str
    size: int
    chunks: AsyncIterator[bytes]


def page(services: Services, workspace_id: str) -> web.RouteDef:
    """`GET /packs/<secret>.zip`: the pack of an address, streamed."""

    async def pack(request: web.Request) -> web.StreamResponse:
        found = await fetch(services, workspace_id, request.match_info["secret"])
        if found is None:
            raise web.HTTPNotFound(text=words.leads_nowhere())
        return await _streamed(request, found)

    # No HEAD: what looks whether there is something must not stand on the trail as a fetching.
    return web.get(r"/packs/{secret:[0-9a-f]{1,128}}.zip", pack, allow_head=False)


async def _streamed(request: web.Request, found: Fetched) -> web.StreamResponse:
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }
    answer = web.StreamResponse(headers=headers)
    answer.content_length = found.size
    await answer.prepare(request)
    async for chunk in found.chunks:
        await answer.write(chunk)
    await answer.write_eof()
    return answer


async def fetch(services: Services, workspace_id: str, secret: str) -> Fetched | None:
    """The pack of an address, or None where there is none. What leads nowhere writes nothing."""
    at = services.clock.now()
    if not await services.database.read(workspace_id, commands.leads_somewhere, secret, at=at):
        return None
    pack = await services.database.run(workspace_id, as_the_bot(commands.fetch, at), secret)
    if pack is None or pack.sha256 is None:
        return None
    return Fetched(file_name(pack), pack.size, services.blobs.stream(pack.sha256))


def file_name(pack: Pack) -> str:
    """What the ZIP is called."""
    return f"audit-pack-{pack.id}-{pack.first.isoformat()}-{pack.last.isoformat()}.zip"
