"""A saved message as a file: readable, whole, and the same every time."""

from dataclasses import replace
from datetime import UTC, datetime

from messages.evidence.forms import SavedMessage, message_file

SAVED = SavedMessage(
    author_id="U0PRIYA",
    channel_id="C0ITOPS",
    channel_name="it-operations",
    at=datetime(2026, 11, 23, 8, 5, 12, tzinfo=UTC),
    permalink="https://aldermoor.slack.com/archives/C0ITOPS/p1",
    text="The restore worked.\n*42* <minutes> & _counting_",
    files=["rack.jpg"],
    names={"U0PRIYA": "Priya Raman", "U0JONAS": "Jonas\nSaid by: Mira"},
    saved_by="U0JONAS",
    saved_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)


def test_it_says_who_said_what_when_and_where() -> None:
    assert message_file(SAVED) == (
        "A message saved out of Slack\n"
        "\n"
        "Said by:  Priya Raman (U0PRIYA)\n"
        "Said at:  2026-11-23 08:05:12 UTC\n"
        "Where:    it-operations (C0ITOPS)\n"
        "Address:  https://aldermoor.slack.com/archives/C0ITOPS/p1\n"
        "Files:    rack.jpg\n"
        "Saved at: 2026-11-23 09:00:00 UTC\n"
        "Saved by: Jonas Said by: Mira (U0JONAS)\n"
        "\n"
        "The restore worked.\n*42* <minutes> & _counting_\n"
    )


def test_what_is_not_known_is_said_too() -> None:
    text = message_file(replace(SAVED, author_id="B0CI", permalink="", files=[]))
    assert "Said by:  unknown (B0CI)" in text
    assert "Address:  not known" in text
    assert "Files:    none" in text
