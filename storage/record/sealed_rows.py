"""The rows that a deed changed, as an entry of the trail names and seals them.

What is sealed stands in the entry as canonical JSON, a list with an item for all rows of a table of which the same
columns were changed, so that what many rows have in common is said once:

    [["task", "due_on state", [[12, 3, "9f3c…41aa…"], …]], …]

A row is told by its id, its version after the deed, and the marks of these columns, one behind the other. Of a row
that is new, all columns are named that have a value.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from storage.engine.canonical import canonical_json
from storage.record.fingerprints import MARK, is_sealed, mark, row_salt, sealed_columns

NOTHING = "[]"
"""What an entry says of a deed that changed no row of the record."""


@dataclass(frozen=True)
class SealedRow:
    """What one entry says of one row."""

    table: str
    id: int | str
    version: int
    marks: Mapping[str, str]


class ChangedRows:
    """The rows of the record that one deed changed, each as it stands after it."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[SQLModel], int | str], tuple[Any, set[str]]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def made(self, row: Any) -> None:
        """A row is new, or is sealed as it was found."""
        table: type[SQLModel] = type(row)
        if is_sealed(table):
            filled = {name for name in sealed_columns(table) if getattr(row, name) is not None}
            self._rows[table, row.id] = row, filled

    def changed(self, row: Any, columns: Collection[str]) -> None:
        """These columns of a row have changed; `row` is the row as it is now."""
        table: type[SQLModel] = type(row)
        if is_sealed(table) and (touched := set(columns).intersection(sealed_columns(table))):
            _, before = self._rows.get((table, row.id), (row, set()))
            self._rows[table, row.id] = row, before | touched

    def and_then(self, later: "ChangedRows") -> None:
        """What was changed later belongs to the same deed."""
        for (table, row_id), (row, columns) in later._rows.items():  # noqa: SLF001 - it is one of us
            _, before = self._rows.get((table, row_id), (row, set()))
            self._rows[table, row_id] = row, before | columns

    def text(self, workspace_id: str, salt: str) -> str:
        """What the entry says of them; `salt` is the workspace's."""
        groups: dict[tuple[str, str], list[list[int | str]]] = {}
        for (table, row_id), (row, columns) in self._rows.items():
            name, ordered = str(table.__tablename__), sorted(columns)
            salt_of_row = row_salt(workspace_id, salt, name, row_id)
            marks = "".join([mark(salt_of_row, column, getattr(row, column)) for column in ordered])
            groups.setdefault((name, " ".join(ordered)), []).append([row_id, row.version, marks])
        return canonical_json([[*group, rows] for group, rows in groups.items()])


def sealed_in(text: str) -> Iterator[SealedRow]:
    """The rows that an entry names. Raises ValueError when it is not written as an entry is."""
    for table, columns, rows in json.loads(text or NOTHING):
        names = columns.split()
        for row_id, version, marks in rows:
            pieces = [marks[start : start + MARK] for start in range(0, len(marks), MARK)]
            yield SealedRow(table, row_id, version, dict(zip(names, pieces, strict=True)))
