"""The room of people, as the rest of the bot knows it."""

from bot.people import composers, handlers
from bot.room import Room
from workflows.people import leaving

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    ticks=(leaving.tick,),
)
