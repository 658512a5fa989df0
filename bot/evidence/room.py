"""The room of evidence, as the rest of the bot knows it."""

from bot.evidence import (
    collecting,
    composers,
    details,
    dropped,
    handlers,
    links,
    pictures,
    retention,
    saved_messages,
    unasked,
)
from bot.room import Room
from workflows.evidence import freshness

ROOM = Room(
    routes=(
        *handlers.ROUTES,
        *dropped.ROUTES,
        *unasked.ROUTES,
        *details.ROUTES,
        *retention.ROUTES,
        *saved_messages.ROUTES,
        *links.ROUTES,
    ),
    subjects={**composers.SUBJECTS, **retention.SUBJECTS},
    composers={
        **composers.COMPOSERS,
        **dropped.COMPOSERS,
        **unasked.COMPOSERS,
        **pictures.COMPOSERS,
        **retention.COMPOSERS,
    },
    ticks=(freshness.tick,),
    errands={**collecting.ERRANDS, **links.ERRANDS, **dropped.ERRANDS},
    take_up=(dropped.look_back_soon, retention.erase),
    nightly=(saved_messages.forget, dropped.forget, retention.erase),
)
