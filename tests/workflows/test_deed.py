"""A deed: to whom it is put down, what it allows, on which day it is done, and what others hear of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.deed import Deed, as_the_bot
from workflows.people.permissions import Permission
from workflows.people.refusals import NotInDirectory
from workflows.refusals import NotAllowed

EVENING = MONDAY + timedelta(hours=9)
"""Still Monday in Berlin, where the organisation is; Tuesday in Singapore, where Priya is."""


def a_task(uow: UnitOfWork) -> Task:
    return uow.all(Task)[0]


@pytest.mark.parametrize(
    ("whose", "by"),
    [
        (lambda theirs: theirs, "UMIRA"),
        (lambda theirs: theirs.by_itself, "deskaudit"),
        (lambda theirs: theirs.in_name_of("UOTTO"), "UOTTO"),
    ],
)
def test_the_trail_says_whose_deed_it_was(programme: UnitOfWork, whose: Callable[[Deed], Deed], by: str) -> None:
    task = a_task(programme)
    whose(deed(programme, "UMIRA", EVENING)).record("task.try", task, from_="here", to="there")
    [entry] = programme.matching(TrailEntry, verb="task.try")
    assert (entry.actor_id, entry.subject, entry.subject_id) == (by, "task", str(task.id))
    assert (entry.at, entry.details) == ("2026-11-23T17:00:00.000000Z", '{"from":"here","to":"there"}')


def test_what_has_no_row_of_its_own_is_named(programme: UnitOfWork) -> None:
    the_bot(programme).record("programme.try", ("programme", "T1"))
    [entry] = programme.matching(TrailEntry, verb="programme.try")
    assert (entry.subject, entry.subject_id, entry.details) == ("programme", "T1", "{}")


def test_only_a_person_has_a_role(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    mira.must(Permission.ACCEPT_TASK)
    for other in (mira.by_itself, mira.in_name_of("UINES"), the_bot(programme)):
        with pytest.raises(NotAllowed):
            other.must(Permission.ACCEPT_TASK)


@pytest.mark.parametrize("person", ["UOTTO", "UBOT", "USTRANGER"])
def test_nobody_acts_who_is_not_here(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(NotInDirectory):
        deed(programme, person)


def test_the_day_is_the_organisations_and_the_persons(programme: UnitOfWork) -> None:
    priya = deed(programme, "UPRIYA", EVENING)
    assert (priya.today, priya.their_today) == (date(2026, 11, 23), date(2026, 11, 24))


def test_a_version_of_a_row_is_told_once_and_the_next_one_again(programme: UnitOfWork) -> None:
    before = programme.count(Nudge)
    task = a_task(programme)
    for _ in range(2):
        the_bot(programme).daily(["UTOM"], task, "returned")
    the_bot(programme).daily(["UTOM"], programme.change(task), "returned")
    assert programme.count(Nudge) == before + 2


def test_a_version_of_a_card_is_drawn_once(programme: UnitOfWork) -> None:
    task = a_task(programme)
    for _ in range(2):
        the_bot(programme).redraw(task)
    [drawn] = programme.matching(OutboxRow, kind="task.redraw", subject_id=task.id)
    assert (drawn.recipient, drawn.not_before, drawn.by_person) == ("", MONDAY, False)


def test_a_card_that_a_person_changed_goes_before_what_the_bot_did_by_itself(programme: UnitOfWork) -> None:
    task = a_task(programme)
    deed(programme, "UMIRA").redraw(task)
    deed(programme, "UMIRA").by_itself.redraw(programme.change(task))
    drawn = programme.matching(OutboxRow, kind="task.redraw", subject_id=task.id)
    assert [each.by_person for each in drawn] == [True, False]


def test_what_is_no_row_has_no_version(programme: UnitOfWork) -> None:
    with pytest.raises(TypeError, match="no row"):
        the_bot(programme).redraw(("note", 1))


def test_a_command_that_nobody_gave_is_the_bots(programme: UnitOfWork) -> None:
    def command(bots: Deed, *, what: str) -> tuple[str, str]:
        return bots.by, what

    assert as_the_bot(command, MONDAY)(programme, what="it") == ("deskaudit", "it")
