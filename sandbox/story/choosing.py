"""What a field takes for what a story says: names become ids, the words of an option its value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.elements import KINDS, options_of
from sandbox.hands import HandError, Json, Person
from sandbox.story.forms import WEEKDAYS, is_span
from sandbox.story.looking import Eyes
from sandbox.story.words import Control, readable


class Chooser:
    """Chooses for one person at one moment. Raises HandError for what is not on offer."""

    def __init__(self, eyes: Eyes, person: Person, now: datetime) -> None:
        self._eyes = eyes
        self._person = person
        self._now = now

    async def value(self, control: Control, wanted: Any, where: Mapping[str, Any]) -> Any:
        """What to hand in for `wanted`, or for each of several, in a control that stands `where`."""
        element = control.element
        several = wanted if isinstance(wanted, list) else [wanted]
        if element["type"].endswith("external_select"):
            offers = [await self._offered(control, words, where) for words in several]
            element = element | {"options": [option for offer in offers for option in offer]}
        kind = KINDS.get(element["type"])
        if kind is None or not kind.many:
            return await self._one(element, wanted)
        return [await self._one(element, each) for each in several]

    async def _offered(self, control: Control, words: Any, where: Mapping[str, Any]) -> list[Json]:
        """What the app offers to somebody who types these words."""
        answer = await self._person.suggest(
            control.element["action_id"], str(words), block_id=control.block_id, **where
        )
        return options_of(answer)

    async def _one(self, element: Json, wanted: Any) -> Any:
        kind = element["type"].removeprefix("multi_")
        if kind == "datepicker" and is_span(wanted):
            return (self._now + span(wanted)).date().isoformat()
        if kind == "file_input" and isinstance(wanted, dict) and set(wanted) == {"name", "content"}:
            return await self._person.stage(wanted["name"], str(wanted["content"]).encode())
        if isinstance(wanted, (dict, list)) or kind == "file_input":
            raise HandError("no_choice", f"This {kind} does not take {wanted!r}.")
        if kind == "users_select":
            return (await self._eyes.account(wanted))["id"]
        if kind in ("conversations_select", "channels_select"):
            return await self._eyes.channel(self._person, f"#{wanted.removeprefix('#')}")
        return _option(element, wanted) if options_of(element) else wanted


def span(wanted: Mapping[str, Any]) -> timedelta:
    """A length of time such as `{"days": 14}`, its numbers as numbers or texts."""
    return timedelta(**{unit: float(number) for unit, number in wanted.items()})


def moment(way: str, text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment named by `next: monday 09:05` or `to: 2027-01-04 09:00`, in `zone`."""
    if way == "next":
        weekday, _, hour = text.partition(" ")
        return next_weekday(now.astimezone(zone), weekday.lower(), hour)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def next_weekday(now: datetime, weekday: str, hour: str) -> datetime:
    """The next `weekday` at `hour` (HH:MM) that lies after `now`, in the zone of `now`."""
    at = time.fromisoformat(hour)
    days = (WEEKDAYS.index(weekday) - now.weekday()) % 7
    found = datetime.combine(now.date() + timedelta(days=days), at, now.tzinfo)
    return found if found > now else datetime.combine(now.date() + timedelta(days=days + 7), at, now.tzinfo)


def _option(element: Json, words: str) -> str:
    options = options_of(element)
    for option in options:
        if readable(option["text"]).startswith(words):
            return str(option["value"])
    raise HandError("option_not_found", f"{words} is not among {', '.join(readable(each['text']) for each in options)}")
