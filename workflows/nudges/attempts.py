"""What is kept before a message is brought to Slack: where it goes and what it tells, in case no answer comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engine import database_time
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.record import outbox
from storage.record.outbox import OutboxRow
from workflows.nudges.rules import Settles


@dataclass(frozen=True)
class Attempt:
    """Where a message is about to go, a person's id standing for the conversation with them, and what it settles.

    `file_name` is what a file is called that is laid there.
    """

    channel_id: str
    thread_ts: str = ""
    file_name: str = ""
    settles: Settles | None = None


def begin(uow: UnitOfWork, begun: Sequence[tuple[OutboxRow, Attempt]]) -> Sequence[OutboxRow]:
    """Keep what each of the rows is about to do, and when, by the database's clock, it was first tried.

    Raises `VersionConflict` when another sender took one over.
    """
    now = database_time.now(uow.connection).isoformat()
    outbox.note_attempts(uow, [(row, _noted(row, attempt, now)) for row, attempt in begun])
    return [row for row, _ in begun]


def _noted(row: OutboxRow, attempt: Attempt, now: str) -> dict[str, Any]:
    kept = {"channel_id": attempt.channel_id, "thread_ts": attempt.thread_ts, "file_name": attempt.file_name}
    since = (row.attempt or {}).get("since") or now
    return {**kept, "since": since, "settles": _kept(attempt.settles)}


def may_stand_since(row: OutboxRow) -> datetime:
    """Since when it may stand in Slack: no attempt was made before, whatever clock the bot planned it by."""
    first = (row.attempt or {}).get("since")
    return min(row.planned_at, datetime.fromisoformat(first)) if first else row.planned_at


def last(uow: UnitOfWork, row: OutboxRow) -> Attempt:
    """The last one that was begun; of a row that has none, where one would have gone."""
    kept = row.attempt
    if kept is None:
        return Attempt(row.recipient)
    return Attempt(kept["channel_id"], kept["thread_ts"], kept["file_name"], _settles(uow, kept["settles"]))


def _kept(settles: Settles | None) -> dict[str, Any] | None:
    if settles is None:
        return None
    left_out = {str(nudge_id): reason for nudge_id, reason in settles.left_out.items()}
    return {"at": settles.at.isoformat(), "told": [nudge.id for nudge in settles.told], "left_out": left_out}


def _settles(uow: UnitOfWork, kept: Mapping[str, Any] | None) -> Settles | None:
    if kept is None:
        return None
    told = tuple(uow.get(Nudge, nudge_id) for nudge_id in kept["told"])
    left_out = {int(nudge_id): reason for nudge_id, reason in kept["left_out"].items()}
    return Settles(datetime.fromisoformat(kept["at"]), told, left_out)
