"""The message of the day: the order of what it tells, and what becomes of what does not fit."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from messages.nudges import day as nudge_day
from messages.nudges.day import GROUPS, DayItem, by_date, in_order
from messages.tasks import cards as task_cards
from messages.tasks import days as task_days
from messages.tasks.cards import Reader
from tests.messages.day_samples import ABOUT, a_finding, a_gap, a_task, day, left, not_mine
from tests.messages.readable import readable
from tests.messages.values import DUE, JONAS, TODAY, task_card


def say(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("days", "group"),
    [(-400, "overdue"), (-1, "overdue"), (0, "due"), (1, "due_soon"), (7, "due_soon"), (8, "coming")],
)
def test_what_one_has_to_do_stands_where_its_day_puts_it(days: int, group: str) -> None:
    assert by_date(TODAY + timedelta(days=days), TODAY) == group


@pytest.mark.parametrize(
    ("state", "reader", "group"),
    [
        ("open", "owner", "overdue"),
        ("returned", "owner", "overdue"),
        ("submitted", "owner", "settled"),
        ("accepted", "owner", "settled"),
        ("waived", "owner", "settled"),
        ("scheduled", "owner", "know"),
        ("open", "lead", "know"),
        ("submitted", "lead", "decide"),
        ("accepted", "lead", "settled"),
        ("open", "reader", "know"),
    ],
)
def test_a_task_stands_by_its_present_state(state: str, reader: Reader, group: str) -> None:
    card = replace(task_card(say, state), due_on=TODAY - timedelta(days=1))
    assert task_days.group_of(card, reader) == group


@pytest.mark.parametrize(
    ("explained", "reader", "group"),
    [(False, "owner", "overdue"), (True, "owner", "settled"), (False, "lead", "know"), (True, "lead", "settled")],
)
def test_a_missed_task_is_settled_once_its_owner_has_said_why(explained: bool, reader: Reader, group: str) -> None:
    missed = replace(task_card(say, "missed"), due_on=TODAY - timedelta(days=9), explained=explained)
    assert task_days.group_of(missed, reader) == group


@pytest.mark.parametrize(
    ("news", "state", "reader", "to", "stays"),
    [
        ("given", "open", "owner", "U1", True),
        ("given", "open", "reader", "U1", True),
        ("given", "open", "reader", "U2", False),
        ("declined", "open", "owner", "", True),
        ("declined", "submitted", "owner", "", False),
        ("declined", "open", "reader", "", False),
        ("reopened", "open", "owner", "", True),
        ("reopened", "submitted", "owner", "", False),
        ("waived", "waived", "owner", "", True),
        ("waived", "open", "owner", "", False),
        ("missed", "missed", "owner", "", True),
        ("missed", "open", "owner", "", False),
    ],
)
def test_news_stays_when_its_message_is_drawn_anew_as_long_as_it_is_true(
    news: str, state: str, reader: Reader, to: str, stays: bool
) -> None:
    card = replace(task_card(say, state), owner_id="U1", explained=False)
    about = {"by": "U3", "before": "U4", "to": to}
    later = task_days.item(card, reader, news, fresh=False, about=about)
    assert (later.alone() == task_cards.told(card, reader, news, **about)) is stays
    assert (later.alone() == task_cards.card(card, reader)) is not stays


def test_majors_come_first_and_what_is_settled_last() -> None:
    items = [left(say), a_task(say, "accepted", "due", "owner"), not_mine(say), a_gap(say, is_theirs=True)]
    wanted = [a_finding(say, "major"), a_gap(say, is_theirs=True), not_mine(say), left(say), items[1]]
    for shuffled in permutations([*items, a_finding(say, "major")]):
        assert [each.title for each in in_order(shuffled)] == [each.title for each in wanted]
        assert [GROUPS.index(each.group) for each in in_order(shuffled)] == sorted(
            GROUPS.index(each.group) for each in shuffled
        )


def test_within_a_group_the_earliest_day_comes_first() -> None:
    days = [date(2026, 1, 9), date(2026, 1, 3), date(2026, 1, 5)]
    items = [DayItem("overdue", str(each), [], lambda: day([]), each) for each in days]
    assert [each.due_on for each in in_order(items)] == sorted(days)


def test_one_thing_is_its_own_card_and_several_say_how_many() -> None:
    item = a_task(say, "open", "due", "owner")
    assert day([item]) == item.alone()
    assert day([item, a_finding(say, "major")]).text == "2 things for you to do. First: NC-12"


def test_what_is_done_is_not_counted() -> None:
    items = [a_task(say, state, "due", "owner") for state in ("open", "open", "accepted")]
    assert day(items).text.startswith("2 things for you to do. First")


@pytest.mark.parametrize(
    ("audiences", "said"),
    [
        (["owner", "owner"], "there are 2 things for you to do."),
        (["owner", "owner", "lead"], "there are 2 things for you to do, and 1 for your information."),
        (["owner", "lead", "lead"], "there is 1 thing for you to do, and 2 for your information."),
        (["lead", "lead"], "there's nothing for you to do, just 2 things for your information."),
    ],
)
def test_what_waits_and_what_is_only_to_be_known_are_counted_apart(audiences: list[Reader], said: str) -> None:
    items = [a_task(say, "open", "overdue", audience) for audience in audiences]
    assert f", {said}" in readable(day(items))


def test_what_does_not_fit_stands_behind_a_button() -> None:
    cards = [replace(task_card(say, "open"), title=f"Task {number}", due_on=DUE) for number in range(60)]
    items = [task_days.item(card, "owner", "due", fresh=True, about=ABOUT) for card in cards]
    shown = readable(nudge_day.day(items, person_id=JONAS))
    told = sum(f"Task {number}\n" in shown or f"Task {number}*" in shown for number in range(60))
    assert 5 <= told < 60
    assert f"…and {60 - told} more" in shown
    assert "Show all my tasks" in shown
