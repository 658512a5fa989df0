"""How often something comes round, as people read it."""

from datetime import date

import pytest

from messages.words.recurrence import Rhythm
from messages.words.wording import words
from workflows.dates.recurrence import CHOICES, understood


def in_words(rhythm: Rhythm) -> str:
    return words("programme/obligations/form", rhythm=rhythm).rhythm_choice.plain


def said(rule: str) -> str:
    parts = vars(understood(rule)) | {"frequency": understood(rule).frequency.value}
    return in_words(Rhythm(**{name: value for name, value in parts.items() if name != "week_starts"}))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every two weeks on Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every week from Monday to Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on the 1st and 15th"),
        ("FREQ=MONTHLY;BYMONTHDAY=22", "every month on the 22nd"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "every month on the second last day"),
        ("FREQ=MONTHLY;INTERVAL=3", "every three months"),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1;X-WORKDAY=BEFORE",
            "every three months on the last working day",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=1;X-WORKDAY=AFTER", "every month on the first working day"),
        ("FREQ=MONTHLY;BYMONTHDAY=12;X-WORKDAY=AFTER", "every month on the 12th, or on the working day after"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=3,9", "every month on the 1st of March and September"),
        ("FREQ=MONTHLY;BYMONTH=3,9", "every month in March and September"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=-1FR", "every year on the last Friday in June"),
        ("FREQ=YEARLY;BYYEARDAY=111", "every year on the 111th day of the year"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "every year in the 20th week of the year on Monday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "every month on Monday and Tuesday, only the last of these days"),
        ("FREQ=MONTHLY;INTERVAL=18;COUNT=4", "every 18 months, 4 times"),
        ("FREQ=YEARLY;UNTIL=20301231", "every year, until Tuesday 31 December 2030"),
    ],
)
def test_a_rule_in_words(rule: str, words: str) -> None:
    assert said(rule) == words


def test_every_choice_has_words_of_its_own() -> None:
    assert [said(rule) for rule in CHOICES.values()] == [
        "every week",
        "every month",
        "every three months",
        "every six months",
        "every year",
        "every month on the last working day",
        "every month on the last working day of March, June, September and December",
        "once",
    ]


def test_a_far_number_stays_a_number() -> None:
    assert (
        in_words(Rhythm("DAILY", interval=13, until=date(2030, 1, 1))) == "every 13 days, until Tuesday 1 January 2030"
    )
