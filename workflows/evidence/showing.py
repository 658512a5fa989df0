"""Evidence room: a kept file laid before somebody who wants to see it."""

from storage.evidence.tables import Evidence
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands

SHOWN = "evidence.shown"
"""The message that is a copy of a file."""


def show(deed: Deed, *, evidence_id: int, place: tuple[str, str], key: str) -> None:
    """A copy comes to a conversation and thread. `key` tells one wish from the next. Raises as `look`."""
    lay(deed, evidence_commands.look(deed, evidence_id=evidence_id), place=place, key=key)


def lay(deed: Deed, evidence: Evidence, *, place: tuple[str, str], key: str) -> None:
    """Plan the copy of a file whose look is on the trail."""
    channel_id, thread_ts = place
    deed.uow.schedule(
        slot=f"{SHOWN}:{evidence.id}:{key}"[:200],
        kind=SHOWN,
        recipient=deed.by,
        subject="evidence",
        subject_id=evidence.id,
        not_before=deed.at,
        at=deed.at,
        values={"channel": channel_id, "thread_ts": thread_ts},
    )
