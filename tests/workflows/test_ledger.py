"""The ledger of a person: every message meant for them, with what became of it."""

from datetime import timedelta

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.record import claiming, outbox
from storage.record.outbox import DAY, OutboxRow, OutboxState, Outcome
from tests.storage.samples import settled
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.nudges import commands as nudge_commands
from workflows.nudges import ledger
from workflows.nudges import rules as nudge_rules
from workflows.nudges.ledger import PER_PAGE, Page
from workflows.people.refusals import CannotTakeOver
from workflows.refusals import NotAllowed

MINUTE = timedelta(minutes=1)


def plan(uow: UnitOfWork, count: int, recipient: str = "UTOM") -> None:
    """So many messages for somebody, one a minute."""
    for number in range(count):
        at = MONDAY + number * MINUTE
        uow.schedule(
            slot=f"{recipient}:{number}",
            kind="task.given",
            recipient=recipient,
            subject="task",
            subject_id=number,
            not_before=at,
            at=at,
        )


def claimed(uow: UnitOfWork) -> OutboxRow:
    """Tom's message on its way."""
    return next(each for each in claiming.claim(uow, MONDAY, 100) if each.recipient == "UTOM")


def read(uow: UnitOfWork, reader: str, person: str = "UTOM", number: int = 1) -> Page:
    return ledger.page(deed(uow, reader), person_id=person, number=number)


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
    told = [each.subject_id for page in pages for each in page.entries]
    assert told == list(reversed(range(2 * PER_PAGE + 3)))
    assert {(page.pages, page.total) for page in pages} == {(3, 2 * PER_PAGE + 3)}


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (99, 2)])
def test_a_page_that_is_none_is_the_nearest(programme: UnitOfWork, asked: int, shown: int) -> None:
    plan(programme, PER_PAGE + 1)
    assert read(programme, "UTOM", number=asked).number == shown


def test_a_message_tells_what_became_of_it_and_what_came_before(programme: UnitOfWork) -> None:
    plan(programme, 1)
    outbox.postpone(programme, claimed(programme), MONDAY, "Slack asks for time", MONDAY)
    settled(programme, claimed(programme), Outcome.SKIPPED, MONDAY, "the task has already been accepted")
    (entry,) = read(programme, "UTOM").entries
    assert (entry.state, entry.reason) == (OutboxState.SKIPPED, "the task has already been accepted")
    assert entry.put_off == ["Slack asks for time"]


def test_what_stands_in_a_message_of_the_day_is_listed_thing_by_thing(programme: UnitOfWork) -> None:
    for task_id in (7, 8):
        the_bot(programme).daily(["UTOM"], ("task", task_id), "due_soon.3", what="2026-12-09")
    plan(programme, 1)
    waiting = {each.subject_id: each for each in read(programme, "UTOM").entries if each.kind == "task.due_soon"}
    (day,) = programme.matching(OutboxRow, recipient="UTOM", kind=DAY)
    assert {(each.state, each.at) for each in waiting.values()} == {(OutboxState.PENDING, day.not_before)}
    postponed = outbox.postpone(programme, day, day.not_before, "Slack asks for time", MONDAY)
    first, second = nudge_queries.owed_to(programme, "UTOM")
    sent = settled(programme, postponed, Outcome.SENT, MONDAY)
    settles = nudge_rules.Settles(MONDAY, (first,), {second.id: "the task has already been accepted"})
    nudge_commands.settle(the_bot(programme), sent, Outcome.SENT, settles)
    told = {each.subject_id: each for each in read(programme, "UTOM").entries if each.kind == "task.due_soon"}
    assert (told[7].state, told[7].put_off) == (OutboxState.SENT, ["Slack asks for time"])
    assert (told[8].state, told[8].reason) == (OutboxState.SKIPPED, "the task has already been accepted")
    assert read(programme, "UTOM").total == 3
