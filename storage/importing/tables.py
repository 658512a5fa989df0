"""Importing: its tables."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose


class ImportState(StrEnum):
    """How far a file has come. `read`: its columns are guessed; `mapped`: a person has confirmed them."""

    RECEIVED = "received"
    READ = "read"
    MAPPED = "mapped"
    CHECKED = "checked"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ImportRun(Row, table=True):
    """One file on its way in; its bytes are kept under their `sha256` once it was read.

    `columns` maps a field to the number of its column, counted from 0: guessed first, then as confirmed. `guesses` says
    how sure the guess was. `counts` is what a check found to come of it, or what came; `faults` are the first ones, of
    `faulty` rows. While the rows are being taken, `begun_at` is set. `reason` names the sentence for a failure.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        one_of("state", ImportState),
        CheckConstraint(
            "state IN ('received', 'cancelled', 'failed') OR sha256 IS NOT NULL", name="read_files_are_kept"
        ),
        CheckConstraint("state <> 'done' OR faulty = 0", name="all_rows_or_none"),
        Index("imports_by_file", "workspace_id", "sha256"),
        Index("imports_by_state", "workspace_id", "state"),
    )

    state: ImportState = choice(ImportState, ImportState.RECEIVED)
    file_name: str = Field(max_length=400)
    slack_file_id: str | None = Field(default=None, max_length=32)
    size: int = 0
    sha256: str | None = Field(default=None, max_length=64)
    given_by: str = Field(max_length=32)
    given_at: datetime = moment(optional=False)
    headings: list[str] = Field(default_factory=list, sa_type=JSON)
    samples: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    columns: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    guesses: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    rows: int = 0
    faulty: int = 0
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    begun_by: str | None = Field(default=None, max_length=32)
    begun_at: datetime | None = moment()
    settled_by: str | None = Field(default=None, max_length=32)
    settled_at: datetime | None = moment()
    reason: str = prose()
