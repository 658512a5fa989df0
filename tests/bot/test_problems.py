"""What could not be delivered, as a lead sees it in Slack and whoever runs the bot in a terminal."""

from datetime import datetime

from bot.home import handlers as home_handlers
from bot.nudges import problems
from bot.services import Services
from messages.nudges.payloads import MessageRef
from messages.nudges.problems import SEND_AGAIN
from storage.engine.unit_of_work import UnitOfWork
from storage.record import claiming
from storage.record.outbox import OutboxRow, OutboxState, Outcome
from tests.bot.conftest import ON_SQLITE, Deliver
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, button, slash
from tests.messages.readable import readable
from tests.storage.samples import settled
from workflows.nudges.reasons import Lost, Reason, lost


def failed(uow: UnitOfWork, at: datetime, reason: str, recipient: str = "U0JONAS") -> OutboxRow:
    uow.schedule(
        slot=f"{recipient} {reason}",
        kind="evidence.receipt",
        recipient=recipient,
        subject="note",
        subject_id=1,
        not_before=at,
        at=at,
    )
    [row] = claiming.claim(uow, at, 9)
    return settled(uow, row, Outcome.FAILED, at, reason)


@ON_SQLITE
async def test_a_lead_reads_why_in_words_and_has_it_sent_again(
    deliver: Deliver, services: Services, gateway: FakeGateway
) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        row = failed(uow, NOON, lost(Lost.GIVEN_UP, Reason.SLACK_ASKED_TO_WAIT))
        home = home_handlers.home(uow, "U0MIRA", at=NOON)
    assert "1 message couldn't be delivered" in readable(home)
    response = await deliver(problems.ROUTES, slash("problems"))
    assert "given up after a day: Slack asked me to wait" in response.body
    await deliver(problems.ROUTES, button(SEND_AGAIN, MessageRef(row.id)))
    await deliver(problems.ROUTES, button(SEND_AGAIN, MessageRef(row.id), trigger="1.2.again"))
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert uow.get(OutboxRow, row.id).state is OutboxState.PENDING
