"""What is kept of a file is what Slack says it has, to the byte."""

import pytest

from bot.collecting import Fetched, fault_of
from storage.blobs import Blob
from workflows.evidence import Fault


@pytest.mark.parametrize(
    ("arrived", "named", "fault"),
    [(5, 5, None), (0, 0, Fault.EMPTY), (0, 5, Fault.EMPTY), (4, 5, Fault.SIZE_DIFFERS), (6, 5, Fault.SIZE_DIFFERS)],
)
def test_bytes_are_counted_against_what_slack_names(arrived: int, named: int, fault: Fault | None) -> None:
    assert fault_of(Fetched(Blob("0" * 64, arrived), "text/plain", named)) is fault
