"""Packs: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.packs.download import file_name
from bot.packs.facts import card_of
from bot.slack.calls import Composer, Later, Outgoing, Post, Redraw, ShareFile, Skip
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import Pack, PackState
from storage.record.outbox import OutboxRow, OutboxState
from workflows.nudges.reasons import Reason
from workflows.packs import commands


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of a pack, to whoever asked for it."""
    return Post(card_of(uow, uow.get(Pack, row.subject_id), at))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same card as the pack moves on."""
    message = card_of(uow, uow.get(Pack, row.subject_id), at)
    return Redraw(lambda _: message)


def zipped(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
    """The ZIP, in the thread of its card unless it was wanted elsewhere; whichever of the two is ready first."""
    pack = uow.get(Pack, row.subject_id)
    if pack.state is not PackState.MADE:
        return Skip(Reason.NO_LONGER_KEPT)
    channel_id, thread_ts = row.values["channel"], row.values["thread_ts"]
    if not channel_id:
        planned = next(iter(uow.matching(OutboxRow, kind=CARD, subject_id=pack.id)), None)
        if planned is None or planned.state in (OutboxState.FAILED, OutboxState.SKIPPED):
            return Skip(Reason.NO_CARD_TO_UPDATE)
        if planned.state is not OutboxState.SENT:
            return Later(at + UNTIL_THE_CARD_STANDS, Reason.CARD_TO_COME)
        channel_id, thread_ts = planned.channel_id, planned.ts
    return ShareFile(
        message=Message("", ()),
        file_name=file_name(pack),
        title=file_name(pack),
        size=pack.size,
        sha256=pack.sha256 or "",
        channel_id=channel_id,
        thread_ts=thread_ts,
    )


CARD = "pack.card"
UNTIL_THE_CARD_STANDS = timedelta(seconds=5)

COMPOSERS: Mapping[str, Composer] = {CARD: card, "pack.redraw": redrawn, commands.ZIP: zipped}
