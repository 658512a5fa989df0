"""Samples of what is said while an audit is planned: its card, its forms, the programme, and auditors' competence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import get_args

from messages.desk_audits import cards, competence, plan_forms, plans, programme
from messages.desk_audits.payloads import BeginRef, PlanRef, ProgrammeRef
from messages.desk_audits.plans import Asked, Failed, Member, PlanCard
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from tests.messages.values import DAVID, DUE, JONAS, LATE, LIAM, MIRA, Say
from workflows.desk_audits.choosing_people import LeftOut
from workflows.desk_audits.programme import Due
from workflows.desk_audits.refusals import Missing
from workflows.desk_audits.team import Check

Sample = Callable[[Say], Message | Modal]

PLAN = PlanRef(audit=7, version=3)
FIRST, LAST = date(2026, 3, 16), date(2026, 3, 27)
MODES = ("interview", "document_review", "observation")
RUNGS = ("opening_confirmed", "other_days", "days_kept", "opening_waiting", "cannot_begin", "lead_gone")


def audit_samples() -> dict[str, Sample]:
    """Every message about planning by a name that says which one it is."""
    return {**_cards(), **_forms(), **_programmes(), **_competences()}


def plan_card(say: Say, state: str = "announced", **values: object) -> PlanCard:
    failed = [Failed(each.value, [say("Check the leavers")]) for each in Check if each is not Check.OWN_TEAM]
    team = [
        Member(LIAM, "lead"),
        Member(MIRA, "auditor", [*failed, Failed("own_team", [JONAS])], say("There is nobody else.")),
        Member(DAVID, "observer"),
    ]
    shown = PlanCard(
        ref=PLAN,
        title=say("Joiners and leavers"),
        state=state,
        party="first",
        approach="process",
        objective=say("Find out whether access keeps up with people."),
        scope=say("Everyone who left in the last 12 months"),
        criteria=[requirement(say), Requirement(say("ISO 9001:2015"), say("7.2"))],
        other_criteria=say("Rule for access, version 3"),
        places=[say("Berlin"), say("remote")],
        processes=[say("Leaving")],
        modes=MODES,
        begins_on=FIRST,
        ends_on=LAST,
        lead_id=LIAM,
        auditee_id=JONAS,
        team=team,
        asked=[asked(say)],
    )
    return replace(shown, **values)  # type: ignore[arg-type]  # the fields of a card, by their names


def requirement(say: Say) -> Requirement:
    return Requirement(say("ISO/IEC 27001:2022"), say("A.5.18"), say("Access rights"))


def asked(say: Say) -> Asked:
    left_out = dict.fromkeys((each.value for each in LeftOut), 2)
    return Asked(say("IT operations"), 6, 30, left_out, 2, 202603100007, [JONAS, DAVID], say("David left last."))


def _cards() -> dict[str, Sample]:
    states = ("planned", "announced", "running", "reported", "withdrawn")
    told = {"reason": "We move house.", "change": "Jonas is away.", "proposal": "We move house."}
    everything = partial(_everything, told=told)
    return {
        **{
            f"plan {reader}, {state}": partial(_card, reader=reader, state=state)
            for reader in get_args(plans.Reader)
            for state in states
        },
        "plan planner, with everything": lambda say: plans.card(everything(say), "planner"),
        "plan planner, a draft": lambda say: plans.card(
            plan_card(say, "planned", missing=[each.value for each in Missing]), "planner"
        ),
        "plan planner, nobody matches": lambda say: plans.card(
            plan_card(say, "planned", asked=[replace(asked(say), population=0, left_out={}, people=[], reason="")]),
            "planner",
        ),
        "plan auditee, confirmed": lambda say: plans.card(plan_card(say, is_confirmed=True), "auditee"),
        **{f"plan in the day, {rung}": partial(_in_the_day, rung=rung) for rung in RUNGS},
    }


def _card(say: Say, reader: plans.Reader, state: str) -> Message:
    return plans.card(plan_card(say, state, reason=say("We move house."), change=say("Jonas is away.")), reader)


def _everything(say: Say, told: dict[str, str]) -> PlanCard:
    said = {name: say(text) for name, text in told.items()}
    return plan_card(say, proposed=(FIRST, LAST), task=say("Run the internal audits"), **said)


def _in_the_day(say: Say, rung: str) -> Message:
    shown = plan_card(say, missing=["exceptions"], proposed=(FIRST, LAST), proposal=say("We move house."))
    return plans.day_item(shown, "planner", rung, person_id=LIAM).alone()


def _forms() -> dict[str, Sample]:
    return {
        "plan form, step 1": _basics,
        "plan form, step 1 again": lambda say: plan_forms.basics_again_modal(PLAN, given={"title": say("Leavers")}),
        "plan form, step 2": _agreed,
        "plan form, step 3": _people,
        "plan form, nobody matches": lambda say: plan_forms.people_modal(
            PLAN,
            asked=[plan_forms.AskedForm(1, replace(asked(say), population=0, left_out={}, people=[]))],
            excepted=[],
        ),
        "plan form, nobody asked": lambda _: plan_forms.people_modal(PLAN, asked=[], excepted=[]),
        "plan form, reopen": lambda _: plan_forms.reopen_modal(PLAN),
        "plan form, withdraw": lambda say: plan_forms.withdraw_modal(PLAN, title=say("Leavers")),
        "plan form, other days": lambda _: plan_forms.other_days_modal(PLAN, given={"proposed_begins_on": FIRST}),
        "plan form, another lead": lambda _: plan_forms.lead_modal(PLAN),
    }


def _basics(say: Say) -> Modal:
    return plan_forms.basics_modal(
        BeginRef(7),
        templates=[("leavers", say("People who leave"))],
        drafts=[plan_forms.Draft(PLAN, say("Leavers"))],
        given={"lead_id": LIAM, "ends_on": LAST},
        task=say("Run the internal audits") or "Internal audits",
    )


def _agreed(say: Say) -> Modal:
    given = {"objective": say("See whether it works."), "modes": MODES, "party": "first", "approach": "process"}
    parties, approaches = ("first", "second", "third"), ("system", "process", "product")
    return plan_forms.agreed_modal(PLAN, given=given, modes=MODES, parties=parties, approaches=approaches)


def _people(say: Say) -> Modal:
    failed = [Failed("own_work", [say("Check the leavers")]), Failed("own_team", [JONAS])]
    return plan_forms.people_modal(
        PLAN,
        asked=[plan_forms.AskedForm(each, asked(say)) for each in (1, 2)],
        excepted=[plan_forms.Excepted(MIRA, say("Mira"), failed, say("There is nobody else."))],
    )


def _programmes() -> dict[str, Sample]:
    return {
        **{f"audit programme, {view}": partial(_programme, view=view) for view in programme.VIEWS},
        "audit programme, empty": lambda say: programme.programme(
            replace(_shown(say, "year"), entries=[], due=[], standards=[], standard="")
        ),
        "audit, a word it doesn't know": lambda say: cards.unknown(say("bananas")),
        "audit programme, nothing seen": lambda say: programme.programme(replace(_shown(say, "work"), seen=[])),
    }


def _programme(say: Say, view: str) -> Message:
    return programme.programme(_shown(say, view))


def _shown(say: Say, view: str) -> programme.Programme:
    entry = programme.Entry(
        say("Leavers"), FIRST, LAST, "first", "process", "reported", LIAM, 7, [("nonconformity", 1), ("conformity", 4)]
    )
    waiting = programme.Entry(say("Run the internal audits"), LATE, DUE, "third", "", "task_open", LIAM, task=12)
    seen = programme.Seen("", requirement(say), 7, DUE, LIAM, "observation", 1, "open_major")
    never = programme.Seen(say("Leaving"))
    return programme.Programme(
        ref=ProgrammeRef(view, "iso9001-2015", 2026, 2),
        standards=[("iso9001-2015", say("ISO 9001:2015")), ("iso27001-2022", say("ISO/IEC 27001:2022"))],
        standard=say("ISO 9001:2015"),
        first=LATE,
        last=LAST,
        audited=12,
        requirements=95,
        entries=[entry, waiting] if view == "year" else [],
        due=[replace(seen, due=each.value) for each in Due],
        seen=[] if view == "year" else [seen, never],
        pages=3,
        may_plan=True,
    )


def _competences() -> dict[str, Sample]:
    item = competence.OnRecord
    return {
        "competence": lambda say: competence.listing(
            LIAM,
            [
                item(say("ISO 9001:2015"), say("Lead auditor course, 2025."), MIRA, DUE, is_good=True),
                item(say("ISO 14001:2015"), say("Ten audits."), MIRA, LATE, is_good=False),
                item(say("ISO 45001:2018"), say("Ten audits."), MIRA, None, is_good=True),
            ],
            may_record=True,
        ),
        "competence, none": lambda _: competence.listing(LIAM, [], may_record=False),
        "competence form": lambda say: competence.modal(
            person_id=LIAM, editions=[("iso9001-2015", say("ISO 9001:2015"))]
        ),
    }
