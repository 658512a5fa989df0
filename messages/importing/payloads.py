"""Importing: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportRef:
    """A spreadsheet on its way in as the reader saw it."""

    run: int
    version: int
