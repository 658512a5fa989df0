"""The room of evidence, as the rest of the bot knows it."""

from bot.evidence import collecting, composers, details, handlers, links, pictures, retention, saved_messages
from bot.room import Room
from workflows.evidence import freshness

ROOM = Room(
    routes=(*handlers.ROUTES, *details.ROUTES, *retention.ROUTES, *saved_messages.ROUTES, *links.ROUTES),
    subjects={**composers.SUBJECTS, **retention.SUBJECTS},
    composers={**composers.COMPOSERS, **pictures.COMPOSERS, **retention.COMPOSERS},
    ticks=(freshness.tick,),
    take_up=(collecting.collect_what_is_left, links.take_up, retention.erase),
    nightly=(saved_messages.forget, retention.erase),
)
