"""What a room brings to the house: its face is one `ROOM` in `bot/<room>/room.py`, and nothing outside names its parts.

It stands beside the room's other modules and not in the package's `__init__`, since that is run whenever a module of
the room is imported by another room, which would make every room import every other.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bot.errands import Kind
from bot.heartbeat import Tick
from bot.sending.day import Subject
from bot.services import Services
from bot.slack.calls import Composer
from bot.slack.routes import Routes
from storage.record.signing import Signer

Chore = Callable[[Services, str], Awaitable[None]]
"""Something the bot does by itself in a workspace, given by its id."""

Page = Callable[[Services, str], web.RouteDef]
"""An address on the HTTP server, for a workspace given by its id."""

Signing = Callable[[Signer | None], Composer]
"""Makes a composer that signs what it says with the organisation's key, where there is one."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """Everything the rest of the bot knows of a room.

    `routes`: what it answers to; the help lists its verbs in this order. `subjects`: what the message of the day can
    tell of. `composers`: what it says besides, by the kind of message; `signed`: the same, of what is signed. `ticks`:
    its planners, called every minute in this order. `errands`: how it does what was promised, by the kind of errand.
    `take_up`: what goes on after a start. `follow_up`: what follows each beat of the planners, outside of any unit of
    work. `nightly`: what is done when the clock passes 02:00 UTC. `pages`: its addresses on the server.
    """

    routes: Routes = ()
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    composers: Mapping[str, Composer] = field(default_factory=dict)
    signed: Mapping[str, Signing] = field(default_factory=dict)
    ticks: Sequence[Tick] = ()
    errands: Mapping[str, Kind] = field(default_factory=dict)
    take_up: Sequence[Chore] = ()
    follow_up: Sequence[Chore] = ()
    nightly: Sequence[Chore] = ()
    pages: Sequence[Page] = ()


async def carry_out(chores: Sequence[Chore], services: Services, workspace_id: str) -> None:
    """Do them one after another."""
    for chore in chores:
        await chore(services, workspace_id)
