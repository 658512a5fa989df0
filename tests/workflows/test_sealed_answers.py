"""What was confirmed stays as it is, whatever is said, handed back or noted once a further round goes on."""

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, WayGiven
from storage.record.outbox import OutboxRow, OutboxState
from tests.workflows.conftest import deed
from tests.workflows.interviewing import COUNT, DAY, LIST_FROM_A_SYSTEM, WELCOME, invited
from workflows.interviews import answering, commands, handing_on, sealing, talks
from workflows.interviews.questions import QUESTION, step_of
from workflows.interviews.rules import Reply, is_complete
from workflows.refusals import AlreadyDecided

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FURTHER = {**DAY, "id": "more"}


def answers(uow: UnitOfWork, interview: Interview, question_id: str, text: str) -> None:
    """They answer a question, whoever they are."""
    reply = Reply(WayGiven.FORM, text)
    answering.answer(deed(uow, interview.person_id), interview_id=interview.id, question_id=question_id, reply=reply)


def sealed_with_count_handed_on(uow: UnitOfWork) -> tuple[Interview, Interview]:
    """Jonas confirmed his own answer and that Priya is asked the other; now Liam asks him further."""
    jonas = invited(deed(uow, "ULIAM"), "UJONAS", [WELCOME, COUNT])
    commands.go_on(deed(uow, "UJONAS"), interview_id=jonas.id)
    answers(uow, jonas, "welcome", "Lock the screen")
    handing_on.hand_on(deed(uow, "UJONAS"), interview_id=jonas.id, question_id="count", person_id="UPRIYA")
    commands.confirm(deed(uow, "UJONAS"), interview_id=jonas.id)
    commands.ask_further(deed(uow, "ULIAM"), interview_id=jonas.id, questions=[FURTHER])
    return jonas, colleague(uow)


def colleague(uow: UnitOfWork) -> Interview:
    """Priya's interview."""
    return next(each for each in uow.all(Interview) if each.person_id == "UPRIYA")


def test_words_before_a_further_question_was_seen_change_nothing_sealed(programme: UnitOfWork) -> None:
    uow = programme
    interview = invited(deed(uow, "ULIAM"), "UTOM", [WELCOME])
    commands.go_on(deed(uow, "UTOM"), interview_id=interview.id)
    first = uow.all(OutboxRow, col(OutboxRow.kind) == QUESTION)[-1]
    uow.change(first, state=OutboxState.SENT, ts="100.0")
    answers(uow, interview, "welcome", "Lock the screen")
    commands.confirm(deed(uow, "UTOM"), interview_id=interview.id)
    commands.ask_further(deed(uow, "ULIAM"), interview_id=interview.id, questions=[FURTHER])
    reply = Reply(WayGiven.THREAD, "Forget what I said.", message_ts="200.0")
    step = answering.said(deed(uow, "UTOM"), interview_id=interview.id, reply=reply)
    assert step.given["welcome"].text == "Lock the screen"
    assert step.interview.asking == "more"
    assert not sealing.differing(uow)


@pytest.mark.parametrize("how", ["declined", "handed_back"])
def test_what_comes_back_after_sealing_is_asked_anew(programme: UnitOfWork, how: str) -> None:
    uow = programme
    jonas, priya = sealed_with_count_handed_on(uow)
    if how == "declined":
        commands.decline(deed(uow, "UPRIYA"), interview_id=priya.id, reason="")
    else:
        handing_on.hand_on(deed(uow, "UPRIYA"), interview_id=priya.id, question_id="count", person_id="UJONAS")
        commands.decline(deed(uow, "UPRIYA"), interview_id=priya.id, reason="")
    assert not sealing.differing(uow)
    assert [each.id for each in step_of(uow, jonas.id).asked] == ["welcome", "count", "more", "count-2"]
    answers(uow, jonas, "more", "2026-11-02")
    answers(uow, jonas, "count-2", "14")
    commands.confirm(deed(uow, "UJONAS"), interview_id=jonas.id)
    given = {each.question_id: each for each in interview_queries.answers_of(uow, jonas.id)}
    assert (given["count"].handed_to, given["count-2"].text, given["count-2"].round) == ("UPRIYA", "14", 2)
    assert not sealing.differing(uow)


def test_a_colleague_says_later_that_a_list_is_complete(programme: UnitOfWork) -> None:
    uow = programme
    jonas = invited(deed(uow, "ULIAM"), "UJONAS", [LIST_FROM_A_SYSTEM])
    commands.go_on(deed(uow, "UJONAS"), interview_id=jonas.id)
    answers(uow, jonas, "listed", "1001\n1002\n1003\n1004")
    complete = next(each.id for each in step_of(uow, jonas.id).asked if is_complete(each.id))
    handing_on.hand_on(deed(uow, "UJONAS"), interview_id=jonas.id, question_id=complete, person_id="UPRIYA")
    while coming := step_of(uow, jonas.id).next:
        answers(uow, jonas, coming.id, "closed that day")
    commands.confirm(deed(uow, "UJONAS"), interview_id=jonas.id)
    commands.ask_further(deed(uow, "ULIAM"), interview_id=jonas.id, questions=[FURTHER])
    commands.go_on(deed(uow, "UPRIYA"), interview_id=colleague(uow).id)
    answers(uow, colleague(uow), complete, "The time clock")
    assert not sealing.differing(uow)
    handing_on.hand_on(deed(uow, "UPRIYA"), interview_id=colleague(uow).id, question_id=complete, person_id="UJONAS")
    answers(uow, jonas, f"{complete}-2", "All of them")
    assert not sealing.differing(uow)


def test_notes_of_a_talk_leave_what_was_sealed(programme: UnitOfWork) -> None:
    uow = programme
    jonas, priya = sealed_with_count_handed_on(uow)
    commands.decline(deed(uow, "UPRIYA"), interview_id=priya.id, reason="")
    notes = {"count": "Not these", "count-2": "Fourteen"}
    step = talks.write_notes(deed(uow, "ULIAM"), interview_id=jonas.id, notes=notes)
    assert (step.given["count"].text, step.given["count-2"].text) == ("", "Fourteen")
    with pytest.raises(AlreadyDecided):
        answering.leave(deed(uow, "UJONAS"), interview_id=jonas.id, question_id="welcome")
    assert not sealing.differing(uow)
