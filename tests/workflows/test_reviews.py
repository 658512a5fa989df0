"""The weekly digest: when it is told, once, and that its figures are those of the rows."""

import json
from datetime import timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import NonconformityState
from storage.record import trail
from storage.record.outbox import OutboxRow
from storage.reviews.tables import Digest
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_nonconformities import put
from tests.workflows.test_tasks import give, the_access_review
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import NotAllowed
from workflows.reviews import commands as review_commands
from workflows.reviews import questions as review_questions
from workflows.reviews import rules as review_rules
from workflows.tasks import commands as task_commands

NEXT_MONDAY = MONDAY + timedelta(days=7)


def digests(uow: UnitOfWork) -> list[OutboxRow]:
    """The digests planned so far."""
    return uow.all(OutboxRow, col(OutboxRow.kind) == "digest.weekly", order_by=col(OutboxRow.id))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(0), 0),
        (timedelta(days=4), 0),
        (timedelta(days=7, minutes=-1), 0),
        (timedelta(days=7), 1),
        (timedelta(days=9), 1),
    ],
)
def test_the_digest_is_told_from_monday_nine_o_clock_on(programme: UnitOfWork, after: timedelta, told: int) -> None:
    review_commands.tick(the_bot(programme, MONDAY + after))
    assert len(digests(programme)) == told


def test_a_week_is_told_once_and_its_channel_hears_it(programme: UnitOfWork) -> None:
    for hour in range(24 * 14):
        review_commands.tick(the_bot(programme, NEXT_MONDAY + timedelta(hours=hour)))
    assert [row.recipient for row in digests(programme)] == ["C0MGMT", "C0MGMT"]
    assert [digest.week_of for digest in programme.all(Digest, order_by=col(Digest.week_of))] == [
        NEXT_MONDAY.date(),
        (NEXT_MONDAY + timedelta(days=7)).date(),
    ]


def test_after_an_outage_of_weeks_only_the_present_week_is_told(programme: UnitOfWork) -> None:
    review_commands.tick(the_bot(programme, MONDAY + timedelta(days=30)))
    assert len(digests(programme)) == 1


def test_the_digest_carries_the_head_of_an_intact_trail(programme: UnitOfWork) -> None:
    review_commands.tick(the_bot(programme, NEXT_MONDAY))
    [digest] = programme.all(Digest)
    head = trail.head(programme)
    assert (digest.trail_sequence, digest.trail_hash) == (head.sequence, head.hash)
    assert trail.verify(programme) == []


def test_figures_are_kept_as_json(programme: UnitOfWork) -> None:
    put(programme, NonconformityState.IMPLEMENTING)
    figures = review_questions.figures(programme, week_of=MONDAY.date(), at=NEXT_MONDAY)
    assert json.loads(json.dumps(figures)) == figures


def test_what_waits_for_a_lead_is_not_the_owners_delay(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    late = task.due_on + timedelta(days=1)
    assert review_rules.is_late(task, late)
    give(programme, task)
    assert not review_rules.is_late(the_access_review(programme), late)


def test_the_overdue_are_listed_by_owner_the_longest_first(programme: UnitOfWork) -> None:
    at = MONDAY + timedelta(days=30)
    task_commands.tick(the_bot(programme, at))
    behind = review_questions.standing(programme, at=at).overdue
    assert [each.days for each in behind] == sorted((each.days for each in behind), reverse=True)
    assert sum(each.count for each in behind) == review_questions.standing(programme, at=at).overdue_tasks > 1


def test_findings_are_counted_by_what_happened_this_week(programme: UnitOfWork) -> None:
    put(programme, NonconformityState.CLOSED)
    told = review_questions.figures(programme, week_of=MONDAY.date(), at=MONDAY + timedelta(hours=1))
    assert (told["minors_new_this_week"], told["minors_closed_this_week"], told["minors_open"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("person", "allowed"), [("UMIRA", True), ("UDAVID", True), ("UJONAS", False), ("ULIAM", False)]
)
def test_who_may_see_the_digest_before_it_is_told(programme: UnitOfWork, person: str, *, allowed: bool) -> None:
    if allowed:
        assert review_questions.preview(deed(programme, person)).previous is None
    else:
        with pytest.raises(NotAllowed):
            review_questions.preview(deed(programme, person))


def test_without_a_programme_there_is_nothing_to_tell(directory: UnitOfWork) -> None:
    review_commands.tick(the_bot(directory, NEXT_MONDAY))
    assert digests(directory) == []
    with pytest.raises(NoProgrammeYet):
        review_questions.standing(directory, at=MONDAY)
