"""The extract of the audit trail in a pack: entries about what is in it, and of all others the seals.

An entry is about what is in the pack when it names it, or sealed a row of it. A line is an entry as the JSON array that
is sealed, or a seal as a JSON string. So the chain can be walked from the
first entry to the head by whoever has the pack, though only some of it is told.
"""

from collections.abc import Container
from dataclasses import dataclass

from storage.engine import statements
from storage.engine.canonical import canonical_json
from storage.engine.unit_of_work import UnitOfWork
from storage.record import trail
from storage.record.sealed_rows import sealed_in
from storage.record.trail import BEFORE_THE_FIRST, TrailEntry

ALWAYS_TOLD = frozenset({"digest"})
"""Subjects that every pack tells of: what was published of the trail."""

ROLES = "role."
"""Beginning of the verbs by which people got and lost roles: who was allowed what, and when."""


class TrailBroken(Exception):
    """The trail is not what it was, so no pack can be made of it."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"entry {sequence} of the audit trail was changed or is missing")
        self.sequence = sequence


@dataclass(frozen=True)
class Page:
    """Some lines of the extract, and where the chain stands behind them."""

    lines: bytes
    sequence: int
    hash: str


BEGINNING = Page(b"", 0, BEFORE_THE_FIRST)


def page(uow: UnitOfWork, behind: Page, *, upto: int, told: Container[str]) -> Page:
    """The lines that follow; none at the end. Of what is `told`, named like `task 12`, entries go out in full.

    Every entry is checked on its way. Raises `TrailBroken`.
    """
    lines, sequence, previous = [], behind.sequence, behind.hash
    for entry in trail.entries(uow, after=behind.sequence, upto=upto):
        values = {name: getattr(entry, name) for name in statements.column_names(TrailEntry)}
        sequence += 1
        if (entry.sequence, entry.previous_hash, entry.hash) != (sequence, previous, trail.entry_hash(values)):
            raise TrailBroken(sequence)
        lines.append(_line(entry, values, told))
        previous = entry.hash
    return Page("".join(lines).encode(), sequence, previous)


def _line(entry: TrailEntry, values: dict[str, str | int], told: Container[str]) -> str:
    is_told = entry.subject in ALWAYS_TOLD or entry.verb.startswith(ROLES)
    is_whole = is_told or f"{entry.subject} {entry.subject_id}" in told or _sealed_some_of(entry, told)
    return f"{trail.said(values) if is_whole else canonical_json(trail.seal_of(values))}\n"


def _sealed_some_of(entry: TrailEntry, told: Container[str]) -> bool:
    return any(f"{row.table} {row.id}" in told for row in sealed_in(entry.sealed))
