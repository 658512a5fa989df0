"""The room of desk audits, as the rest of the bot knows it."""

from bot.desk_audits import handlers, plan_composers
from bot.room import Room
from workflows.desk_audits import lifecycle

ROOM = Room(
    routes=handlers.ROUTES,
    subjects=plan_composers.SUBJECTS,
    composers=plan_composers.COMPOSERS,
    ticks=(lifecycle.tick,),
    errands=plan_composers.ERRANDS,
)
