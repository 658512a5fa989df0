"""The lifecycle of a nonconformity as tables: its moves, the tests of its grade, its timers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from storage.nonconformities.tables import Grade, NonconformityState
from workflows.dates.workweek import WorkingDays
from workflows.wishes import Wish

State = NonconformityState

MOVES: Mapping[str, tuple[State, State]] = MappingProxyType(
    {
        "issue": (State.DRAFT, State.ISSUED),
        "discard": (State.DRAFT, State.VOID),
        "acknowledge": (State.ISSUED, State.RESPONDING),
        "respond": (State.RESPONDING, State.PLAN_REVIEW),
        "return_plan": (State.PLAN_REVIEW, State.RESPONDING),
        "accept_plan": (State.PLAN_REVIEW, State.IMPLEMENTING),
        "claim_done": (State.IMPLEMENTING, State.VERIFYING),
        "reject_implementation": (State.VERIFYING, State.IMPLEMENTING),
        "confirm_implementation": (State.VERIFYING, State.MONITORING),
        "check_effect": (State.MONITORING, State.EFFECTIVENESS_REVIEW),
        "confirm_ineffective": (State.EFFECTIVENESS_REVIEW, State.RESPONDING),
        "confirm_effective": (State.EFFECTIVENESS_REVIEW, State.CLOSED),
        "co_sign": (State.EFFECTIVENESS_REVIEW, State.CLOSED),
    }
)
"""Every move: from which state, to which. `check_effect` is the clock's; all others are a person's."""

OWNERS_MOVES = frozenset({"acknowledge", "respond", "claim_done"})
"""The owner acts on own work, which may have gone on since the card was drawn; all others judge what they see."""

GRADE_TESTS: Mapping[str, str] = MappingProxyType(
    {
        "M1": "A requirement of the standard is missing or not put into practice at all",
        "M2": "A breakdown across a process or site, not an isolated slip",
        "M3": "Real doubt that results meet requirements, or that control of the process works",
        "M4": "Probable delivery of nonconforming output, a data breach, an injury or a serious legal breach",
        "M5": "Several minors on the same requirement that together show a systemic failure",
        "M6": "An earlier nonconformity was not effectively corrected, or its record was false",
        "M7": "Misuse of the certificate, or a required internal audit or management review did not take place",
    }
)
"""Any of these makes a major likely. The bot shows the implied grade; a person signs it."""


WISHES: Mapping[str, Wish] = MappingProxyType(
    {
        "requirement": Wish.CHOOSE_REQUIREMENT,
        "owner_id": Wish.CHOOSE_OWNER,
        "causes": Wish.ASK_WHY_TWICE,
        "risk_decision": Wish.SAY_WHAT_CHANGES_IN_RISKS,
        "system_decision": Wish.SAY_WHAT_CHANGES_IN_SYSTEM,
    }
)
"""What belongs into fields of a finding or a response, where "a sentence" would not say it."""


@dataclass(frozen=True)
class Timers:
    """Limits by grade: calendar days, or working days where the name says so."""

    acknowledge_working_days: int
    respond_days: int
    review_working_days: int
    implement_days: int
    verify_working_days: int
    shortest_watch_days: int
    longest_watch_days: int
    judge_working_days: int


TIMERS: Mapping[Grade, Timers] = MappingProxyType(
    {
        Grade.MAJOR: Timers(1, 14, 3, 60, 5, 30, 120, 5),
        Grade.MINOR: Timers(3, 30, 5, 90, 10, 30, 180, 10),
    }
)


AT_LEAST = timedelta(days=7)
"""What somebody always has to act, however late a finding comes back to them."""


def implied_grade(tests: list[str]) -> Grade:
    """What the ticked tests imply; a suggestion only."""
    return Grade.MAJOR if tests else Grade.MINOR


def implement_by(grade: Grade, issued_on: date) -> date:
    """The last day on which a corrective action may be planned to be done."""
    return issued_on + timedelta(days=TIMERS[grade].implement_days)


def due_after(
    state: State,
    grade: Grade,
    *,
    issued_on: date,
    today: date,
    action_due_on: date | None,
    check_on: date | None,
    working: WorkingDays,
) -> date | None:
    """The day by which whoever must act in `state` should have acted; None when nobody has to.

    Carrying out is due on the day the accepted plan names. A day that the rules compute is a working day.
    """
    timers = TIMERS[grade]
    rules: Mapping[State, Callable[[], date | None]] = {
        State.ISSUED: lambda: working.add(today, timers.acknowledge_working_days),
        State.RESPONDING: lambda: _in_time(issued_on + timedelta(days=timers.respond_days), today, working),
        State.PLAN_REVIEW: lambda: working.add(today, timers.review_working_days),
        State.IMPLEMENTING: lambda: _as_planned(action_due_on, today, working),
        State.VERIFYING: lambda: working.add(today, timers.verify_working_days),
        State.MONITORING: lambda: check_on,
        State.EFFECTIVENESS_REVIEW: lambda: working.add(today, timers.judge_working_days),
    }
    return rules[state]() if state in rules else None


def _as_planned(day: date | None, today: date, working: WorkingDays) -> date:
    return day if day is not None and day >= today else _in_time(today, today, working)


def _in_time(day: date, today: date, working: WorkingDays) -> date:
    """A working day that leaves about a week at least, also when a finding comes back late."""
    return max(working.on_or_before(max(day, today + AT_LEAST)), working.on_or_after(today))


def check_day(grade: Grade, proposed: date, verified_on: date) -> date:
    """The day the effect is checked: as proposed, kept within the shortest and longest watch of the grade."""
    timers = TIMERS[grade]
    earliest = verified_on + timedelta(days=timers.shortest_watch_days)
    latest = verified_on + timedelta(days=timers.longest_watch_days)
    return min(max(proposed, earliest), latest)
