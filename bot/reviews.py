"""Reviews room at the edge: `/iso status`, `/iso digest`, and the weekly digest in its channel."""

from datetime import datetime
from typing import cast

from bot.calls import Command, Post, Reply, Tell
from bot.routes import verb
from messages import reviews as words
from messages import status as status_words
from messages.reviews import DigestFigures
from storage.outbox import OutboxRow
from storage.reviews import Digest
from storage.unit_of_work import UnitOfWork
from workflows import reviews
from workflows.reviews import Standing

# --- what the words need to know ---


def programme(standing: Standing) -> status_words.Programme:
    """The programme in figures, as it is told."""
    behind = [status_words.OverdueOwner(**vars(each)) for each in standing.overdue]
    readiness = [
        status_words.StandardReadiness(each.standard, each.ready, each.applicable) for each in standing.readiness
    ]
    return status_words.Programme(**{**vars(standing), "overdue": behind, "readiness": readiness})


# --- what people do ---


async def status(call: Command) -> Reply:
    """`/iso status`."""
    return Tell(status_words.status(programme(await call.ask(reviews.status))))


async def digest(call: Command) -> Reply:
    """`/iso digest`: the digest as it would be told now, only to whoever asks."""
    now = await call.ask(reviews.preview)
    return Tell(
        words.digest(
            figures=cast("DigestFigures", now.figures),
            previous=cast("DigestFigures | None", now.previous),
            trail_sequence=now.trail_sequence,
            trail_hash=now.trail_hash,
        )
    )


ROUTES = (
    verb("status", usage="", sentence="shows how the programme stands", handler=status),
    verb("digest", usage="", sentence="shows you the weekly digest as it stands now", handler=digest),
)

# --- what the bot says by itself ---


def weekly(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The digest as it was prepared: management reads the figures of that Monday, whenever it is sent."""
    told = uow.get(Digest, row.subject_id)
    return Post(
        words.digest(
            figures=cast("DigestFigures", told.figures),
            previous=cast("DigestFigures | None", reviews.previous(uow, told.week_of)),
            trail_sequence=told.trail_sequence,
            trail_hash=told.trail_hash,
        )
    )


COMPOSERS = {"digest.weekly": weekly}
