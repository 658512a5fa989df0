"""The room of importing, as the rest of the bot knows it."""

from bot.importing import composers, handlers, running
from bot.room import Room

ROOM = Room(
    routes=handlers.ROUTES,
    composers=composers.COMPOSERS,
    errands=running.ERRANDS,
)
