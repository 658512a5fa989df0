"""The room of interviews, as the rest of the bot knows it."""

from bot.interviews import auditing, composers, handlers, later, listing, talking
from bot.room import Room
from workflows.interviews import people, reminding

ROOM = Room(
    routes=(*handlers.ROUTES, *later.ROUTES, *auditing.ROUTES, *talking.ROUTES),
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    errands=listing.ERRANDS,
    ticks=(people.tick, reminding.tick),
)
