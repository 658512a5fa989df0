"""One sample of every message in every state it can be in, with the words in it left to whoever renders it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from messages import (
    calendar,
    desk_audits,
    evidence,
    help,  # noqa: A004 - the module is named after the command it answers
    home,
    nonconformities,
    nonconformity_forms,
    people,
    refusals,
    reviews,
    status,
    tasks,
)
from messages.evidence import GivenFile
from messages.frameworks import Requirement
from messages.kit import Home, Message, Modal
from messages.payloads import AnswerRef, InterviewRef, NonconformityRef, QuestionRef, TaskRef

Say = Callable[[str], str]
"""Gives the words for a place: those passed in for a plain sample, anything at all for a hostile one."""
Surface = Message | Modal | Home
Sample = Callable[[Say], Surface]

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

TASK_STATES = ("scheduled", "open", "returned", "submitted", "accepted", "waived", "missed")
FINDING_STATES = (
    "draft",
    "issued",
    "responding",
    "plan_review",
    "implementing",
    "verifying",
    "monitoring",
    "effectiveness_review",
    "closed",
    "void",
)
INTERVIEW_STATES = ("invited", "answering", "confirming", "confirmed", "declined")
SUGGESTIONS = ("nonconformity", "verify_further", "observation", "conformity", "unverified")
EXPOSURES = ("major_overdue", "minor_overdue", "task_overdue", "task_missed", "not_effective")
FILE_STATES = ("collecting", "kept", "refused", "accepted", "returned")
ACTIONS = {
    "draft": {nonconformities.ISSUE, nonconformities.DISCARD},
    "issued": {nonconformities.ACKNOWLEDGE},
    "responding": {nonconformities.RESPOND},
    "plan_review": {nonconformities.ACCEPT_PLAN, nonconformities.RETURN_PLAN, nonconformities.READ},
    "implementing": {nonconformities.ADD_EVIDENCE, nonconformities.CLAIM_DONE},
    "verifying": {nonconformities.CONFIRM_IMPLEMENTATION, nonconformities.REJECT_IMPLEMENTATION},
    "effectiveness_review": {
        nonconformities.CONFIRM_EFFECTIVE,
        nonconformities.CONFIRM_INEFFECTIVE,
        nonconformities.CO_SIGN,
    },
}


def requirement(say: Say) -> Requirement:
    return Requirement(say("ISO/IEC 27001:2022"), say("A.5.18"), say("Access rights"))


def files(say: Say) -> list[GivenFile]:
    return [GivenFile(say("access_review_2026-Q1.pdf"), 1_400_000, state) for state in FILE_STATES]


def task_card(say: Say, state: str) -> tasks.TaskCard:
    return tasks.TaskCard(
        ref=TASK,
        title=say("Review who has access"),
        purpose=say("People who left or changed jobs must not keep their way in."),
        requirements=[requirement(say)],
        owner_id=JONAS,
        due_on=DUE,
        today=TODAY,
        state=state,
        evidence_wanted=say("The signed list of users per system"),
        files=files(say),
        submitted_by=JONAS,
        submitted_at=AT,
        decided_by=MIRA,
        decided_at=AT,
        reason=say("The second page is missing.\nPlease add it."),
        told_next=tasks.ToldNext([MIRA, DAVID], date(2026, 3, 18)),
    )


def work_item(say: Say, state: str) -> tasks.WorkItem:
    return tasks.WorkItem(TASK, say("Test the restore"), [requirement(say)], LATE, state, PERMALINK)


def interview_card(say: Say, state: str) -> desk_audits.InterviewCard:
    return desk_audits.InterviewCard(
        ref=INTERVIEW,
        audit_title=say("Access rights, spring 2026"),
        why=say("Access was reviewed in a hurry last year."),
        person_id=JONAS,
        auditor_id=LIAM,
        minutes=25,
        answered=0 if state == "invited" else 3,
        total=12,
        state=state,
        confirmed_at=AT,
    )


def interview_item(say: Say, state: str) -> desk_audits.InterviewItem:
    return desk_audits.InterviewItem(INTERVIEW, say("Access rights, spring 2026"), LIAM, 3, 12, state, PERMALINK)


def rated(say: Say, suggestion: str | None, *, may_raise: bool = False) -> desk_audits.RatedAnswer:
    return desk_audits.RatedAnswer(
        ref=ANSWER,
        prompt=say("Take one leaver. Show me when their access ended."),
        text=say("They told me on Friday.\nI closed it on Monday."),
        requirements=[requirement(say)],
        rating=None if suggestion is None else say("partly met"),
        corroboration=None if suggestion is None else say("record sampled"),
        suggestion=suggestion,
        may_raise=may_raise,
    )


def response(say: Say) -> nonconformities.GivenResponse:
    return nonconformities.GivenResponse(
        correction=say("All five accounts were closed on 2 March."),
        consequences=say("Nobody used them after the last day; the logs show it."),
        extent=say("All 42 leavers since January were looked at."),
        causes=[say("HR tells IT by mail."), say("The mail is sent by hand."), say("Nobody compares the lists.")],
        corrective_action=say("The HR system now closes accounts itself."),
        action_due_on=date(2026, 4, 30),
        effect_criterion=say("No open account of a leaver in two quarters."),
        check_effect_on=date(2026, 10, 1),
        risk_decision=say("Risk 14 goes down one level."),
        system_decision=say("The leaver process is rewritten."),
    )


def remark(say: Say) -> nonconformities.Remark:
    return nonconformities.Remark(MIRA, AT, say("Why were the lists never compared?"))


def finding_card(say: Say, state: str) -> nonconformities.NonconformityCard:
    return nonconformities.NonconformityCard(
        ref=FINDING,
        number=12,
        state=state,
        grade=None if state == "draft" else "major",
        requirement=requirement(say),
        statement=say("Access of people who left is not ended in time."),
        evidence=say("5 of 42 accounts were still open a week later."),
        place=say("IT operations, Berlin"),
        sample=say("42 leavers since January, all of them"),
        owner_id=JONAS,
        raised_by=LIAM,
        today=TODAY,
        actions=frozenset(ACTIONS.get(state, ())),
        next_people=[JONAS],
        next_by=DUE,
        round=2,
        response=response(say),
        files=files(say),
        remark=remark(say),
        verification=remark(say),
        effect=remark(say),
        closed_by=MIRA,
        closed_at=AT,
    )


def finding_item(say: Say, state: str) -> nonconformities.FindingItem:
    return nonconformities.FindingItem(
        ref=FINDING,
        number=12,
        state=state,
        grade="minor",
        requirement=requirement(say),
        statement=say("Access of people who left is not ended in time."),
        owner_id=JONAS,
        next_people=[JONAS] if state != "void" else [],
        next_by=LATE,
        actions=frozenset(ACTIONS.get(state, ())),
        permalink=PERMALINK,
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
        overdue=[status.OverdueOwner(JONAS, 2, 9), status.OverdueOwner(DAVID, 1, 3)],
    )


def queue_item(say: Say, *, is_own: bool) -> home.QueueItem:
    return home.QueueItem(TASK, say("Test the restore"), [requirement(say)], JONAS, AT, 2, is_own, PERMALINK)


def home_of_a_lead(say: Say) -> Home:
    return home.home(
        home.HomeValues(
            person_id=MIRA,
            today=TODAY,
            programme=programme(say),
            tasks=[work_item(say, "open"), work_item(say, "submitted")],
            interviews=[interview_item(say, "answering"), interview_item(say, "confirming")],
            findings=[finding_item(say, "responding")],
            queue=[queue_item(say, is_own=False), queue_item(say, is_own=True)],
            is_lead=True,
        )
    )


def exposure(say: Say, kind: str) -> reviews.Exposure:
    return {"kind": kind, "subject": say("Leavers keep their access"), "person_id": JONAS, "days": 9}  # type: ignore[typeddict-item] # each of EXPOSURES is one of the kinds


def figures(say: Say, *, shift: int = 0) -> reviews.DigestFigures:
    counts = {name: 5 for name, kind in reviews.DigestFigures.__annotations__.items() if kind is int}
    every = [exposure(say, kind) for kind in EXPOSURES]
    return {  # type: ignore[typeddict-item] # the counts are filled in from the annotations
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


def digest(say: Say, *, first: bool) -> Message:
    return reviews.digest(
        figures=figures(say),
        previous=None if first else figures(say, shift=2),
        trail_sequence=214,
        trail_hash=SHA256,
    )


def quiet_digest(say: Say) -> Message:
    quiet = figures(say)
    quiet["red_lines"], quiet["decisions"], quiet["overdue_by_owner"], quiet["next_30_days"] = [], [], [], []
    return reviews.digest(figures=quiet, previous=None, trail_sequence=1, trail_hash=SHA256)


def commands(say: Say) -> list[help.Command]:
    return [("tasks", say("/iso tasks"), say("What waits for you.")), ("nc", say("/iso nc"), say("Findings."))]


def raise_modal(say: Say) -> Modal:
    return nonconformity_forms.raise_modal(
        ref=ANSWER,
        requirements=[("iso27001-2022:A.5.18", requirement(say)), ("iso9001-2015:7.2", requirement(say))],
        requirement="iso9001-2015:7.2",
        evidence=say("5 of 42 accounts were still open."),
        statement=say("Access is not ended in time."),
        owner_id=JONAS,
    )


def rate_modal(say: Say) -> Modal:
    return desk_audits.rate_modal(
        ref=ANSWER,
        prompt=say("Take one leaver. Show me when their access ended."),
        text=say("They told me on Friday.\nI closed it on Monday."),
        requirements=[("iso27001-2022:A.5.18", say("A.5.18 Access rights"))],
        ratings=[(str(each), say("partly met")) for each in range(4)],
        corroborations=[(str(each), say("statement only")) for each in range(4)],
    )


def question_modal(say: Say) -> Modal:
    return desk_audits.question_modal(
        ref=QUESTION,
        number=4,
        total=12,
        prompt=say("Take one leaver. Show me when their access ended."),
        audit_title=say("Access rights, spring 2026"),
        note=say("The last question was about joiners."),
        given=say("They told me on Friday."),
    )


def summary(say: Say) -> Message:
    answers = [
        desk_audits.GivenAnswer(QUESTION, say("What do you do here?"), say("I look after accounts.\nAll of them.")),
        desk_audits.GivenAnswer(QUESTION, say("Who else knows?"), ""),
    ]
    return desk_audits.summary(ref=INTERVIEW, audit_title=say("Access rights, spring 2026"), answers=answers)


def answers(say: Say) -> Message:
    given = [rated(say, None), *(rated(say, each, may_raise=each == "nonconformity") for each in SUGGESTIONS)]
    card = desk_audits.AnswersCard(say("Access rights, spring 2026"), JONAS, AT, SHA256, given)
    return desk_audits.answers(card)


def start_modal(say: Say) -> Modal:
    return calendar.start_modal(
        standards=[("iso9001-2015", say("ISO 9001:2015")), ("iso27001-2022", say("ISO/IEC 27001:2022"))],
        owner_groups=[calendar.OwnerGroup("it_operations", say("IT operations"), say("Access and backups"))],
        zone=say("Europe/Berlin"),
    )


def started(say: Say) -> Message:
    return calendar.started(
        standards=[say("ISO 9001:2015")],
        obligations=30,
        first_due=[calendar.FirstDue(say("Review who has access"), DUE, JONAS)],
        digest_channel_id=CHANNEL,
    )


def evidence_list(say: Say) -> Message:
    items = [evidence.EvidenceItem(each, say("Review who has access"), TODAY, PERMALINK) for each in files(say)]
    return evidence.listing(items=items, total=40)


def work_list(say: Say) -> Message:
    items = [work_item(say, state) for state in ("open", "returned", "submitted", "scheduled")]
    return tasks.work_list(person_id=JONAS, items=items, today=TODAY, total=31)


def audit_list(say: Say) -> Message:
    items = [desk_audits.AuditItem(say("Access rights, spring 2026"), LIAM, 6, 3, 1, 5)]
    return desk_audits.audit_list(items=items, total=1)


def launch_modal(say: Say) -> Modal:
    return desk_audits.launch_modal(sets=[desk_audits.QuestionSet("qs-core", say("Core interview"), 25, 10)])


def refusal_values(say: Say) -> dict[str, dict[str, object]]:
    return {
        "not_allowed": {"verb": say("accept a task"), "who_may": say("a compliance lead")},
        "own_evidence": {},
        "own_correction": {},
        "own_audit": {},
        "already_decided": {"by": MIRA, "at": AT, "state": say("accepted")},
        "stale": {},
        "evidence_missing": {"title": say("Review who has access")},
        "not_found": {"what": say("nonconformity 99")},
        "retired_button": {},
        "unreadable_button": {},
        "no_programme_yet": {},
        "unexpected": {"reference": say("7Q2M")},
        "not_in_directory": {},
    }


def _refused(say: Say, because: evidence.RefusedBecause) -> Message:
    return evidence.refused(say("report.pdf"), because, limit=10_000_000, announced=2_000, received=1_000)


def _task_samples() -> dict[str, Sample]:
    cards: dict[str, Sample] = {
        f"task card, {state}": lambda say, state=state: tasks.card(task_card(say, state), "owner")
        for state in TASK_STATES
    }
    nudges: dict[str, Sample] = {
        f"nudge, {rung}": lambda say, rung=rung: tasks.nudge(task_card(say, "open"), rung)
        for rung in ("opened", "due_soon", "due", "overdue")
    }
    return {
        **cards,
        "task card, submitted, for a lead": lambda say: tasks.card(task_card(say, "submitted"), "lead"),
        **nudges,
        "work list": work_list,
        "work list, empty": lambda _: tasks.work_list(person_id=JONAS, items=[], today=TODAY, total=0),
        "return modal": lambda say: tasks.return_modal(ref=TASK, title=say("Test the restore")),
        "evidence modal": lambda say: tasks.evidence_modal(
            ref=TASK, title=say("Test the restore"), wanted=say("The protocol")
        ),
    }


def _evidence_samples() -> dict[str, Sample]:
    reasons: tuple[evidence.RefusedBecause, ...] = evidence.REFUSED_BECAUSE
    return {
        "receipt": lambda say: evidence.receipt(
            name=say("list.pdf"), size=312_000, sha256=SHA256, title=say("Test the restore"), verdict=say("Thanks.")
        ),
        **{f"refused, {why}": lambda say, why=why: _refused(say, why) for why in reasons},
        "scope missing": lambda say: evidence.scope_missing(
            scope=say("files:read"), name=say("list.pdf"), given_by=JONAS
        ),
        "evidence list": evidence_list,
        "evidence list, empty": lambda _: evidence.listing(items=[], total=0),
    }


def _audit_samples() -> dict[str, Sample]:
    return {
        "launch modal": launch_modal,
        **{
            f"invitation, {state}": lambda say, state=state: desk_audits.invitation(interview_card(say, state))
            for state in INTERVIEW_STATES
        },
        "question modal": question_modal,
        "summary": summary,
        "thanks": lambda say: desk_audits.thanks(
            audit_title=say("Access rights, spring 2026"), auditor_id=LIAM, digest=SHA256
        ),
        "answers": answers,
        "rate modal": rate_modal,
        "audit list": audit_list,
        "audit list, empty": lambda _: desk_audits.audit_list(items=[], total=0),
    }


def _finding_samples() -> dict[str, Sample]:
    forms = nonconformity_forms
    return {
        **{
            f"finding, {state}": lambda say, state=state: nonconformities.card(finding_card(say, state), "owner")
            for state in FINDING_STATES
        },
        **{
            f"finding, for a {who}": lambda say, who=who: nonconformities.card(finding_card(say, "issued"), who)
            for who in ("lead", "verifier", "reader")
        },
        "finding list": lambda say: nonconformities.listing(
            items=[finding_item(say, state) for state in FINDING_STATES], today=TODAY, total=80
        ),
        "finding list, empty": lambda _: nonconformities.listing(items=[], today=TODAY, total=0),
        "raise modal": raise_modal,
        "issue modal": lambda say: forms.issue_modal(
            ref=FINDING, tests=[(f"M{each}", say("Breakdown across a process or site, no slip")) for each in range(1, 8)]
        ),
        "response modal": lambda say: forms.response_modal(ref=FINDING, given=response(say)),
        "response modal, empty": lambda _: forms.response_modal(ref=FINDING),
        **{
            f"reason modal, {kind}": lambda _, kind=kind: forms.reason_modal(ref=FINDING, kind=kind)
            for kind in ("return_plan", "reject", "discard")
        },
        "finding evidence modal": lambda say: forms.evidence_modal(ref=FINDING, number=12, wanted=say("A log")),
        "verify modal": lambda say: forms.verify_modal(ref=FINDING, evidence=files(say)),
        "verify modal, no files": lambda _: forms.verify_modal(ref=FINDING, evidence=[]),
        **{
            f"effect modal, {kind}": lambda say, kind=kind: forms.effect_modal(
                ref=FINDING, criterion=say("No open account in two quarters."), kind=kind
            )
            for kind in ("effective", "ineffective")
        },
        "reading modal": lambda say: forms.reading_modal(finding_card(say, "plan_review")),
    }


def _other_samples() -> dict[str, Sample]:
    return {
        "digest": lambda say: digest(say, first=False),
        "digest, first": lambda say: digest(say, first=True),
        "digest, quiet": quiet_digest,
        "start modal": start_modal,
        "started": started,
        "already started": lambda say: calendar.already_started(started_on=TODAY, standards=[say("ISO 9001:2015")]),
        "welcome": lambda _: people.welcome(person_id=JONAS),
        "lead claimed": lambda _: people.lead_claimed(person_id=MIRA),
        "no lead yet": lambda _: people.no_lead_yet(is_admin=False),
        "no lead yet, for an administrator": lambda _: people.no_lead_yet(is_admin=True),
        "status": lambda say: status.status(programme(say)),
        "help": lambda say: help.overview(commands(say)),
        "unknown command": lambda say: help.unknown_command(
            typed=say("tsks"), nearest=[say("tasks")], commands=commands(say)
        ),
        "home of a lead": home_of_a_lead,
        **{f"home, {case}": lambda _, values=values: home.home(values) for case, values in _homes().items()},
    }


def _homes() -> dict[str, home.HomeValues]:
    running = programme(lambda plain: plain)
    return {
        "all done": home.HomeValues(JONAS, TODAY, running),
        "not started": home.HomeValues(JONAS, TODAY, None),
        "not started, for a lead": home.HomeValues(MIRA, TODAY, None, is_lead=True),
        "no lead, for an administrator": home.HomeValues(DAVID, TODAY, None, can_claim_lead=True),
    }


def _refusal_samples() -> dict[str, Sample]:
    names = refusal_values(str)
    return {
        **{f"refusal, {name}": lambda say, n=name: refusals.refusal(n, **refusal_values(say)[n]) for name in names},
        "refusal in a modal": lambda say: refusals.refusal_modal("stale"),
    }


def every_sample() -> dict[str, Sample]:
    """Every message by a name that says which one it is."""
    return {
        **_task_samples(),
        **_evidence_samples(),
        **_audit_samples(),
        **_finding_samples(),
        **_other_samples(),
        **_refusal_samples(),
    }


