"""What the people of a story see, and the patience to wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sandbox.hands import HandError, Hands, Json, Person
from sandbox.story.script import Step
from sandbox.story.words import readable

PATIENCE_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.2

T = TypeVar("T")


class Eyes:
    """The people of every workspace by their names, and what each of them sees."""

    def __init__(self, hands: Hands, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._hands = hands
        self._patience_seconds = patience_seconds
        self._accounts: dict[str, Json] = {}

    async def accounts(self) -> dict[str, Json]:
        """Everybody's account by first name, and by the whole name for whoever shares it; asked once."""
        if not self._accounts:
            for team in await self._hands.workspaces():
                for account in (await self._hands.workspace(team["id"]))["people"]:
                    name = account["profile"]["real_name"]
                    self._accounts.setdefault(name.split()[0], account)
                    self._accounts.setdefault(name, account)
        return self._accounts

    async def account(self, name: str) -> Json:
        """Raises HandError if nobody has that name."""
        accounts = await self.accounts()
        if name not in accounts:
            raise HandError("not_found", f"Nobody here is called {name}.")
        return accounts[name]

    async def person(self, name: str) -> Person:
        """The hands of somebody. Raises HandError."""
        return self._hands.person(str((await self.account(name))["id"]))

    async def channel(self, person: Person, name: str) -> str | None:
        """The id of a #channel; None, which hands take for the app's messages, if no name is given."""
        if not name.startswith("#"):
            return None
        for conversation in await person.conversations():
            if conversation["name"] == name.removeprefix("#"):
                return str(conversation["id"])
        raise HandError("channel_not_found", f"{name} is not a conversation of this person.")

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T | None:
        """What `look` finds, which may take a moment; None if it finds nothing in time."""
        deadline = asyncio.get_running_loop().time() + self._patience_seconds
        while True:
            found = await look()
            if found is not None or asyncio.get_running_loop().time() > deadline:
                return found
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def acted_on(self, step: Step) -> Sequence[Json]:
        """What a step's deed may be done on: the view `of` names, or the messages that say it, in threads at last."""
        person = await self.person(step.who)
        if step.of in ("home", "modal"):
            view = await (person.home() if step.of == "home" else person.modal())
            return [view] if view else []
        return [message for message in await self._reached(step, person) if self._says(message, step.of)]

    async def message(self, step: Step, words: str) -> str:
        """The ts of the newest message that says this where the step happens. Raises HandError."""
        person = await self.person(step.who)

        async def look() -> str | None:
            messages = await self._reached(step, person)
            return next((str(each["ts"]) for each in reversed(messages) if self._says(each, words)), None)

        found = await self.until(look)
        if found is None:
            raise HandError("message_not_found", f"No message says {words!r}.")
        return found

    async def seen(self, step: Step) -> list[str]:
        """All that is read in the place where the step looks: each message, or the view."""
        person = await self.person(step.who)
        if step.place in ("home", "modal"):
            view = await (person.home() if step.place == "home" else person.modal())
            return [self.named(readable(view))] if view else []
        return [self._read(each) for each in await self._messages(step, person)]

    async def whispers(self, step: Step) -> dict[str, str]:
        """What only this person reads in that place, by ts."""
        person = await self.person(step.who)
        messages = await self._messages(step, person)
        return {str(each["ts"]): self._read(each) for each in messages if each.get("ephemeral")}

    def named(self, text: str) -> str:
        """Mentions by first name instead of id."""
        for name, account in self._accounts.items():
            text = text.replace(f"<@{account['id']}>", f"@{name}")
        return text

    async def _reached(self, step: Step, person: Person) -> Sequence[Json]:
        """The messages where the step happens, and after them the replies, if it looks at threads."""
        messages = await person.messages(await self.channel(person, step.at))
        replies = await self._messages(step, person) if step.place == "thread" else ()
        return [*messages, *replies]

    async def _messages(self, step: Step, person: Person) -> Sequence[Json]:
        channel = await self.channel(person, step.place)
        messages = await person.messages(channel)
        if step.place != "thread" and not step.thread:
            return messages
        roots = [each["ts"] for each in messages if each.get("reply_count") and self._says(each, step.thread)]
        return [reply for ts in roots for reply in await person.thread(ts, channel)]

    def _says(self, message: Json, words: str) -> bool:
        return words in self._read(message)

    def _read(self, message: Json) -> str:
        return self.named(readable(message))
