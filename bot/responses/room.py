"""The room of responses, as the rest of the bot knows it."""

from bot.responses import composers, handlers
from bot.room import Room

ROOM = Room(routes=handlers.ROUTES, composers=composers.COMPOSERS)
