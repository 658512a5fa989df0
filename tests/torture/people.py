"""Simulated people: whoever does something writes down what it was, when, and what answer they got."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import Any

import httpx

from sandbox.hands import HandError, Hands, Json, Person
from sandbox.story.words import Control, controls, readable

NOBODY_ANSWERED = "app_did_not_respond"
NO_SUCH_FIELD = "block_not_found"
SECONDS_FOR_A_WINDOW = 5.0
LOOK_AGAIN_SECONDS = 0.2
SECONDS_FOR_A_WORD = 6.0
LEAST_THOUGHT, MOST_THOUGHT = 0.3, 1.5
"""Seconds between two deeds of one person."""

TRIES_AGAIN = 0.5
"""How likely somebody whom nobody answered sends the same form once more."""


class Outcome(StrEnum):
    """What a person was told. `unknown`: nobody answered, or something went wrong; it may have been done, or not."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Deed:
    """One thing somebody did. `marker` stands nowhere but in it; `at` is in seconds since the run began.

    `about` is what it was done to, such as the id of a task. `ts` is the message that somebody wrote by it, or when
    they pressed, in the sandbox's time.
    """

    kind: str
    who: str
    marker: str
    at: float
    about: int = 0
    ts: str = ""
    thread_ts: str = ""
    content: bytes = b""
    attempts: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        """Whether the person was ever told that it is done."""
        return Outcome.DONE in self.outcomes

    @property
    def acknowledged(self) -> int:
        """How often they were told so."""
        return self.outcomes.count(Outcome.DONE)


class Diary:
    """What all people did, in the order in which they began it."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self.deeds: list[Deed] = []
        self._elapsed = elapsed
        self._numbers = count(1)

    def marker(self, kind: str) -> str:
        """A name that nothing else bears."""
        return f"{kind}-{next(self._numbers):05d}"

    def begin(self, kind: str, who: str, marker: str) -> Deed:
        """A deed that is about to be done."""
        deed = Deed(kind, who, marker, self._elapsed())
        self.deeds.append(deed)
        return deed


class Somebody:
    """The hands of one person, who looks at what the app answers."""

    def __init__(self, hands: Hands, user: str, diary: Diary, chance: random.Random) -> None:
        self._hands = hands
        self.person: Person = hands.person(user)
        self.user = user
        self.diary = diary
        self.chance = chance

    async def _now(self) -> str:
        """This moment in the sandbox, as a message would bear it."""
        return f"{datetime.fromisoformat((await self._hands.clock())['now']).timestamp():.6f}"

    async def today(self) -> date:
        """The day it is in the sandbox."""
        return datetime.fromisoformat((await self._hands.clock())["now"]).date()

    async def window(self, command: str) -> Json | None:
        """Type a command and wait for the window it opens; None if none comes."""
        await self.close_windows()
        await self.person.command("/iso", command)
        return await self.opened()

    async def opened(self) -> Json | None:
        """The window that opens within some seconds."""
        deadline = asyncio.get_running_loop().time() + SECONDS_FOR_A_WINDOW
        while asyncio.get_running_loop().time() < deadline:
            if modal := await self.person.modal():
                return modal
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return None

    async def wait_for_a_word(self, deed: Deed) -> None:
        """Wait some seconds for the app to say something under what was dropped, or beside it."""
        deadline = asyncio.get_running_loop().time() + SECONDS_FOR_A_WORD
        while asyncio.get_running_loop().time() < deadline:
            thread = await self.person.thread(deed.thread_ts or deed.ts)
            newest = [*thread, *await self.person.messages(limit=5)]
            if any(each["ts"] > deed.ts and each["user"] != self.user for each in newest):
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def close_windows(self) -> None:
        """Whatever an earlier deed left open."""
        while (modal := await self.person.modal()) is not None:
            await self.person.close(str(modal["id"]))

    async def submit(self, deed: Deed, modal: Json, values: Json) -> Json:
        """Send a form; what nobody answered is perhaps sent once more. What came back, or nothing."""
        answer = await self._send(deed, modal, values)
        if deed.outcomes[-1] is Outcome.UNKNOWN and self.chance.random() < TRIES_AGAIN:
            await asyncio.sleep(self.chance.uniform(0.5, 2.0))
            answer = await self._send(deed, modal, values)
        return answer

    async def _send(self, deed: Deed, modal: Json, values: Json) -> Json:
        deed.attempts += 1
        try:
            answer = await self.person.submit(values, str(modal["id"]))
        except (HandError, httpx.HTTPError) as error:
            if isinstance(error, HandError) and error.error == NO_SUCH_FIELD:
                raise  # the form has changed, and this deed with it
            missing = isinstance(error, HandError) and error.error in ("not_found", "not_on_top")
            deed.attempts -= missing
            deed.outcomes.append(Outcome.UNKNOWN)
            return {}
        deed.outcomes.append(_outcome(answer, deed.marker))
        return answer

    async def press(self, deed: Deed, message: Json, control: Control, selected: Any = None) -> None:
        """Press once."""
        deed.attempts += 1
        deed.ts = await self._now()
        try:
            await self.person.press(
                control.element["action_id"], ts=message["ts"], selected=selected, block_id=control.block_id
            )
        except (HandError, httpx.HTTPError) as error:
            is_gone = isinstance(error, HandError) and error.error != NOBODY_ANSWERED
            deed.attempts -= is_gone  # the card was drawn anew under the finger
            deed.outcomes.append(Outcome.UNKNOWN)
        else:
            deed.outcomes.append(Outcome.DONE)

    async def find(self, action_id: str) -> list[tuple[Json, Control]]:
        """Every place in the newest messages where something can be pressed; not what only they see."""
        shown = [each for each in await self.person.messages(limit=30) if not each.get("ephemeral")]
        replies = [await self.person.thread(each["ts"]) for each in shown if each.get("reply_count")]
        messages = shown + [reply for thread in replies for reply in thread[1:]]
        return list(pressable(messages, action_id))


def pressable(messages: Iterable[Json], action_id: str) -> Iterator[tuple[Json, Control]]:
    """Every place in some messages where this can be pressed."""
    for message in messages:
        for control in controls(message):
            if control.element.get("action_id") == action_id:
                yield message, control


def _outcome(answer: Json, marker: str) -> Outcome:
    """A window that closes says that it is done, and so does one that shows what was written down.

    Any other window says that it is not, or that nobody knows.
    """
    if answer.get("errors"):
        return Outcome.REFUSED
    if answer.get("closed") or marker in readable(answer.get("view") or {}):
        return Outcome.DONE
    return Outcome.UNKNOWN


Do = Callable[[Somebody], Awaitable[None]]
"""A deed, from looking for an occasion to its answer."""


async def live(somebody: Somebody, deeds: Mapping[Do, float], until: asyncio.Event) -> None:
    """Do one thing after the other, as chance has it, until it is time to stop."""
    kinds, weights = list(deeds), list(deeds.values())
    while not until.is_set():
        [do] = somebody.chance.choices(kinds, weights)
        with suppress(HandError, httpx.HTTPError):  # what could not even be begun is no deed
            await do(somebody)
        with suppress(TimeoutError):
            thought = somebody.chance.uniform(LEAST_THOUGHT, MOST_THOUGHT)
            await asyncio.wait_for(until.wait(), thought)
