"""One sample of every message in every state it can be in, with the words in it left to whoever renders it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import get_args

from messages.desk_audits import cards as desk_audit_cards
from messages.home import cards as home_cards
from messages.home import help_page
from messages.nonconformities import cards as nonconformity_cards
from messages.nonconformities import forms as nonconformity_forms
from messages.people import cards as people_cards
from messages.people.payloads import PersonRef
from messages.programme import starting
from messages.programme.months import Entry
from messages.reviews import digest as review_digest
from messages.reviews import status
from messages.tasks import cards as task_cards
from messages.tasks import forms as task_forms
from messages.tasks.payloads import LoadRef
from messages.words import refusals as words_refusals
from messages.words.kit import Home, Message, Modal
from tests.messages.audit_samples import audit_samples
from tests.messages.calendar_samples import calendar_samples
from tests.messages.case_samples import case_samples
from tests.messages.concern_samples import card as concern_card
from tests.messages.concern_samples import case_history, concern_samples
from tests.messages.day_samples import day_samples
from tests.messages.desk_samples import AUDIT, desk_samples, own_audit
from tests.messages.evidence_samples import evidence_samples
from tests.messages.framework_samples import framework_samples
from tests.messages.importing_samples import importing_samples
from tests.messages.interview_samples import interview_samples
from tests.messages.nudge_samples import nudge_samples
from tests.messages.pack_samples import access, pack_samples
from tests.messages.question_bank_samples import question_bank_samples
from tests.messages.report_samples import report_samples
from tests.messages.response_samples import action_samples, response_samples
from tests.messages.starting_samples import starting_samples
from tests.messages.values import (
    AT,
    AUDIENCES,
    CHANNEL,
    DAVID,
    DUE,
    FINDING,
    FINDING_STATES,
    HANDOVER,
    JONAS,
    LATE,
    LIAM,
    MIRA,
    RUNGS,
    SHA256,
    TASK,
    TASK_STATES,
    TODAY,
    Say,
    answers_card,
    asked,
    commands,
    figures,
    files,
    finding_card,
    finding_item,
    interview_item,
    list_page,
    not_known,
    person_card,
    programme,
    queue_item,
    refusal_values,
    response,
    task_card,
    work_item,
)
from tests.messages.ways_in_samples import ways_in_samples
from workflows.nonconformities.gates import ASKS

CHANGING_HANDS: tuple[tuple[str, task_cards.Reader], ...] = (
    ("delegation", "owner"),
    ("delegation", "asked"),
    ("not_mine", "lead"),
)
TOLD = ("given", "declined", "waived", "reopened", "missed")
Surface = Message | Modal | Home
Sample = Callable[[Say], Surface]


def home_of_a_lead(say: Say) -> Home:
    return home_cards.home(
        home_cards.HomeValues(
            person_id=MIRA,
            today=TODAY,
            programme=programme(say),
            tasks=[work_item(say, "open"), work_item(say, "submitted")],
            interviews=[interview_item(say, "answering"), interview_item(say, "confirming")],
            audits=[own_audit(say), own_audit(say, unrated=0, to_show=0, is_due=False)],
            concerns=[concern_card(say)],
            findings=[finding_item(say, "responding")],
            queue=[queue_item(say, is_own=False), queue_item(say, is_own=True)],
            coming_up=[Entry(say("Test the restore"), DUE, JONAS, "scheduled")],
            coming_up_total=3,
            is_lead=True,
        )
    )


def digest(say: Say, *, first: bool) -> Message:
    return review_digest.digest(
        figures=figures(say),
        previous=None if first else figures(say, shift=2),
        trail_sequence=214,
        trail_hash=SHA256,
        signed=review_digest.Signature(say("T0SAMPLE"), "3094 1277 7750 4421", "0a" * 64),
    )


def quiet_digest(say: Say) -> Message:
    quiet = figures(say)
    quiet["red_lines"], quiet["decisions"], quiet["overdue_by_owner"], quiet["next_30_days"] = [], [], [], []
    return review_digest.digest(figures=quiet, previous=None, trail_sequence=1, trail_hash=SHA256)


def answers(say: Say) -> Message:
    return desk_audit_cards.answers(answers_card(say))


def answers_of_somebody_who_did_not_know(say: Say) -> Message:
    card = answers_card(say, ("unverified", "verify_further"))
    return desk_audit_cards.answers(replace(card, answers=[not_known(each) for each in card.answers]))


def work_list(say: Say) -> Message:
    return task_cards.work_list(list_page(say, "open", "returned", "submitted", "scheduled"))


def work_list_of_others(say: Say) -> Message:
    others = [
        replace(
            work_item(say, state), is_own=False, for_lead=True, snoozes=2, owner_id=LIAM, owner_has_left=state == "open"
        )
        for state in ("open", "scheduled", "accepted", "missed")
    ]
    page = list_page(say, "open", whose="all", state="open", overdue=True, edition="iso27001-2022", page=1)
    return task_cards.work_list(replace(page, items=others))


def own_work(say: Say) -> Message:
    begins = replace(work_item(say, "scheduled"), may_begin=True, external=True)
    missed = replace(work_item(say, "missed"), explained=False)
    return task_cards.work_list(replace(list_page(say, "open"), items=[begins, missed]))


def task_changing_hands(say: Say, kind: str, reader: task_cards.Reader, to_id: str | None = LIAM) -> Message:
    comments = [task_cards.Comment(JONAS, AT, say("Half of it is done.")) for _ in range(5)]
    card = replace(task_card(say, "open"), asked=asked(say, kind, to_id=to_id), snoozes=2, stands_in_for=DAVID)
    return task_cards.card(replace(card, comments=comments), reader)


def told(say: Say, what: str, reader: task_cards.Reader) -> Message:
    state = {"waived": "waived", "missed": "missed"}.get(what, "open")
    values = {"by": MIRA, "before": LIAM, "to": JONAS}
    return task_cards.told(replace(task_card(say, state), explained=what != "missed"), reader, what, **values)


def audit_list(say: Say) -> Message:
    items = [desk_audit_cards.AuditItem(AUDIT, say("Access rights, spring 2026"), LIAM, 6, 3, 1, 5)]
    return desk_audit_cards.audit_list(items=items, total=1)


def _task(say: Say, state: str, reader: task_cards.Reader, *, went_wrong: bool = False) -> Message:
    return task_cards.card(replace(task_card(say, state), went_wrong=went_wrong), reader)


def _nudge(say: Say, rung: str) -> Message:
    due_on = {"due": TODAY, "overdue": LATE}.get(rung, DUE)
    return task_cards.nudge(task_card(say, "open", due_on=due_on), rung)


def _finding(say: Say, state: str, reader: nonconformity_cards.Reader) -> Message:
    return nonconformity_cards.card(finding_card(say, state), reader)


def _finding_list(say: Say, states: Sequence[str], total: int) -> Message:
    items = [finding_item(say, state) for state in states]
    return nonconformity_cards.listing(items=items, today=TODAY, total=total)


def _reason(_: Say, kind: nonconformity_forms.ReasonFor) -> Modal:
    return nonconformity_forms.reason_modal(ref=FINDING, kind=kind)


def _effect(say: Say, kind: nonconformity_forms.EffectKind) -> Modal:
    return nonconformity_forms.effect_modal(ref=FINDING, plan=response(say), kind=kind)


def _nc_deed(say: Say, kind: nonconformity_forms.DeedKind) -> Modal:
    choices = {"survivor": [("4", say("NC-4: Access of people who left is not ended in time"))]}
    return nonconformity_forms.deed_modal(ref=FINDING, kind=kind, choices=choices)


def _home(_: Say, values: home_cards.HomeValues) -> Home:
    return home_cards.home(values)


def _refusal(say: Say, name: str) -> Message:
    return words_refusals.refusal(name, **refusal_values(say)[name])


def _issue_modal(say: Say) -> Modal:
    tests = [(f"M{each}", say("Breakdown across a process or site, no slip")) for each in range(1, 8)]
    return nonconformity_forms.issue_modal(ref=FINDING, tests=tests, suggested=["M5", "M6"])


def _escalated(say: Say, audience: str) -> Message:
    return task_cards.escalated(
        task_card(say, "open", due_on=LATE), "lead" if audience == "lead" else "reader", audience
    )


def _task_samples() -> dict[str, Sample]:
    return {
        **{f"task card, {state}": partial(_task, state=state, reader="owner") for state in TASK_STATES},
        "task card, submitted, for a lead": partial(_task, state="submitted", reader="lead"),
        "task card, no evidence wanted": lambda say: task_cards.card(
            replace(task_card(say, "open"), evidence_required=False), "owner"
        ),
        **{f"task, still open, for {each}": partial(_escalated, audience=each) for each in AUDIENCES},
        **{f"nudge, {rung}": partial(_nudge, rung=rung) for rung in RUNGS},
        "work list": work_list,
        "work list, empty": lambda say: task_cards.work_list(list_page(say)),
        "work list, nothing overdue": lambda say: task_cards.work_list(list_page(say, overdue=True, whose=LIAM)),
        "work list, of the team": lambda say: task_cards.work_list(list_page(say, "open", whose="team", page=2)),
        "work list, of others": work_list_of_others,
        "work list, own": own_work,
        "task card, went wrong": lambda say: task_cards.card(
            replace(task_card(say, "returned"), went_wrong=True), "lead"
        ),
        "task card, missed, explained": lambda say: task_cards.card(task_card(say, "missed"), "owner"),
        "task card, missed, not explained": lambda say: task_cards.card(
            replace(task_card(say, "missed"), reason=""), "owner"
        ),
        **{
            f"task card, {kind}, for {reader}": partial(task_changing_hands, kind=kind, reader=reader)
            for kind, reader in CHANGING_HANDS
        },
        "task card, not mine, nobody suggested": partial(
            task_changing_hands, kind="not_mine", reader="lead", to_id=None
        ),
        **{f"told, {what}": partial(told, what=what, reader="owner") for what in TOLD},
        "told, given to somebody else": partial(told, what="given", reader="reader"),
        **{f"{kind} modal": partial(_task_reason, kind=kind) for kind in get_args(task_forms.ReasonFor)},
        **{f"{kind} modal": partial(_task_person, kind=kind) for kind in get_args(task_forms.PersonFor)},
        "put off modal": lambda say: task_forms.put_off_modal(
            ref=TASK, title=say("Test the restore"), due_on=DUE, latest=date(2026, 4, 12), times_left=2
        ),
        "assign all modal": partial(_assign_all, waiting=3),
        "assign all modal, nothing": partial(_assign_all, waiting=0),
        **{f"decided, {decision}": partial(_decided, decision=decision) for decision in get_args(task_forms.Decision)},
        "handed over": partial(_handed_over, waiting=1, coming=33),
        "handed over, obligations alone": partial(_handed_over, waiting=0, coming=0),
        "heir modal": lambda _: task_forms.heir_modal(from_id=LIAM),
        "evidence modal": lambda say: task_cards.evidence_modal(
            ref=TASK, title=say("Test the restore"), wanted=say("The protocol")
        ),
    }


def _task_reason(say: Say, kind: task_forms.ReasonFor) -> Modal:
    return task_forms.reason_modal(kind, ref=TASK, title=say("Test the restore"))


def _task_person(say: Say, kind: task_forms.PersonFor) -> Modal:
    return task_forms.person_modal(kind, ref=TASK, title=say("Test the restore"), suggested=LIAM)


def _assign_all(_: Say, waiting: int) -> Modal:
    ref = LoadRef(JONAS, LIAM, "3.0.0")
    return task_forms.assign_all_modal(ref, waiting=waiting, coming=0, obligations=0)


def _decided(say: Say, decision: task_forms.Decision) -> Message:
    return task_forms.decided(decision, title=say("Test the restore"), owner_id=JONAS)


def _handed_over(_: Say, waiting: int, coming: int) -> Message:
    return task_forms.handed_over(LoadRef(JONAS, LIAM, "3.0.0"), waiting=waiting, coming=coming, obligations=8)


def _people_samples() -> dict[str, Sample]:
    may = {"may_change_roles": True, "may_look_after": True, "may_assign": True}
    bare: dict[str, object] = {
        "roles": [],
        "manager_id": None,
        "deputy_id": None,
        "country": "",
        "waiting": 0,
        "coming": 0,
        "obligations": 0,
    }
    ref = PersonRef(JONAS)
    return {
        "person": lambda say: people_cards.person_card(person_card(say)),
        "person, for a lead": lambda say: people_cards.person_card(person_card(say, **may)),
        "person, without a deputy": lambda say: people_cards.person_card(person_card(say, **bare, **may)),
        "person, away by their status": lambda say: people_cards.person_card(
            person_card(say, **may, absence=None, status=people_cards.Status(say("On holiday"), AT))
        ),
        "person, who is here": lambda say: people_cards.person_card(person_card(say, **may, absence=None)),
        **{
            f"person, {kind}": partial(
                lambda say, kind: people_cards.person_card(person_card(say, kind=kind)), kind=kind
            )
            for kind in ("left", "bot", "guest")
        },
        "silence notice": lambda _: people_cards.silence_notice(day=TODAY, unreached=[JONAS, CHANNEL]),
        "roles modal": lambda _: people_cards.roles_modal(
            ref, roles=["lead", "auditor", "management", "reader"], held=["lead"]
        ),
        "days modal": lambda _: people_cards.days_modal(
            ref, starting.WorkingDraft(["DE", "PT"], [], [0, 1, 2, 3], "PT")
        ),
        "names modal": lambda _: people_cards.names_modal(ref, manager_id=DAVID, deputy_id=None),
        "away modal": lambda _: people_cards.away_modal(ref, given=people_cards.Absence(TODAY, DUE), deputy_id=LIAM),
    }


def _audit_samples() -> dict[str, Sample]:
    return {
        "answers": answers,
        "answers, not known": answers_of_somebody_who_did_not_know,
        "audit list": audit_list,
        "audit list, empty": lambda _: desk_audit_cards.audit_list(items=[], total=0),
    }


def _finding_samples() -> dict[str, Sample]:
    forms = nonconformity_forms
    readers: tuple[nonconformity_cards.Reader, ...] = (
        "author",
        "auditor",
        "management",
        "manager",
        "lead",
        "verifier",
        "reader",
    )
    reasons: tuple[forms.ReasonFor, ...] = get_args(forms.ReasonFor)
    effects: tuple[forms.EffectKind, ...] = get_args(forms.EffectKind)
    return {
        **{f"finding, {state}": partial(_finding, state=state, reader="owner") for state in FINDING_STATES},
        **{f"finding, for a {who}": partial(_finding, state="issued", reader=who) for who in readers},
        "finding list, early states": partial(_finding_list, states=FINDING_STATES[:5], total=80),
        "finding list, late states": partial(_finding_list, states=FINDING_STATES[5:], total=5),
        "case history": case_history,
        "findings, narrowed down": lambda say: nonconformity_cards.listing(
            items=[finding_item(say, "closed")], today=TODAY, total=1, is_narrowed=True
        ),
        "findings, none fits": lambda _: nonconformity_cards.listing(items=[], today=TODAY, total=0, is_narrowed=True),
        "finding that isn't there": lambda _: nonconformity_cards.unknown(number=99),
        "back without having been away": lambda _: people_cards.not_away(),
        "finding list, empty": partial(_finding_list, states=(), total=0),
        "issue modal": _issue_modal,
        "response modal": lambda say: forms.response_modal(ref=FINDING, given=vars(response(say))),
        "response modal, asked back": lambda say: forms.response_modal(
            ref=FINDING, given=vars(response(say)), asked=[each.value for each in ASKS.values()]
        ),
        "response modal, empty": lambda _: forms.response_modal(ref=FINDING),
        **{f"reason modal, {kind}": partial(_reason, kind=kind) for kind in reasons},
        "finding evidence modal": lambda say: forms.evidence_modal(ref=FINDING, number=12, wanted=say("A log")),
        "verify modal": lambda say: forms.verify_modal(ref=FINDING, evidence=files(say)),
        "verify modal, no files": lambda _: forms.verify_modal(ref=FINDING, evidence=[]),
        **{f"effect modal, {kind}": partial(_effect, kind=kind) for kind in effects},
        **{f"nonconformity modal, {kind}": partial(_nc_deed, kind=kind) for kind in forms.DEEDS},
        "more modal": lambda _: forms.more_modal(ref=FINDING, deeds=nonconformity_cards.RARER),
        "another cause modal": lambda _: forms.cause_modal(ref=FINDING),
        "another action modal": lambda say: forms.action_modal(ref=FINDING, causes=[say("Two teams share it")]),
        "reading modal": lambda say: forms.reading_modal(finding_card(say, "plan_review")),
    }


def _other_samples() -> dict[str, Sample]:
    return {
        "digest": lambda say: digest(say, first=False),
        "digest, first": lambda say: digest(say, first=True),
        "digest, quiet": quiet_digest,
        "welcome": lambda _: people_cards.welcome(person_id=JONAS),
        "lead claimed": lambda _: people_cards.lead_claimed(person_id=MIRA),
        "no lead yet": lambda _: people_cards.no_lead_yet(is_admin=False),
        "no lead yet, for an administrator": lambda _: people_cards.no_lead_yet(is_admin=True),
        "status": lambda say: status.status(programme(say)),
        "help": lambda say: help_page.overview(commands(say)),
        "unknown command": lambda say: help_page.unknown_command(
            typed=say("tsks"), nearest=["tasks"], commands=commands(say)
        ),
        "home of a lead": home_of_a_lead,
        "home with every list": _home_with_lists,
        **{f"home, {case}": partial(_home, values=values) for case, values in _homes().items()},
    }


def _home_with_lists(say: Say) -> Home:
    offers = [home_cards.Offer(HANDOVER, say("Test the restore"), DUE, LIAM, say("You know it best."))]
    page = list_page(say, "open", whose="team", page=1)
    ownerless = [replace(work_item(say, "open"), is_own=False, for_lead=True, owner_id=LIAM, owner_has_left=True)]
    values = home_cards.HomeValues(
        MIRA,
        TODAY,
        programme(say),
        tasks=page.items,
        tabs=("mine", "team", "all"),
        tab="team",
        listed=page,
        offers=offers,
        ownerless=ownerless,
        undelivered=3,
        absence=people_cards.Absence(TODAY, DUE),
        is_lead=True,
    )
    return home_cards.home(values)


def _homes() -> dict[str, home_cards.HomeValues]:
    running = programme(str)
    return {
        "all done": home_cards.HomeValues(JONAS, TODAY, running),
        "everybody's": home_cards.HomeValues(
            JONAS, TODAY, running, tasks=[work_item(str, "open")], tabs=("mine", "all"), tab="all"
        ),
        "nobody has anything": home_cards.HomeValues(JONAS, TODAY, running, tabs=("mine", "all"), tab="all"),
        "nothing to review": home_cards.HomeValues(MIRA, TODAY, replace(running, overdue=[]), is_lead=True),
        "an auditor from outside": home_cards.HomeValues(LIAM, TODAY, running, accesses=[access(str)] * 3),
        "not started": home_cards.HomeValues(JONAS, TODAY, has_begun=False),
        "not started, for a lead": home_cards.HomeValues(MIRA, TODAY, has_begun=False, is_lead=True),
        "no lead, for an administrator": home_cards.HomeValues(DAVID, TODAY, has_begun=False, can_claim_lead=True),
    }


def _refusal_samples() -> dict[str, Sample]:
    return {
        **{f"refusal, {name}": partial(_refusal, name=name) for name in refusal_values(str)},
        "retired button": lambda _: words_refusals.retired("setup_has_steps"),
        "retired form": lambda _: words_refusals.retired("findings_have_kinds"),
        "retired form, of an audit": lambda _: words_refusals.retired("audit_launch"),
        "refusal in a modal": lambda _: words_refusals.refusal_modal("stale"),
    }


def every_sample() -> dict[str, Sample]:
    """Every message by a name that says which one it is."""
    return {
        **_task_samples(),
        **_people_samples(),
        **evidence_samples(),
        **day_samples(),
        **concern_samples(),
        **case_samples(),
        **ways_in_samples(),
        **_audit_samples(),
        **audit_samples(),
        **desk_samples(),
        **_finding_samples(),
        **framework_samples(),
        **importing_samples(),
        **interview_samples(),
        **response_samples(),
        **action_samples(),
        **question_bank_samples(),
        **pack_samples(),
        **report_samples(),
        **starting_samples(),
        **_other_samples(),
        **calendar_samples(),
        **nudge_samples(),
        **_refusal_samples(),
    }
