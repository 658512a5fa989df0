"""The room of the programme of the year, as the rest of the bot knows it."""

from bot.programme import certification, changes, feeds, months, obligations, settings, starting
from bot.room import Room
from workflows.programme import calendar as calendar_rules
from workflows.programme import certification as certification_rules

ROOM = Room(
    routes=(
        *settings.ROUTES,
        *starting.ROUTES,
        *obligations.ROUTES,
        *certification.ROUTES,
        *changes.ROUTES,
        *months.ROUTES,
        *feeds.ROUTES,
    ),
    composers=starting.COMPOSERS,
    errands=feeds.ERRANDS,
    ticks=(certification_rules.tick, calendar_rules.tick),
    pages=(feeds.page,),
)
