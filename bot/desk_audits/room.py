"""The room of desk audits, as the rest of the bot knows it."""

from bot.desk_audits import handlers
from bot.room import Room

ROOM = Room(routes=handlers.ROUTES)
