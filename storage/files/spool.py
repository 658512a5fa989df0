"""Values put aside on the disk while something large is made of them, so that they are never held all at once.

They lie in a database without a name, a temporary file that the system forgets with the process which made it: not even
kill -9 leaves anything behind.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Self

from storage.engine.canonical import JSON, canonical_json

_SETUP = (
    "PRAGMA journal_mode = OFF",  # nothing is ever rolled back, and nothing outlives the process
    "PRAGMA cache_size = -1000",  # kB; the rest is on the disk
    "CREATE TABLE value (part TEXT, key, json TEXT, PRIMARY KEY (part, key)) WITHOUT ROWID",
    "BEGIN",  # and never ended, since a transaction for each value would take most of the time
)


class Spool:
    """Values by part and key. Threads may take turns with it, but must not use it at the same time."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in _SETUP:
            self._database.execute(statement)

    def put(self, part: str, key: int | str, value: JSON) -> None:
        """Put a value aside, instead of the one that this part has under the same key."""
        self._database.execute("INSERT OR REPLACE INTO value VALUES (?, ?, ?)", (part, key, canonical_json(value)))

    def part(self, part: str) -> "Part":
        """The values of a part."""
        return Part(self._database, part)

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Part:
    """Values that were put aside, in the order of their keys: numbers by their size, texts by their letters."""

    def __init__(self, database: sqlite3.Connection, part: str) -> None:
        self._database, self._part = database, part

    def __len__(self) -> int:
        [(count,)] = self._database.execute("SELECT count(*) FROM value WHERE part = ?", (self._part,))
        return int(count)

    def __iter__(self) -> Iterator[Any]:
        return map(json.loads, self.texts())

    def texts(self) -> Iterator[str]:
        """The same values as canonical JSON."""
        found = self._database.execute("SELECT json FROM value WHERE part = ? ORDER BY key", (self._part,))
        return (text for (text,) in found)

    def __contains__(self, key: object) -> bool:
        return self._text(key) is not None

    def get(self, key: int | str, default: Any = None) -> Any:
        """The value with this key."""
        text = self._text(key)
        return default if text is None else json.loads(text)

    def _text(self, key: object) -> str | None:
        found = self._database.execute("SELECT json FROM value WHERE part = ? AND key = ?", (self._part, key))
        return next((str(text) for (text,) in found), None)


Spooled = Mapping[str, JSON | Part]
"""A mapping of which some values are too many to be held."""


def canonical_pieces(whole: Spooled) -> Iterator[str]:
    """Canonical JSON of a mapping, piece by piece."""
    for number, name in enumerate(sorted(whole)):
        yield f"{',' if number else '{'}{canonical_json(name)}:"
        value = whole[name]
        if isinstance(value, Part):
            yield from _listed(value)
        else:
            yield canonical_json(value)
    yield "}" if whole else "{}"


def _listed(values: Part) -> Iterator[str]:
    yield "["
    for number, text in enumerate(values.texts()):
        yield f",{text}" if number else text
    yield "]"
