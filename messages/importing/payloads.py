"""Importing: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class ImportRef(Payload):
    """A spreadsheet on its way in as the reader saw it."""

    run: int
    version: int
