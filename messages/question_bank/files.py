"""Question bank room: files to write questions of one's own into."""

import io
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

from messages.words import workbooks
from messages.words.wording import words
from messages.words.workbooks import Table

_WIDE = ("text", "text_de", "intent", "listen_for", "red_flags", "follow_up_1", "follow_up_2")


def yaml() -> bytes:
    """Two questions in YAML, with what belongs where."""
    return files("messages").joinpath("question_bank", "own-questions.yaml").read_bytes()


def workbook(columns: Sequence[str], *, created_at: datetime) -> bytes:
    """A sheet with a question in its first row, and one that says what belongs into each column."""
    wording, written = words("question_bank/workbook"), io.BytesIO()
    example = [wording[f"example_{each}"].plain for each in columns]
    meanings = [(each, wording[f"column_{each}"].plain) for each in columns]
    about = [(wording.heading_column.plain, 20), (wording.heading_meaning.plain, 100)]
    workbooks.write(
        written,
        [
            Table(wording.sheet_questions.plain, [(each, 50 if each in _WIDE else 20) for each in columns], [example]),
            Table(wording.sheet_columns.plain, about, meanings),
        ],
        created_at=created_at,
    )
    return written.getvalue()
