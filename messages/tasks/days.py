"""Tasks room: a task as one of the things in the message of the day."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block

from messages.nudges import day as nudge_day
from messages.nudges.day import DayItem, Group
from messages.tasks import cards as task_cards
from messages.tasks.cards import Reader, TaskCard, WorkItem
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

REMINDERS = ("opened", "due_soon", "due", "overdue")
NEWS = ("given", "declined", "waived", "reopened", "missed")
_NOTHING = {"audience": "owner", "by": "", "before": "", "to": ""}


def item(card: TaskCard, reader: Reader, rung: str, *, fresh: bool, about: Mapping[str, str]) -> DayItem:
    """A task in the message of the day. `rung` is why it is told: a reminder, some news, or neither.

    `fresh`: it is told now, and not drawn anew later; alone it is opened by a reminder then. News stays for as long as
    it is true. `about` is as whom somebody is reminded (audience), or whom the news names (by, before, to).
    """
    news = rung if _still_true(rung, card, reader, about) else ""
    line = words("tasks/day", card=card, reader=reader, news=news, **{**_NOTHING, **about}).line
    blocks: list[Block] = [kit.section(line), *kit.actions(task_cards.deeds(card, reader))]
    return DayItem(
        group_of(card, reader),
        card.title,
        blocks,
        lambda: _alone(card, reader, news or (rung if fresh else ""), about),
        card.due_on,
    )


def _alone(card: TaskCard, reader: Reader, rung: str, about: Mapping[str, str]) -> Message:
    if rung in REMINDERS:
        audience = about.get("audience", "owner")
        return task_cards.nudge(card, rung) if audience == "owner" else task_cards.escalated(card, reader, audience)
    return task_cards.told(card, reader, rung, **about) if rung in NEWS else task_cards.card(card, reader)


def _still_true(news: str, card: TaskCard, reader: Reader, about: Mapping[str, str]) -> bool:
    """Whether what has happened to a task holds for its present state."""
    if news == "given":
        return card.owner_id == about["to"]
    if news == "declined":
        return reader == "owner" and card.state in ("open", "returned")
    return (news, card.state) in (("waived", "waived"), ("reopened", "open")) or (
        news == "missed" and card.state == "missed" and not card.explained
    )


def group_of(card: TaskCard, reader: Reader) -> Group:
    """Where a task stands among the things of the day, by its present state."""
    if card.state in ("accepted", "waived") or (card.state == "missed" and card.explained):
        return "settled"
    is_not_mine = card.asked is not None and card.asked.kind == "not_mine"
    leads = {"lead": is_not_mine or card.state == "submitted", "lead_with_a_part": is_not_mine}
    if reader == "asked" or leads.get(reader, False):
        return "decide"
    if reader != "owner" or card.state == "scheduled":
        return "know"
    return "settled" if card.state == "submitted" else nudge_day.by_date(card.due_on, card.today)


def moved(why: str, *, from_id: str, waiting: int, coming: int, items: Sequence[WorkItem], today: date) -> DayItem:
    """Told to somebody who has got everything that somebody else looked after, or has got it back.

    `why` is given, stand_in or back. `items` are what waits of it now; among other things only their number is told.
    """
    wording = words("tasks/work_moved", from_id=from_id, waiting=waiting, coming=coming, listed=bool(items))
    groups = [task_cards.item_blocks(each, today) for each in items]
    summary = wording[f"summary_{why}"]
    alone = [kit.section(wording[why]), *kit.fitting(groups, len(groups))]
    return DayItem("know", wording[f"title_{why}"].plain, [kit.section(summary)], lambda: kit.message(summary, alone))
