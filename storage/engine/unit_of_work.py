"""The unit of work: everything one command reads and writes, in one workspace and one transaction.

How to ask for rows, and how conditions are written, stands in `storage/engine/workspace_rows.py`.
"""

from collections.abc import Mapping
from datetime import datetime

from storage.engine.canonical import JSON
from storage.engine.errors import NotFound, Stale
from storage.engine.workspace_rows import WorkspaceRows
from storage.record import inbox, outbox, trail

__all__ = ["JSON", "NotFound", "Stale", "UnitOfWork"]


class UnitOfWork(WorkspaceRows):
    """The rows of one workspace, and the three ledgers a command writes beside them: trail, inbox and outbox."""

    _end_of_trail: trail.End | None = None

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
        """Write down on the audit trail who did what to what. Best called last: it makes other writers wait."""
        self._end_of_trail = trail.append(
            self,
            self._end_of_trail,
            actor=actor,
            verb=verb,
            subject=subject,
            subject_id=subject_id,
            at=at,
            details=details,
        )

    def first_time(self, key: str, at: datetime) -> bool:
        """True once per key: what arrives from Slack twice is done once."""
        return inbox.first_time(self, key, at)

    def schedule(
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
    ) -> bool:
        """Plan a message to be sent from `not_before` on; False when its slot was planned already, by whomever."""
        planned = {
            "slot": slot,
            "kind": kind,
            "recipient": recipient,
            "subject": subject,
            "subject_id": subject_id,
            "not_before": not_before,
            "planned_at": at,
            "values": values,
        }
        return outbox.schedule(self, planned)
