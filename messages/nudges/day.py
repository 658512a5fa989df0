"""Nudges room: the one message a day that says what waits for somebody, the most urgent first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, get_args

from slack_sdk.models.blocks import Block

from messages.tasks.payloads import ListRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import Phrase, words

LIST = "nudges.list"

Group = Literal["major", "overdue", "due", "due_soon", "coming", "decide", "know", "settled"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""The order in which things are told."""

SOON_DAYS = 7
_EVERYTHING = ListRef("mine", "", overdue=False, edition="", page=0)


@dataclass(frozen=True)
class DayItem:
    """One thing of the day: in which group it stands, what it is called, its blocks among others, and its card alone.

    What is `settled` asks nobody for anything any more.
    """

    group: Group
    title: str
    blocks: Sequence[Block]
    alone: Callable[[], Message]
    due_on: date | None = None


def by_date(due_on: date | None, today: date) -> Group:
    """The group of something its reader has to do."""
    days = (due_on - today).days if due_on else SOON_DAYS + 1
    if days < 0:
        return "overdue"
    return "due" if days == 0 else "due_soon" if days <= SOON_DAYS else "coming"


def in_order(items: Sequence[DayItem]) -> list[DayItem]:
    """The most urgent first; what ties stays in the order in which it came up."""
    return sorted(items, key=lambda each: (GROUPS.index(each.group), each.due_on or date.max))


def day(items: Sequence[DayItem], *, person_id: str) -> Message:
    """Everything that waits for somebody. A single thing is its own card."""
    if len(items) == 1:
        return items[0].alone()
    ordered = in_order(items)
    know, settled = (sum(each.group == group for each in items) for group in ("know", "settled"))
    waiting = len(items) - know - settled
    wording = words("nudges/day", waiting=waiting, know=know, first=ordered[0].title, person_id=person_id)
    return kit.message(
        wording.summary if waiting or know else wording.summary_all_done,
        [
            kit.section(wording.greeting if waiting or know else wording.all_done),
            *kit.fitting(_groups(ordered), len(ordered)),
            *kit.actions([kit.button(wording.button_list, LIST, _EVERYTHING)]),
            kit.context(wording.why_you),
        ],
    )


def _groups(ordered: Sequence[DayItem]) -> list[Sequence[Block]]:
    """Each thing with its blocks; the first of a group has the group's heading above it."""
    shown: list[Sequence[Block]] = []
    for group, items in groupby(ordered, key=lambda each: each.group):
        first, *others = items
        shown.append([kit.section(_heading(group)), *first.blocks])
        shown.extend(each.blocks for each in others)
    return shown


def _heading(group: Group) -> Phrase:
    return words("nudges/day")[group]
