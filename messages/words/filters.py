"""How templates write people, dates, amounts and changes.

Dates are plain words, moments are Slack date tokens: "due on 3 March" is the third of March for everybody, while a
token for its midnight would show a reader further west the second. A moment is one instant, which a token shows each
reader on their own clock.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import partial

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from messages.words.limits import shorten
from messages.words.mrkdwn import Mrkdwn, in_a_sentence, one_line, quoted

ENGLISH = "en_GB"
"""The language of everything that is said, as the Unicode CLDR names it: days before months, no comma before "and"."""

_PERSON_ID = re.compile(r"[UW][A-Z0-9]{1,31}")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,31}")
_WEB_ADDRESS = re.compile(r"https://[^\s<>|\"]{1,1000}")
_MOST_PEOPLE_IN_A_SENTENCE = 10
_BAR_LENGTH = 10
_UNITS = (("kilobytes", 10**3, "0"), ("megabytes", 10**6, "0.#"), ("gigabytes", 10**9, "#,##0.#"))
"""Names, bytes in one, and how many digits are told."""

Say = Callable[..., str]
"""Gives a phrase of `phrases.j2` by its name, with its values."""


class NotInPlainText(Exception):
    """A mention or a link was put where Slack shows plain text only, and would appear as its code."""


def person(person_id: str) -> Mrkdwn:
    """A mention of somebody; an id that is none stays text."""
    return Mrkdwn(f"<@{person_id}>") if _PERSON_ID.fullmatch(person_id) else in_a_sentence(person_id)


def people(person_ids: Iterable[str], *, say: Say, language: str = ENGLISH) -> Mrkdwn:
    """Mentions of several people: "A, B and C"."""
    names = [person(each) for each in person_ids]
    shown = names[:_MOST_PEOPLE_IN_A_SENTENCE]
    if len(names) > len(shown):
        shown.append(Mrkdwn(say("more_people", count=len(names) - len(shown))))
    return Mrkdwn(format_list(shown, locale=language))


def all_of(names: Iterable[str], *, language: str = ENGLISH) -> str:
    """All of several: "Monday, Tuesday and Friday"."""
    return format_list(list(names), locale=language)


def any_of(keys: Iterable[str], names: Mapping[str, str] | None = None, *, language: str = ENGLISH) -> str:
    """Any of several, each by its name if there are some: "a lead, an auditor or management"."""
    return format_list([names[each] if names else each for each in keys], style="or", locale=language)


def country(code: str, *, language: str = ENGLISH) -> str:
    """A country (ISO 3166) by its name: "Germany"; a code without one stays as it is."""
    return str(Locale.parse(language).territories.get(code, code))


def the_country(code: str, *, say: Say, language: str = ENGLISH) -> str:
    """The same within a sentence: "Germany", "the United States"."""
    return say("country", code=code, called=country(code, language=language))


def channel(channel_id: str) -> Mrkdwn:
    """A link to a channel; an id that is none stays text."""
    return Mrkdwn(f"<#{channel_id}>") if _CHANNEL_ID.fullmatch(channel_id) else in_a_sentence(channel_id)


def link(url: str, text: str) -> Mrkdwn:
    """`text` as a link, to https addresses only; anything else stays text."""
    words = in_a_sentence(text)
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{words}>") if _WEB_ADDRESS.fullmatch(url) else words


def day(value: date, *, language: str = ENGLISH) -> str:
    """A date in words, the same for every reader wherever they are."""
    if isinstance(value, datetime):
        raise TypeError("a moment was given where a date belongs; use the filter `moment`")
    return format_date(value, "EEEE d MMMM y", locale=language)


def date_alone(value: date, *, language: str = ENGLISH) -> str:
    """A date in words without its weekday: "3 March 2026"."""
    return format_date(value, "d MMMM y", locale=language)


def month(value: date, *, language: str = ENGLISH) -> str:
    """The month of a date: "March 2026"."""
    return format_date(value, "LLLL y", locale=language)


def weekday(number: int, *, language: str = ENGLISH) -> str:
    """A day of the week, Monday being 0."""
    return str(get_day_names("wide", "stand-alone", locale=language)[number])


def figure(count: int, *, language: str = ENGLISH) -> str:
    """A whole number, grouped by thousands: "4,000"."""
    return format_decimal(count, locale=language)


def moment(at: datetime, *, say: Say, language: str = ENGLISH) -> Mrkdwn:
    """A moment on the reader's own clock (Slack reference: "Formatting text", date tokens)."""
    token, words = say("moment", day="{date_long}", time="{time}"), moment_in_words(at, say=say, language=language)
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{token}|{words}>")


def moment_in_words(at: datetime, *, say: Say, language: str = ENGLISH) -> str:
    """A moment in UTC, for places that know no date tokens."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone to be told to people in different places")
    utc = at.astimezone(UTC)
    return say("moment", day=day(utc.date(), language=language), time=f"{utc:%H:%M} UTC")


def away(due_on: date, today: date, *, say: Say) -> str:
    """How far off a due date is: "today", "tomorrow", "in 5 days", "3 days overdue"."""
    days = (due_on - today).days
    if days < 0:
        return say("overdue", days=-days)
    return say({0: "today", 1: "tomorrow"}.get(days, "in_days"), days=days)


def plural(count: int, one: str, many: str = "", *, language: str = ENGLISH) -> str:
    """A count with its noun: "1 day", "5 days"; `many` for irregular nouns."""
    return f"{figure(count, language=language)} {one if count == 1 else many or one + 's'}"


def times(count: int, *, say: Say) -> str:
    """How often: "once", "twice", "3 times"."""
    return say({1: "once", 2: "twice"}.get(count, "times"), count=count)


def size(count: int, *, say: Say, language: str = ENGLISH) -> str:
    """A number of bytes in decimal units: "312 kB", "1.4 MB", "5 GB"."""
    if count < 1_000:
        return say("bytes", count=count)
    unit, of, shape = next(each for each in _UNITS if count < each[1] * 1_000 or each is _UNITS[-1])
    return say(unit, amount=format_decimal(count / of, shape, locale=language))


def bar(part: int, whole: int, *, say: Say) -> str:
    """A share as a bar of text with its figure: "▓▓▓▓░░░░░░ 40%". Nothing of nothing is no share."""
    if whole <= 0:
        return say("no_share")
    share = min(1.0, max(0.0, part / whole))
    full = int(share * _BAR_LENGTH)
    return f"{'▓' * full}{'░' * (_BAR_LENGTH - full)} {int(share * 100)}%"


def with_change(now: int, before: int | None, *, say: Say, language: str = ENGLISH) -> str:
    """A figure and what happened to it since last week, as a sign and in words: "12 (▲ 2 more)"."""
    said = figure(now, language=language)
    if before is None:
        return said
    change = figure(abs(now - before), language=language)
    return say("as_before" if now == before else "more" if now > before else "fewer", now=said, change=change)


def _not_here(*_: object) -> str:
    raise NotInPlainText("mentions, links and quotations belong into mrkdwn")


def _up_to_in_plain_text(text: str, limit: int) -> str:
    return shorten(one_line(text), limit)


Filters = Mapping[str, Callable[..., str]]

_IN_MRKDWN: Filters = {
    "person": person,
    "channel": channel,
    "link": link,
    "quoted": quoted,
    "up_to": in_a_sentence,
}
_IN_PLAIN_TEXT: Filters = {
    **dict.fromkeys(("person", "people", "channel", "link", "quoted"), _not_here),
    "up_to": _up_to_in_plain_text,
}


def in_mrkdwn(language: str, say: Say) -> Filters:
    """The filters for mrkdwn; `say` has the phrases of the language, whose days, figures and lists they write."""
    told = partial(moment, say=say, language=language)
    named = partial(people, say=say, language=language)
    return {**_IN_MRKDWN, **_everywhere(language, say), "moment": told, "people": named}


def in_plain_text(language: str, say: Say) -> Filters:
    """The same for `plain_text`, which knows no mentions, links and quotations."""
    told = partial(moment_in_words, say=say, language=language)
    return {**_IN_PLAIN_TEXT, **_everywhere(language, say), "moment": told}


def _everywhere(language: str, say: Say) -> Filters:
    return {
        "all_of": partial(all_of, language=language),
        "any_of": partial(any_of, language=language),
        "away": partial(away, say=say),
        "bar": partial(bar, say=say),
        "country": partial(country, language=language),
        "date": partial(date_alone, language=language),
        "day": partial(day, language=language),
        "figure": partial(figure, language=language),
        "month": partial(month, language=language),
        "plural": partial(plural, language=language),
        "size": partial(size, say=say, language=language),
        "the_country": partial(the_country, say=say, language=language),
        "times": partial(times, say=say),
        "weekday": partial(weekday, language=language),
        "with_change": partial(with_change, say=say, language=language),
    }
