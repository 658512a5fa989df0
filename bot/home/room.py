"""The room of App Home, as the rest of the bot knows it."""

from bot.home import handlers
from bot.room import Room

ROOM = Room(
    routes=handlers.ROUTES,
)
