"""The verdict on a planned message and on a deed: each way of being wrong, and those that are not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.torture.judging import Loss, judge_message, times, unanswered
from tests.torture.options import Options
from tests.torture.people import Deed, Outcome
from tests.torture.troubles import planned
from tests.torture.witnesses import Said

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EARLIER, LATER = "2026-11-23 11:00:00", "2026-11-23 13:00:00"


def said(ts: str) -> Said:
    """A message of the bot's."""
    return Said("D0MIRA", ts, ts, "U0APP", "a:1", "Hello", ())


def row(**columns: Any) -> dict[str, Any]:
    """A row of the outbox that was sent as message 1.0."""
    sent = {"state": "sent", "ts": "1.0", "thread_ts": "", "reason": "", "attempts": 1, "not_before": EARLIER}
    return {**sent, **columns}


@pytest.mark.parametrize(
    ("planned_row", "posted", "ledger_lines", "losses"),
    [
        (row(), ["1.0"], 1, []),
        (row(), [], 1, [Loss.LOST]),
        (row(), ["1.0", "2.0"], 1, [Loss.TWICE]),
        (row(), ["2.0"], 1, [Loss.DENIED]),
        (row(), ["1.0"], 0, [Loss.DENIED]),
        (row(), ["1.0"], 2, [Loss.DENIED]),
        (row(ts="", thread_ts="5.0"), [], 1, []),
        (row(state="failed", ts=""), [], 0, [Loss.LOST]),
        (row(state="failed", ts=""), ["1.0"], 0, [Loss.DENIED]),
        (row(state="skipped", ts=""), [], 0, []),
        (row(state="skipped", ts=""), ["1.0"], 0, [Loss.DENIED]),
        (row(state="pending", ts=""), [], 0, [Loss.LOST]),
        (row(state="pending", ts="", not_before=LATER), [], 0, []),
        (row(state="pending", ts="", not_before=LATER), ["1.0"], 0, [Loss.DENIED]),
        (row(state="sending", ts=""), [], 0, [Loss.LOST]),
    ],
)
def test_a_planned_message(
    planned_row: dict[str, Any], posted: Sequence[str], ledger_lines: int, losses: Sequence[Loss]
) -> None:
    found = judge_message(planned_row, [said(ts) for ts in posted], ledger_lines, NOON)
    assert [loss for loss, _ in found] == losses


DONE, REFUSED, UNKNOWN = Outcome.DONE, Outcome.REFUSED, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("outcomes", "there", "losses"),
    [
        ([DONE], 1, []),
        ([DONE], 0, [Loss.LOST]),
        ([DONE], 2, [Loss.TWICE]),
        ([UNKNOWN], 0, []),
        ([UNKNOWN], 1, []),
        ([UNKNOWN], 2, [Loss.TWICE]),
        ([UNKNOWN, DONE], 1, []),
        ([UNKNOWN, DONE], 2, []),
        ([UNKNOWN, DONE], 0, [Loss.LOST]),
        ([REFUSED], 0, []),
        ([REFUSED], 1, [Loss.DENIED]),
    ],
)
def test_a_deed(outcomes: list[Outcome], there: int, losses: Sequence[Loss]) -> None:
    deed = Deed("comment", "U0JONAS", "comment-1", 0.0, attempts=len(outcomes), outcomes=outcomes)
    assert [loss for loss, _ in times(deed, there)] == losses


@pytest.mark.parametrize(
    ("answers", "waiting"),
    [
        ([], ["a.txt", "b.txt"]),
        ([("3.0", "Kept a.txt")], ["b.txt"]),
        ([("1.5", "No file is needed, nothing was kept")], ["b.txt"]),
        ([("3.0", "No file is needed, nothing was kept")], ["a.txt"]),
        ([("3.0", "Nothing was kept"), ("4.0", "Nothing was kept")], []),
        ([("3.0", "Kept a.txt"), ("4.0", "Nothing was kept")], []),
        ([("0.5", "Nothing was kept")], ["a.txt", "b.txt"]),
    ],
)
def test_dropped_files(answers: Sequence[tuple[str, str]], waiting: Sequence[str]) -> None:
    files = [Deed("file", "U0TOM", name, 0.0, ts=ts) for name, ts in (("a.txt", "1.0"), ("b.txt", "2.0"))]
    heard = [Said("D0TOM", ts, ts, "U0APP", "", words, ()) for ts, words in answers]
    assert [file.marker for file in unanswered(files, heard)] == waiting


def test_a_seed_brings_the_same_troubles_again() -> None:
    assert planned(Options(seed=5)) == planned(Options(seed=5))
    assert planned(Options(seed=5)) != planned(Options(seed=6))
