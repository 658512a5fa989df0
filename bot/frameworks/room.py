"""The room of frameworks, as the rest of the bot knows it."""

from bot.frameworks import applicability, gap_analysis, handlers
from bot.room import Room
from workflows.frameworks import gap_analysis as gap_rules

ROOM = Room(
    routes=(*handlers.ROUTES, *applicability.ROUTES, *gap_analysis.ROUTES),
    subjects=gap_analysis.SUBJECTS,
    composers=gap_analysis.COMPOSERS,
    ticks=(gap_rules.tick,),
    errands={**handlers.ERRANDS, **applicability.ERRANDS},
)
