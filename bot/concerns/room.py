"""The room of concerns, as the rest of the bot knows it."""

from bot.concerns import composers, handlers
from bot.room import Room
from workflows.concerns import commands, reminding

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    ticks=(commands.end, reminding.tick),
)
