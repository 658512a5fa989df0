"""Reviews: what is done, each as one unit of work.

The digest informs; it is an input to the management review (cl. 9.3.2) and never replaces it.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.engine.unit_of_work import UnitOfWork
from storage.record import trail
from storage.reviews import queries as review_queries
from storage.reviews.tables import Digest
from workflows.nudges import rules as nudge_rules
from workflows.people import rules as people_rules
from workflows.reviews.questions import figures
from workflows.reviews.rules import TOLD_FROM, monday_of


def tick(uow: UnitOfWork, at: datetime) -> None:
    """On Monday from nine o'clock on, prepare the digest of the week and plan that its channel is told, once."""
    workspace = uow.workspace()
    local = at.astimezone(ZoneInfo(workspace.zone))
    monday = monday_of(local.date())
    started_on = workspace.programme_started_on
    if started_on is None or workspace.digest_channel_id is None or monday <= started_on:
        return
    if local < datetime.combine(monday, TOLD_FROM, local.tzinfo) or review_queries.digest_of(uow, monday):
        return
    _tell(uow, _prepare(uow, monday, at), workspace.digest_channel_id, at)


def _prepare(uow: UnitOfWork, monday: date, at: datetime) -> Digest:
    uow.record(actor=people_rules.THE_BOT, verb="digest.prepare", subject="digest", subject_id=str(monday), at=at)
    head = trail.head(uow)
    return uow.add(
        Digest(
            week_of=monday,
            figures=figures(uow, week_of=monday, at=at),
            trail_sequence=head.sequence,
            trail_hash=head.hash,
            prepared_at=at,
        )
    )


def _tell(uow: UnitOfWork, digest: Digest, channel_id: str, at: datetime) -> None:
    uow.plan(
        slot=nudge_rules.slot("digest", digest.week_of),
        kind="digest.weekly",
        recipient=channel_id,
        subject="digest",
        subject_id=digest.id,
        not_before=at,
        at=at,
    )
