"""What could not be delivered is seen by leads, and sent again once."""

from datetime import datetime, timedelta

import pytest

from bot.nudges import facts
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.record import claiming
from storage.record.outbox import DAY, OutboxRow, OutboxState, Outcome
from storage.record.trail import TrailEntry
from tests.storage.samples import settled
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_days import days_of, deliver, told
from workflows.nudges import commands as nudge_commands
from workflows.nudges import undelivered
from workflows.nudges.reasons import Reason
from workflows.nudges.undelivered import SHOWN_FOR
from workflows.refusals import NotAllowed

LATER = MONDAY + timedelta(hours=1)


def failed_day(uow: UnitOfWork, at: datetime = MONDAY) -> OutboxRow:
    """The message of Jonas's day, which Slack refuses."""
    [row] = [each for each in claiming.claim(uow, at, 99) if (each.recipient, each.kind) == ("UJONAS", DAY)]
    finished = settled(uow, row, Outcome.FAILED, at, Reason.PLACE_GONE)
    nudge_commands.settle(the_bot(uow, at), finished, Outcome.FAILED, None)
    return finished


@pytest.mark.parametrize(
    ("person", "may"), [("UMIRA", True), ("ULIAM", False), ("UDAVID", False), ("UJONAS", False), ("UTOM", False)]
)
def test_leads_alone_see_them_and_have_them_sent_again(programme: UnitOfWork, person: str, may: bool) -> None:
    failed = failed_day(programme)
    assert undelivered.count(deed(programme, person)) == may
    if may:
        assert [each.id for each in undelivered.undelivered(deed(programme, person)).messages] == [failed.id]
        assert undelivered.send_again(deed(programme, person), message_id=failed.id)
        return
    with pytest.raises(NotAllowed):
        undelivered.undelivered(deed(programme, person))
    with pytest.raises(NotAllowed):
        undelivered.send_again(deed(programme, person), message_id=failed.id)


def test_a_day_is_named_by_what_it_was_to_tell(programme: UnitOfWork) -> None:
    owed = [
        facts.about(programme, each.subject, each.subject_id) for each in nudge_queries.owed_to(programme, "UJONAS")
    ]
    assert facts.problem(programme, failed_day(programme)).about == ", ".join(owed) != ""


def test_they_are_shown_for_a_while(programme: UnitOfWork) -> None:
    failed_day(programme)
    assert undelivered.undelivered(deed(programme, "UMIRA", MONDAY + SHOWN_FOR)).total == 1
    assert undelivered.undelivered(deed(programme, "UMIRA", MONDAY + SHOWN_FOR + timedelta(seconds=1))).total == 0


def test_sent_again_a_day_tells_what_it_was_to_tell_and_it_is_on_the_trail_once(programme: UnitOfWork) -> None:
    owed = {(each.subject, each.rung) for each in nudge_queries.owed_to(programme, "UJONAS")}
    failed = failed_day(programme)
    assert nudge_queries.owed_to(programme, "UJONAS") == []
    assert undelivered.send_again(deed(programme, "UMIRA", LATER), message_id=failed.id)
    assert not undelivered.send_again(deed(programme, "UMIRA", LATER), message_id=failed.id)
    assert undelivered.undelivered(deed(programme, "UMIRA", LATER)).total == 0
    deliver(programme, LATER)
    [day] = days_of(programme, "UJONAS")
    assert (day.id, told(programme, day)) == (failed.id, owed)
    again = [each for each in programme.all(TrailEntry) if each.verb == "message.send_again"]
    assert [(each.actor_id, each.subject, each.subject_id) for each in again] == [("UMIRA", "outbox", str(failed.id))]


def test_what_was_sent_is_not_sent_again(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    [day] = days_of(programme, "UJONAS")
    assert not undelivered.send_again(deed(programme, "UMIRA", LATER), message_id=day.id)
    assert programme.get(OutboxRow, day.id).state is OutboxState.SENT
