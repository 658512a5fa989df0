"""Tables (Slack reference: "Table block"): short facts that people compare. One stands in a message at most."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import TableBlock

from messages.words import limits
from messages.words.wording import Phrase

Cell = dict[str, Any]
NOTHING = "-"


def text(words: Phrase | str) -> Cell:
    """A cell with words."""
    said = words if isinstance(words, str) else words.plain
    return {"type": "raw_text", "text": limits.shorten(said, limits.TABLE_CELL) or NOTHING}


def said_of(words: Phrase, person_id: str) -> Cell:
    """A cell with words, and behind them somebody who is named; nobody where the id is empty."""
    if not person_id:
        return text(words)
    said: list[dict[str, str]] = [{"type": "text", "text": f"{limits.shorten(words.plain, limits.TABLE_CELL)} "}]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [*said, {"type": "user", "user_id": person_id}]}],
    }


def table(head: Sequence[Phrase], rows: Sequence[Sequence[Cell]]) -> TableBlock:
    """A table under its headings; as many rows as fit. Its columns are wrapped."""
    shown = rows[: limits.TABLE_ROWS - 1]
    wrapped = [{"is_wrapped": True} for _ in head]
    return TableBlock(rows=[[text(each) for each in head], *shown], column_settings=wrapped)
