"""The room of nudges, as the rest of the bot knows it."""

from bot.nudges import ladders, ledger, problems
from bot.room import Room
from workflows.nudges import commands

ROOM = Room(
    routes=(*ledger.ROUTES, *ladders.ROUTES, *problems.ROUTES),
    ticks=(commands.tick,),
    take_up=(ladders.follow,),
)
