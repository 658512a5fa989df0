"""A pack comes into the thread of its card, whichever of the two is ready first."""

from bot.packs.composers import COMPOSERS
from bot.slack.calls import Later, Outgoing, ShareFile, Skip
from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import Pack
from storage.record import claiming
from storage.record.outbox import OutboxRow, Outcome
from tests.bot.packs import MONDAY, THE_YEAR, begin
from tests.storage.samples import settled
from tests.workflows.conftest import deed, the_bot
from workflows.packs import commands
from workflows.packs.commands import Outcome as Packed

PACKED = Packed(sha256="1" * 64, size=9, manifest_sha256="2" * 64, files=0, trail_sequence=1)


def made(uow: UnitOfWork) -> Pack:
    """A pack that was ready at once."""
    begin(uow)
    asked = commands.ask(deed(uow, "UMIRA"), scope=THE_YEAR)
    pack = commands.settle(the_bot(uow), pack_id=asked.id, outcome=PACKED)
    commands.lay(the_bot(uow), pack, to=pack.asked_by, key="made")
    return pack


def composed(uow: UnitOfWork) -> Outgoing:
    [row] = uow.matching(OutboxRow, kind=commands.ZIP)
    return COMPOSERS[commands.ZIP](uow, row, MONDAY)


def card(uow: UnitOfWork, outcome: Outcome) -> None:
    """The card leaves, or does not."""
    [row] = [each for each in claiming.claim(uow, MONDAY, 100) if each.kind == "pack.card"]
    settled(uow, row, outcome, MONDAY, channel_id="D1", ts="7.7")


def test_a_pack_that_is_ready_before_its_card_waits_for_it(uow: UnitOfWork) -> None:
    made(uow)
    assert isinstance(composed(uow), Later)
    card(uow, Outcome.SENT)
    laid = composed(uow)
    assert isinstance(laid, ShareFile)
    assert (laid.channel_id, laid.thread_ts, laid.file_name) == ("D1", "7.7", "audit-pack-1-2026-01-01-2026-12-31.zip")


def test_a_pack_whose_card_was_never_posted_is_left_out(uow: UnitOfWork) -> None:
    made(uow)
    card(uow, Outcome.FAILED)
    assert isinstance(composed(uow), Skip)


def test_a_pack_that_is_no_longer_kept_is_left_out(uow: UnitOfWork) -> None:
    pack = made(uow)
    card(uow, Outcome.SENT)
    commands.expire(the_bot(uow, at=MONDAY + commands.KEPT_FOR))
    assert uow.get(Pack, pack.id).state.value == "expired"
    assert isinstance(composed(uow), Skip)
