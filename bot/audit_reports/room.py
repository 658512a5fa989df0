"""The room of audit reports, as the rest of the bot knows it."""

from bot.audit_reports import composers, handlers, letting_go, papers
from bot.room import Room

ROOM = Room(
    routes=(*handlers.ROUTES, *letting_go.ROUTES),
    subjects={**composers.SUBJECTS, **letting_go.SUBJECTS},
    composers={**composers.COMPOSERS, **letting_go.COMPOSERS},
    errands=papers.ERRANDS,
)
