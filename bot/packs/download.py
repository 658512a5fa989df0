"""Packs: what whoever has the address of a pack gets."""

from bot.http.server import Fetched
from bot.services import House
from storage.packs.tables import Pack
from workflows.packs import commands


async def fetch(house: House, workspace_id: str, secret: str) -> Fetched | None:
    """The pack of an address, or None where there is none. What leads nowhere writes nothing."""
    at = house.clock.now()
    if not await house.database.read(workspace_id, commands.leads_somewhere, secret, at=at):
        return None
    pack = await house.database.run(workspace_id, commands.fetch, secret, at=at)
    if pack is None or pack.sha256 is None:
        return None
    return Fetched(file_name(pack), pack.size, house.blobs.stream(pack.sha256))


def file_name(pack: Pack) -> str:
    """What the ZIP is called."""
    return f"audit-pack-{pack.id}-{pack.first.isoformat()}-{pack.last.isoformat()}.zip"
