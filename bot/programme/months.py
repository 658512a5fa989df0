"""Months at the edge: `/iso calendar`, and its pages."""

from bot.programme import feeds
from bot.programme.facts import entry
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import press, verb
from messages.programme import months as words
from messages.programme.payloads import MonthRef
from messages.words.kit import Message
from storage.programme.tables import FeedScope
from workflows.deed import Deed
from workflows.programme import months

FEEDS = {"feed": FeedScope.OWN, "feed programme": FeedScope.PROGRAMME}


async def calendar(call: Command) -> Reply:
    """`/iso calendar`, `/iso calendar december`, `/iso calendar feed`, `/iso calendar feed programme`."""
    scope = FEEDS.get(" ".join(call.text.lower().split()))
    return await feeds.show(call, scope) if scope else Tell(await call.ask(_month, text=call.text, page=1))


async def turned(call: Press[MonthRef]) -> Reply:
    """Another month, or another page of one."""
    return Tell(await call.ask(_month, text=call.payload.month, page=call.payload.page), replace=True)


def _month(deed: Deed, *, text: str, page: int) -> Message:
    found = months.month(deed, text=text)
    pages = max(1, -(-len(found.tasks) // words.PER_PAGE))
    shown = min(max(page, 1), pages)
    listed = found.tasks[(shown - 1) * words.PER_PAGE : shown * words.PER_PAGE]
    return words.month(
        words.Month(
            first=found.first,
            today=found.today,
            entries=[entry(each) for each in listed],
            shows_everybody=found.shows_everybody,
            marked=frozenset(each.due_on for each in found.tasks),
            holidays=found.holidays,
            page=shown,
            pages=pages,
            total=len(found.tasks),
        )
    )


ROUTES = (
    verb("calendar", handler=calendar, for_all=True),
    press(words.NEXT_MONTH, MonthRef, turned),
    press(words.PREVIOUS_MONTH, MonthRef, turned),
    press(words.NEXT_PAGE, MonthRef, turned),
    press(words.PREVIOUS_PAGE, MonthRef, turned),
)
