"""The room of tasks, as the rest of the bot knows it."""

from bot.room import Room
from bot.tasks import composers, handlers, handovers
from workflows.tasks import commands

ROOM = Room(
    routes=(*handlers.ROUTES, *handovers.ROUTES),
    subjects={**composers.SUBJECTS, **handovers.SUBJECTS},
    composers={**composers.COMPOSERS, **handovers.COMPOSERS},
    ticks=(commands.tick,),
)
