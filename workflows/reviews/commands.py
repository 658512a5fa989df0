"""Reviews: what is done, each as one unit of work.

The digest informs; it is an input to the management review (cl. 9.3.2) and never replaces it.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.record import trail
from storage.reviews import queries as review_queries
from storage.reviews.tables import Digest
from workflows.deed import Deed
from workflows.nudges import rules as nudge_rules
from workflows.reviews.questions import figures
from workflows.reviews.rules import TOLD_FROM, monday_of


def tick(deed: Deed) -> None:
    """On Monday from nine o'clock on, prepare the digest of the week and plan that its channel is told, once."""
    workspace = deed.uow.workspace()
    local = deed.at.astimezone(ZoneInfo(workspace.zone))
    monday = monday_of(local.date())
    started_on = workspace.programme_started_on
    if started_on is None or workspace.digest_channel_id is None or monday <= started_on:
        return
    if local < datetime.combine(monday, TOLD_FROM, local.tzinfo) or review_queries.digest_of(deed.uow, monday):
        return
    _tell(deed, _prepare(deed, monday), workspace.digest_channel_id)


def _prepare(deed: Deed, monday: date) -> Digest:
    deed.record("digest.prepare", ("digest", str(monday)))
    head = trail.head(deed.uow)
    return deed.uow.add(
        Digest(
            week_of=monday,
            figures=figures(deed.uow, week_of=monday, at=deed.at),
            trail_sequence=head.sequence,
            trail_hash=head.hash,
            prepared_at=deed.at,
        )
    )


def _tell(deed: Deed, digest: Digest, channel_id: str) -> None:
    deed.uow.schedule(
        slot=nudge_rules.slot("digest", digest.week_of),
        kind="digest.weekly",
        recipient=channel_id,
        subject="digest",
        subject_id=digest.id,
        not_before=deed.at,
        at=deed.at,
    )
