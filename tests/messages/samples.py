"""One sample of every message in every state it can be in, with the words in it left to whoever renders it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import get_args

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
from messages.frameworks import Requirement
from messages.kit import Home, Message, Modal
from messages.months import Entry
from tests.messages.calendar_samples import calendar_samples
from tests.messages.framework_samples import framework_samples
from tests.messages.values import (
    ANSWER,
    AT,
    CHANNEL,
    DAVID,
    DUE,
    FAULTS,
    FINDING,
    FINDING_STATES,
    INTERVIEW,
    INTERVIEW_STATES,
    JONAS,
    LATE,
    LIAM,
    MIRA,
    PERMALINK,
    QUESTION,
    RUNGS,
    SHA256,
    SUGGESTIONS,
    TASK,
    TASK_STATES,
    TODAY,
    Say,
    commands,
    figures,
    files,
    finding_card,
    finding_item,
    interview_card,
    interview_item,
    programme,
    queue_item,
    rated,
    refusal_values,
    response,
    task_card,
    work_item,
)

Surface = Message | Modal | Home
Sample = Callable[[Say], Surface]


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
            coming_up=[Entry(say("Test the restore"), DUE, JONAS, "scheduled")],
            coming_up_total=3,
            is_lead=True,
        )
    )


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


def raise_modal(say: Say) -> Modal:
    return nonconformity_forms.raise_modal(
        ref=ANSWER,
        requirements=[
            ("iso27001-2022:A.5.18", Requirement("ISO/IEC 27001:2022", "A.5.18", say("Access rights"))),
            ("iso9001-2015:7.2", Requirement("ISO 9001:2015", "7.2", say("Competence"))),
        ],
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


def _refused(say: Say, because: str) -> Message:
    return evidence.refused(say("report.pdf"), because, announced=2_000, received=1_000)


def _task(say: Say, state: str, reader: tasks.Reader) -> Message:
    return tasks.card(task_card(say, state), reader)


def _nudge(say: Say, rung: str) -> Message:
    due_on = {"due": TODAY, "overdue": LATE}.get(rung, DUE)
    return tasks.nudge(task_card(say, "open", due_on=due_on), rung)


def _invitation(say: Say, state: str) -> Message:
    return desk_audits.invitation(interview_card(say, state))


def _finding(say: Say, state: str, reader: nonconformities.Reader) -> Message:
    return nonconformities.card(finding_card(say, state), reader)


def _finding_list(say: Say, states: Sequence[str], total: int) -> Message:
    items = [finding_item(say, state) for state in states]
    return nonconformities.listing(items=items, today=TODAY, total=total)


def _reason(_: Say, kind: nonconformity_forms.ReasonFor) -> Modal:
    return nonconformity_forms.reason_modal(ref=FINDING, kind=kind)


def _effect(say: Say, kind: nonconformity_forms.EffectKind) -> Modal:
    criterion = say("No open account in two quarters.")
    return nonconformity_forms.effect_modal(ref=FINDING, criterion=criterion, kind=kind)


def _home(_: Say, values: home.HomeValues) -> Home:
    return home.home(values)


def _refusal(say: Say, name: str) -> Message:
    return refusals.refusal(name, **refusal_values(say)[name])


def _issue_modal(say: Say) -> Modal:
    tests = [(f"M{each}", say("Breakdown across a process or site, no slip")) for each in range(1, 8)]
    return nonconformity_forms.issue_modal(ref=FINDING, tests=tests)


def _task_samples() -> dict[str, Sample]:
    return {
        **{f"task card, {state}": partial(_task, state=state, reader="owner") for state in TASK_STATES},
        "task card, submitted, for a lead": partial(_task, state="submitted", reader="lead"),
        "task card, no evidence wanted": lambda say: tasks.card(
            replace(task_card(say, "open"), evidence_required=False), "owner"
        ),
        "task card, overdue, for a lead": lambda say: tasks.card(task_card(say, "open", due_on=LATE), "lead"),
        **{f"nudge, {rung}": partial(_nudge, rung=rung) for rung in RUNGS},
        "work list": work_list,
        "work list, empty": lambda _: tasks.work_list(person_id=JONAS, items=[], today=TODAY, total=0),
        "return modal": lambda say: tasks.return_modal(ref=TASK, title=say("Test the restore")),
        "evidence modal": lambda say: tasks.evidence_modal(
            ref=TASK, title=say("Test the restore"), wanted=say("The protocol")
        ),
    }


def _evidence_samples() -> dict[str, Sample]:
    return {
        "receipt": lambda say: evidence.receipt(
            name=say("list.pdf"), size=312_000, sha256=SHA256, title=say("Test the restore"), verdict=say("Thanks.")
        ),
        **{f"refused, {why}": partial(_refused, because=why) for why in FAULTS},
        "scope missing": lambda say: evidence.scope_missing(
            scope=say("files:read"), name=say("list.pdf"), given_by=JONAS
        ),
        "evidence list": evidence_list,
        "evidence list, empty": lambda _: evidence.listing(items=[], total=0),
    }


def _audit_samples() -> dict[str, Sample]:
    return {
        "launch modal": launch_modal,
        **{f"invitation, {state}": partial(_invitation, state=state) for state in INTERVIEW_STATES},
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
    readers: tuple[nonconformities.Reader, ...] = ("lead", "verifier", "reader")
    reasons: tuple[forms.ReasonFor, ...] = get_args(forms.ReasonFor)
    effects: tuple[forms.EffectKind, ...] = get_args(forms.EffectKind)
    return {
        **{f"finding, {state}": partial(_finding, state=state, reader="owner") for state in FINDING_STATES},
        **{f"finding, for a {who}": partial(_finding, state="issued", reader=who) for who in readers},
        "finding list, early states": partial(_finding_list, states=FINDING_STATES[:5], total=80),
        "finding list, late states": partial(_finding_list, states=FINDING_STATES[5:], total=5),
        "finding list, empty": partial(_finding_list, states=(), total=0),
        "raise modal": raise_modal,
        "issue modal": _issue_modal,
        "response modal": lambda say: forms.response_modal(ref=FINDING, given=response(say)),
        "response modal, empty": lambda _: forms.response_modal(ref=FINDING),
        **{f"reason modal, {kind}": partial(_reason, kind=kind) for kind in reasons},
        "finding evidence modal": lambda say: forms.evidence_modal(ref=FINDING, number=12, wanted=say("A log")),
        "verify modal": lambda say: forms.verify_modal(ref=FINDING, evidence=files(say)),
        "verify modal, no files": lambda _: forms.verify_modal(ref=FINDING, evidence=[]),
        **{f"effect modal, {kind}": partial(_effect, kind=kind) for kind in effects},
        "reading modal": lambda say: forms.reading_modal(finding_card(say, "plan_review")),
    }


def _other_samples() -> dict[str, Sample]:
    return {
        "digest": lambda say: digest(say, first=False),
        "digest, first": lambda say: digest(say, first=True),
        "digest, quiet": quiet_digest,
        "start modal": start_modal,
        "started": started,
        "welcome": lambda _: people.welcome(person_id=JONAS),
        "lead claimed": lambda _: people.lead_claimed(person_id=MIRA),
        "cannot reach a person": lambda say: people.cannot_reach(recipient=JONAS, why=say("user_disabled")),
        "cannot reach a channel": lambda say: people.cannot_reach(recipient=CHANNEL, why=say("is_archived")),
        "no lead yet": lambda _: people.no_lead_yet(is_admin=False),
        "no lead yet, for an administrator": lambda _: people.no_lead_yet(is_admin=True),
        "status": lambda say: status.status(programme(say)),
        "help": lambda say: help.overview(commands(say)),
        "unknown command": lambda say: help.unknown_command(
            typed=say("tsks"), nearest=[say("tasks")], commands=commands(say)
        ),
        "home of a lead": home_of_a_lead,
        **{f"home, {case}": partial(_home, values=values) for case, values in _homes().items()},
    }


def _homes() -> dict[str, home.HomeValues]:
    running = programme(str)
    return {
        "all done": home.HomeValues(JONAS, TODAY, running),
        "nothing to review": home.HomeValues(MIRA, TODAY, replace(running, overdue=[]), is_lead=True),
        "not started": home.HomeValues(JONAS, TODAY, None),
        "not started, for a lead": home.HomeValues(MIRA, TODAY, None, is_lead=True),
        "no lead, for an administrator": home.HomeValues(DAVID, TODAY, None, can_claim_lead=True),
    }


def _refusal_samples() -> dict[str, Sample]:
    return {
        **{f"refusal, {name}": partial(_refusal, name=name) for name in refusal_values(str)},
        "refusal in a modal": lambda _: refusals.refusal_modal("stale"),
    }


def every_sample() -> dict[str, Sample]:
    """Every message by a name that says which one it is."""
    return {
        **_task_samples(),
        **_evidence_samples(),
        **_audit_samples(),
        **_finding_samples(),
        **framework_samples(),
        **_other_samples(),
        **calendar_samples(),
        **_refusal_samples(),
    }
