"""By when whoever must act should have acted, by state and grade; and what pulls that day forward.

The days are ours, stricter than the 90 that certification bodies usually give, so that proof is there before they ask.
A date that somebody outside has set never moves. No day is ever set that lies before the day it is set on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from types import MappingProxyType

from storage.nonconformities.tables import Grade, NonconformityState
from workflows.dates.workweek import WorkingDays

State = NonconformityState


class Since(StrEnum):
    """What a limit is counted from: the day a state was entered, or the day the round began."""

    ENTRY = auto()
    ROUND = auto()


@dataclass(frozen=True)
class Limit:
    """How long somebody has: working days or calendar days, by grade. `least` is the shortest watch, in days."""

    major: int
    minor: int
    since: Since = Since.ENTRY
    in_working_days: bool = False
    is_planned: bool = False
    least: int = 0

    def of(self, grade: Grade) -> int:
        """The number of days for a grade."""
        return self.major if grade is Grade.MAJOR else self.minor


LIMITS: Mapping[State, Limit] = MappingProxyType(
    {
        State.DRAFT: Limit(5, 5, in_working_days=True),
        State.ISSUED: Limit(1, 3, in_working_days=True),
        State.CONTESTED: Limit(5, 5, in_working_days=True),
        State.RESPONDING: Limit(14, 30, Since.ROUND),
        State.PLAN_REVIEW: Limit(3, 5, in_working_days=True),
        State.CONSENTING: Limit(3, 5, in_working_days=True),
        State.IMPLEMENTING: Limit(60, 90, Since.ROUND, is_planned=True),
        State.VERIFYING: Limit(5, 10, in_working_days=True),
        State.MONITORING: Limit(120, 180, is_planned=True, least=30),
        State.EFFECTIVENESS_REVIEW: Limit(5, 10, in_working_days=True),
        State.SECOND_SIGNATURE: Limit(3, 5, in_working_days=True),
        State.AWAITING_BODY: Limit(90, 90),
    }
)
"""The limit of each state in which somebody is to act."""

EXTENSION: Mapping[Grade, timedelta] = MappingProxyType({Grade.MAJOR: timedelta(14), Grade.MINOR: timedelta(30)})
"""How much more time a round may be given, once."""

AT_LEAST = timedelta(days=7)
"""What somebody always has to act, however late a case comes back to them; less where the limit itself is shorter."""

BUFFER = timedelta(days=14)
"""How long before a date from outside the work should be done."""

AUDIT_BUFFER = timedelta(days=30)
"""How long before the next audit from outside; that is no date that can't be passed."""

CONTEST_WORKING_DAYS = 5
REOPEN_WITHIN = timedelta(days=365)
"""How long after its closing a case can be opened again; later it is a new finding, marked as a repeat."""


@dataclass(frozen=True)
class Clock:
    """What the days of a case depend on. `round_began` has the days of contests added already."""

    grade: Grade
    entered: date
    round_began: date
    working: WorkingDays
    planned: date | None = None
    outside_by: date | None = None
    next_audit: date | None = None


def due_on(state: State, clock: Clock) -> date | None:
    """The day by which whoever must act in `state` should have acted; None where nobody has to."""
    limit = LIMITS.get(state)
    if limit is None:
        return None
    if limit.in_working_days:
        return _within_outside(clock.working.add(clock.entered, limit.of(clock.grade)), clock)
    latest = latest_day(state, clock)
    day = min(clock.planned, latest) if limit.is_planned and clock.planned else latest
    return _on_a_working_day(max(day, clock.entered), clock)


def day_of_draft(working: WorkingDays, raised_on: date) -> date:
    """By when a draft should have a grade, which it hasn't yet to go by."""
    return working.add(raised_on, LIMITS[State.DRAFT].minor)


def latest_day(state: State, clock: Clock) -> date:
    """The last day that may be chosen for what is planned in `state`, never before a week from entering it."""
    limit = LIMITS[state]
    begins = clock.round_began if limit.since is Since.ROUND else clock.entered
    day = max(begins + timedelta(limit.of(clock.grade)), soonest(state, clock))
    return _before_the_audit(state, _before_outside(state, day, clock), clock)


def soonest(state: State, clock: Clock) -> date:
    """The first day on which something that counts from the round or the plan may fall due."""
    return clock.entered + min(AT_LEAST, timedelta(LIMITS[state].of(clock.grade)))


def earliest_closing(state: State, today: date, check_effect_on: date | None) -> date:
    """The first day on which a case could be closed: its effect is watched for the shortest time at least."""
    if state is State.MONITORING and check_effect_on:
        return max(check_effect_on, today)
    is_still_to_be_watched = state in LIMITS and list(LIMITS).index(state) < list(LIMITS).index(State.MONITORING)
    return today + timedelta(LIMITS[State.MONITORING].least) if is_still_to_be_watched else today


def missed_outside(clock: Clock) -> bool:
    """Whether the date from outside has passed: it caps nothing any more, and that is marked."""
    return clock.outside_by is not None and clock.outside_by < clock.entered


def _before_outside(state: State, day: date, clock: Clock) -> date:
    """Two weeks before a date from outside where a week is left for it, in no case after that date."""
    if clock.outside_by is None or missed_outside(clock):
        return day
    early = max(clock.outside_by - BUFFER, soonest(state, clock))
    return min(day, early, clock.outside_by)


def _before_the_audit(state: State, day: date, clock: Clock) -> date:
    if clock.next_audit is None or clock.next_audit < clock.entered:
        return day
    return min(day, max(clock.next_audit - AUDIT_BUFFER, min(soonest(state, clock), day)))


def _on_a_working_day(day: date, clock: Clock) -> date:
    before = clock.working.on_or_before(day)
    return before if before >= clock.entered else _within_outside(clock.working.on_or_after(day), clock)


def _within_outside(day: date, clock: Clock) -> date:
    """No later than a date from outside that is still to come."""
    if clock.outside_by is None or missed_outside(clock):
        return day
    return max(min(day, clock.outside_by), clock.entered)


def check_day(clock: Clock, proposed: date, verified_on: date) -> date:
    """The day the effect is checked: as proposed, kept within the shortest and longest watch of the grade."""
    limit = LIMITS[State.MONITORING]
    earliest = verified_on + timedelta(limit.least)
    latest = verified_on + timedelta(limit.of(clock.grade))
    return _within_outside(min(max(proposed, earliest), latest), clock)


def longest_watch(grade: Grade, verified_on: date) -> date:
    """The day on which the longest watch of the effect ends."""
    return verified_on + timedelta(LIMITS[State.MONITORING].of(grade))


def extended_until(grade: Grade, due: date, outside_by: date | None) -> date:
    """The latest day that an extension may name: so many days more, and never past a date from outside."""
    latest = due + EXTENSION[grade]
    return min(latest, outside_by) if outside_by else latest
