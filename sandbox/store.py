"""Durable objects: JSON by kind and key in one SQLite file, held in memory and written through at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_TABLE = """
CREATE TABLE IF NOT EXISTS object (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, UNIQUE (kind, key)
)
"""
_WRITE = """
INSERT INTO object (kind, key, json) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json
"""


class Shelf(MutableMapping[str, Json]):
    """All objects of one kind, in the order they were first put. An object changed in place must be put again."""

    def __init__(self, connection: sqlite3.Connection, kind: str) -> None:
        self._connection = connection
        self._kind = kind
        rows = connection.execute("SELECT key, json FROM object WHERE kind = ? ORDER BY id", (kind,))
        self._objects: dict[str, Json] = {key: json.loads(text) for key, text in rows}

    def __getitem__(self, key: str) -> Json:
        return self._objects[key]

    def __setitem__(self, key: str, value: Json) -> None:
        self._connection.execute(_WRITE, (self._kind, key, json.dumps(value, ensure_ascii=False)))
        self._objects[key] = value

    def __delitem__(self, key: str) -> None:
        del self._objects[key]
        self._connection.execute("DELETE FROM object WHERE kind = ? AND key = ?", (self._kind, key))

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)


class Store:
    """The SQLite file. Every put is a commit of its own, so that a killed process loses nothing it has shown."""

    def __init__(self, connection: sqlite3.Connection, prefix: str = "") -> None:
        self._connection = connection
        self._prefix = prefix

    @classmethod
    def open(cls, path: Path) -> Store:
        """The store in this file, made if it is not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL keeps every commit over a killed process; only a power cut could lose the last ones.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        return cls(connection)

    def shelf(self, kind: str) -> Shelf:
        return Shelf(self._connection, f"{self._prefix}{kind}")

    def of(self, team_id: str) -> Store:
        """The shelves of one workspace, in the same file."""
        return Store(self._connection, f"{team_id}/")

    def close(self) -> None:
        self._connection.close()
