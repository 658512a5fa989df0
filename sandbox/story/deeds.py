"""The deeds of a story, done by the hands of people or lent by the host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.hands import HandError, Hands, Json, Person
from sandbox.story.choosing import Chooser, moment, span
from sandbox.story.looking import Eyes
from sandbox.story.script import Step, StoryFailed
from sandbox.story.words import Control, buttons, fields, readable

Deed = Callable[[Any], Awaitable[None]]


class Deeds:
    """What follows the name of each deed stands in `forms.py`."""

    def __init__(self, hands: Hands, eyes: Eyes, lent: Mapping[str, Deed]) -> None:
        self._hands = hands
        self._eyes = eyes
        self._lent = lent

    async def do(self, step: Step) -> None:
        """Raises HandError if the sandbox refuses, StoryFailed if what the deed needs is not there."""
        own: Mapping[str, Callable[[Step], Awaitable[None]]] = {
            "opens": self._open,
            "types": self._type,
            "says": self._say,
            "edits": self._edit,
            "deletes": self._delete,
            "presses": self._press,
            "chooses": self._choose,
            "fills": self._fill,
            "closes": self._close,
            "drops": self._drop,
            "takes": self._take,
            "reacts": self._react,
            "invites": self._invite,
            "deactivates": self._deactivate,
            "reactivates": self._reactivate,
            "uninstalls": self._uninstall,
            "clock": self._move_clock,
            "breaks": self._break,
            "mends": self._mend,
        }
        if step.deed in own:
            await own[step.deed](step)
        elif step.deed:
            await self._lent[step.deed](step.what)

    async def _open(self, step: Step) -> None:
        await (await self._eyes.person(step.who)).home(step.what)

    async def _type(self, step: Step) -> None:
        person, channel = await self._there(step)
        command, _, text = str(step.what).partition(" ")
        await person.command(command, text, channel)

    async def _say(self, step: Step) -> None:
        person, channel = await self._there(step)
        said = step.what if isinstance(step.what, dict) else {"text": step.what}
        await person.say(said["text"], channel, thread_ts=await self._root(step, said))

    async def _drop(self, step: Step) -> None:
        person, channel = await self._there(step)
        file = (step.what["name"], str(step.what["content"]).encode())
        await person.upload(file, channel=channel, thread_ts=await self._root(step, step.what))

    async def _press(self, step: Step) -> None:
        """The newest button with these words; on Home, in the modal, or in a message that says `of`."""
        await self._use(step, step.what, "a button", buttons)

    async def _choose(self, step: Step) -> None:
        for words, wanted in step.what.items():
            await self._use(step, words, "a field", fields, wanted)

    async def _fill(self, step: Step) -> None:
        """Fill the open modal by the labels a person reads, and submit it."""
        chooser = await self._chooser(step)
        modal, inputs = await self._form(step)
        where = {"view_id": modal["id"]}
        values = {
            inputs[label].block_id: await chooser.value(inputs[label], wanted, where)
            for label, wanted in step.what.items()
        }
        answer = await (await self._eyes.person(step.who)).submit(values, str(modal["id"]))
        if answer.get("errors"):
            raise HandError("not_taken", "; ".join(answer["errors"].values()))

    async def _close(self, step: Step) -> None:
        await (await self._eyes.person(step.who)).close()

    async def _take(self, step: Step) -> None:
        person, channel = await self._there(step)
        team = (await self._eyes.account(step.who))["team_id"]
        shortcuts = (await self._hands.workspace(team))["app"]["shortcuts"]
        kind = "message" if step.of else "global"
        named = [each["callback_id"] for each in shortcuts if each["name"] == step.what and each["type"] == kind]
        if not named:
            raise HandError("shortcut_not_found", f"The app has no {kind} shortcut {step.what!r}.")
        ts = await self._eyes.message(step, step.of) if step.of else None
        await person.shortcut(named[0], channel=channel, ts=ts)

    async def _react(self, step: Step) -> None:
        person, channel = await self._there(step)
        await person.react(step.what, ts=await self._eyes.message(step, step.of), channel=channel)

    async def _edit(self, step: Step) -> None:
        person, channel = await self._there(step)
        await person.edit(step.what, ts=await self._eyes.message(step, step.of), channel=channel)

    async def _delete(self, step: Step) -> None:
        person, channel = await self._there(step)
        await person.delete(ts=await self._eyes.message(step, step.of), channel=channel)

    async def _invite(self, step: Step) -> None:
        person, channel = await self._there(step)
        if channel is None:
            raise StoryFailed(step, "the #channel of the invitation, after `at`", "none")
        await person.invite(await self._member(step), channel)

    async def _member(self, step: Step) -> str:
        """The id of who is brought along."""
        if step.what != "the app":
            return str((await self._eyes.account(step.what))["id"])
        team = (await self._eyes.account(step.who))["team_id"]
        return str((await self._hands.workspace(team))["app"]["user"])

    async def _deactivate(self, step: Step) -> None:
        person = await self._eyes.person(step.who)
        await person.deactivate(str((await self._eyes.account(step.what))["id"]))

    async def _reactivate(self, step: Step) -> None:
        person = await self._eyes.person(step.who)
        await person.reactivate(str((await self._eyes.account(step.what))["id"]))

    async def _uninstall(self, step: Step) -> None:
        await (await self._eyes.person(step.who)).uninstall()

    async def _move_clock(self, step: Step) -> None:
        [(way, how)] = step.what.items()
        if way == "advance":
            await self._hands.advance(span(how))
        elif way == "plays":
            await self._hands.play(True, float(how))
        elif way == "pauses":
            await self._hands.play(False)
        else:
            zone = ZoneInfo((await self._eyes.account(step.who))["tz"])
            await self._hands.go_to(moment(way, how, await self._now(), zone))

    async def _break(self, step: Step) -> None:
        fault = {"kind": step.what} if isinstance(step.what, str) else step.what
        await self._hands.inject(**fault)

    async def _mend(self, step: Step) -> None:
        for fault in (await self._hands.faults())["faults"]:
            if step.what in ("everything", fault["kind"]):
                await self._hands.take_back(fault["id"])

    # What deeds need

    async def _there(self, step: Step) -> tuple[Person, str | None]:
        """Who does it, and in which channel."""
        person = await self._eyes.person(step.who)
        return person, await self._eyes.channel(person, step.at)

    async def _root(self, step: Step, said: Mapping[str, Any]) -> str | None:
        return await self._eyes.message(step, said["thread"]) if "thread" in said else None

    async def _chooser(self, step: Step) -> Chooser:
        return Chooser(self._eyes, await self._eyes.person(step.who), await self._now())

    async def _now(self) -> datetime:
        return datetime.fromisoformat((await self._hands.clock())["now"])

    async def _use(
        self, step: Step, words: str, kind: str, among: Callable[[Json], list[Control]], wanted: Any = None
    ) -> None:
        """Press or choose in the newest control called so. It may come a moment after the message; wait for it."""

        async def attempt() -> bool | None:
            newest_first = reversed(await self._eyes.acted_on(step))
            pairs = ((surface, control) for surface in newest_first for control in among(surface))
            found = next((pair for pair in pairs if pair[1].is_called(words)), None)
            return await self._act(step, *found, wanted) if found else None

        if not await self._eyes.until(attempt):
            there_are = [control.name for each in await self._eyes.acted_on(step) for control in among(each)]
            raise StoryFailed(step, f"{kind} {words!r} on {step.of or 'any message'!r}", " | ".join(there_are))

    async def _act(self, step: Step, surface: Json, control: Control, wanted: Any) -> bool | None:
        """None if the app has drawn the surface anew since it was looked at, so that one has to look again."""
        person, channel = await self._there(step)
        is_view = step.of in ("home", "modal")
        where = {"view_id": surface["id"]} if is_view else {"ts": surface["ts"], "channel": channel}
        try:
            selected = await (await self._chooser(step)).value(control, wanted, where) if wanted is not None else None
            act = person.press_in_view if is_view else person.press
            await act(control.element["action_id"], selected=selected, block_id=control.block_id, **where)
        except HandError as error:
            if error.error != "element_not_found":
                raise
            return None
        return True

    async def _form(self, step: Step) -> tuple[Json, dict[str, Control]]:
        """The modal that has every field of the step, and these by the beginning of their label."""
        person = await self._eyes.person(step.who)

        async def look() -> tuple[Json, dict[str, Control]] | None:
            modal = await person.modal()
            if modal is None:
                return None
            inputs = {readable(block["label"]): block for block in modal["blocks"] if block["type"] == "input"}
            found = {label: block for label in step.what for name, block in inputs.items() if name.startswith(label)}
            controls = {label: Control(block["element"], block["block_id"], (label,)) for label, block in found.items()}
            return (modal, controls) if len(controls) == len(step.what) else None

        form = await self._eyes.until(look)
        if form is None:
            raise StoryFailed(
                step,
                f"a modal with {', '.join(step.what) or 'nothing to fill in'}",
                readable(await person.modal() or {}),
            )
        return form
