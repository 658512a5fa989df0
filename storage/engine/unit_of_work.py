"""The unit of work: everything one command reads and writes, in one workspace and one transaction.

How to ask for rows, and how conditions are written, stands in `storage/engine/workspace_rows.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel

from storage.engine.canonical import JSON
from storage.engine.errors import NotFound, VersionConflict
from storage.engine.workspace_rows import WorkspaceRows
from storage.record import inbox, outbox, trail
from storage.record.errands import Errand
from storage.record.sealed_rows import ChangedRows
from storage.record.trail import Deed, End, TrailEntry, TrailHead

__all__ = ["JSON", "NotFound", "UnitOfWork", "VersionConflict"]

NOBODY = "deskaudit"
ROWS_CHANGED = "record.change"
"""Actor and verb of an entry that seals what a unit of work has changed without any deed, such as planned tasks."""


class UnitOfWork(WorkspaceRows):
    """The rows of one workspace, and the ledgers a command writes beside them: trail, inbox, outbox and errands.

    `promises`: an errand was planned in it.
    """

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        super().__init__(connection, workspace_id)
        self._deeds: list[Deed] = []
        self._end_of_trail: End | None = None
        self._at: datetime | None = None
        self.promises = False

    def record(
        self,
        *,
        actor: str,
        verb: str,
        subject: str,
        subject_id: int | str,
        at: datetime,
        details: Mapping[str, JSON] = {},
    ) -> None:
        """Write down on the audit trail who did what to what; the entry seals the rows that were changed until now.

        It is written when the trail is read, or at the end: until the transaction is over it makes other writers wait.
        """
        self._at = at
        self._deeds.append(
            trail.deed(
                actor=actor,
                verb=verb,
                subject=subject,
                subject_id=subject_id,
                at=at,
                details=details,
                rows=self._taken(),
            )
        )

    def found(self, rows: Iterable[Any]) -> None:
        """The next entry seals these rows as they stand, though no deed changed them."""
        for row in rows:
            self._changed.made(row)

    def complete(self, now: Callable[[], datetime]) -> None:
        """Write the trail. What was changed after the last deed belongs to it; where there was none, to the bot.

        `now` is asked for the moment of that entry, which says no more than that rows were changed.
        """
        if self._changed and not self._deeds:
            at = self._at or now()
            self.record(actor=NOBODY, verb=ROWS_CHANGED, subject="record", subject_id=self.workspace_id, at=at)
        self._write_trail()

    def _taken(self) -> ChangedRows:
        taken, self._changed = self._changed, ChangedRows()
        return taken

    def _write_trail(self) -> None:
        if self._deeds:
            self._deeds[-1].rows.and_then(self._taken())
            self._end_of_trail = trail.append(self, self._end_of_trail, self._deeds)
            self._deeds = []

    def _before_reading(self, table: type[SQLModel]) -> None:
        if table is TrailEntry or table is TrailHead:
            self._write_trail()

    def first_time(self, key: str, at: datetime) -> bool:
        """True once per key: what arrives from Slack twice is done once."""
        return inbox.first_time(self, key, at)

    def schedule(  # noqa: PLR0913 - the columns of a planned message, each by its name
        self,
        *,
        slot: str,
        kind: str,
        recipient: str,
        subject: str,
        subject_id: int,
        not_before: datetime,
        at: datetime,
        values: Mapping[str, JSON] = {},
        by_person: bool = False,
    ) -> bool:
        """Plan a message to be sent from `not_before` on; False when its slot was planned already, by whomever.

        `by_person`: somebody's deed planned it, and they may be looking.
        """
        planned = {
            "slot": slot,
            "kind": kind,
            "recipient": recipient,
            "subject": subject,
            "subject_id": subject_id,
            "not_before": not_before,
            "planned_at": at,
            "values": values,
            "by_person": by_person,
        }
        return outbox.schedule(self, planned)

    def promise(self, errand: Errand) -> Errand:
        """Plan an errand: it is done once this is committed, whatever happens to the process."""
        self.promises = True
        return self.add(errand)
