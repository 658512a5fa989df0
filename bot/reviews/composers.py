"""Reviews: what the bot says by itself, composed at the moment of sending."""

from datetime import datetime
from functools import partial
from typing import cast

from bot.slack.calls import Composer, Post
from messages.reviews import digest as words
from messages.reviews.digest import DigestFigures, Signature
from storage.engine.unit_of_work import UnitOfWork
from storage.record.outbox import OutboxRow
from storage.record.signing import Signer, fingerprint, head_message
from storage.reviews.tables import Digest
from workflows.reviews import questions as review_questions


def weekly(signer: Signer | None) -> Composer:
    """Composes the digest, whose head of the trail is signed where there is a key."""
    return partial(_weekly, signer=signer)


def _weekly(uow: UnitOfWork, row: OutboxRow, at: datetime, *, signer: Signer | None) -> Post:
    """The digest as it was prepared: management reads the figures of that Monday, whenever it is sent."""
    told = uow.get(Digest, row.subject_id)
    return Post(
        words.digest(
            figures=cast("DigestFigures", told.figures),
            previous=cast("DigestFigures | None", review_questions.previous(uow, told.week_of)),
            trail_sequence=told.trail_sequence,
            trail_hash=told.trail_hash,
            signed=_signature(told, signer) if signer else None,
        )
    )


def _signature(told: Digest, signer: Signer) -> Signature:
    message = head_message(told.workspace_id, told.trail_sequence, told.trail_hash)
    return Signature(told.workspace_id, fingerprint(signer.key), signer.sign(message))


SIGNED = {"digest.weekly": weekly}
