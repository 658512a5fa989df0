"""Evidence that is kept already is offered to whoever is asked for it, and lies with their answer if they say so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, InterviewState
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.interviewing import ACCOUNTS, LEAVERS, Frozen, invited
from workflows.interviews import answering, commands, kept_already, sealing
from workflows.interviews.questions import step_of
from workflows.interviews.refusals import OfferedNoLonger
from workflows.refusals import NotAllowed


def kept(uow: UnitOfWork) -> Evidence:
    """A record that was accepted for the first task of the programme a month ago."""
    task = uow.all(Task, order_by=col(Task.id))[0]
    row = uow.add(
        Evidence(
            name="review.pdf",
            size=1,
            sha256="a" * 64,
            state=EvidenceState.KEPT,
            provided_by="UJONAS",
            received_at=MONDAY,
            kept_at=MONDAY,
            collected_on=MONDAY.date() - timedelta(days=30),
        )
    )
    use = EvidenceUse(evidence_id=row.id, task_id=task.id, added_by="UJONAS", added_at=MONDAY)
    use.verdict, use.judged_by, use.judged_at = Verdict.ACCEPTED, "UMIRA", MONDAY
    uow.add(use)
    return row


def about_the_first_task(uow: UnitOfWork, question: Frozen) -> dict[str, Any]:
    edition, _, number = uow.all(Task, order_by=col(Task.id))[0].requirements[0].partition(":")
    wanted = [{"id": "record", "what": "The record", "ask": True, "max_age_days": 90}]
    return {**question, "requirements": {edition: [number]}, "wanted_evidence": wanted}


def begun(uow: UnitOfWork, question: Frozen) -> Interview:
    interview = invited(deed(uow, "ULIAM"), "UTOM", [about_the_first_task(uow, question)])
    commands.go_on(deed(uow, "UTOM"), interview_id=interview.id)
    return uow.get(Interview, interview.id)


def offered(uow: UnitOfWork, interview: Interview) -> Evidence | None:
    step = step_of(uow, interview.id)
    return kept_already.offered(uow, step, step.asked[0], MONDAY)


def use(uow: UnitOfWork, interview: Interview, evidence: Evidence, by: str = "UTOM") -> None:
    key = interview.question_ids[0]
    answering.use_kept(deed(uow, by), interview_id=interview.id, question_id=key, evidence_id=evidence.id)


def test_what_is_kept_answers_a_question_that_wants_to_be_shown_something(programme: UnitOfWork) -> None:
    record, interview = kept(programme), begun(programme, ACCOUNTS)
    assert offered(programme, interview) == record
    use(programme, interview, record)
    [answer] = interview_queries.answers_of(programme, interview.id)
    assert [each.evidence.id for each in evidence_queries.for_answer(programme, answer.id)] == [record.id]
    assert programme.get(Interview, interview.id).state is InterviewState.CONFIRMING
    assert sealing.copy_of(programme, answer, MONDAY)["evidence"] == ["a" * 64]
    assert "interview.use_kept" in [each.verb for each in programme.all(TrailEntry)]
    assert offered(programme, interview) is None
    with pytest.raises(OfferedNoLonger):
        use(programme, interview, record)


def test_beside_an_open_question_a_sentence_is_still_wanted(programme: UnitOfWork) -> None:
    record, interview = kept(programme), begun(programme, LEAVERS)
    use(programme, interview, record)
    assert programme.get(Interview, interview.id).asking == LEAVERS["id"]


def test_whoever_gives_another_is_not_offered_it_again(programme: UnitOfWork) -> None:
    record, interview = kept(programme), begun(programme, ACCOUNTS)
    kept_already.give_another(deed(programme, "UTOM"), interview_id=interview.id, question_id=ACCOUNTS["id"])
    assert offered(programme, interview) is None
    with pytest.raises(OfferedNoLonger):
        use(programme, interview, record)


def test_only_the_person_asked_says_what_shows_it(programme: UnitOfWork) -> None:
    record, interview = kept(programme), begun(programme, ACCOUNTS)
    with pytest.raises(NotAllowed):
        use(programme, interview, record, by="UJONAS")


def test_nothing_is_offered_where_nothing_is_kept(programme: UnitOfWork) -> None:
    assert offered(programme, begun(programme, ACCOUNTS)) is None
