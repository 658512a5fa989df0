"""Desk audits room: the card of a plan, for whoever plans, answers for the area, audits, or is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from messages.desk_audits.desk import bring_button
from messages.desk_audits.payloads import AuditRef, PlanRef
from messages.nudges.day import DayItem, Group
from messages.words import kit
from messages.words.kit import Message
from messages.words.requirements import Requirement
from messages.words.wording import Words, words

SEND = "audit_plan.send"
CHANGE = "audit_plan.change"
START = "audit_plan.start"
WITHDRAW = "audit_plan.withdraw"
CONFIRM = "audit_plan.confirm"
OTHER_DAYS = "audit_plan.other_days"
TAKE_DAYS = "audit_plan.take_days"
KEEP_DAYS = "audit_plan.keep_days"
ANOTHER_LEAD = "audit_plan.another_lead"

WITH_A_DESK = ("running", "reported")
"""The states in which there is something on the desk of an audit."""

Reader = Literal["planner", "auditee", "member", "asked"]


@dataclass(frozen=True)
class Failed:
    """A check that somebody of the team didn't pass; `about` names what speaks against them."""

    check: str
    about: Sequence[str]


@dataclass(frozen=True)
class Member:
    """Somebody of the team, with what speaks against them and why they audit all the same."""

    person_id: str
    part: str
    failed: Sequence[Failed] = ()
    exception: str = ""


@dataclass(frozen=True)
class Asked:
    """Who is asked the same questions. `left_out` counts by reason whom of the `population` nobody could ask."""

    audience: str
    questions: int
    population: int
    left_out: Mapping[str, int]
    wanted: int
    seed: int
    people: Sequence[str]
    reason: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class PlanCard:
    """The plan of an audit as it stands. `missing` is what must be settled before it can be sent."""

    ref: PlanRef
    title: str
    state: str
    party: str
    approach: str
    objective: str
    scope: str
    criteria: Sequence[Requirement]
    other_criteria: str
    places: Sequence[str]
    processes: Sequence[str]
    modes: Sequence[str]
    begins_on: date
    ends_on: date
    lead_id: str
    auditee_id: str
    team: Sequence[Member]
    asked: Sequence[Asked]
    is_confirmed: bool = False
    proposed: tuple[date, date] | None = None
    proposal: str = ""
    change: str = ""
    reason: str = ""
    missing: Sequence[str] = ()
    task: str = ""

    @property
    def exceptions(self) -> list[Member]:
        """Those of the team who don't pass every check."""
        return [each for each in self.team if each.failed]

    @property
    def people(self) -> int:
        """How many are asked."""
        return len({person for each in self.asked for person in each.people})


def card(shown: PlanCard, reader: Reader) -> Message:
    """The living card of a plan."""
    wording = words("desk_audits/plan", card=shown, reader=reader)
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording[shown.state]),
            *_what(wording),
            *_team(shown),
            *(_asked(shown) if reader == "planner" else []),
            *kit.actions(_buttons(wording, shown, reader)),
        ],
    )


def _what(wording: Words) -> list[Block]:
    return [kit.section(wording.agreed), kit.section(wording.who), kit.context(wording.how)]


def _team(shown: PlanCard) -> list[Block]:
    """Whoever doesn't pass every check, and why they audit all the same: marked for every reader."""
    marked = [words("desk_audits/plan", card=shown, member=each).exception for each in shown.exceptions]
    return [kit.lines(marked)] if marked else []


def _asked(shown: PlanCard) -> list[Block]:
    return [kit.section(words("desk_audits/plan", card=shown, slice=each).slice) for each in shown.asked]


def _buttons(wording: Words, shown: PlanCard, reader: Reader) -> list[ButtonElement]:
    desk = [bring_button(AuditRef(shown.ref.audit))] if shown.state in WITH_A_DESK and reader != "asked" else []
    of_reader = {"auditee": _buttons_of_auditee, "planner": _buttons_of_planner}.get(reader)
    return [*desk, *(of_reader(wording, shown) if of_reader else [])]


def _buttons_of_auditee(wording: Words, shown: PlanCard) -> list[ButtonElement]:
    if shown.state != "announced" or shown.is_confirmed:
        return []
    return [
        kit.button(wording.button_confirm, CONFIRM, shown.ref, style="primary"),
        kit.button(wording.button_other_days, OTHER_DAYS, shown.ref),
    ]


def _buttons_of_planner(wording: Words, shown: PlanCard) -> list[ButtonElement]:
    ref = shown.ref
    send = [kit.button(wording.button_send, SEND, ref, style="primary")] if not shown.missing else []
    change = kit.button(wording.button_change, CHANGE, ref)
    withdraw = kit.button(wording.button_withdraw, WITHDRAW, ref)
    another = kit.button(wording.button_another_lead, ANOTHER_LEAD, ref)
    days = [kit.button(wording.button_take_days, TAKE_DAYS, ref), kit.button(wording.button_keep_days, KEEP_DAYS, ref)]
    start = kit.button(wording.button_start, START, ref, confirm=None if shown.is_confirmed else _sure(wording))
    of_state: Mapping[str, list[ButtonElement]] = {
        "planned": [*send, change, withdraw],
        "announced": [*(days if shown.proposed else []), start, change, another, withdraw],
        "running": [another, withdraw],
    }
    return of_state.get(shown.state, [])


def _sure(wording: Words) -> ConfirmObject:
    return kit.ask_first(wording.start_title, wording.start_text, yes=wording.button_start, no=wording.start_no)


def day_item(shown: PlanCard, reader: Reader, rung: str, *, person_id: str) -> DayItem:
    """Something about a plan among the things of the day; alone it is the card."""
    wording = words("desk_audits/plan_day", card=shown, rung=rung, person_id=person_id)
    buttons = _buttons(words("desk_audits/plan", card=shown, reader=reader), shown, reader)
    blocks = [kit.section(wording.line), *kit.actions(buttons)]
    return DayItem(_group(rung), wording.summary.plain, blocks, lambda: card(shown, reader), shown.begins_on)


def _group(rung: str) -> Group:
    return "know" if rung == "opening_confirmed" else "decide"
