"""The ledger names everything that people are told."""

import pytest

from bot.rooms import SUBJECTS, composers
from messages.nudges.ledger import kind_in_words
from storage.record.outbox import DAY
from workflows.nudges.ladders import Step

TOLD = [
    *(each for each in composers() if not each.endswith(".redraw") and each != DAY),
    *(f"task.{step}" for step in Step),
    *(
        f"task.{rung}"
        for rung in ("review", "returned", "given", "not_mine", "declined", "waived", "reopened", "missed")
    ),
    *(f"{subject}.scope_missing" for subject in SUBJECTS if subject != "task"),
]


@pytest.mark.parametrize("kind", TOLD)
def test_everything_told_has_a_name_in_the_ledger(kind: str) -> None:
    assert kind_in_words(kind) != kind_in_words("a.kind_nobody_sends_any_more")
