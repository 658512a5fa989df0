"""Months: a grid of days and the list of what is due, with buttons to turn the pages."""

from calendar import Calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from slack_sdk.models.blocks import Block, ButtonElement

from messages.programme.payloads import MonthRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.mrkdwn import Mrkdwn
from messages.words.wording import Words, words

NEXT_MONTH = "calendar.next_month"
PREVIOUS_MONTH = "calendar.previous_month"
NEXT_PAGE = "calendar.next_page"
PREVIOUS_PAGE = "calendar.previous_page"

PER_PAGE = 15
ONE_DAY = timedelta(days=1)
DUE, HOLIDAY, TODAY = "•", "°", "←"


@dataclass(frozen=True)
class Entry:
    """Something due on a day; `external` dates were set by others."""

    title: str
    due_on: date
    owner_id: str
    state: str
    external: bool = False


@dataclass(frozen=True)
class Month:
    """A month as its reader sees it: one page of what is due, and the days marked in the grid."""

    first: date
    today: date
    entries: Sequence[Entry]
    shows_everybody: bool
    marked: Collection[date] = frozenset()
    holidays: Collection[date] = frozenset()
    page: int = 1
    pages: int = 1
    total: int = 0


def month(shown: Month) -> Message:
    """The answer to `/iso calendar`."""
    wording = words("programme/calendar/month", shown=shown, grid=_grid(shown))
    entries = [words("programme/calendar/month", shown=shown, entry=each).line for each in shown.entries]
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording.grid),
            kit.section(wording.headline),
            *([kit.lines(entries)] if entries else []),
            *kit.actions(_buttons(wording, shown)),
        ],
    )


def _buttons(wording: Words, shown: Month) -> list[ButtonElement]:
    before, after = (shown.first - ONE_DAY), (shown.first + timedelta(days=31))
    this = f"{shown.first:%Y-%m}"
    back = [kit.button(wording.button_previous_page, PREVIOUS_PAGE, MonthRef(this, shown.page - 1))]
    on = [kit.button(wording.button_next_page, NEXT_PAGE, MonthRef(this, shown.page + 1))]
    return [
        *(back if shown.page > 1 else []),
        *(on if shown.page < shown.pages else []),
        kit.button(wording.button_previous_month, PREVIOUS_MONTH, MonthRef(f"{before:%Y-%m}", 1)),
        kit.button(wording.button_next_month, NEXT_MONTH, MonthRef(f"{after:%Y-%m}", 1)),
    ]


def _grid(shown: Month) -> Mrkdwn:
    """The weeks of the month, each with its number (ISO 8601); four characters a day."""
    weeks = Calendar().monthdatescalendar(shown.first.year, shown.first.month)
    head = words("programme/calendar/month").grid_head.plain
    rows = [f"{week[0].isocalendar().week:>2}  " + "".join(_day(shown, day) for day in week).rstrip() for week in weeks]
    return Mrkdwn("```\n" + "\n".join([head, *rows]) + "\n```")


def _day(shown: Month, day: date) -> str:
    if day.month != shown.first.month:
        return "    "
    mark = DUE if day in shown.marked else HOLIDAY if day in shown.holidays else " "
    return f"{day.day:>3}{TODAY if day == shown.today and mark == ' ' else mark}"


def coming_up(entries: Sequence[Entry], *, total: int, today: date) -> list[Block]:
    """What comes in the next weeks, for App Home; nothing where nothing does."""
    lines = [words("programme/calendar/month", entry=each, today=today).coming_line for each in entries]
    wording = words("programme/calendar/month", total=total)
    return [kit.header(wording.coming_title), kit.lines(lines), *kit.more(total - len(lines))] if lines else []
