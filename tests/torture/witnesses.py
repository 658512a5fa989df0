"""What can be asked afterwards: the sandbox's own store for what people saw, and the bot's tables for what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from sandbox.company import SAMPLE, Company
from sandbox.hands import Json
from sandbox.store import Store
from sandbox.story.words import readable

APP_USER = "U0APP"

UNDER_WAY = (
    "SELECT 'a file' FROM evidence WHERE state = 'collecting'",
    "SELECT 'a list' FROM import_run WHERE state IN ('received', 'mapped')",
    "SELECT 'an import' FROM import_run WHERE state = 'checked' AND begun_at IS NOT NULL",
    "SELECT 'a pack' FROM pack WHERE state = 'asked'",
)
"""What the bot does by itself after it has answered, and which comes to an end by itself."""


@dataclass(frozen=True)
class Said:
    """A message in Slack. `slot` is what the bot's metadata names it by, empty where it names nothing."""

    channel: str
    ts: str
    thread_ts: str
    user: str
    slot: str
    words: str
    files: tuple[str, ...]

    @property
    def is_by_the_app(self) -> bool:
        """Whether the bot said it."""
        return self.user == APP_USER


class SlackStore:
    """What stands in the sandbox's file, read while nobody writes, or while it is running."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "workspace.sqlite"

    @property
    def undelivered(self) -> int:
        """How many events are still on their way to the bot."""
        store = Store.open(self._path)
        try:
            return len(store.shelf("event"))
        finally:
            store.close()

    @cached_property
    def _shelves(self) -> Mapping[str, Mapping[str, Json]]:
        store = Store.open(self._path)
        team = store.of(Company.load(SAMPLE).team_id)
        shelves = {name: dict(team.shelf(name)) for name in ("message", "whisper", "file")}
        shelves["dropped"] = dict(store.shelf("dropped"))
        store.close()
        return shelves

    @cached_property
    def said(self) -> list[Said]:
        """Every message that more than one person could see, oldest first."""
        found = [self._said(key.partition(":")[0], each) for key, each in self._shelves["message"].items()]
        return sorted(found, key=lambda each: each.ts)

    def whispered(self, user: str) -> list[Said]:
        """What only this person saw, oldest first."""
        own = [
            (key.split(":")[1], each) for key, each in self._shelves["whisper"].items() if key.startswith(f"{user}:")
        ]
        return sorted((self._said(channel, each) for channel, each in own), key=lambda each: each.ts)

    @cached_property
    def dropped(self) -> Mapping[str, str]:
        """Slack's reason by the ts of each message whose event it gave up delivering."""
        events = self._shelves["dropped"].values()
        return {each["event"]["ts"]: each["reason"] for each in events if "ts" in each["event"]}

    def _said(self, channel: str, message: Json) -> Said:
        slot = message.get("metadata", {}).get("event_payload", {}).get("slot", "")
        names = tuple(str(self._shelves["file"][each]["name"]) for each in message.get("files", ()))
        shown = {**message, "files": []}
        thread = str(message.get("thread_ts") or message["ts"])
        user = str(message.get("user", ""))
        return Said(channel, message["ts"], thread, user, slot, readable(shown), names)


class Books:
    """The bot's tables, by plain SQL and not by its own code."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    def rows(self, statement: str, **values: Any) -> list[Mapping[str, Any]]:
        """What a statement finds."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(statement), values).mappings()]

    def count(self, table: str, column: str, marker: str) -> int:
        """How many rows have this in a column."""
        [found] = self.rows(f"SELECT count(*) AS n FROM {table} WHERE {column} = :marker", marker=marker)
        return int(found["n"])

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def due(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        """Planned messages and drawings whose time has come, and that are not settled."""
        found = self.rows("SELECT slot, state, not_before FROM outbox WHERE state IN ('pending', 'sending')")
        return [each for each in found if each["state"] == "sending" or moment(each["not_before"]) <= now]

    def next_try(self) -> datetime | None:
        """When the first message is tried again that was tried before."""
        found = self.rows("SELECT not_before FROM outbox WHERE state = 'pending' AND attempts > 0")
        return min((moment(each["not_before"]) for each in found), default=None)

    def under_way(self) -> list[str]:
        """What the bot is still at."""
        return [str(next(iter(row.values()))) for statement in UNDER_WAY for row in self.rows(statement)]


def moment(stored: Any) -> datetime:
    """A moment as PostgreSQL gives it, or as SQLite keeps it: text in UTC."""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
