"""Pictures: which are laid under whose card, once, whichever of picture and card comes first."""

import json
from datetime import timedelta

import pytest
from sqlmodel import col

from bot.rooms import composers
from bot.slack.calls import Skip
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Classification, Evidence
from storage.nonconformities.tables import NonconformityState
from storage.record.outbox import OutboxRow, OutboxState
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_days import deliver
from tests.workflows.test_nonconformities import put
from tests.workflows.test_tasks import MINUTE, the_access_review
from workflows.evidence import commands as evidence_commands
from workflows.evidence import pictures
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import independence
from workflows.nudges.reasons import Reason
from workflows.tasks import commands as task_commands

HOUR = timedelta(hours=1)


def give(
    uow: UnitOfWork, task: Task, by: str = "UJONAS", file: str = "1", size: int = 5, media_type: str = "image/png"
) -> Evidence:
    """A picture given and kept; `file` tells it and its bytes from others."""
    offered = OfferedFile(f"F{file}", "plan.png", size, "https://example.com/plan.png")
    [taken] = evidence_commands.give(deed(uow, by), task_id=task.id, files=[offered], place=Place("D1", "1.1"))
    return evidence_commands.keep(
        the_bot(uow, MONDAY + MINUTE), evidence_id=taken.id, sha256=file * 64, size=size, media_type=media_type
    )


def laid(uow: UnitOfWork) -> list[tuple[str, int]]:
    """Before whom which picture was laid."""
    found = uow.all(OutboxRow, col(OutboxRow.kind) == pictures.KIND, order_by=col(OutboxRow.id))
    return [(row.recipient, row.subject_id) for row in found if row.state is OutboxState.SENT]


def test_a_picture_is_laid_under_the_card_of_each_lead_and_a_later_one_beside_it(programme: UnitOfWork) -> None:
    first = give(programme, the_access_review(programme))
    deliver(programme, MONDAY + HOUR)
    assert sorted(laid(programme)) == [("UINES", first.id), ("UMIRA", first.id)]
    second = give(programme, the_access_review(programme), file="2")
    deliver(programme, MONDAY + 2 * HOUR)
    assert sorted(laid(programme)[2:]) == [("UINES", second.id), ("UMIRA", second.id)]
    shown = programme.all(TrailEntry, col(TrailEntry.verb) == "evidence.show")
    assert [json.loads(each.details)["to"] for each in shown] == [person for person, _ in laid(programme)]
    rows = programme.matching(OutboxRow, kind=pictures.KIND)
    cards = [programme.get(OutboxRow, row.values["under"]) for row in rows]
    assert [row.thread_ts for row in rows] == [card.thread_ts or card.ts for card in cards]
    assert [row.recipient for row in rows] == [card.recipient for card in cards]


@pytest.mark.parametrize(
    ("media_type", "size", "is_laid"),
    [
        *((kind, 5, True) for kind in pictures.SUFFIXES),
        ("image/png", pictures.LARGEST, True),
        ("image/png", pictures.LARGEST + 1, False),
        ("image/svg+xml", 5, False),
        ("image/tiff", 5, False),
        ("application/pdf", 5, False),
    ],
)
def test_which_files_are_laid_without_being_asked_for(
    programme: UnitOfWork, media_type: str, size: int, is_laid: bool
) -> None:
    give(programme, the_access_review(programme), media_type=media_type, size=size)
    deliver(programme, MONDAY + HOUR)
    assert bool(laid(programme)) is is_laid


def test_what_few_may_know_is_laid_before_nobody(programme: UnitOfWork) -> None:
    kept = give(programme, the_access_review(programme))
    programme.change(kept, classification=Classification.RESTRICTED)
    deliver(programme, MONDAY + HOUR)
    assert laid(programme) == []


def test_a_lead_who_gave_it_does_not_judge_it_and_sees_nothing(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme), by="UMIRA")
    deliver(programme, MONDAY + HOUR)
    assert {person for person, _ in laid(programme)} == {"UINES"}


def test_what_was_judged_before_it_was_laid_is_left_out(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    deliver(programme, MONDAY + HOUR)
    task = the_access_review(programme)
    task_commands.accept(deed(programme, "UMIRA", MONDAY + HOUR), task_id=task.id, version=task.version)
    rows = programme.matching(OutboxRow, kind=pictures.KIND)
    assert [composers()[row.kind](programme, row, MONDAY + HOUR) for row in rows] == [Skip(Reason.ALREADY_REVIEWED)] * 2


def test_a_picture_of_an_action_is_laid_before_whoever_verifies_it(programme: UnitOfWork) -> None:
    found = put(programme, NonconformityState.VERIFYING)
    [given] = evidence_queries.for_nonconformity(programme, found.id)
    programme.change(given.evidence, media_type="image/png")
    deliver(programme, MONDAY + 30 * HOUR)
    verifiers = independence.actors_next(programme, found)
    assert sorted(person for person, _ in laid(programme)) == sorted(verifiers) != []
