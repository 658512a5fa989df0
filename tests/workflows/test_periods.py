"""Periods as they are typed."""

from datetime import date

import pytest

from workflows.evidence.periods import period
from workflows.refusals import InputWanted


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        (" 2026-07-01..2026-09-30 ", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-07-01", date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_what_is_understood(text: str, begins: date, ends: date) -> None:
    found = period(text)
    assert (found.begins, found.ends) == (begins, ends)


@pytest.mark.parametrize(
    "text", ["", "last year", "2026-Q5", "2026-13", "2026-00", "2026-09-30..2026-07-01", "..", "26"]
)
def test_what_is_not(text: str) -> None:
    with pytest.raises(InputWanted):
        period(text)
