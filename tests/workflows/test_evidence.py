"""Evidence: who may give it where, that a file is taken once, and what becomes of it."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import dropped as stored_dropped
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import DroppedMessage, Evidence, EvidenceState, EvidenceUse, Given, Verdict, WayIn
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, dropped_message, owed, the_bot
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import commands as evidence_commands
from workflows.evidence import dropping
from workflows.evidence import questions as evidence_questions
from workflows.evidence.refusals import ChosenBefore, GivenBefore, QuestionForgotten
from workflows.evidence.rules import FileFault, OfferedFile, Place
from workflows.refusals import AlreadyDecided, NotAllowed, Refusal
from workflows.tasks import commands as task_commands
from workflows.tasks.refusals import NothingKept

FILE = OfferedFile("F1", "review.pdf", 5, "https://example.com/f1", note=" Third quarter ")
THREAD = Place("D1", "1.1")


def take(uow: UnitOfWork, by: str = "UJONAS", file: OfferedFile = FILE) -> Evidence:
    """A file given for the access review, its bytes not fetched yet."""
    [taken] = evidence_commands.give(deed(uow, by), task_id=the_access_review(uow).id, files=[file], place=THREAD)
    return taken


def told(uow: UnitOfWork, kind: str) -> list[str]:
    """Who is told by messages of a kind."""
    return [row.recipient for row in uow.all(OutboxRow, col(OutboxRow.kind) == kind)]


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("UJONAS", None), ("UMIRA", None), ("ULIAM", NotAllowed), ("UTOM", NotAllowed), ("UDAVID", NotAllowed)],
)
def test_who_may_give_evidence(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        assert take(programme, by=person).provided_by == person
    else:
        with pytest.raises(refusal):
            take(programme, by=person)
        assert programme.count(Evidence) == 0


@pytest.mark.parametrize("state", list(TaskState))
def test_a_task_takes_evidence_until_it_is_decided(programme: UnitOfWork, state: TaskState) -> None:
    task = programme.change(the_access_review(programme), state=state)
    if state in (TaskState.OPEN, TaskState.RETURNED, TaskState.SUBMITTED):
        taken = take(programme)
        assert [(each.task_id, each.verdict) for each in evidence_queries.uses_of(programme, taken.id)] == [
            (task.id, None)
        ]
    else:
        with pytest.raises(AlreadyDecided):
            take(programme)


def test_a_file_slack_tells_of_twice_is_taken_once(programme: UnitOfWork) -> None:
    assert take(programme) == take(programme)
    assert programme.count(Evidence) == 1


def test_what_is_taken_says_where_it_came_from(programme: UnitOfWork) -> None:
    taken = take(programme)
    assert (taken.provided_by, taken.channel_id, taken.message_ts) == ("UJONAS", "D1", "1.1")
    assert (taken.name, taken.announced_size, taken.permalink) == ("review.pdf", 5, "https://example.com/f1")
    assert (taken.note, taken.state, taken.way_in) == ("Third quarter", EvidenceState.COLLECTING, WayIn.DROPPED)


def test_it_speaks_of_the_period_of_its_task(programme: UnitOfWork) -> None:
    task, taken = the_access_review(programme), take(programme)
    assert taken.collected_on == MONDAY.date()
    assert taken.period_ends == task.scheduled_on
    assert taken.period_begins == task.scheduled_on - relativedelta(months=3) + timedelta(days=1)


def test_kept_evidence_waits_for_a_verdict(programme: UnitOfWork) -> None:
    kept = give(programme, the_access_review(programme))
    assert [each.verdict for each in evidence_queries.uses_of(programme, kept.id)] == [Verdict.WAITING]


@pytest.mark.parametrize("state", list(EvidenceState))
@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_what_counts_as_given(state: EvidenceState, verdict: Verdict | None) -> None:
    row = Evidence(name="a", provided_by="U1", received_at=MONDAY, collected_on=MONDAY.date(), state=state)
    use = EvidenceUse(evidence_id=1, task_id=1, added_by="U1", added_at=MONDAY, verdict=verdict)
    counts = state is EvidenceState.KEPT and verdict in (Verdict.WAITING, Verdict.ACCEPTED)
    assert Given(row, use).stands is counts


def test_a_name_of_any_length_is_taken(programme: UnitOfWork) -> None:
    assert len(take(programme, file=OfferedFile("F2", "x" * 5000, 5, "")).name) == 400


def test_nothing_is_handed_in_before_the_bytes_are_kept(programme: UnitOfWork) -> None:
    take(programme)
    assert the_access_review(programme).state is TaskState.OPEN


def test_keeping_twice_changes_nothing(programme: UnitOfWork) -> None:
    kept = give(programme, the_access_review(programme))
    again = evidence_commands.keep(
        the_bot(programme), evidence_id=kept.id, sha256="1" * 64, size=9, media_type="text/plain"
    )
    assert again == kept
    assert told(programme, "evidence.receipt") == ["D1"]


@pytest.mark.parametrize("fault", list(FileFault))
def test_what_could_not_be_kept_is_told_and_the_task_stays_open(programme: UnitOfWork, fault: FileFault) -> None:
    refused = evidence_commands.refuse(the_bot(programme), evidence_id=take(programme).id, fault=fault, received=3)
    assert (refused.state, refused.reason, refused.size) == (EvidenceState.REFUSED, fault.value, 3)
    assert told(programme, "evidence.refused") == ["D1"]
    leads = {"UMIRA", "UINES"} if fault is FileFault.SIGN_IN_PAGE else set()
    assert owed(programme, "evidence", "scope_missing", refused.id) == leads
    assert the_access_review(programme).state is TaskState.OPEN


def test_a_file_beside_a_thread_is_for_the_one_task_that_asks(programme: UnitOfWork) -> None:
    dropped = dropped_message(programme, "UPRIYA", Place("D1", ""))
    [taken] = dropping.give_where_dropped(deed(programme, "UPRIYA"), dropped=dropped)
    [use] = evidence_queries.uses_of(programme, taken.id)
    assert programme.get(Task, use.task_id or 0).title == "Review the competence matrix"


@pytest.fixture
def asked(programme: UnitOfWork) -> DroppedMessage:
    """Jonas has two tasks that want evidence, and has dropped a file beside any thread."""
    other = programme.first(Task, col(Task.state) == TaskState.SCHEDULED, col(Task.owner_id) == "UJONAS")
    assert other is not None
    programme.change(other, state=TaskState.OPEN)
    dropped = dropped_message(programme, "UJONAS", Place("D1", ""))
    assert dropping.give_where_dropped(deed(programme, "UJONAS"), dropped=dropped) == []
    return programme.get(DroppedMessage, dropped.id)


def test_where_several_tasks_ask_it_is_asked_which_and_the_file_goes_there(
    programme: UnitOfWork, asked: DroppedMessage
) -> None:
    assert programme.count(Evidence) == 0
    assert [each.kind for each in programme.all(OutboxRow) if each.subject == "dropped_message"] == ["evidence.choice"]
    [taken] = dropping.choose(deed(programme, "UJONAS"), dropped_id=asked.id, number=1)
    [use] = evidence_queries.uses_of(programme, taken.id)
    assert (use.task_id, taken.message_ts) == (asked.choices[1][1], asked.message_ts)
    assert [each.kind for each in programme.all(Errand)] == ["evidence.collect"]


def test_who_answers_twice_late_or_for_somebody_else_is_told(programme: UnitOfWork, asked: DroppedMessage) -> None:
    with pytest.raises(NotAllowed):
        dropping.choose(deed(programme, "UMIRA"), dropped_id=asked.id, number=0)
    first = programme.get(Task, asked.choices[0][1])
    programme.change(first, state=TaskState.ACCEPTED)
    with pytest.raises(AlreadyDecided):
        dropping.choose(deed(programme, "UJONAS"), dropped_id=asked.id, number=0)
    dropping.choose(deed(programme, "UJONAS"), dropped_id=asked.id, number=1)
    with pytest.raises(ChosenBefore) as twice:
        dropping.choose(deed(programme, "UJONAS"), dropped_id=asked.id, number=0)
    assert twice.value.called == programme.get(Task, asked.choices[1][1]).title
    stored_dropped.forget_before(programme, MONDAY + timedelta(days=1))
    with pytest.raises(QuestionForgotten):
        dropping.choose(deed(programme, "UJONAS"), dropped_id=asked.id, number=0)


def test_the_same_file_of_slack_in_another_message_is_told(programme: UnitOfWork) -> None:
    dropped = dropped_message(programme, "UPRIYA", Place("D1", ""))
    dropping.give_where_dropped(deed(programme, "UPRIYA"), dropped=dropped)
    again = programme.change(dropped, message_ts="99.9")
    with pytest.raises(GivenBefore) as told:
        dropping.give_where_dropped(deed(programme, "UPRIYA"), dropped=again)
    assert told.value.called == "Review the competence matrix"


@pytest.mark.parametrize(
    ("person", "refusal"), [("UJONAS", None), ("UMIRA", None), ("ULIAM", None), ("UTOM", NotAllowed)]
)
def test_every_look_is_on_the_trail(programme: UnitOfWork, person: str, refusal: type[Refusal] | None) -> None:
    kept = give(programme, the_access_review(programme))
    if refusal is None:
        evidence_commands.look(deed(programme, person), evidence_id=kept.id)
        [look] = programme.all(TrailEntry, col(TrailEntry.verb) == "evidence.look")
        assert look.actor_id == person
    else:
        with pytest.raises(refusal):
            evidence_commands.look(deed(programme, person), evidence_id=kept.id)


def test_what_was_never_kept_cannot_be_shown(programme: UnitOfWork) -> None:
    with pytest.raises(NothingKept) as comes:
        evidence_commands.look(deed(programme, "UMIRA"), evidence_id=take(programme).id)
    assert comes.value.state == "collecting"


def test_an_owner_finds_what_others_gave_for_their_task(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    file = OfferedFile("F9", "scan.json", 5, "")
    [given] = evidence_commands.give(deed(programme, "UMIRA"), task_id=task.id, files=[file], place=Place("D1", "1.1"))
    found = {
        who: [each.id for each in evidence_questions.latest(deed(programme, who), limit=9)]
        for who in ("UMIRA", "UJONAS", "UTOM")
    }
    assert found == {"UMIRA": [given.id], "UJONAS": [given.id], "UTOM": []}


def test_a_verdict_draws_the_receipt_anew(programme: UnitOfWork) -> None:
    kept = give(programme, the_access_review(programme))
    task = the_access_review(programme)
    task_commands.accept(deed(programme, "UMIRA"), task_id=task.id, version=task.version)
    drawn = programme.all(OutboxRow, col(OutboxRow.kind) == "evidence.redraw")
    assert [row.subject_id for row in drawn] == [kept.id]
