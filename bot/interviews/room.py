"""The room of interviews, as the rest of the bot knows it."""

from bot.interviews import auditing, composers, handlers, later, talking
from bot.room import Room
from workflows.interviews import people, reminding

ROOM = Room(
    routes=(*handlers.ROUTES, *later.ROUTES, *auditing.ROUTES, *talking.ROUTES),
    subjects=composers.SUBJECTS,
    composers=composers.COMPOSERS,
    ticks=(people.tick, reminding.tick),
)
