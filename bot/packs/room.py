"""The room of packs, as the rest of the bot knows it."""

from bot.packs import auditors, composers, download, handlers, making, requests
from bot.room import Room

ROOM = Room(
    routes=(*handlers.ROUTES, *requests.ROUTES, *auditors.ROUTES),
    subjects={**requests.SUBJECTS, **auditors.SUBJECTS},
    composers={**composers.COMPOSERS, **requests.COMPOSERS},
    errands={**making.ERRANDS, **requests.ERRANDS},
    nightly=(making.expire,),
    pages=(download.page,),
)
