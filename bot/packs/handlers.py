"""Packs room at the edge: `/iso pack`, the card of a pack while it is made, and the address it is fetched from.

A pack streams into the file store as it is made, so it is never there twice. Making it is an errand.
"""

from bot.packs.facts import ask_modal
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.packs import cards as words
from messages.packs.payloads import PackRef
from messages.words.payloads import Nothing
from storage.packs.tables import Pack
from workflows.deed import Deed
from workflows.packs import commands
from workflows.packs.shapes import EVERY_THEME, Coverage


async def ask(call: Command) -> Reply:
    """`/iso pack`: what is it to be about?"""
    return Open(await call.ask(ask_modal))


async def asked(call: Form[Nothing]) -> Reply:
    """A pack is wanted; it is made beside everything else."""
    await call.act(_asked, coverage=filled(call, Coverage))
    return None


def _asked(deed: Deed, *, coverage: Coverage) -> Pack:
    scope = commands.scope_for(
        deed.uow,
        editions=coverage.editions,
        days=(coverage.first, coverage.last),
        themes={coverage.theme} - {EVERY_THEME},
        owners=coverage.owners,
        typed=coverage.requirements.split(","),
        answers_because=commands.reason_for_answers(coverage),
    )
    return commands.ask(deed, scope=scope)


async def again(call: Press[PackRef]) -> Reply:
    """Try once more what failed."""
    await call.act(commands.again, pack_id=call.payload.pack, version=call.payload.version)
    return None


async def anew(call: Press[PackRef]) -> Reply:
    """Another pack of the same scope as one that expired."""
    await call.act(commands.anew, pack_id=call.payload.pack, version=call.payload.version)
    return None


async def send(call: Press[PackRef]) -> Reply:
    """The ZIP once more into the thread of the card."""
    channel = call.channel_id or await call.services.gateway.open_dm(call.person_id)
    place = (channel, call.message_ts or "")
    await call.act(commands.hand_out, pack_id=call.payload.pack, place=place, key=call.key)
    return None


async def link(call: Press[PackRef]) -> Reply:
    """A private address that ends by itself."""
    made, secret = await call.act(commands.make_link, pack_id=call.payload.pack)
    url = f"{call.services.settings.reached_at}packs/{secret}.zip"
    return Tell(words.link(url=url, ends_at=made.ends_at))


async def revoke(call: Press[PackRef]) -> Reply:
    """No address any more."""
    await call.act(commands.revoke_links, pack_id=call.payload.pack)
    return Tell(words.revoked())


ROUTES = (
    verb("pack", handler=ask),
    form(words.ASK_FORM, Nothing, asked),
    press(words.SEND, PackRef, send),
    press(words.LINK, PackRef, link),
    press(words.REVOKE, PackRef, revoke),
    press(words.AGAIN, PackRef, again),
    press(words.ANEW, PackRef, anew),
)
