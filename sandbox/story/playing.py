"""Plays the steps of a story against a running sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.hands import HandError, Hands
from sandbox.story.deeds import Deed, Deeds
from sandbox.story.looking import PATIENCE_SECONDS, Eyes
from sandbox.story.script import Step, Story, StoryFailed, StoryRefused

LATEST_BEGINNING = timedelta(hours=1)
"""How long after a story's beginning its first step may come; a workspace takes a while to open."""


@dataclass
class Player:
    """Plays steps. `lent` are deeds that are no person's (such as restarting the app), lent by the host, by name."""

    hands: Hands
    lent: Mapping[str, Deed] = field(default_factory=dict)
    patience_seconds: float = PATIENCE_SECONDS

    def __post_init__(self) -> None:
        self._eyes = Eyes(self.hands, self.patience_seconds)
        self._deeds = Deeds(self.hands, self._eyes, self.lent)

    async def prepare(self, story: Story) -> None:
        """See that everybody and everything the story needs is there. Raises StoryRefused."""
        missing = [name for name in story.needs if name not in self.lent]
        if missing:
            raise StoryRefused(f"{story.file}: the story needs {', '.join(missing)}, which is not on offer here.")
        names = await self._eyes.accounts()
        for step in story.steps:
            if step.who and step.who not in names:
                raise StoryRefused(f"{step.where}: nobody here is called {step.who}.")
        await self._check_beginning(story)
        if story.seed is not None:
            await self.hands.seed(story.seed)

    async def _check_beginning(self, story: Story) -> None:
        """Dates in a story mean nothing in a workspace whose calendar is at another page."""
        now = datetime.fromisoformat((await self.hands.clock())["now"])
        if story.begins is not None and not timedelta() <= now - story.begins < LATEST_BEGINNING:
            here = now.astimezone(story.begins.tzinfo)
            raise StoryRefused(
                f"{story.file}: the story begins at {_minute(story.begins)}; here it is {_minute(here)}."
            )

    async def play(self, step: Step) -> None:
        """Do what the step says and wait until it is seen. Raises StoryFailed."""
        try:
            await self._eyes.accounts()
            heard = await self._eyes.whispers(step) if step.answers else {}
            await self._attempt(step)
            await self._look(step, heard)
        except HandError as error:
            raise StoryFailed(step, f"{step.deed}: {step.what}" if step.deed else "a look", str(error)) from error

    async def _attempt(self, step: Step) -> None:
        try:
            await self._deeds.do(step)
        except HandError as error:
            if not step.fails or step.fails not in str(error):
                raise
        else:
            if step.fails:
                raise StoryFailed(step, f"{step.deed} fails with {step.fails!r}", "it was done")

    async def _look(self, step: Step, heard: Mapping[str, str]) -> None:
        for text in (*step.sees, *step.sees_once):
            await self._wait_for(step, text)
        for text in step.answers:
            await self._wait_for_answer(step, text, heard)
        for text in step.sees_once:
            await self._count(step, text, 1, "once")
        for text in step.never_sees:
            await self._count(step, text, 0, "never")

    async def _wait_for(self, step: Step, text: str) -> None:
        async def look() -> bool | None:
            return any(text in said for said in await self._eyes.seen(step)) or None

        if not await self._eyes.until(look):
            raise StoryFailed(step, f"{text!r} in {_place(step)}", "\n".join(await self._eyes.seen(step)))

    async def _count(self, step: Step, text: str, expected: int, how_often: str) -> None:
        seen = await self._eyes.seen(step)
        if sum(text in said for said in seen) != expected:
            raise StoryFailed(step, f"{how_often} {text!r} in {_place(step)}", "\n".join(seen))

    async def _wait_for_answer(self, step: Step, text: str, heard: Mapping[str, str]) -> None:
        async def new() -> list[str]:
            return [said for ts, said in (await self._eyes.whispers(step)).items() if ts not in heard]

        async def look() -> bool | None:
            return any(text in said for said in await new()) or None

        if not await self._eyes.until(look):
            raise StoryFailed(step, f"the answer {text!r}, to {step.who} alone", "\n".join(await new()))


def _minute(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


def _place(step: Step) -> str:
    return f"the thread of {step.thread!r}" if step.thread else step.place
