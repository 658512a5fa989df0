"""What the samples speak of: tasks, findings and interviews whose words are left to whoever renders them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

from bot.rooms import ROUTES
from bot.slack.routes import COMMAND, Verb
from messages.desk_audits import cards as desk_audit_cards
from messages.desk_audits.payloads import AnswerRef
from messages.evidence.cards import GivenFile
from messages.evidence.payloads import EvidenceRef
from messages.frameworks import applicability, gap_analysis
from messages.frameworks.payloads import FrameworkPage, RequirementRef
from messages.home import cards as home_cards
from messages.home import help_page
from messages.interviews import cards as interview_cards
from messages.interviews.payloads import InterviewRef, QuestionRef
from messages.nonconformities import cards as nonconformity_cards
from messages.nonconformities.payloads import NonconformityRef
from messages.people import cards as people_cards
from messages.people.payloads import PersonRef
from messages.reviews import digest as review_digest
from messages.reviews import status
from messages.tasks import cards as task_cards
from messages.tasks.payloads import HandoverRef, ListRef, TaskRef
from messages.words.requirements import Requirement
from storage.nonconformities.tables import ActionState, Mark, NonconformityState
from workflows.nonconformities.lifecycle import PHASES
from workflows.nonconformities.shapes import Finding, Plan
from workflows.question_bank.faults import Why
from workflows.question_bank.refusals import LineFault
from workflows.refusals import RowFault, RowWhy

Say = Callable[[str], str]
"""Gives the words for a place: those passed in for a plain sample, anything at all for a hostile one."""

JONAS, MIRA, LIAM, DAVID, CHANNEL = "U0JONAS", "U0MIRA", "U0LIAM", "U0DAVID", "C0MGMT"
MEANT_TO_BE_NAMED = {JONAS, MIRA, LIAM, DAVID, CHANNEL}

TODAY = date(2026, 3, 10)
DUE = date(2026, 3, 13)
LATE = date(2026, 3, 4)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
PERMALINK = "https://aldermoor.slack.com/archives/D0JONAS/p1772460300000100"
SHA256 = "3f9c" + "0" * 60
TASK = TaskRef(task=7, version=2)
FINDING = NonconformityRef(nonconformity=12, version=3)
INTERVIEW = InterviewRef(interview=4)
QUESTION = QuestionRef(interview=4, question="q01")
ANSWER = AnswerRef(answer=31, version=1)
THEME = FrameworkPage("iso27001-2022", "organizational", 1)
REQUIREMENT = RequirementRef("iso27001-2022:A.5.18", version=2)
NEXT_REQUIREMENT = RequirementRef("iso27001-2022:A.5.18", version=0, goes_on=True)

TASK_STATES = ("scheduled", "open", "returned", "submitted", "accepted", "waived", "missed")
FINDING_STATES = (
    "draft",
    "issued",
    "contested",
    "responding",
    "plan_review",
    "consenting",
    "implementing",
    "verifying",
    "monitoring",
    "effectiveness_review",
    "second_signature",
    "awaiting_body",
    "closed",
    "void",
)
SUGGESTIONS = ("nonconformity", "verify_further", "observation", "conformity", "unverified")
RUNGS = ("opened", "due_soon", "due", "overdue")
AUDIENCES = ("manager", "lead", "management")
FAULTS = (
    "empty",
    "sign_in_page",
    "size_differs",
    "download_failed",
    "store_unavailable",
    "too_large",
    "wrong_kind",
    "inside",
    "no_answer",
    "bad_answer",
    "redirected",
)
FILE_STATES = ("collecting", "kept", "refused", "accepted", "returned")
GONE_STATES = ("withdrawn", "disposed")
ACTIONS = {
    "draft": {nonconformity_cards.ISSUE, nonconformity_cards.DISCARD},
    "issued": {nonconformity_cards.ACKNOWLEDGE, nonconformity_cards.MORE},
    "contested": {nonconformity_cards.UPHOLD, nonconformity_cards.WITHDRAW},
    "responding": {
        *(nonconformity_cards.FIND_OUT_WHY, nonconformity_cards.RESPOND),
        *(nonconformity_cards.ADD_CAUSE, nonconformity_cards.ADD_ACTION),
    },
    "consenting": {nonconformity_cards.CONSENT, nonconformity_cards.REFUSE_CONSENT},
    "second_signature": {nonconformity_cards.CO_SIGN, nonconformity_cards.REFUSE_TO_SIGN},
    "plan_review": {nonconformity_cards.ACCEPT_PLAN, nonconformity_cards.RETURN_PLAN, nonconformity_cards.READ},
    "implementing": {nonconformity_cards.ADD_EVIDENCE, nonconformity_cards.CLAIM_DONE},
    "verifying": {nonconformity_cards.CONFIRM_IMPLEMENTATION, nonconformity_cards.REJECT_IMPLEMENTATION},
    "effectiveness_review": {
        nonconformity_cards.CONFIRM_EFFECTIVE,
        nonconformity_cards.CONFIRM_INEFFECTIVE,
        nonconformity_cards.CONFIRM_CORRECTION,
        nonconformity_cards.REJECT_CORRECTION,
    },
}


def requirement(say: Say) -> Requirement:
    return Requirement(say("ISO/IEC 27001:2022"), say("A.5.18"), say("Access rights"))


def files(say: Say, states: Sequence[str] = FILE_STATES) -> list[GivenFile]:
    name, note = say("access_review_2026-Q1.pdf"), say("July to September")
    return [
        GivenFile(name, 1_400_000, state, note, EvidenceRef(number, 1), is_older=number == 1, is_late=number == 2)
        for number, state in enumerate(states, 1)
    ]


HANDOVER = HandoverRef(handover=5)
LIST = ListRef(whose="mine", state="", overdue=False, edition="", page=0)


def asked(say: Say, kind: str, *, to_id: str | None = LIAM) -> task_cards.Asked:
    return task_cards.Asked(HANDOVER, kind, JONAS, to_id, say("You know these systems better than I do."))


def list_page(say: Say, *states: str, **ref: object) -> task_cards.ListPage:
    items = [work_item(say, state) for state in states]
    return task_cards.ListPage(replace(LIST, **ref), JONAS, items, total=20 if items else 0, pages=3, today=TODAY)  # type: ignore[arg-type]  # fields of ListRef


def person_card(say: Say, **changes: object) -> people_cards.PersonCard:
    card = people_cards.PersonCard(
        ref=PersonRef(JONAS),
        title=say("IT operations"),
        zone="Europe/Berlin",
        kind="",
        roles=["lead", "reader"],
        manager_id=DAVID,
        deputy_id=LIAM,
        absence=people_cards.Absence(DUE, DUE),
        waiting=3,
        coming=1,
        obligations=2,
        weekdays=[0, 1, 2, 3],
        country="DE",
    )
    return replace(card, **changes)  # type: ignore[arg-type]  # fields of PersonCard


def task_card(say: Say, state: str, *, due_on: date = DUE) -> task_cards.TaskCard:
    return task_cards.TaskCard(
        ref=TASK,
        title=say("Review who has access"),
        purpose=say("People who left or changed jobs must not keep their way in."),
        requirements=[requirement(say)],
        owner_id=JONAS,
        due_on=due_on,
        today=TODAY,
        state=state,
        evidence_wanted=say("The signed list of users per system"),
        files=files(say),
        submitted_by=JONAS,
        submitted_at=AT,
        decided_by=MIRA,
        decided_at=AT,
        reason=say("The second page is missing.\nPlease add it."),
        told_next=task_cards.ToldNext([MIRA, DAVID], date(2026, 3, 18)),
        scheduled_on=DUE,
    )


def work_item(say: Say, state: str) -> task_cards.WorkItem:
    return task_cards.WorkItem(TASK, say("Test the restore"), [requirement(say)], LATE, state)


def interview_card(say: Say, state: str) -> interview_cards.InterviewCard:
    return interview_cards.InterviewCard(
        ref=INTERVIEW,
        audit_title=say("Access rights, spring 2026"),
        person_id=JONAS,
        auditor_id=LIAM,
        minutes=25,
        answered=0 if state == "invited" else 3,
        total=12,
        state=state,
        confirmed_at=AT,
        purpose=say("To see that access ends with the job."),
        readers=[LIAM, MIRA],
        kept_months=36,
        due_on=DUE,
        reason=say("The audit was moved."),
    )


def interview_item(say: Say, state: str) -> interview_cards.InterviewItem:
    return interview_cards.InterviewItem(INTERVIEW, say("Access rights, spring 2026"), LIAM, 3, 12, state)


def rated(say: Say, suggestion: str | None) -> desk_audit_cards.RatedAnswer:
    return desk_audit_cards.RatedAnswer(
        ref=ANSWER,
        given=interview_cards.GivenAnswer(
            QuestionRef(INTERVIEW.interview, "leavers-access"),
            say("Take one leaver. Show me when their access ended."),
            say("They told me on Friday.\nI closed it on Monday."),
        ),
        requirements=[requirement(say)],
        rating=None if suggestion is None else "rating_1",
        corroboration=None if suggestion is None else "corroboration_1",
        suggestion=suggestion,
    )


def not_known(answer: desk_audit_cards.RatedAnswer) -> desk_audit_cards.RatedAnswer:
    return replace(answer, given=replace(answer.given, text="", kind="unknown"))


def answers_card(say: Say, suggestions: Sequence[str | None] = (None, *SUGGESTIONS)) -> desk_audit_cards.AnswersCard:
    given = [rated(say, each) for each in suggestions]
    return desk_audit_cards.AnswersCard(
        INTERVIEW, say("Access rights, spring 2026"), JONAS, AT, SHA256, given, suggestions.count(None)
    )


def response(say: Say) -> Plan:
    return Plan(
        correction=say("All five accounts were closed on 2 March."),
        consequences=say("Nobody used them after the last day; the logs show it."),
        extent=say("All 42 leavers since January were looked at."),
        contained=say("The accounts were locked on the same day."),
        causes=(say("HR tells IT by mail."), say("The mail is sent by hand."), say("Nobody compares the lists.")),
        how_unnoticed=say("No list shows who left and can still get in."),
        assignee_id=JONAS,
        corrective_action=say("The HR system now closes accounts itself."),
        action_due_on=date(2026, 4, 30),
        expected_proof=say("The rule, and the first closed account."),
        effect_criterion=say("No open account of a leaver in two quarters."),
        effect_target=say("14 of 14"),
        effect_source=say("The list of leavers"),
        effect_period=say("April to September"),
        check_effect_on=date(2026, 10, 1),
        risk_decision=say("Risk 14 goes down one level."),
        system_decision=say("The leaver process is rewritten."),
    )


def remark(say: Say) -> nonconformity_cards.Remark:
    return nonconformity_cards.Remark(MIRA, AT, say("Why were the lists never compared?"))


def finding_card(say: Say, state: str) -> nonconformity_cards.NonconformityCard:
    return nonconformity_cards.NonconformityCard(
        ref=FINDING,
        number=12,
        state=state,
        grade=None if state == "draft" else "major",
        finding=Finding(
            requirement="iso27001-2022:A.5.18",
            evidence=say("5 of 42 accounts were still open a week later."),
            statement=say("Access of people who left is not ended in time."),
            place=say("IT operations, Berlin"),
            sample=say("42 leavers since January, all of them"),
            owner_id=JONAS,
            process=say("Leaving"),
        ),
        requirement=requirement(say),
        source="interview",
        repeats=[4, 7] if state == "draft" else [4],
        cluster=[3, 5] if state == "draft" else (),
        against="standard" if state == "draft" else "own_document",
        raised_by=LIAM,
        today=TODAY,
        actions=frozenset({*ACTIONS.get(state, ()), nonconformity_cards.HISTORY}),
        next_people=[JONAS],
        next_by=DUE,
        too_late_for=DUE if state == "implementing" else None,
        phase=PHASES.get(NonconformityState(state), state),
        round=2,
        marks=[*Mark],
        response=response(say),
        planned=[planned(say, each) for each in ActionState] if state == "implementing" else (),
        files=files(say),
        remark=remark(say),
        verification=remark(say),
        effect=remark(say),
        closed_by=MIRA,
        closed_at=AT,
    )


def planned(say: Say, state: ActionState) -> nonconformity_cards.PlannedAction:
    return nonconformity_cards.PlannedAction(
        say("A ticket opens from the HR date"), JONAS, DUE, state.value, say("The first ticket"), files=2
    )


def finding_item(say: Say, state: str) -> nonconformity_cards.FindingItem:
    return nonconformity_cards.FindingItem(
        ref=FINDING,
        number=12,
        days=43,
        look_at_grade=state == "responding",
        state=state,
        grade="minor",
        marks=[Mark.EXTENDED] if state == "implementing" else (),
        requirement=requirement(say),
        statement=say("Access of people who left is not ended in time."),
        owner_id=JONAS,
        next_people=[JONAS] if state != "void" else [],
        next_by=LATE,
        actions=frozenset(ACTIONS.get(state, ())),
    )


def programme(say: Say) -> status.Programme:
    return status.Programme(
        standards=[say("ISO 9001:2015"), say("ISO/IEC 27001:2022")],
        started_on=date(2026, 1, 5),
        ready=61,
        applicable=188,
        open_tasks=14,
        overdue_tasks=3,
        submitted_tasks=2,
        accepted_tasks=40,
        open_majors=1,
        open_minors=4,
        overdue_findings=1,
        interviews=6,
        interviews_done=2,
        gap_actions=5,
        overdue_gap_actions=1,
        readiness=[
            status.StandardReadiness(say("ISO 9001:2015"), 20, 65),
            status.StandardReadiness(say("ISO/IEC 27001:2022"), 41, 123),
        ],
        overdue=[status.OverdueOwner(JONAS, 2, 9), status.OverdueOwner(DAVID, 1, 3)],
    )


def statement(say: Say, *, undecided: int, number: int, is_approved: bool) -> applicability.StatementFigures:
    themes = [
        applicability.ThemeFigures(THEME, 30, 3, undecided),
        applicability.ThemeFigures(FrameworkPage("iso27001-2022", ""), 8, 0, 0),
    ]
    standard = say("ISO/IEC 27001:2022")
    page = FrameworkPage("iso27001-2022")
    return applicability.StatementFigures(page, standard, themes, number, MIRA, AT, is_approved)


def decided_line(say: Say, *, applies: bool | None, goes_on: bool = False) -> applicability.DecidedLine:
    return applicability.DecidedLine(
        ref=NEXT_REQUIREMENT if goes_on else REQUIREMENT,
        requirement=requirement(say),
        applies=applies,
        reason=say("We host customers' data and have to.") if applies is not None else "",
        state="rating_2",
        is_shown=True,
    )


def gap_line(say: Say, *, planned: bool, goes_on: bool = False) -> gap_analysis.GapLine:
    line = gap_analysis.GapLine(NEXT_REQUIREMENT if goes_on else REQUIREMENT, requirement(say), "rating_1")
    return replace(line, action=say("Write the list."), owner_id=JONAS, due_on=LATE) if planned else line


def queue_item(say: Say, *, is_own: bool) -> home_cards.QueueItem:
    return home_cards.QueueItem(TASK, say("Test the restore"), [requirement(say)], JONAS, AT, files(say)[:2], is_own)


def exposure(say: Say, kind: review_digest.ExposureKind) -> review_digest.Exposure:
    return {"kind": kind, "subject": say("Leavers keep their access"), "person_id": JONAS, "days": 9}


def figures(say: Say, *, shift: int = 0) -> review_digest.DigestFigures:
    every = [exposure(say, kind) for kind in review_digest.EXPOSURE_KINDS]
    counts = {name: 5 for name, kind in review_digest.DigestFigures.__annotations__.items() if kind is int}
    told = {
        **counts,
        "week_of": "2026-03-09",
        "standards": [say("ISO/IEC 27001:2022")],
        "applicable": 188,
        "tasks_open": 5 + shift,
        "tasks_overdue": 5 - shift,
        "red_lines": every,
        "decisions": every,
        "overdue_by_owner": [{"person_id": JONAS, "count": 2, "days": 9}],
        "next_30_days": [{"title": say("Management review"), "due_on": "2026-04-01", "person_id": DAVID}],
    }
    return cast("review_digest.DigestFigures", told)


def commands(say: Say) -> list[help_page.Command]:
    return [help_page.Command(COMMAND, each.name, each.for_all) for each in ROUTES if isinstance(each, Verb)]


def refusal_values(say: Say) -> dict[str, dict[str, object]]:
    return {
        "not_allowed": {"tried": "add_evidence_for_task", "who_may": "owner_or_lead", "person": JONAS},
        "own_evidence": {"title": say("Review who has access")},
        "own_correction": {"number": 12},
        "not_your_seat": {"number": 12, "seat": "second_signer", "why": "consent_signer", "people": [MIRA]},
        "not_yet": {"number": 12, "need": "grade_signed"},
        "not_with_words": {"number": 12},
        "audits_itself": {"person": LIAM},
        "asked_already": {"person": JONAS},
        "offered_no_longer": {},
        "interview_over": {"state": "confirmed", "auditor": LIAM},
        "nothing_asked_yet": {},
        "read_back_first": {},
        "nothing_drawn": {},
        "own_competence": {"field_name": "person_id"},
        "plan_not_ready": {"missing": ["people", "exceptions", "days", "lead_missing"]},
        "lead_is_audited": {"field_name": "lead_id"},
        "lead_owns_finding": {"others": [MIRA, LIAM], "field_name": "lead_id"},
        "desk_closed": {"audit": 7, "state": "reported", "lead": LIAM},
        "cannot_be_asked": {"called": say("Jonas Weber"), "why": "reports_to_the_team", "field_name": "people_1"},
        "own_area": {"audit": 7, "can_go_on": [MIRA, LIAM]},
        "no_report_yet": {"audit": say("How people leave"), "lead": LIAM},
        "interviews_run": {"running": 2},
        "no_answers_to_let_go": {},
        "message_gone": {},
        "looks_like_secret": {"kind": "password", "line": 2, "field_name": "answer"},
        "already_decided": {"what": "named", "called": say("Review who has access"), "state": "submitted", "by": MIRA},
        "stale": {"what": "named", "called": say("NC-12")},
        "evidence_missing": {"title": say("Review who has access"), "wanted": say("The signed list")},
        "keys_not_set_up": {},
        "bad_address": {"why": "credentials", "field_name": "url"},
        "nothing_kept": {"file": say("access_review_2026-Q1.pdf"), "state": "disposed"},
        "nothing_to_dispose": {},
        "no_other_task": {"file": say("access_review_2026-Q1.pdf")},
        "no_programme_yet": {},
        "programme_runs_already": {"since": TODAY},
        "last_standard": {"standard": say("ISO 9001:2015")},
        "setup_taken_over": {"by": DAVID},
        "another_look": {"step": "owners"},
        "channel_not_usable": {"because": "not_invited", "field_name": "digest_channel"},
        "lead_exists": {"leads": (MIRA, DAVID)},
        "input_wanted": {"field_name": "reason", "wish": "say_what_is_missing", "about": {}},
        "wanted_in_file": {"wish": "enter_requirements", "about": {"typed": say("7.2")}},
        "which_requirement": {"typed": say("7.2"), "names": (say("ISO 9001:2015 7.2"), say("ISO/IEC 27001:2022 7.2"))},
        "must_apply": {"standard": say("ISO/IEC 27001:2022"), "number": say("6.1.3")},
        "statement_incomplete": {"standard": say("ISO/IEC 27001:2022"), "undecided": 12},
        "unreadable_file": {"file": say("register.xlsx"), "why": "broken"},
        "imported_before": {"file": say("register.xlsx"), "by": MIRA, "on": TODAY},
        "rows_at_fault": {"file": say("register.xlsx"), "faulty": 37},
        "bad_rows": {
            "file": say("register.xlsx"),
            "rows": tuple((row, RowFault(RowWhy.NOT_A_DATE, {"typed": say("soon")})) for row in range(2, 39)),
            "of": 10_000,
        },
        "questions_at_fault": {
            "file": say("own.yaml"),
            "faults": tuple(LineFault(line, "7", Why.UNKNOWN_QUESTION, {"word": say("keys")}) for line in range(40)),
            "of": 30,
        },
        "question_at_fault": {
            "field_name": "text",
            "fault": LineFault(0, "keys", Why.TOO_LONG, {"length": 300, "most": 220}),
        },
        "no_such_question": {"id": say("keys")},
        "nothing_asked_here": {"settled": ((say("Review who has access"), "accepted"),)},
        "given_before": {"file": say("list.pdf"), "called": say("Review who has access")},
        "chosen_before": {"file": say("list.pdf"), "called": say("Review who has access")},
        "question_forgotten": {},
        "no_task_takes_evidence": {},
        "not_in_directory": {"person": JONAS},
        "rule_not_understood": {"rule": say("every monday"), "part": say("every monday")},
        "more_than_daily": {"rule": say("FREQ=HOURLY")},
        "rule_never_happens": {"rule": say("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "starts_on": TODAY},
        "end_before_start": {"starts_on": DUE, "ends_on": TODAY, "field_name": "ends_on"},
        "date_from_outside": {"title": say("First surveillance audit")},
        "month_not_understood": {"text": say("the other month")},
        "person_not_understood": {"text": say("@nobody")},
        "not_found": {"table": "nonconformity", "id": say("99")},
        "retired_button": {},
        "unreadable_button": {},
        "last_lead": {"person": MIRA},
        "cannot_take_over": {"person": JONAS, "because": "away", "until": DUE, "field_name": "person"},
        "external_date": {"title": say("Surveillance audit"), "due_on": DUE},
        "cannot_put_off": {"title": say("Test the restore"), "times": 3, "latest": None, "field_name": ""},
        "too_early": {"title": say("Test the restore"), "begins_on": DUE},
        "case_filter_unknown": {"word": say("latest"), "known": ("open", "mine"), "sources": ("interview",)},
        "filter_unknown": {"word": say("latest"), "known": ("mine", "team")},
        "date_not_understood": {"text": say("2027-02-30"), "is_a_date": True, "field_name": "until"},
        "unexpected": {"reference": say("7Q2M")},
    }
