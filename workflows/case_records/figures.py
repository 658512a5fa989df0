"""Case records: the register in figures, each a function over its rows; a rule and no opinion stands behind each.

Void cases and drafts are in none of them. Where nothing is to be counted there is no figure.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from types import MappingProxyType

from storage.nonconformities import queries
from storage.nonconformities.tables import EffectCheck, Nonconformity, NonconformityState, Response
from workflows.deed import Deed
from workflows.nonconformities import repeats
from workflows.nonconformities.lifecycle import PHASES
from workflows.nudges.rules import local_day
from workflows.people.permissions import Permission

State = NonconformityState

# --- rules ---

NOT_COUNTED = (State.DRAFT, State.VOID)
AGES = (30, 90, 180)
"""Days: open cases are counted as younger than each, and older than the last."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int


@dataclass(frozen=True)
class Register:
    """The rows that figures are made of; days are counted on `today` in the organisation's `zone`."""

    cases: Sequence[Nonconformity]
    responses: Sequence[Response]
    checks: Sequence[EffectCheck]
    today: date
    zone: str

    @property
    def open(self) -> list[Nonconformity]:
        """Those on which somebody has still to act."""
        return [each for each in self.cases if each.state is not State.CLOSED]

    def age(self, case: Nonconformity) -> int:
        """For how many days it has been there."""
        return (self.today - local_day(self.zone, case.raised_at)).days


def by_grade_and_phase(register: Register) -> Mapping[tuple[str, str], int]:
    """How many are open, by grade and phase."""
    return Counter((str(each.grade), PHASES.get(each.state, each.state).value) for each in register.open)


def by_age(register: Register) -> Mapping[int | None, int]:
    """How many open ones are younger than so many days; under None those that are older than all of these."""
    ages = (register.age(each) for each in register.open)
    return Counter(next((most for most in AGES if age < most), None) for age in ages)


def by_source(register: Register) -> Mapping[str, int]:
    """Where they come from, open and closed; nothing is known of those raised before that was kept."""
    return Counter(each.source.value for each in register.cases if each.source)


def median_age(register: Register) -> int | None:
    """The age in days that half of the open ones have not reached."""
    ages = [register.age(each) for each in register.open]
    return int(median(ages)) if ages else None


def on_time(register: Register) -> Share:
    """The open ones whose day has not passed, of those that have one."""
    due = [each.due_on for each in register.open if each.due_on]
    return Share(sum(day >= register.today for day in due), len(due))


def accepted_at_once(register: Register) -> Share:
    """First answers that were accepted as they were sent, of those that were reviewed."""
    first = [each for each in register.responses if each.round == 1 and each.reviewed_by]
    return Share(sum(not each.review_comment for each in first), len(first))


def worked(register: Register) -> Share:
    """Checks of the effect that met the target chosen before, of all."""
    return Share(sum(each.is_met for each in register.checks), len(register.checks))


def repeated(register: Register) -> Share:
    """Cases that say the same as one within a year before: the same requirement at the same place."""
    spots = defaultdict[object, list[Nonconformity]](list)
    for each in register.cases:
        spots[repeats.spot(each)].append(each)
    again = sum(
        later.raised_at - earlier.raised_at <= repeats.LOOKS_BACK
        for found in spots.values()
        for earlier, later in pairwise(found)
    )
    return Share(again, len(register.cases))


FIGURES: Mapping[str, Callable[[Register], object]] = MappingProxyType(
    {
        "by_grade_and_phase": by_grade_and_phase,
        "by_age": by_age,
        "median_age": median_age,
        "on_time": on_time,
        "accepted_at_once": accepted_at_once,
        "worked": worked,
        "repeated": repeated,
        "by_source": by_source,
    }
)
"""Every figure by its name, in the order in which they are read."""


# --- questions ---


def figures(deed: Deed) -> dict[str, object]:
    """Every figure of the register by its name. Raises `NotAllowed`."""
    deed.must(Permission.SEE_NONCONFORMITIES)
    uow = deed.uow
    register = Register(
        cases=[each for each in queries.every(uow) if each.state not in NOT_COUNTED],
        responses=uow.all(Response),
        checks=uow.all(EffectCheck),
        today=deed.today,
        zone=uow.workspace().zone,
    )
    return {name: figure(register) for name, figure in FIGURES.items()}
