"""How long what people said is kept after the report, that two people let it go, and what stays."""

from datetime import datetime

import pytest
from dateutil.relativedelta import relativedelta
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, AnswerDisposal, Interview, SampleDraw, WayGiven
from storage.record import checking, trail
from storage.record.trail import TrailEntry
from storage.schema import METADATA
from tests.workflows import audits, interviewing
from tests.workflows.conftest import MONDAY, deed, owed
from workflows.audit_reports import commands, letting_go
from workflows.audit_reports.refusals import NoAnswersToLetGo
from workflows.audit_reports.shapes import KeepingTime
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, sealing
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import Reply
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed


def after(months: int, days: int = 1) -> datetime:
    """So long after the report."""
    return MONDAY + relativedelta(months=months, days=days)


def reported(uow: UnitOfWork) -> audits.Built:
    """Liam signed the report on Monday; a list was given and three rows drawn from it."""
    built = audits.an_audit(uow)
    audits.note(uow, built)
    audits.sample(uow, built.answers[0])
    audits.finding(uow, built, 1)
    report = commands.draft(deed(uow, "ULIAM"), audit_id=built.audit.id)
    commands.sign(deed(uow, "ULIAM"), report_id=report.id, version=report.version)
    return built


def proposed(uow: UnitOfWork, by: str = "UMIRA") -> AnswerDisposal:
    """Somebody proposes to let go of what is past its day."""
    return letting_go.propose(deed(uow, by, after(36)))


@pytest.mark.parametrize(("at", "due"), [(after(36, 0), False), (after(36, 1), True), (after(35), False)])
def test_answers_are_kept_for_three_years_after_the_report(programme: UnitOfWork, at: datetime, *, due: bool) -> None:
    built = reported(programme)
    assert [each.audit.id for each in letting_go.past_their_day(programme, at)] == ([built.audit.id] if due else [])


def test_without_a_report_nothing_goes(programme: UnitOfWork) -> None:
    audits.an_audit(programme)
    with pytest.raises(NoAnswersToLetGo):
        proposed(programme)


@pytest.mark.parametrize(("months", "may"), [("12", True), ("6", True), ("120", True), ("5", False), ("a year", False)])
def test_a_lead_sets_how_long(programme: UnitOfWork, months: str, *, may: bool) -> None:
    reported(programme)
    if not may:
        with pytest.raises(InputWanted):
            letting_go.keep_for(deed(programme, "UMIRA"), said=KeepingTime(months))
        return
    letting_go.keep_for(deed(programme, "UMIRA"), said=KeepingTime(months))
    assert letting_go.past_their_day(programme, after(int(months)))
    assert not letting_go.past_their_day(programme, after(int(months), 0))


@pytest.mark.parametrize("person_id", ["ULIAM", "UDAVID", "UTOM"])
def test_nobody_but_a_lead_sets_or_proposes(programme: UnitOfWork, person_id: str) -> None:
    reported(programme)
    with pytest.raises(NotAllowed):
        letting_go.keep_for(deed(programme, person_id), said=KeepingTime("12"))
    with pytest.raises(NotAllowed):
        proposed(programme, person_id)


@pytest.mark.parametrize(
    ("person_id", "may"), [("UINES", True), ("UDAVID", True), ("UMIRA", False), ("ULIAM", False), ("UTOM", False)]
)
def test_another_lead_or_management_agrees_and_never_who_proposed(
    programme: UnitOfWork, person_id: str, *, may: bool
) -> None:
    reported(programme)
    disposal = proposed(programme)
    assert owed(programme, "answer_disposal", "review", disposal.id) == {"UINES", "UDAVID"}
    if may:
        assert (
            letting_go.approve(deed(programme, person_id, after(36)), disposal_id=disposal.id).approved_by == person_id
        )
        return
    with pytest.raises(NotAllowed):
        letting_go.approve(deed(programme, person_id, after(36)), disposal_id=disposal.id)


def test_the_words_go_and_everything_else_stays(programme: UnitOfWork) -> None:
    built = reported(programme)
    before = {each.id: (each.prompt, each.rating) for each in programme.all(Answer)}
    disposal = proposed(programme)
    letting_go.approve(deed(programme, "UINES", after(36)), disposal_id=disposal.id)
    gone = programme.all(Answer)
    assert {(each.text, each.rating_note, each.let_go_at) for each in gone} == {("", "", after(36))}
    assert {each.id: (each.prompt, each.rating) for each in gone} == before
    [draw] = programme.all(SampleDraw)
    assert draw.drawn == [{"row": 2}, {"row": 5}, {"row": 11}]
    assert (draw.population, draw.seed) == (14, audits.SEED)
    assert programme.all(TrailEntry, col(TrailEntry.verb) == "answers.let_go")
    assert letting_go.past_their_day(programme, after(36)) == []
    assert letting_go.answers_of(programme, built.audit.id) == 0


def everything(uow: UnitOfWork) -> str:
    """All that stands in the database, but for messages on their way."""
    uow.all(TrailEntry)  # what was done so far stands on the trail
    tables = [each for each in METADATA.sorted_tables if each.name != "outbox"]
    return str([uow.connection.execute(table.select()).all() for table in tables])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_a_person_wrote_stands_anywhere_afterwards(programme: UnitOfWork) -> None:
    interview = interviewing.invited(deed(programme, "ULIAM"), "UTOM", [interviewing.LIST, interviewing.WELCOME])
    tom = deed(programme, "UTOM")
    interview_commands.go_on(tom, interview_id=interview.id)
    for text in ("zebra 1\nzebra 2\nzebra 3\nzebra 4", "zebra one", "zebra two", "zebra three"):
        said = Reply(WayGiven.THREAD, text, message_ts="1.1")
        answering.said(tom, interview_id=interview.id, reply=said)
    file = OfferedFile("F1", "log.csv", 5, "", "zebra note")
    answering.files_dropped(tom, programme.get(Interview, interview.id), [file], Place("D1", "1.2"), "1.2")
    interview_commands.confirm(tom, interview_id=interview.id)
    [rest] = [each for each in programme.all(Answer) if each.question_id == "welcome"]
    more = interviewing.asked(f"further-{rest.id}", "Why zebra?")
    interview_commands.ask_further(deed(programme, "ULIAM"), interview_id=interview.id, questions=[more])
    interview_commands.decline(tom, interview_id=interview.id, reason="zebra no more")
    report = commands.draft(deed(programme, "ULIAM"), audit_id=interview.desk_audit_id)
    commands.sign(deed(programme, "ULIAM"), report_id=report.id, version=report.version)
    assert "zebra" in everything(programme)
    letting_go.approve(deed(programme, "UINES", after(36)), disposal_id=proposed(programme).id)
    assert "zebra" not in everything(programme)
    assert sealing.differing(programme) == []


def test_the_record_agrees_with_its_trail_afterwards(programme: UnitOfWork) -> None:
    reported(programme)
    letting_go.approve(deed(programme, "UINES", after(36)), disposal_id=proposed(programme).id)
    assert trail.verify(programme) == []
    assert checking.check(programme, lambda *_: None).faults == ()


def test_a_longer_time_set_meanwhile_keeps_what_was_proposed(programme: UnitOfWork) -> None:
    reported(programme)
    disposal = proposed(programme)
    letting_go.keep_for(deed(programme, "UMIRA"), said=KeepingTime("60"))
    letting_go.approve(deed(programme, "UINES", after(36)), disposal_id=disposal.id)
    assert all(each.redaction is None for each in programme.all(Answer))


def test_what_was_declined_is_kept_and_may_be_proposed_again(programme: UnitOfWork) -> None:
    reported(programme)
    disposal = proposed(programme)
    with pytest.raises(NoAnswersToLetGo):
        proposed(programme, "UINES")
    letting_go.decline(deed(programme, "UDAVID", after(36)), disposal_id=disposal.id)
    with pytest.raises(AlreadyDecided):
        letting_go.approve(deed(programme, "UINES", after(36)), disposal_id=disposal.id)
    assert proposed(programme).desk_audit_ids == disposal.desk_audit_ids
