"""Reviews room at the edge: `/iso status`, `/iso digest`, and the weekly digest in its channel."""

from typing import cast

from bot.reviews.facts import programme
from bot.slack.calls import Command, Reply, Tell
from bot.slack.routes import verb
from messages.reviews import digest as words
from messages.reviews import status as status_words
from messages.reviews.digest import DigestFigures
from workflows.reviews import questions as review_questions


async def status(call: Command) -> Reply:
    """`/iso status`."""
    return Tell(status_words.status(programme(await call.ask(review_questions.status))))


async def digest(call: Command) -> Reply:
    """`/iso digest`: the digest as it would be told now, only to whoever asks."""
    now = await call.ask(review_questions.preview)
    return Tell(
        words.digest(
            figures=cast("DigestFigures", now.figures),
            previous=cast("DigestFigures | None", now.previous),
            trail_sequence=now.trail_sequence,
            trail_hash=now.trail_hash,
        )
    )


ROUTES = (
    verb("status", handler=status),
    verb("digest", handler=digest),
)
