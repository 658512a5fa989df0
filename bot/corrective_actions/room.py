"""The room of corrective actions, as the rest of the bot knows it."""

from bot.corrective_actions import composers, handlers
from bot.room import Room
from workflows.corrective_actions import commands

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    ticks=(commands.tick,),
)
