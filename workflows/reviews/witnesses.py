"""Witnesses of the trail: each published head is told outside, where nobody with the database can take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.reviews import witnesses as stored_witnesses
from storage.reviews.tables import Digest, HeadNotice, Way
from workflows.people import rules as people_rules

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
"""Between attempts; each pause is twice the one before."""


@dataclass(frozen=True)
class Head:
    """A head of the trail as it was published, and the notice by which a witness is told of it."""

    notice_id: int
    workspace_id: str
    week_of: str
    sequence: int
    hash: str


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)


def claim(uow: UnitOfWork, way: Way, *, at: datetime) -> Head | None:
    """The next head to be told in a way, if any; nobody else is given it before the pause is over."""
    if newest := stored_witnesses.newest_digest(uow):
        uow.add_once(HeadNotice(digest_id=newest.id, way=way, not_before=at))
    notice = stored_witnesses.to_tell(uow, way, at)
    if notice is None:
        return None
    attempts = notice.attempts + 1
    uow.change(notice, attempts=attempts, not_before=at + pause_after(attempts))
    told = uow.get(Digest, notice.digest_id)
    return Head(notice.id, uow.workspace_id, told.week_of.isoformat(), told.trail_sequence, told.trail_hash)


def told(uow: UnitOfWork, head: Head, *, at: datetime) -> None:
    """A witness has taken it."""
    notice = uow.get(HeadNotice, head.notice_id)
    uow.change(notice, told_at=at, reason="")
    uow.record(
        actor=people_rules.THE_BOT,
        verb="digest.witness",
        subject="digest",
        subject_id=head.week_of,
        at=at,
        details={"way": notice.way.value, "sequence": head.sequence, "hash": head.hash},
    )


def failed(uow: UnitOfWork, head: Head, *, why: str) -> None:
    """No witness has taken it; it is tried again after its pause."""
    uow.change(uow.get(HeadNotice, head.notice_id), reason=why)
