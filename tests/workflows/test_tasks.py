"""A task from its opening to its verdict: every move, everybody who may make it, and what it leaves behind."""

from datetime import timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, Verdict
from storage.record import trail
from storage.record.outbox import OutboxRow
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from workflows.evidence import commands as evidence_commands
from workflows.evidence.refusals import EvidenceMissing, OwnEvidence
from workflows.evidence.rules import OfferedFile, Place
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal, Stale
from workflows.tasks import commands as task_commands
from workflows.tasks import rules as task_rules

MINUTE = timedelta(minutes=1)


def the_access_review(uow: UnitOfWork) -> Task:
    """The first task that is open: Jonas is asked for the access review, with evidence."""
    task = uow.first(Task, col(Task.title) == "Review who has access to what", order_by=col(Task.due_on))
    assert task is not None
    return task


def the_next_access_review(uow: UnitOfWork) -> Task:
    """The occurrence after the open one; it is not open yet."""
    _, following, *_ = task_queries.of_obligation(uow, the_access_review(uow).obligation_id, TaskState)
    return following


def an_objectives_review(uow: UnitOfWork) -> Task:
    """An open task that wants no evidence."""
    task = uow.first(Task, col(Task.title) == "Report on the objectives", order_by=col(Task.due_on))
    assert task is not None
    return task


def give(uow: UnitOfWork, task: Task, by: str = "UJONAS", file: str = "F1", digit: str = "0") -> Evidence:
    """A file given and kept; `digit` stands for its bytes."""
    offered = OfferedFile(file, "review.pdf", 5, "https://example.com/review.pdf")
    [taken] = evidence_commands.give(deed(uow, by), task_id=task.id, files=[offered], place=Place("D1", "1.1"))
    return evidence_commands.keep(
        the_bot(uow, MONDAY + MINUTE), evidence_id=taken.id, sha256=digit * 64, size=5, media_type="application/pdf"
    )


def planned(uow: UnitOfWork, kind: str, task: Task) -> set[str]:
    """Who is to be told about a task by messages of a kind."""
    rows = uow.all(OutboxRow, col(OutboxRow.kind) == kind, col(OutboxRow.subject_id) == task.id)
    return {row.recipient for row in rows}


def in_state(uow: UnitOfWork, state: TaskState) -> Task:
    """The access review, put into a state by hand."""
    return uow.change(the_access_review(uow), state=state, submitted_by="UJONAS")


@pytest.mark.parametrize("state", list(TaskState))
@pytest.mark.parametrize("move", list(task_rules.MOVES))
def test_every_move_begins_where_the_table_says_and_nowhere_else(state: TaskState, move: str) -> None:
    begins, ends = task_rules.MOVES[move]
    day = MONDAY.date()
    task = Task(obligation_id=1, title="A task", owner_id="U1", scheduled_on=day, opens_on=day, due_on=day, state=state)
    if state in begins:
        assert task_rules.moved(task, move) is ends
    else:
        with pytest.raises(AlreadyDecided):
            task_rules.moved(task, move)


def test_a_task_within_its_lead_time_opens_and_its_owner_is_told(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    assert task.state is TaskState.OPEN
    assert owed(programme, "task", "opened", task.id) == {"UJONAS"}


def test_a_kept_file_hands_the_task_to_every_lead(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    give(programme, task)
    assert the_access_review(programme).state is TaskState.SUBMITTED
    assert owed(programme, "task", "review", task.id) == {"UMIRA", "UINES"}


def test_done_without_the_evidence_that_is_wanted_is_refused(programme: UnitOfWork) -> None:
    with pytest.raises(EvidenceMissing):
        task_commands.done(deed(programme, "UJONAS"), task_id=the_access_review(programme).id)


def test_done_is_enough_where_no_evidence_is_wanted(programme: UnitOfWork) -> None:
    task = task_commands.done(deed(programme, "UJONAS"), task_id=an_objectives_review(programme).id)
    assert (task.state, task.submitted_by) == (TaskState.SUBMITTED, "UJONAS")


@pytest.mark.parametrize("person", ["UMIRA", "ULIAM", "UTOM", "UDAVID"])
def test_only_the_owner_says_that_it_is_done(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(NotAllowed):
        task_commands.done(deed(programme, person), task_id=an_objectives_review(programme).id)


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        ("UMIRA", None),
        ("UINES", None),
        ("UJONAS", NotAllowed),
        ("ULIAM", NotAllowed),
        ("UDAVID", NotAllowed),
        ("UTOM", NotAllowed),
    ],
)
def test_who_may_accept(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    give(programme, the_access_review(programme))
    task = the_access_review(programme)
    if refusal is None:
        accepted = task_commands.accept(deed(programme, person), task_id=task.id, version=task.version)
        assert (accepted.state, accepted.decided_by, accepted.nudge_on) == (TaskState.ACCEPTED, person, None)
        assert {each.use.verdict for each in evidence_queries.for_task(programme, task.id)} == {Verdict.ACCEPTED}
    else:
        with pytest.raises(refusal):
            task_commands.accept(deed(programme, person), task_id=task.id, version=task.version)


def test_a_lead_does_not_accept_evidence_of_their_own(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme), by="UMIRA")
    task = the_access_review(programme)
    with pytest.raises(OwnEvidence):
        task_commands.accept(deed(programme, "UMIRA"), task_id=task.id, version=task.version)


def test_what_changed_since_it_was_seen_is_not_accepted_unseen(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    seen = the_access_review(programme)
    give(programme, seen, file="F2")
    with pytest.raises(Stale):
        task_commands.accept(deed(programme, "UMIRA"), task_id=seen.id, version=seen.version)


def test_a_second_click_learns_who_was_first(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    task = the_access_review(programme)
    task_commands.accept(deed(programme, "UMIRA"), task_id=task.id, version=task.version)
    with pytest.raises(AlreadyDecided) as refused:
        task_commands.accept(deed(programme, "UINES"), task_id=task.id, version=task.version)
    assert (refused.value.by, refused.value.state) == ("UMIRA", "accepted")


def test_a_returned_task_goes_on_with_its_reason_and_can_be_handed_in_again(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    task = the_access_review(programme)
    mira = deed(programme, "UMIRA")
    returned = task_commands.return_(mira, task_id=task.id, version=task.version, reason=" Last quarter's ")
    assert (returned.state, returned.reason) == (TaskState.RETURNED, "Last quarter's")
    assert returned.nudge_on is not None
    assert owed(programme, "task", "returned", task.id) == {"UJONAS"}
    give(programme, task, file="F2", digit="1")
    assert the_access_review(programme).state is TaskState.SUBMITTED


def test_returning_takes_a_reason(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    task = the_access_review(programme)
    with pytest.raises(InputWanted) as refused:
        task_commands.return_(deed(programme, "UMIRA"), task_id=task.id, version=task.version, reason=" ")
    assert refused.value.field == "reason"


def test_everything_that_was_done_is_on_an_intact_trail(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    task = the_access_review(programme)
    task_commands.accept(deed(programme, "UMIRA"), task_id=task.id, version=task.version)
    entries = programme.all(trail.TrailEntry, col(trail.TrailEntry.subject_id) == str(task.id))
    verbs = [entry.verb for entry in entries if entry.subject == "task"]
    assert verbs == ["task.open", "task.submit", "task.accept"]
    assert trail.verify(programme) == []
