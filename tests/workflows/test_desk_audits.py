"""An interview from invitation to rating: who may do what, that nothing is lost, and what the scales suggest."""

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, Interview, WayGiven
from storage.record.outbox import OutboxRow
from tests.workflows import interviewing
from tests.workflows.conftest import deed, owed
from workflows.desk_audits import living, question_sets
from workflows.frameworks import rules as framework_rules
from workflows.interviews import answering
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import LONGEST_ANSWER, Reply, Step
from workflows.interviews.sealing import differing
from workflows.question_bank.shapes import Tap
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed
from workflows.wishes import Wish


def opened(uow: UnitOfWork) -> Interview:
    """Liam asks Tom."""
    audit = interviewing.opened(deed(uow, "ULIAM"), "UTOM")
    found = uow.first(Interview, col(Interview.desk_audit_id) == audit.id)
    assert found is not None
    return found


def say(uow: UnitOfWork, interview: Interview, question: str, text: str = "As it is", **who: str) -> Step:
    """One answer."""
    reply = Reply(WayGiven.FORM, text, chosen="" if text else Tap.UNKNOWN)
    by = deed(uow, who.get("by", "UTOM"))
    return answering.answer(by, interview_id=interview.id, question_id=question, reply=reply)


def answered(uow: UnitOfWork) -> Interview:
    """Every question answered, nothing confirmed."""
    interview = opened(uow)
    step = interview_commands.go_on(deed(uow, "UTOM"), interview_id=interview.id)
    while step.question is not None:
        step = say(uow, interview, step.question.id)
    return interview


def confirmed(uow: UnitOfWork) -> Interview:
    """Confirmed by Tom."""
    return interview_commands.confirm(deed(uow, "UTOM"), interview_id=answered(uow).id)


def first_answer(uow: UnitOfWork, interview: Interview) -> Answer:
    """The answer to the first question."""
    found = uow.first(Answer, col(Answer.interview_id) == interview.id)
    assert found is not None
    return found


def told(uow: UnitOfWork, kind: str) -> list[str]:
    """Who is to be told by messages of a kind."""
    return [row.recipient for row in uow.all(OutboxRow, col(OutboxRow.kind) == kind)]


def test_every_question_points_into_the_catalogues() -> None:
    for questions in question_sets.question_sets().values():
        assert questions.questions
        for question in questions.questions:
            assert [framework_rules.requirement(reference) for reference in question.requirements]


def test_not_knowing_is_an_answer_and_saying_nothing_is_not(programme: UnitOfWork) -> None:
    interview = opened(programme)
    say(programme, interview, interview.question_ids[0], "")
    assert first_answer(programme, interview).text == ""
    reply = Reply(WayGiven.FORM, "  ")
    with pytest.raises(InputWanted) as refused:
        answering.answer(
            deed(programme, "UTOM"), interview_id=interview.id, question_id=interview.question_ids[1], reply=reply
        )
    assert refused.value.wish is Wish.WRITE_ANSWER


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_ANSWER, True), (LONGEST_ANSWER + 1, False)])
def test_the_longest_answer(programme: UnitOfWork, length: int, *, fits: bool) -> None:
    interview = opened(programme)
    if fits:
        say(programme, interview, interview.question_ids[0], "x" * length)
        assert len(first_answer(programme, interview).text) == length
    else:
        with pytest.raises(InputWanted) as refused:
            say(programme, interview, interview.question_ids[0], "x" * length)
        assert refused.value.wish is Wish.WRITE_ANSWER_UP_TO


def test_an_answer_can_be_changed_until_it_is_confirmed(programme: UnitOfWork) -> None:
    interview = answered(programme)
    say(programme, interview, interview.question_ids[0], "Better put")
    assert first_answer(programme, interview).text == "Better put"
    interview_commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    with pytest.raises(AlreadyDecided):
        say(programme, interview, interview.question_ids[0], "Too late")


def test_confirming_seals_the_answers(programme: UnitOfWork) -> None:
    interview = confirmed(programme)
    answers = programme.all(Answer, col(Answer.interview_id) == interview.id)
    assert differing(programme) == []
    assert owed(programme, "interview", "confirmed", interview.id) == {"ULIAM"}
    programme.change(answers[0], text="Changed by hand")
    assert [each.id for each in differing(programme)] == [interview.id]


def test_nothing_is_confirmed_before_every_question_is_answered(programme: UnitOfWork) -> None:
    interview = opened(programme)
    say(programme, interview, interview.question_ids[0])
    with pytest.raises(AlreadyDecided):
        interview_commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)


@pytest.mark.parametrize("person", ["UMIRA", "ULIAM", "UPRIYA"])
def test_nobody_answers_for_somebody_else(programme: UnitOfWork, person: str) -> None:
    interview = opened(programme)
    with pytest.raises(NotAllowed):
        say(programme, interview, interview.question_ids[0], by=person)
    with pytest.raises(NotAllowed):
        interview_commands.decline(deed(programme, person), interview_id=interview.id)


def test_declining_tells_the_auditor(programme: UnitOfWork) -> None:
    interview = opened(programme)
    interview_commands.decline(deed(programme, "UTOM"), interview_id=interview.id)
    assert owed(programme, "interview", "declined", interview.id) == {"ULIAM"}
    with pytest.raises(AlreadyDecided):
        living.read(deed(programme, "ULIAM"), interview_id=interview.id)
