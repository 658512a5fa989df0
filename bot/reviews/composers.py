"""Reviews: what the bot says by itself, composed at the moment of sending."""

from datetime import datetime
from typing import cast

from bot.slack.calls import Post
from messages.reviews import digest as words
from messages.reviews.digest import DigestFigures
from storage.engine.unit_of_work import UnitOfWork
from storage.record.outbox import OutboxRow
from storage.reviews.tables import Digest
from workflows.reviews import questions as review_questions


def weekly(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The digest as it was prepared: management reads the figures of that Monday, whenever it is sent."""
    told = uow.get(Digest, row.subject_id)
    return Post(
        words.digest(
            figures=cast("DigestFigures", told.figures),
            previous=cast("DigestFigures | None", review_questions.previous(uow, told.week_of)),
            trail_sequence=told.trail_sequence,
            trail_hash=told.trail_hash,
        )
    )


COMPOSERS = {"digest.weekly": weekly}
