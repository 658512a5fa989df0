"""How templates write people, dates, amounts and changes.

Dates are plain words, moments are Slack date tokens: "due on 3 March" is the third of March for everybody, while a
token for its midnight would show a reader further west the second. A moment is one instant, which a token shows each
reader on their own clock.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from messages.words.limits import shorten
from messages.words.mrkdwn import Mrkdwn, in_a_sentence, one_line, quoted

_PERSON_ID = re.compile(r"[UW][A-Z0-9]{1,31}")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,31}")
_WEB_ADDRESS = re.compile(r"https://[^\s<>|\"]{1,1000}")
_MOST_PEOPLE_IN_A_SENTENCE = 10
_BAR_LENGTH = 10


class NotInPlainText(Exception):
    """A mention or a link was put where Slack shows plain text only, and would appear as its code."""


def person(person_id: str) -> Mrkdwn:
    """A mention of somebody; an id that is none stays text."""
    return Mrkdwn(f"<@{person_id}>") if _PERSON_ID.fullmatch(person_id) else in_a_sentence(person_id)


def people(person_ids: Iterable[str]) -> Mrkdwn:
    """Mentions of several people: "A, B and C"."""
    names = [person(each) for each in person_ids]
    shown = names[:_MOST_PEOPLE_IN_A_SENTENCE]
    if len(names) > len(shown):
        shown.append(Mrkdwn(f"{len(names) - len(shown)} more"))
    return Mrkdwn(" and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]])))


def any_of(keys: Sequence[str], names: Mapping[str, str]) -> str:
    """Any of several, each by its name: "a lead, an auditor or management"."""
    *others, last = [names[each] for each in keys]
    return f"{', '.join(others)} or {last}" if others else last


def channel(channel_id: str) -> Mrkdwn:
    """A link to a channel; an id that is none stays text."""
    return Mrkdwn(f"<#{channel_id}>") if _CHANNEL_ID.fullmatch(channel_id) else in_a_sentence(channel_id)


def link(url: str, text: str) -> Mrkdwn:
    """`text` as a link, to https addresses only; anything else stays text."""
    words = in_a_sentence(text)
    return Mrkdwn(f"<{url.replace('&', '&amp;')}|{words}>") if _WEB_ADDRESS.fullmatch(url) else words


def day(value: date) -> str:
    """A date in words, the same for every reader wherever they are."""
    if isinstance(value, datetime):
        raise TypeError("a moment was given where a date belongs; use the filter `moment`")
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def moment(at: datetime) -> Mrkdwn:
    """A moment on the reader's own clock (Slack reference: "Formatting text", date tokens)."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date_long}} at {{time}}|{moment_in_words(at)}>")


def moment_in_words(at: datetime) -> str:
    """A moment in UTC, for places that know no date tokens."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone to be told to people in different places")
    utc = at.astimezone(UTC)
    return f"{day(utc.date())} at {utc:%H:%M} UTC"


def away(due_on: date, today: date) -> str:
    """How far off a due date is: "today", "tomorrow", "in 5 days", "3 days overdue"."""
    days = (due_on - today).days
    if days < 0:
        return f"{plural(-days, 'day')} overdue"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {plural(days, 'day')}")


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 day", "5 days"; `many` for irregular nouns."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, plural(count, "time"))


def size(count: int) -> str:
    """A number of bytes in decimal units: "312 kB", "1.4 MB", "5 GB"."""
    if count < 1_000:
        return plural(count, "byte")
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f}".removesuffix(".0") + " MB"
    return f"{count / 1_000_000_000:,.1f}".removesuffix(".0") + " GB"


def bar(part: int, whole: int) -> str:
    """A share as a bar of text with its figure: "▓▓▓▓░░░░░░ 40%". Nothing of nothing is no share."""
    if whole <= 0:
        return "nothing to measure yet"
    share = min(1.0, max(0.0, part / whole))
    full = int(share * _BAR_LENGTH)
    return f"{'▓' * full}{'░' * (_BAR_LENGTH - full)} {int(share * 100)}%"


def with_change(now: int, before: int | None) -> str:
    """A figure and what happened to it since last week, as a sign and in words: "12 (▲ 2 more)"."""
    if before is None:
        return f"{now:,}"
    if now == before:
        return f"{now:,} (as before)"
    return f"{now:,} (▲ {now - before:,} more)" if now > before else f"{now:,} (▼ {before - now:,} fewer)"


def _not_here(*_: object) -> str:
    raise NotInPlainText("mentions, links and quotations belong into mrkdwn")


def _up_to_in_plain_text(text: str, limit: int) -> str:
    return shorten(one_line(text), limit)


Filters = Mapping[str, Callable[..., str]]

_EVERYWHERE: Filters = {
    "day": day,
    "any_of": any_of,
    "away": away,
    "plural": plural,
    "times": times,
    "size": size,
    "bar": bar,
    "with_change": with_change,
}
IN_MRKDWN: Filters = {
    **_EVERYWHERE,
    "person": person,
    "people": people,
    "channel": channel,
    "link": link,
    "moment": moment,
    "quoted": quoted,
    "up_to": in_a_sentence,
}
IN_PLAIN_TEXT: Filters = {
    **_EVERYWHERE,
    **dict.fromkeys(("person", "people", "channel", "link", "quoted"), _not_here),
    "moment": moment_in_words,
    "up_to": _up_to_in_plain_text,
}
