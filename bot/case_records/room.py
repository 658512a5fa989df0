"""The room of case records, as the rest of the bot knows it."""

from bot.case_records import handlers, papers
from bot.room import Room

ROOM = Room(routes=handlers.ROUTES, errands=papers.ERRANDS)
