"""Importing: what it says no to."""

from dataclasses import dataclass
from datetime import date

from workflows.refusals import Refusal


@dataclass(eq=False)
class ImportedBefore(Refusal):
    """Exactly this file was imported; everything in it would be there twice."""

    file: str
    by: str
    on: date


@dataclass(eq=False)
class RowsAtFault(Refusal):
    """All rows of a file are taken or none, and some cannot be; or there is none to take (`faulty` is 0)."""

    file: str
    faulty: int
