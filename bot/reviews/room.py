"""The room of reviews, as the rest of the bot knows it."""

from bot.reviews import composers, handlers, witnesses
from bot.room import Room
from workflows.reviews import commands

ROOM = Room(
    routes=handlers.ROUTES,
    signed=composers.SIGNED,
    ticks=(commands.tick,),
    follow_up=(witnesses.publish,),
)
