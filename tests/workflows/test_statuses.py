"""Slack statuses as hints: which say that somebody is away, for how long, and what counts more."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.nudges import questions as nudge_questions
from workflows.people import commands as people_commands
from workflows.people import leaving, statuses
from workflows.people.rules import DirectoryEntry

DAY = timedelta(days=1)
IN_THREE_DAYS = MONDAY + 3 * DAY
TUESDAY_MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def entry(text: str = "", emoji: str = "", until: datetime | None = None) -> DirectoryEntry:
    return DirectoryEntry(
        "UJONAS", "Jonas", "", "Europe/Berlin", status_text=text, status_emoji=emoji, status_until=until
    )


@pytest.mark.parametrize(
    ("text", "emoji", "until", "away"),
    [
        ("Vacationing", ":palm_tree:", IN_THREE_DAYS, True),
        ("", ":palm_tree:", IN_THREE_DAYS, True),
        ("Out sick", ":face_with_thermometer:", IN_THREE_DAYS, True),
        ("on holiday until Thursday", "", IN_THREE_DAYS, True),
        ("Im Urlaub", "", IN_THREE_DAYS, True),
        ("Vacationing", ":palm_tree:", None, False),
        ("Vacationing", ":palm_tree:", MONDAY - DAY, False),
        ("In a meeting", ":spiral_calendar_pad:", IN_THREE_DAYS, False),
        ("Working remotely", ":house_with_garden:", IN_THREE_DAYS, False),
        ("Holidaymaker of the month", "", IN_THREE_DAYS, False),
        ("Visiting a supplier", ":factory:", IN_THREE_DAYS, False),
    ],
)
def test_which_statuses_say_that_somebody_is_away(text: str, emoji: str, until: datetime | None, away: bool) -> None:
    assert statuses.says_away(entry(text, emoji, until), MONDAY) is away


def jonas(uow: UnitOfWork) -> Person:
    return uow.matching(Person, slack_id="UJONAS")[0]


def test_a_status_is_kept_while_it_says_so_and_forgotten_when_it_is_taken_back(directory: UnitOfWork) -> None:
    people_commands.sync(the_bot(directory), [entry("Vacationing", ":palm_tree:", IN_THREE_DAYS)])
    assert statuses.away_until(jonas(directory), MONDAY) == IN_THREE_DAYS
    assert (
        people_commands.sync(
            the_bot(directory, MONDAY + DAY), [entry("Vacationing", ":palm_tree:", IN_THREE_DAYS)]
        ).changed
        == 0
    )
    assert statuses.away_until(jonas(directory), IN_THREE_DAYS) is None
    people_commands.sync(the_bot(directory, MONDAY + DAY), [entry("Coffee", ":coffee:")])
    assert statuses.away_until(jonas(directory), MONDAY + DAY) is None
    assert jonas(directory).status_text == ""


def test_nobody_is_left_alone_for_longer_than_two_weeks(directory: UnitOfWork) -> None:
    forgotten = entry("Vacationing", ":palm_tree:", MONDAY + 300 * DAY)
    for day in range(20):
        people_commands.sync(the_bot(directory, MONDAY + day * DAY), [forgotten])
    assert statuses.away_until(jonas(directory), MONDAY + 13 * DAY) == MONDAY + 14 * DAY
    assert statuses.away_until(jonas(directory), MONDAY + 14 * DAY) is None


@pytest.mark.parametrize(
    ("until", "again"), [(IN_THREE_DAYS, TUESDAY_MORNING), (MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=2))]
)
def test_reminders_look_again_when_it_ends_or_the_next_morning(
    directory: UnitOfWork, until: datetime, again: datetime
) -> None:
    people_commands.sync(the_bot(directory), [entry("Out sick", "", until)])
    assert nudge_questions.left_alone_until(directory, "UJONAS", MONDAY) == again
    assert nudge_questions.left_alone_until(directory, "UJONAS", until) is None
    assert nudge_questions.left_alone_until(directory, "UMIRA", MONDAY) is None
    assert nudge_questions.left_alone_until(directory, "UNOBODY", MONDAY) is None


def test_ones_own_word_counts_first(directory: UnitOfWork) -> None:
    people_commands.sync(the_bot(directory), [entry("Vacationing", "", IN_THREE_DAYS)])
    away = {"first": MONDAY.date() + 7 * DAY, "last": MONDAY.date() + 9 * DAY}
    leaving.go_away(deed(directory, "UJONAS"), person_id="UJONAS", **away)
    assert nudge_questions.left_alone_until(directory, "UJONAS", MONDAY) is None
