"""The card of a spreadsheet: what it says beyond the lines it has room for."""

import pytest

from messages.importing.cards import CellFault, ImportCard, card
from messages.importing.payloads import ImportRef
from tests.messages.readable import readable


def faults(rows: int, each: int) -> list[CellFault]:
    return [CellFault(row, "B2", "Due", "no_such_day", "2027-02-30") for row in range(2, rows + 2) for _ in range(each)]


@pytest.mark.parametrize(("named", "more"), [(faults(2, 4), "…and 35 more rows"), (faults(8, 1), "…and 29 more rows")])
def test_rows_are_counted_that_are_not_named_not_lines(named: list[CellFault], more: str) -> None:
    told = card(ImportCard(ImportRef(1, 1), "checked", "register.csv", rows=3000, faulty=37, faults=named))
    assert more in readable(told)


def test_what_is_no_spreadsheet_comes_with_what_to_give_instead() -> None:
    told = card(ImportCard(ImportRef(1, 1), "failed", "register.pdf", why="unknown_kind"))
    assert "I read XLSX and CSV" in readable(told)
