"""Stories: readable files of steps (who, what they do, what is then seen), played through the hands of people.

A story is YAML: a title and chapters of steps. Every step has a sentence (`tells`) and at most one deed:

    - tells: Jonas drops the signed review into the thread.
      who: Jonas                       # first name of somebody in the workspace
      drops: {name: review.txt, content: "…", thread: Review who has access}
      sees: Kept                       # a text, or several, in the place named by `in`
      in: thread                       # home, modal, thread, a #channel, or the app's messages when left out

Deeds: `opens: home`, `types: /command text`, `says: text`, `presses: button` (`of: text` names the message, `of: home`
or `of: modal` the surface), `fills: {label: value}` which submits the open modal, `closes: modal`, `drops`, and
`clock: {advance: {days: 1}}` or `clock: {next: monday 09:05}`, in the zone of `who`. Deeds that are no person's (such
as restarting the app) are lent by the host.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from sandbox.hands import HandError, Hands, Json, Person

PATIENCE_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.2
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Deed = Callable[[Any], Awaitable[None]]


class StoryFailed(Exception):
    """A step did not go as the story says: which one, what was expected, what was seen."""

    def __init__(self, step: Step, expected: str, seen: str) -> None:
        super().__init__(f"{step.tells}\n  expected: {expected}\n  seen: {seen}")
        self.step = step


@dataclass(frozen=True)
class Step:
    """One deed of one person, and what is then seen."""

    tells: str
    who: str = ""
    deed: str = ""
    what: Any = None
    of: str = ""
    sees: tuple[str, ...] = ()
    place: str = "messages"


@dataclass(frozen=True)
class Chapter:
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Story:
    """A title and its chapters."""

    title: str
    chapters: tuple[Chapter, ...]

    @classmethod
    def load(cls, path: Path) -> Story:
        """Read a story file. Raises ValueError naming the step that is not understood."""
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        chapters = [
            Chapter(chapter["title"], tuple(_step(row) for row in chapter["steps"])) for chapter in document["chapters"]
        ]
        return cls(document["title"], tuple(chapters))


def _step(row: Mapping[str, Any]) -> Step:
    known = {"tells", "who", "of", "sees", "in"}
    deeds = [name for name in row if name not in known]
    if len(deeds) > 1 or "tells" not in row:
        raise ValueError(f"a step has one sentence and at most one deed: {dict(row)}")
    sees = row.get("sees", ())
    return Step(
        tells=row["tells"],
        who=row.get("who", ""),
        deed=deeds[0] if deeds else "",
        what=row[deeds[0]] if deeds else None,
        of=row.get("of", ""),
        sees=(sees,) if isinstance(sees, str) else tuple(sees),
        place=row.get("in", "messages"),
    )


@dataclass
class Player:
    """Plays steps against a running sandbox. `lent` are deeds of the host, by name."""

    hands: Hands
    lent: Mapping[str, Deed] = field(default_factory=dict)
    _people: dict[str, Json] = field(default_factory=dict)

    async def play(self, step: Step) -> None:
        """Do what the step says and wait until it is seen. Raises StoryFailed."""
        if not self._people:
            await self._meet()
        try:
            await self._do(step)
        except HandError as error:
            raise StoryFailed(step, f"{step.deed}: {step.what}", str(error)) from error
        for text in step.sees:
            await self._look(step, text)

    async def _meet(self) -> None:
        workspace = await self.hands.workspace()
        self._people = {_first_name(person): person for person in workspace["people"]}

    async def _do(self, step: Step) -> None:
        own: Mapping[str, Callable[[Step], Awaitable[None]]] = {
            "opens": self._open,
            "types": self._type,
            "says": self._say,
            "presses": self._press,
            "closes": self._close,
            "fills": self._fill,
            "drops": self._drop,
            "clock": self._move_clock,
        }
        if step.deed in own:
            await own[step.deed](step)
        elif step.deed:
            await self.lent[step.deed](step.what)

    def _person(self, step: Step) -> Person:
        return self.hands.person(self._id(step.who))

    def _id(self, name: str) -> str:
        if name not in self._people:
            raise HandError("not_found", f"Nobody here is called {name}.")
        return str(self._people[name]["id"])

    async def _open(self, step: Step) -> None:
        await self._person(step).home()

    async def _type(self, step: Step) -> None:
        command, _, text = str(step.what).partition(" ")
        await self._person(step).command(command, text)

    async def _say(self, step: Step) -> None:
        await self._person(step).say(step.what)

    async def _press(self, step: Step) -> None:
        """The newest button with these words; on Home, in the modal, or in a message that says `of`."""
        person = self._person(step)
        if step.of in ("home", "modal"):
            view, element = await self._newest(step, partial(self._view, person, step.of))
            await person.press_in_view(element["action_id"], view["id"])
        else:
            message, element = await self._newest(step, partial(self._messages, person, step.of))
            await person.press(element["action_id"], ts=message["ts"], block_id=element["block_id"])

    async def _close(self, step: Step) -> None:
        await self._person(step).close()

    async def _view(self, person: Person, kind: str) -> Sequence[Json]:
        view = await (person.home() if kind == "home" else person.modal())
        return [view] if view else []

    async def _messages(self, person: Person, saying: str) -> Sequence[Json]:
        return [each for each in await person.messages() if saying in self._named(readable(each))]

    async def _newest(self, step: Step, shown: Callable[[], Awaitable[Sequence[Json]]]) -> tuple[Json, Json]:
        """A button may come a moment after the message; wait for it like for a text."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            messages = await shown()
            for message in reversed(messages):
                for element in buttons(message):
                    if element["text"]["text"].startswith(step.what):
                        return message, element
            if asyncio.get_running_loop().time() > deadline:
                seen = " | ".join(each["text"]["text"] for message in messages for each in buttons(message))
                raise StoryFailed(step, f"a button {step.what!r} on {step.of!r}", seen or "no button")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _fill(self, step: Step) -> None:
        """Fill the open modal by the labels a person reads, and submit it."""
        person = self._person(step)
        modal, fields = await self._form(step, person)
        values = {
            fields[label]["block_id"]: await self._value(person, fields[label]["element"], wanted)
            for label, wanted in step.what.items()
        }
        answer = await person.submit(values, str(modal["id"]))
        if answer.get("errors"):
            raise StoryFailed(step, "the form is taken", str(answer["errors"]))

    async def _form(self, step: Step, person: Person) -> tuple[Json, dict[str, Json]]:
        """The modal that has every field of the step, and these by the beginning of their label."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            modal = await person.modal() or {"blocks": []}
            inputs = {readable(block["label"]): block for block in modal["blocks"] if block["type"] == "input"}
            found = {label: block for label in step.what for name, block in inputs.items() if name.startswith(label)}
            if len(found) == len(step.what):
                return modal, found
            if asyncio.get_running_loop().time() > deadline:
                raise StoryFailed(step, f"a modal with {', '.join(step.what)}", ", ".join(inputs) or readable(modal))
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _value(self, person: Person, element: Json, wanted: Any) -> Any:
        """What the field takes for what the story says: names become ids, words of an option its value."""
        kind = element["type"]
        if kind.endswith("users_select"):
            return self._id(wanted) if kind == "users_select" else [self._id(name) for name in wanted]
        if kind in ("conversations_select", "channels_select"):
            return await self._channel(person, wanted)
        if kind == "datepicker":
            return await self._date(wanted)
        if kind == "file_input":
            return [await person.stage(file["name"], str(file["content"]).encode()) for file in wanted]
        if "options" in element or "option_groups" in element:
            options = [_option(element, words) for words in ([wanted] if isinstance(wanted, str) else wanted)]
            return options if kind == "checkboxes" else options[0]
        return wanted

    async def _channel(self, person: Person, name: str) -> str:
        for conversation in await person.conversations():
            if conversation["name"] == name.lstrip("#"):
                return str(conversation["id"])
        raise HandError("channel_not_found", f"{name} is not a conversation of this person.")

    async def _date(self, wanted: Mapping[str, int]) -> str:
        now = datetime.fromisoformat((await self.hands.clock())["now"])
        return (now + timedelta(**wanted)).date().isoformat()

    async def _drop(self, step: Step) -> None:
        person = self._person(step)
        thread = await self._root(step, person, step.what["thread"]) if "thread" in step.what else None
        file = (step.what["name"], str(step.what["content"]).encode())
        await person.upload(file, thread_ts=thread)

    async def _root(self, step: Step, person: Person, text: str) -> str:
        for message in reversed(await person.messages()):
            if text in readable(message):
                return str(message["ts"])
        raise StoryFailed(step, f"a message that says {text!r}", "none")

    async def _move_clock(self, step: Step) -> None:
        if "advance" in step.what:
            await self.hands.advance(timedelta(**step.what["advance"]))
            return
        weekday, _, hour = step.what["next"].partition(" ")
        zone = ZoneInfo(self._people[step.who]["tz"])
        now = datetime.fromisoformat((await self.hands.clock())["now"]).astimezone(zone)
        await self.hands.go_to(next_weekday(now, weekday, hour))

    async def _look(self, step: Step, text: str) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while text not in (seen := await self._seen(step)):
            if asyncio.get_running_loop().time() > deadline:
                raise StoryFailed(step, f"{text!r} in {step.place}", seen[-1500:] or "nothing")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _seen(self, step: Step) -> str:
        person = self._person(step)
        if step.place == "home":
            return readable(await person.home() or {})
        if step.place == "modal":
            return readable(await person.modal() or {})
        channel = await self._channel(person, step.place) if step.place.startswith("#") else None
        messages = await person.messages(channel)
        if step.place == "thread":
            roots = [each["ts"] for each in messages if each.get("reply_count")]
            messages = [reply for ts in roots for reply in await person.thread(ts)]
        return self._named("\n".join(readable(each) for each in messages))

    def _named(self, text: str) -> str:
        for name, person in self._people.items():
            text = text.replace(f"<@{person['id']}>", f"@{name}")
        return text


def next_weekday(now: datetime, weekday: str, hour: str) -> datetime:
    """The next `weekday` at `hour` (HH:MM) that lies after `now`, in the zone of `now`."""
    at = time.fromisoformat(hour)
    days = (WEEKDAYS.index(weekday) - now.weekday()) % 7
    moment = datetime.combine(now.date() + timedelta(days=days), at, now.tzinfo)
    return moment if moment > now else datetime.combine(now.date() + timedelta(days=days + 7), at, now.tzinfo)


def readable(surface: Any) -> str:
    """All text a person reads on a message, view or block, without marks and invisible characters."""
    text = "\n".join(_texts(surface))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return re.sub(r"[*\u200b\u200c\u200d\u2060\u2066-\u2069]", "", text)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name in ("title", "text", "blocks", "elements", "fields", "label", "hint", "accessory", "element", "files"):
            yield from _texts(part.get(name))
        if "mimetype" in part:
            yield str(part["name"])


def buttons(surface: Json) -> list[Json]:
    """The buttons on a message or view, each with the id of its block."""
    found = []
    for block in surface.get("blocks") or []:
        candidates = [*block.get("elements", []), block.get("accessory") or {}]
        found += [{**each, "block_id": block.get("block_id")} for each in candidates if each.get("type") == "button"]
    return found


def _option(element: Json, words: str) -> str:
    groups = [group["options"] for group in element.get("option_groups", ())]
    options = [option for group in [element.get("options", []), *groups] for option in group]
    for option in options:
        if readable(option["text"]).startswith(words):
            return str(option["value"])
    raise HandError("option_not_found", f"{words} is not among {', '.join(readable(each['text']) for each in options)}")


def _first_name(person: Json) -> str:
    return str(person["real_name"] if "real_name" in person else person["name"]).split()[0]
