"""The same file again, a file for several tasks, and the next revision of one that was returned."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col

from bot.rooms import composers
from bot.slack.calls import Redraw
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict, WayIn
from storage.nudges import posted
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_evidence import told
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import arrivals, reuse
from workflows.evidence import commands as evidence_commands
from workflows.evidence import rules as evidence_rules
from workflows.evidence.arrivals import Piece
from workflows.evidence.refusals import NoOtherTask
from workflows.evidence.rules import OfferedFile, Place
from workflows.frameworks import readiness
from workflows.refusals import AlreadyDecided, NotAllowed, Refusal
from workflows.tasks import commands as task_commands
from workflows.tasks import questions as task_questions
from workflows.tasks.refusals import NothingKept

LATER = MONDAY + timedelta(hours=1)


def verdicts(uow: UnitOfWork, row: Evidence) -> list[Verdict | None]:
    return [use.verdict for use in evidence_queries.uses_of(uow, row.id)]


def another_task(uow: UnitOfWork, *, title: str = "Count what there is to protect") -> Task:
    """One more task that is open for Jonas."""
    task = uow.first(
        Task,
        col(Task.state) == TaskState.SCHEDULED,
        col(Task.owner_id) == "UJONAS",
        col(Task.evidence_required).is_(True),
        col(Task.id) != the_access_review(uow).id,
    )
    assert task is not None
    return uow.change(task, state=TaskState.OPEN, title=title, requirements=["iso27001-2022:A.5.9"])


def the_same_for(uow: UnitOfWork, task: Task, by: str = "UJONAS") -> Evidence:
    """The bytes of `give`, in another file, for another task."""
    return give(uow, task, by=by, file=f"F{task.id}-{uow.count(Evidence)}")


def test_the_same_bytes_for_another_task_are_asked_about_and_not_handed_in(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    other = another_task(programme)
    again = the_same_for(programme, other)
    assert (again.state, verdicts(programme, again)) == (EvidenceState.KEPT, [None])
    assert programme.get(Task, other.id).state is TaskState.OPEN
    assert told(programme, "evidence.same_again") == ["D1"]
    assert len(told(programme, "evidence.receipt")) == 1


@pytest.mark.parametrize("kind", ["evidence.refused", "evidence.shown"])
def test_what_was_found_in_slack_of_a_file_given_once_is_left_as_it_was(programme: UnitOfWork, kind: str) -> None:
    """Its card is drawn anew after it was found, whatever the card is; there is no question to ask again."""
    kept = give(programme, the_access_review(programme))
    deed(programme, "UJONAS").redraw(("evidence", kept.id), version="found1")
    [row] = programme.matching(OutboxRow, kind="evidence.redraw")
    drawn = composers()[row.kind](programme, row, MONDAY)
    assert isinstance(drawn, Redraw)
    assert drawn.message_for(posted.Place("D1", "1.1", kind, "UJONAS", row.id)) is None


@pytest.mark.parametrize("way_in", sorted(evidence_rules.BY_MACHINES))
def test_a_machine_is_not_asked_about_the_same_bytes(programme: UnitOfWork, way_in: WayIn) -> None:
    give(programme, the_access_review(programme))
    other = another_task(programme)
    piece = Piece("review.pdf", "0" * 64, 5, "application/pdf", "scan:2")
    again = arrivals.bring_one(deed(programme, "UJONAS"), other, piece, way_in=way_in)
    assert verdicts(programme, again) == [Verdict.WAITING]
    assert programme.get(Task, other.id).state is TaskState.SUBMITTED
    assert told(programme, "evidence.same_again") == []


def test_yes_it_is_still_right_hands_it_in(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    other = another_task(programme)
    again = the_same_for(programme, other)
    reuse.still_right(deed(programme, "UJONAS", LATER), evidence_id=again.id)
    assert verdicts(programme, again) == [Verdict.WAITING]
    assert programme.get(Task, other.id).state is TaskState.SUBMITTED
    assert len(told(programme, "evidence.receipt")) == 2
    assert [entry.actor_id for entry in programme.all(TrailEntry, col(TrailEntry.verb) == "evidence.confirm")] == [
        "UJONAS"
    ]


def test_the_wrong_file_stays_on_record_and_the_task_open(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    other = another_task(programme)
    again = the_same_for(programme, other)
    reuse.wrong_file(deed(programme, "UJONAS", LATER), evidence_id=again.id)
    assert verdicts(programme, again) == [Verdict.WITHDRAWN]
    assert programme.get(Evidence, again.id).state is EvidenceState.KEPT
    assert programme.get(Task, other.id).state is TaskState.OPEN
    with pytest.raises(AlreadyDecided):
        reuse.still_right(deed(programme, "UJONAS", LATER), evidence_id=again.id)


@pytest.mark.parametrize("person", ["UMIRA", "UINES", "ULIAM", "UTOM"])
@pytest.mark.parametrize("answer", [reuse.still_right, reuse.wrong_file])
def test_only_the_giver_answers(programme: UnitOfWork, person: str, answer: Callable[..., Evidence]) -> None:
    give(programme, the_access_review(programme))
    again = the_same_for(programme, another_task(programme))
    with pytest.raises(NotAllowed):
        answer(deed(programme, person, LATER), evidence_id=again.id)


def test_a_decided_task_is_not_handed_in_by_a_late_yes(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    other = another_task(programme)
    again = the_same_for(programme, other)
    programme.change(programme.get(Task, other.id), state=TaskState.WAIVED)
    with pytest.raises(AlreadyDecided):
        reuse.still_right(deed(programme, "UJONAS", LATER), evidence_id=again.id)
    assert verdicts(programme, again) == [None]


def test_a_file_dropped_twice_for_one_task_is_no_question(programme: UnitOfWork) -> None:
    give(programme, the_access_review(programme))
    twice = give(programme, the_access_review(programme), file="F2")
    assert verdicts(programme, twice) == [Verdict.WAITING]
    assert told(programme, "evidence.same_again") == []


def reopened(uow: UnitOfWork) -> Task:
    """The review, accepted with its file and reopened."""
    give(uow, the_access_review(uow))
    task = the_access_review(uow)
    task_commands.accept(deed(uow, "UMIRA"), task_id=task.id, version=task.version)
    task = the_access_review(uow)
    return task_commands.reopen(
        deed(uow, "UMIRA", LATER), task_id=task.id, version=task.version, reason="A quarter is missing"
    )


def test_what_was_accepted_before_a_task_was_reopened_is_not_handed_in_again_without_a_word(
    programme: UnitOfWork,
) -> None:
    again = give(programme, reopened(programme), file="F2")
    assert (verdicts(programme, again), told(programme, "evidence.same_again")) == ([None], ["D1"])
    assert the_access_review(programme).state is TaskState.OPEN


def returned(uow: UnitOfWork) -> Evidence:
    """The review, given and returned."""
    row = give(uow, the_access_review(uow))
    task = the_access_review(uow)
    task_commands.return_(deed(uow, "UMIRA"), task_id=task.id, version=task.version, reason="It is last year's")
    return row


def test_a_file_that_was_returned_is_not_taken_again_without_a_word(programme: UnitOfWork) -> None:
    returned(programme)
    again = give(programme, the_access_review(programme), file="F2")
    assert verdicts(programme, again) == [None]
    assert the_access_review(programme).state is TaskState.RETURNED


def test_the_next_file_supersedes_the_returned_one_and_both_stay(programme: UnitOfWork) -> None:
    first = returned(programme)
    second = keep(programme, "F2", "signed.pdf", "1")
    assert (second.revision, second.supersedes_id) == (2, first.id)
    assert [each.use.verdict for each in evidence_queries.for_task(programme, the_access_review(programme).id)] == [
        Verdict.RETURNED,
        Verdict.WAITING,
    ]
    beside = keep(programme, "F3", "appendix.pdf", "2")
    assert (beside.revision, beside.supersedes_id) == (1, None)


def keep(uow: UnitOfWork, file: str, name: str, digit: str) -> Evidence:
    """A file with bytes of its own for the access review."""
    task = the_access_review(uow)
    offered = OfferedFile(file, name, 5, "")
    [taken] = evidence_commands.give(deed(uow, "UJONAS"), task_id=task.id, files=[offered], place=Place("D1", "1.1"))
    return evidence_commands.keep(
        the_bot(uow), evidence_id=taken.id, sha256=digit * 64, size=5, media_type="text/plain"
    )


def test_of_several_returned_files_the_one_of_the_same_name_is_superseded(programme: UnitOfWork) -> None:
    keep(programme, "F1", "list.pdf", "1")
    second = keep(programme, "F2", "Protocol.PDF", "2")
    task = the_access_review(programme)
    task_commands.return_(deed(programme, "UMIRA"), task_id=task.id, version=task.version, reason="Unsigned")
    assert keep(programme, "F3", "protocol.pdf", "3").supersedes_id == second.id
    assert keep(programme, "F4", "list.pdf", "4").revision == 2


def test_one_file_serves_a_further_task_with_a_verdict_of_its_own(programme: UnitOfWork) -> None:
    first, other = the_access_review(programme), another_task(programme)
    row = give(programme, first)
    reuse.serve_also(deed(programme, "UJONAS", LATER), evidence_id=row.id, task_ids=[other.id])
    other = programme.get(Task, other.id)
    assert other.state is TaskState.SUBMITTED
    task_commands.accept(deed(programme, "UMIRA", LATER), task_id=other.id, version=other.version)
    assert verdicts(programme, row) == [Verdict.WAITING, Verdict.ACCEPTED]
    assert readiness.shown(programme, LATER) >= set(other.requirements)


def test_whoever_says_that_a_file_serves_a_task_does_not_judge_it_there(programme: UnitOfWork) -> None:
    other = another_task(programme)
    row = give(programme, the_access_review(programme))
    reuse.serve_also(deed(programme, "UMIRA", LATER), evidence_id=row.id, task_ids=[other.id])
    assert not task_questions.is_independent(programme, programme.get(Task, other.id), "UMIRA")
    assert task_questions.is_independent(programme, programme.get(Task, other.id), "UINES")


def test_tasks_with_the_same_clauses_are_offered_first(programme: UnitOfWork) -> None:
    other = another_task(programme)
    row = give(programme, the_access_review(programme))
    kin = programme.first(Task, col(Task.state) == TaskState.SCHEDULED, col(Task.owner_id) == "UJONAS")
    assert kin is not None
    programme.change(kin, state=TaskState.OPEN, requirements=["iso27001-2022:A.8.2"])
    offered = reuse.further_tasks(deed(programme, "UJONAS", LATER), evidence_id=row.id)
    assert offered[0].id == kin.id
    assert other.id in {task.id for task in offered}
    assert the_access_review(programme).id not in {task.id for task in offered}


@pytest.mark.parametrize(
    ("person", "refusal"), [("UJONAS", None), ("UMIRA", None), ("ULIAM", NotAllowed), ("UTOM", NotAllowed)]
)
def test_who_may_say_what_else_a_file_serves(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    other, row = another_task(programme), give(programme, the_access_review(programme))
    if refusal is None:
        reuse.serve_also(deed(programme, person, LATER), evidence_id=row.id, task_ids=[other.id])
    else:
        with pytest.raises(refusal):
            reuse.serve_also(deed(programme, person, LATER), evidence_id=row.id, task_ids=[other.id])
        assert programme.count(EvidenceUse) == 1


def test_only_open_tasks_of_the_giver_are_served(programme: UnitOfWork) -> None:
    row = give(programme, the_access_review(programme))
    foreign = programme.first(Task, col(Task.owner_id) == "UPRIYA")
    assert foreign is not None
    with pytest.raises(NoOtherTask):
        reuse.serve_also(deed(programme, "UMIRA", LATER), evidence_id=row.id, task_ids=[foreign.id])


def test_a_file_that_was_not_kept_serves_nothing_else(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    offered = OfferedFile("F1", "a.pdf", 5, "")
    [taken] = evidence_commands.give(
        deed(programme, "UJONAS"), task_id=task.id, files=[offered], place=Place("D1", "1.1")
    )
    with pytest.raises(NothingKept):
        reuse.further_tasks(deed(programme, "UJONAS", LATER), evidence_id=taken.id)
