"""The ledger of a person: every message meant for them, with what became of it."""

from datetime import timedelta

import pytest

from storage import outbox
from storage.outbox import OutboxRow, OutboxState, Outcome
from storage.unit_of_work import UnitOfWork
from tests.workflows.conftest import MONDAY, actor
from workflows import ledger
from workflows.errors import CannotTakeOver, NotAllowed
from workflows.ledger import PER_PAGE, Page

MINUTE = timedelta(minutes=1)


def plan(uow: UnitOfWork, count: int, recipient: str = "UTOM") -> None:
    """So many messages for somebody, one a minute."""
    for number in range(count):
        at = MONDAY + number * MINUTE
        uow.plan(
            slot=f"{recipient}:{number}",
            kind="task.nudge",
            recipient=recipient,
            subject="task",
            subject_id=number,
            not_before=at,
            at=at,
        )


def claimed(uow: UnitOfWork) -> OutboxRow:
    """Tom's message on its way."""
    return next(each for each in outbox.claim(uow, MONDAY, MINUTE, 100) if each.recipient == "UTOM")


def read(uow: UnitOfWork, reader: str, person: str = "UTOM", number: int = 1) -> Page:
    return ledger.page(uow, actor(uow, reader), person_id=person, number=number, at=MONDAY)


@pytest.mark.parametrize(
    ("reader", "may"),
    [("UTOM", True), ("UMIRA", True), ("ULIAM", True), ("UDAVID", False), ("UJONAS", False)],
)
def test_one_reads_ones_own_ledger_and_leads_and_auditors_everybodys(
    programme: UnitOfWork, reader: str, may: bool
) -> None:
    plan(programme, 1)
    if may:
        assert read(programme, reader).total == 1
        return
    with pytest.raises(NotAllowed):
        read(programme, reader)


def test_of_strangers_there_is_no_ledger(programme: UnitOfWork) -> None:
    with pytest.raises(CannotTakeOver):
        read(programme, "UMIRA", "UNOBODY")


def test_pages_hold_everything_once_the_newest_first(programme: UnitOfWork) -> None:
    plan(programme, 2 * PER_PAGE + 3)
    plan(programme, 4, "UJONAS")
    pages = [read(programme, "UTOM", number=number) for number in (1, 2, 3)]
    told = [each.message.subject_id for page in pages for each in page.entries]
    assert told == list(reversed(range(2 * PER_PAGE + 3)))
    assert {(page.pages, page.total) for page in pages} == {(3, 2 * PER_PAGE + 3)}


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (99, 2)])
def test_a_page_that_is_none_is_the_nearest(programme: UnitOfWork, asked: int, shown: int) -> None:
    plan(programme, PER_PAGE + 1)
    assert read(programme, "UTOM", number=asked).number == shown


def test_a_message_tells_what_became_of_it_and_what_came_before(programme: UnitOfWork) -> None:
    plan(programme, 1)
    outbox.postpone(programme, claimed(programme), MONDAY, "Slack asks for time", MONDAY)
    outbox.settle(programme, claimed(programme), Outcome.SKIPPED, MONDAY, "the task is accepted by now")
    (entry,) = read(programme, "UTOM").entries
    assert (entry.message.state, entry.message.reason) == (OutboxState.SKIPPED, "the task is accepted by now")
    assert [each.reason for each in entry.put_off] == ["Slack asks for time"]
