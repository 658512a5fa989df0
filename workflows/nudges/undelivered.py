"""Nudges room: messages that could not be delivered, and how a lead has one sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage.nudges.tables import Nudge, NudgeState
from storage.record import outbox
from storage.record.outbox import OutboxRow, OutboxState
from workflows.deed import Deed
from workflows.people.permissions import Permission

SHOWN_FOR = timedelta(days=14)
"""After that hardly anybody wants it to be said any more; the ledger of its recipient keeps it."""

LISTED = 20


@dataclass(frozen=True)
class Undelivered:
    """The latest messages that were given up or that Slack refused, and how many there are in all."""

    messages: Sequence[OutboxRow]
    total: int


# --- commands ---


def send_again(deed: Deed, *, message_id: int) -> bool:
    """Have a message sent again, at once, as if it had never been tried; False where it waits or was sent already.

    What it was to tell somebody in their day is owed to them again. Raises `NotAllowed`, or `NotFound`.
    """
    deed.must(Permission.SEND_MESSAGE_AGAIN)
    message = deed.uow.get(OutboxRow, message_id)
    if message.state is not OutboxState.FAILED:
        return False
    again = outbox.send_again(deed.uow, message, deed.at)
    for nudge in deed.uow.matching(Nudge, message_id=again.id, state=NudgeState.SKIPPED):
        deed.uow.change(nudge, state=NudgeState.OWED, reason="", settled_at=None, message_id=None)
    deed.record("message.send_again", again, kind=again.kind, to=again.recipient)
    return True


# --- questions ---


def undelivered(deed: Deed) -> Undelivered:
    """What could not be delivered lately, to leads. Raises `NotAllowed`."""
    deed.must(Permission.SEE_UNDELIVERED_MESSAGES)
    since = deed.at - SHOWN_FOR
    return Undelivered(outbox.undelivered(deed.uow, since, LISTED), outbox.count_undelivered(deed.uow, since))


def count(deed: Deed) -> int:
    """How many there are; none for those who may not see them."""
    if not deed.may(Permission.SEE_UNDELIVERED_MESSAGES):
        return 0
    return outbox.count_undelivered(deed.uow, deed.at - SHOWN_FOR)
