"""All tables together, for whoever needs the whole: migrations, and the test that holds them against the models."""

from importlib import import_module
from pathlib import Path

from sqlmodel import SQLModel

import storage

LEDGERS = ("record.trail", "record.inbox", "record.outbox", "record.sender_lease", "record.errands")
"""What is kept beside the rooms, and is no room's own."""


def rooms() -> list[str]:
    """The rooms of this floor: every folder that has tables."""
    return sorted(each.parent.name for each in Path(storage.__path__[0]).glob("*/tables.py"))


for module in (*LEDGERS, *(f"{room}.tables" for room in rooms())):
    import_module(f"storage.{module}")  # importing it is what makes its tables known

METADATA = SQLModel.metadata
