"""Importing: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import datetime

from bot.importing.facts import card_of
from bot.slack.calls import Composer, Post, Redraw
from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun
from storage.record.outbox import OutboxRow


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of a file, to whoever gave it."""
    return Post(card_of(uow, uow.get(ImportRun, row.subject_id)))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same card as the file moves on."""
    message = card_of(uow, uow.get(ImportRun, row.subject_id))
    return Redraw(lambda _: message)


COMPOSERS: Mapping[str, Composer] = {"import.card": card, "import_run.redraw": redrawn}
