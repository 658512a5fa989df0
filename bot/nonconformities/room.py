"""The room of nonconformities, as the rest of the bot knows it."""

from bot.nonconformities import composers, handlers
from bot.room import Room
from workflows.nonconformities import commands

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    ticks=(commands.tick,),
)
