"""The room of machines, as the rest of the bot knows it."""

from bot.machines import keys, probes
from bot.room import Room

ROOM = Room(
    routes=keys.ROUTES,
    follow_up=(probes.run_due,),
    pages=(keys.page,),
)
