"""A report from its facts to the signature: what it says, who is never recognised in it, who writes and signs."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col

from bot.interviews import facts as interview_facts
from storage.audit_reports import queries as stored
from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits.tables import AuditPlan, AuditState, FindingKind, Mode
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.interviews.tables import Answer, Interview, InterviewState, SealedRound
from storage.people.tables import Role
from storage.record import checking, trail
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows import audits
from tests.workflows.audits import ACCESS, LEAVERS, POLICY, an_audit
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from workflows.audit_reports import commands, filing, questions, rules, statistics
from workflows.audit_reports.facts import facts_of
from workflows.audit_reports.filing import Paper
from workflows.audit_reports.gathering import gather
from workflows.audit_reports.outcomes import led_to
from workflows.audit_reports.refusals import InterviewsRun, NoReportYet
from workflows.audit_reports.rules import Gap
from workflows.audit_reports.shapes import Conclusion, Correction, Limits, Onward
from workflows.audit_reports.statistics import Rated
from workflows.interviews.questions import step_of
from workflows.people import commands as people_commands
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale

PAPERS = [Paper("pdf", "report.pdf", "a" * 64, 10), Paper("xlsx", "report.xlsx", "b" * 64, 20)]


def facts(uow: UnitOfWork, built: audits.Built) -> dict[str, Any]:
    """The facts of an audit as they stand."""
    return facts_of(gather(uow, built.audit))


def drafted(uow: UnitOfWork, **how: Any) -> AuditReport:
    """Liam has begun a report."""
    return commands.draft(deed(uow, "ULIAM"), audit_id=an_audit(uow, **how).audit.id)


def signed(uow: UnitOfWork, report: AuditReport, **how: Any) -> AuditReport:
    """Liam signs it."""
    return commands.sign(deed(uow, "ULIAM"), report_id=report.id, version=report.version, **how)


# --- facts ---


def test_the_facts_say_what_was_agreed_who_was_asked_and_what_was_found(programme: UnitOfWork) -> None:
    built = an_audit(programme, running=1, declined=2)
    audits.note(programme, built)
    audits.sample(programme, built.answers[0])
    audits.finding(programme, built, 1)
    found = facts(programme, built)
    assert found["audit"]["places"] == ["Berlin", "Singapore"]
    assert found["criteria"]["standards"] == ["ISO/IEC 27001:2022"]
    assert found["requirements"][LEAVERS]["number"] == "A.6.5"
    assert (found["interviews"]["asked"], found["interviews"]["confirmed"]) == (6, 3)
    assert (found["interviews"]["declined"], found["interviews"]["running"]) == (2, 1)
    assert found["sampling"][0]["population"] == 5
    assert found["sampling"][0]["left_out"] == {"away": 1, "in_the_team": 1}
    assert found["draws"][0]["rows"] == [2, 5, 11]
    assert found["evidence"][0]["sha256"] == "9f3c" * 16
    assert found["findings"][0]["statement"].startswith("Nobody notices")


def test_what_was_agreed_and_not_looked_at_is_said(programme: UnitOfWork) -> None:
    built = an_audit(programme, declined=1)
    audits.note(programme, built, requirement=POLICY)
    missed = facts(programme, built)["not_covered"]
    assert missed == {"requirements": [ACCESS], "people": 1, "modes": [Mode.OBSERVATION.value]}


def test_whoever_was_asked_is_named_nowhere(programme: UnitOfWork) -> None:
    built = an_audit(programme, asked=5, declined=1)
    audits.sample(programme, built.answers[0])
    audits.finding(programme, built, 1)
    assert "UASKED" not in str(facts(programme, built))


def test_whoever_never_got_the_invitation_was_not_asked(programme: UnitOfWork) -> None:
    built = an_audit(programme, running=2)
    *_, asleep = programme.matching(Interview, desk_audit_id=built.audit.id)
    programme.schedule(
        slot=f"interview.invitation:{asleep.id}",
        kind="interview.invitation",
        recipient=asleep.person_id,
        subject="interview",
        subject_id=asleep.id,
        not_before=MONDAY,
        at=MONDAY,
        values={},
    )
    report = commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)
    assert rules.gaps(report, questions.facts_now(programme, report))[Gap.NOT_REACHED] == 1
    closed = signed(programme, report, close_running=True).facts
    told = {name: closed["interviews"][name] for name in ("asked", "not_reached", "withdrawn")}
    assert told == {"asked": 4, "not_reached": 1, "withdrawn": 1}
    assert closed["not_covered"]["people"] == 1


def test_an_audit_of_earlier_versions_has_facts_too(programme: UnitOfWork) -> None:
    built = an_audit(programme)
    programme.change(built.answers[0], kind=None)
    found: dict[str, Any] = facts_of(replace(gather(programme, built.audit), plan=None))
    assert found["audit"]["objective"] == ""
    assert found["not_covered"]["requirements"] == []


# --- figures ---


def rated(person_id: str, requirement: str, rating: int) -> Rated:
    """An answer with a rating."""
    return Rated(
        Answer(question_id="q", requirements=[requirement], answered_at=MONDAY, rating=rating, rated_at=MONDAY),
        person_id,
    )


@pytest.mark.parametrize(
    ("people", "shown"),
    [(["A", "B", "C"], True), (["A", "B"], False), (["A", "A", "A"], False), (["A", "B", "C", "D"], True)],
)
def test_figures_of_fewer_than_three_people_are_not_broken_down(people: list[str], *, shown: bool) -> None:
    figures: dict[str, Any] = statistics.figures([rated(each, LEAVERS, 1) for each in people], [])
    assert bool(figures["rows"]) is shown
    assert figures["too_few_people"] == (0 if shown else 1)


def test_what_is_hidden_cannot_be_taken_from_a_total(programme: UnitOfWork) -> None:
    three = [rated(each, LEAVERS, 2) for each in "ABC"]
    assert statistics.figures(three, [])["total"] is not None
    hidden: dict[str, Any] = statistics.figures([*three, rated("D", ACCESS, 0)], [])
    assert hidden["total"] is None
    assert [each["requirement"] for each in hidden["rows"]] == [LEAVERS]


def test_an_answer_counts_once_so_that_no_two_figures_overlap() -> None:
    both = [rated(each, LEAVERS, 2) for each in "ABC"]
    for each in both:
        each.answer.requirements.append(ACCESS)
    figures: dict[str, Any] = statistics.figures(both, [])
    assert [each["requirement"] for each in figures["rows"]] == [LEAVERS]


def test_what_an_auditor_noted_is_about_nobody_and_is_always_shown(programme: UnitOfWork) -> None:
    built = an_audit(programme, asked=1)
    audits.note(programme, built)
    figures = facts(programme, built)["statistics"]
    assert [(each["requirement"], each["notes"]["3"]) for each in figures["rows"]] == [(POLICY, 1)]
    assert figures["rows"][0]["people"] == 0


# --- writing ---


@pytest.mark.parametrize(
    ("person_id", "may"), [("ULIAM", True), ("UMIRA", False), ("UPRIYA", False), ("UDAVID", False), ("UTOM", False)]
)
def test_only_the_lead_auditor_begins_writes_and_signs(programme: UnitOfWork, person_id: str, *, may: bool) -> None:
    built = an_audit(programme)
    report = commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)
    who = deed(programme, person_id)
    if may:
        report = commands.write(who, report_id=report.id, said=Conclusion("Good", "Sound"))
        assert commands.sign(who, report_id=report.id, version=report.version).state is ReportState.SIGNED
        return
    with pytest.raises(NotAllowed):
        commands.draft(who, audit_id=built.audit.id)
    with pytest.raises(NotAllowed):
        commands.write(who, report_id=report.id, said=Conclusion("Good", "Sound"))
    with pytest.raises(NotAllowed):
        commands.sign(who, report_id=report.id, version=report.version)


def test_every_form_is_kept_and_leaves_the_others_alone(programme: UnitOfWork) -> None:
    report, liam = drafted(programme), deed(programme, "ULIAM")
    commands.write(liam, report_id=report.id, said=Conclusion(" Sound. ", "Met."))
    commands.write(liam, report_id=report.id, said=Limits("None", "Singapore"))
    kept = commands.write(liam, report_id=report.id, said=Onward("Look again in May", ("UMIRA",)))
    assert (kept.summary, kept.not_covered, kept.distribution) == ("Sound.", "Singapore", ["UMIRA"])
    assert [each.verb for each in programme.all(TrailEntry, col(TrailEntry.verb) == "audit_report.write")] != []


def test_a_report_goes_to_people_who_can_read_it(programme: UnitOfWork) -> None:
    report = drafted(programme)
    with pytest.raises(InputWanted):
        commands.write(deed(programme, "ULIAM"), report_id=report.id, said=Onward("", ("UOTTO",)))


def test_what_is_missing_is_named_and_holds_nobody_up(programme: UnitOfWork) -> None:
    built = an_audit(programme)
    audits.note(programme, built, rating=None)
    audits.finding(programme, built, 1, FindingKind.NONCONFORMITY, shown_at=None)
    audits.finding(programme, built, 2, FindingKind.GOOD_PRACTICE, shown_at=None)
    report = commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)
    missing = rules.gaps(report, questions.facts_now(programme, report))
    assert missing == {Gap.NOT_GRADED: 1, Gap.NOT_SHOWN: 1, Gap.UNRATED: 1, Gap.NO_SUMMARY: 1, Gap.NO_CONCLUSION: 1}
    assert signed(programme, report).state is ReportState.SIGNED


# --- signing ---


def test_nobody_signs_over_running_interviews_unless_they_are_to_be_closed(programme: UnitOfWork) -> None:
    report = drafted(programme, running=2)
    with pytest.raises(InterviewsRun):
        signed(programme, report)
    assert signed(programme, report, close_running=True).facts["interviews"]["withdrawn"] == 2
    assert not programme.all(Interview, col(Interview.state) == InterviewState.ANSWERING)


def test_signing_freezes_the_facts_and_anybody_can_take_the_digest_again(programme: UnitOfWork) -> None:
    report = signed(programme, drafted(programme))
    assert report.digest == rules.digest_of(report)
    assert (report.signed_by, report.signed_as) == ("ULIAM", "lead")
    answer = programme.first(Answer)
    assert answer is not None
    programme.change(answer, rating=0)
    kept = programme.get(AuditReport, report.id)
    assert questions.facts_now(programme, kept) == report.facts
    assert rules.digest_of(kept) == report.digest
    assert programme.all(AuditPlan)[0].state is AuditState.REPORTED
    assert programme.all(Errand, col(Errand.kind) == commands.PAPERS)


def test_a_signature_is_of_what_was_seen_and_given_once(programme: UnitOfWork) -> None:
    report = drafted(programme)
    seen = report.version
    commands.write(deed(programme, "ULIAM"), report_id=report.id, said=Conclusion("More", ""))
    with pytest.raises(Stale):
        commands.sign(deed(programme, "ULIAM"), report_id=report.id, version=seen)
    done = signed(programme, programme.get(AuditReport, report.id))
    with pytest.raises(AlreadyDecided):
        signed(programme, done)
    with pytest.raises(AlreadyDecided):
        commands.write(deed(programme, "ULIAM"), report_id=report.id, said=Conclusion("Else", ""))


def test_a_correction_is_a_new_revision_and_the_old_one_stays(programme: UnitOfWork) -> None:
    liam = deed(programme, "ULIAM")
    report = drafted(programme)
    report = commands.write(liam, report_id=report.id, said=Conclusion("Sound", "Met"))
    first = signed(programme, report)
    with pytest.raises(InputWanted):
        commands.correct(liam, report_id=first.id, said=Correction(" "))
    second = commands.correct(liam, report_id=first.id, said=Correction("The place was wrong"))
    assert (second.revision, second.summary, second.reason) == (2, "Sound", "The place was wrong")
    with pytest.raises(AlreadyDecided):
        commands.correct(liam, report_id=first.id, said=Correction("Again"))
    signed(programme, second)
    assert [each.revision for each in stored.signed(programme, first.desk_audit_id)] == [1, 2]
    assert programme.get(AuditReport, first.id).digest == first.digest


@pytest.mark.parametrize(
    ("person_id", "draft", "report"),
    [
        ("ULIAM", True, True),
        ("UMIRA", False, True),
        ("UPRIYA", False, True),
        ("UDAVID", False, False),
        ("UTOM", False, False),
    ],
)
def test_drafts_are_read_by_the_team_and_reports_by_whom_they_concern(
    programme: UnitOfWork, person_id: str, *, draft: bool, report: bool
) -> None:
    drawn = drafted(programme)
    assert _reads(programme, person_id, drawn) is draft
    signed(programme, drawn)
    assert _reads(programme, person_id, drawn) is report


def _reads(uow: UnitOfWork, person_id: str, report: AuditReport) -> bool:
    try:
        questions.to_read(deed(uow, person_id), audit_id=report.desk_audit_id)
    except (NotAllowed, NoReportYet):
        return False
    return True


def test_readers_are_told_and_so_is_whoever_was_asked(programme: UnitOfWork) -> None:
    built = an_audit(programme, declined=1)
    report = signed(programme, commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id))
    told = programme.all(OutboxRow, col(OutboxRow.kind) == "audit_report.signed")
    assert [each.recipient for each in told] == ["UPRIYA"]
    assert report.distribution == ["UPRIYA"]


def test_people_hear_what_their_own_words_led_to_and_nothing_of_others(programme: UnitOfWork) -> None:
    built = an_audit(programme)
    audits.finding(programme, built, 1)
    audits.finding(programme, built, 2, answer_ids=[built.answers[1].id])
    audits.finding(programme, built, 3, withdrawn_at=MONDAY)
    found = facts(programme, built)["findings"]
    mine = led_to(found, {built.answers[0].id: "How does IT learn of it?"})
    assert [(each.number, list(each.prompts)) for each in mine] == [(1, ["How does IT learn of it?"])]
    assert led_to(found, {9999: "Something else"}) == []


@pytest.mark.parametrize(
    ("state", "digest", "hears"),
    [
        (InterviewState.CONFIRMED, "0" * 64, True),
        (InterviewState.ANSWERING, "0" * 64, True),  # in a further round, which is closed with the signature
        (InterviewState.ANSWERING, None, False),
        (InterviewState.DECLINED, None, False),
    ],
)
def test_those_who_confirmed_something_are_owed_it_and_their_cards_say_it(
    programme: UnitOfWork, state: InterviewState, digest: str | None, *, hears: bool
) -> None:
    built = an_audit(programme, asked=0)
    tom = programme.add(
        Interview(
            desk_audit_id=built.audit.id,
            person_id="UTOM",
            state=state,
            questions=[],
            invited_at=MONDAY,
            digest=digest,
        )
    )
    draft = commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)
    report = commands.sign(deed(programme, "ULIAM"), report_id=draft.id, version=draft.version, close_running=True)
    assert owed(programme, "audit_report", "outcome", report.id) == ({"UTOM"} if hears else set())
    shown = interview_facts.card(programme, step_of(programme, tom.id))
    assert shown.reported_at == (MONDAY if hears else None)


def test_what_was_confirmed_before_a_round_that_was_closed_is_a_fact(programme: UnitOfWork) -> None:
    built = an_audit(programme)
    programme.change(built.interviews[0], state=InterviewState.WITHDRAWN)
    programme.add(
        SealedRound(
            interview_id=built.interviews[0].id,
            round=1,
            scheme=3,
            digest="0" * 64,
            confirmed_by="U",
            confirmed_at=MONDAY,
        )
    )
    said = facts(programme, built)
    assert (said["interviews"]["confirmed"], said["interviews"]["withdrawn"]) == (3, 0)
    assert said["statistics"]["total"]["people"] == 3


# --- filing ---


def test_the_papers_are_evidence_and_hand_in_the_task_of_the_calendar(programme: UnitOfWork) -> None:
    task = programme.first(Task, col(Task.state) == TaskState.OPEN)
    if task is None:
        scheduled = programme.first(Task)
        assert scheduled is not None
        task = programme.change(scheduled, state=TaskState.OPEN)
    report = signed(programme, drafted(programme, task_id=task.id))
    filed = filing.file(the_bot(programme), report_id=report.id, papers=PAPERS)
    assert (filed.pdf_sha256, filed.xlsx_sha256) == ("a" * 64, "b" * 64)
    assert programme.get(Task, task.id).state is TaskState.SUBMITTED
    assert [each.provided_by for each in programme.all(Evidence)] == ["ULIAM", "ULIAM"]
    sent = programme.all(OutboxRow, col(OutboxRow.kind) == filing.PAPER)
    assert {(each.recipient, each.values["paper"]) for each in sent} == {
        (person, kind) for person in ("ULIAM", "UPRIYA") for kind in ("pdf", "xlsx")
    }
    filing.file(the_bot(programme), report_id=report.id, papers=PAPERS)
    assert len(programme.all(Evidence)) == 2


def test_an_audit_of_no_task_has_its_papers_kept_all_the_same(programme: UnitOfWork) -> None:
    report = signed(programme, drafted(programme))
    filing.file(the_bot(programme), report_id=report.id, papers=PAPERS)
    kept = programme.all(Evidence)
    assert {each.sha256 for each in kept} == {"a" * 64, "b" * 64}
    assert all(each.retain_until for each in kept)


def test_a_lead_who_was_replaced_signs_no_more(programme: UnitOfWork) -> None:
    built = an_audit(programme)
    people_commands.grant(deed(programme, "UMIRA"), "UJONAS", Role.AUDITOR)
    [liam] = stored.members_of(programme, built.audit.id)
    programme.change(liam, left_at=MONDAY)
    programme.add(audits._member(built.audit, "UJONAS", liam.part))
    assert questions.lead_of(programme, built.audit) == "UJONAS"
    with pytest.raises(NotAllowed):
        commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)


def test_the_trail_seals_what_was_signed(programme: UnitOfWork) -> None:
    report = signed(programme, drafted(programme))
    programme.record(actor="U1", verb="x", subject="x", subject_id=1, at=MONDAY, details={})
    entry = trail.latest(programme, "audit_report", report.id, ("audit_report.sign",))
    assert entry is not None
    assert '"audit_report"' in entry.sealed
    assert checking.check(programme, lambda *_: None).faults == ()
