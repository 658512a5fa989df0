"""Packs: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import datetime

from bot.packs.facts import card_of
from bot.slack.calls import Composer, Post, Redraw
from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import Pack
from storage.record.outbox import OutboxRow


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of a pack, to whoever asked for it."""
    return Post(card_of(uow, uow.get(Pack, row.subject_id), at))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same card as the pack moves on."""
    message = card_of(uow, uow.get(Pack, row.subject_id), at)
    return Redraw(lambda _: message)


COMPOSERS: Mapping[str, Composer] = {"pack.card": card, "pack.redraw": redrawn}
