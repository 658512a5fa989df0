"""The room of desk audits, as the rest of the bot knows it."""

from bot.desk_audits import composers, handlers
from bot.room import Room

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
)
