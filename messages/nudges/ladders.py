"""Nudges room: what lies ahead on a ladder, and why somebody is the one who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block

from messages.tasks.payloads import TaskRef
from messages.words import kit
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import Words, words

SHOW = "ladder.show"
WHY = "ladder.why"
"""The modal; it asks for nothing, so nothing comes back."""

_LISTED = 10


@dataclass(frozen=True)
class Coming:
    """A day on which people hear of it; `told` by audience: owner, manager, lead, management.

    `days` counts from the due date, `step` is opened, due_soon, due or overdue. `moved_from` is a day off from which it
    was moved; `country` then says whose holiday that is, and is empty for a weekend.
    """

    on: date
    step: str
    days: int
    told: Mapping[str, Sequence[str]]
    moved_from: date | None = None
    country: str = ""


@dataclass(frozen=True)
class Preview:
    """What lies ahead of a task; nothing while it waits for nobody."""

    title: str
    owner_id: str
    due_on: date
    state: str
    kind: str
    urgency: str
    coming: Sequence[Coming]


@dataclass(frozen=True)
class Why:
    """Why somebody is asked: `verb` is how they came to be the owner, as the trail names it; `by` whom and when.

    `is_own`: the reader is the owner, who can hand it over.
    """

    purpose: str
    requirements: Sequence[Requirement]
    verb: str = ""
    by: str = ""
    at: datetime | None = None
    stands_in_for: str | None = None
    is_own: bool = True


@dataclass(frozen=True)
class Found:
    """A task that the words may have meant."""

    ref: TaskRef
    title: str
    owner_id: str
    due_on: date


def preview(shown: Preview) -> Message:
    """The answer to `/iso nudges preview`."""
    wording = words("nudges/ladders/preview", preview=shown)
    return kit.message(wording.summary, [kit.section(wording.headline), *_ahead(wording, shown)])


def choices(found: Sequence[Found], searched: str) -> Message:
    """The same where several tasks may have been meant, or none."""
    wording = words("nudges/ladders/preview", searched=searched, count=len(found))
    if not found:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    each = [words("nudges/ladders/preview", found=task) for task in found[:_LISTED]]
    lines = [
        kit.section(said.choice, button=kit.button(said.button_show, SHOW, task.ref))
        for said, task in zip(each, found, strict=False)
    ]
    left_off = len(found) - len(lines)
    narrower = [kit.context(words("nudges/ladders/preview", left_off=left_off).narrower)] if left_off else []
    return kit.message(wording.several, [kit.section(wording.several), *lines, *narrower])


def why(reason: Why, shown: Preview) -> Modal:
    """Opened from the menu on a card: why me, and who is told next."""
    wording = words("nudges/ladders/why", why=reason, preview=shown)
    handing_over = [kit.context(wording.hand_over)] if reason.is_own else []
    return kit.modal(
        WHY,
        wording.heading,
        [
            kit.section(wording.what),
            kit.section(wording.who),
            *handing_over,
            kit.section(wording.next),
            *_ahead(words("nudges/ladders/preview", preview=shown), shown),
        ],
    )


def _ahead(wording: Words, shown: Preview) -> list[Block]:
    if not shown.coming:
        return [kit.section(wording.quiet)]
    each = [words("nudges/ladders/preview", preview=shown, coming=coming).rung for coming in shown.coming]
    return [kit.lines(each), kit.context(wording.how)]
