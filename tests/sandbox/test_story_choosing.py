"""Moments named in words, and the words on surfaces."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sandbox.story.choosing import moment, next_weekday, span
from sandbox.story.forms import SECONDS, WEEKDAYS
from sandbox.story.words import buttons, fields, readable
from tests.sandbox.kit import actions, button, checkboxes, option, radio, section

BERLIN = ZoneInfo("Europe/Berlin")
YEARS = (datetime(2020, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001 - the strategy wants them naive


@given(
    now=st.datetimes(*YEARS, timezones=st.just(BERLIN)),
    weekday=st.sampled_from(WEEKDAYS),
    hour=st.times().map(lambda at: f"{at:%H:%M}"),
)
def test_the_next_weekday_is_that_day_within_a_week(now: datetime, weekday: str, hour: str) -> None:
    found = next_weekday(now, weekday, hour)
    assert found > now
    assert found.replace(tzinfo=None) - now.replace(tzinfo=None) <= timedelta(days=7)
    assert (WEEKDAYS[found.weekday()], f"{found:%H:%M}") == (weekday, hour)


def test_a_moment_is_in_the_zone_of_the_person_unless_it_names_one() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert moment("to", "2027-01-04 09:00", now, BERLIN) == datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert moment("to", "2027-01-04T09:00Z", now, BERLIN) == datetime(2027, 1, 4, 9, tzinfo=UTC)
    assert moment("next", "Tuesday 09:00", now, BERLIN) == datetime(2026, 11, 24, 8, tzinfo=UTC)


@given(unit=st.sampled_from(list(SECONDS)), number=st.integers(0, 1000))
def test_a_span_has_as_many_seconds_as_its_unit_says(unit: str, number: int) -> None:
    assert span({unit: str(number)}).total_seconds() == number * SECONDS[unit]


def test_words_are_read_without_marks_and_invisible_characters() -> None:
    assert readable({"blocks": [section("*Tea* &amp;\u200b milk &lt;hot&gt;")]}) == "Tea & milk <hot>"


def test_controls_are_known_by_the_words_on_and_beside_them() -> None:
    message = {
        "blocks": [
            section("How strong?", accessory=radio(option("s", "Strong"), option("w", "Weak"))),
            actions(button("go", "Brew"), checkboxes(option("m", "With milk"))),
        ]
    }
    assert [each.name for each in buttons(message)] == ["Brew"]
    strength, extras = fields(message)
    assert strength.names == ("How strong?", "Strong", "Weak")
    assert extras.is_called("With")
    assert not extras.is_called("milk")
