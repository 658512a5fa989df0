"""The room of interviews, as the rest of the bot knows it."""

from bot.interviews import composers, handlers, listing
from bot.room import Room
from workflows.interviews import reminding

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    errands=listing.ERRANDS,
    ticks=(reminding.tick,),
)
