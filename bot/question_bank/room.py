"""The question bank, as the rest of the bot knows it."""

from bot.question_bank import handlers
from bot.room import Room

ROOM = Room(routes=handlers.ROUTES, errands=handlers.ERRANDS)
