"""The room of desk audits, as the rest of the bot knows it."""

from bot.desk_audits import composers, handlers, plan_composers
from bot.room import Room
from workflows.desk_audits import lifecycle, living

ROOM = Room(
    routes=handlers.ROUTES,
    subjects={**composers.SUBJECTS, **plan_composers.SUBJECTS},
    composers={**composers.COMPOSERS, **plan_composers.COMPOSERS},
    ticks=(lifecycle.tick, living.tick),
    errands=plan_composers.ERRANDS,
)
