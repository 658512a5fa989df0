"""Nudges room, ladders: on which days who hears of something that is still open.

The ladders are data (`workflows/nudges/ladders.yaml`, which says on top what its fields mean). A file of the
administrator's own may take the place of some of them; its text is kept with the workspace, so that every replica
climbs the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

import yaml

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.programme.tables import Kind, Obligation, Urgency
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.nonconformities.lifecycle import Phase
from workflows.people import questions as people_questions
from workflows.people import working_days

# --- rules ---

FURTHEST = 365
"""Days before or after."""

INTERVIEW, OF_INTERVIEWS = "interview", "normal"
"""The ladder that interviews climb; they have no urgency of their own."""

CONCERN, OF_CONCERNS = "concern", "normal"
"""The ladder of what people bring up, which has no urgency of its own either."""

CASE = "nonconformity"
"""The ladders of nonconformities go by grade and phase, and never fall silent: the last rung is told again."""

UNGRADED, DRAFT = "ungraded", "draft"
GRADED = (*Grade, UNGRADED)
PHASES = (DRAFT, *Phase)

CLIMBS_REMEMBERED = 1024
"""What is due on one day is mostly climbed alike."""


class Step(StrEnum):
    """What a reminder says to whoever is to act."""

    OPENED = "opened"
    DUE_SOON = "due_soon"
    DUE = "due"
    OVERDUE = "overdue"


class Audience(StrEnum):
    """As whom somebody hears of it. Who is several of them hears of it once, as the first."""

    OWNER = "owner"
    MANAGER = "manager"
    LEAD = "lead"
    MANAGEMENT = "management"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Rung:
    """A day on which people hear of it: so many calendar days before the due date, or working days after it.

    With `every` it is told again each time so many more working days have passed.
    """

    step: Step
    days: int
    tells: tuple[Audience, ...]
    every: int = 0

    @property
    def name(self) -> str:
        """Its name within a ladder, such as `due_soon.3` or `due`."""
        return f"{self.step}.{abs(self.days)}" if self.days else self.step.value


OPENED = Rung(Step.OPENED, 0, (Audience.OWNER,))
"""The day a task opens, or somebody comes to be the one to act; it belongs to every ladder."""

Ladder = tuple[Rung, ...]
Ladders = Mapping[tuple[str, str], Ladder]
"""By kind and urgency; those of nonconformities by kind and `stage`."""


@dataclass(frozen=True)
class Climb:
    """A ladder as it is climbed: counted from a due date, in the working days of whoever is to act."""

    ladder: Ladder
    due_on: date
    working: WorkingDays
    opens_on: date = date.min

    @lru_cache(CLIMBS_REMEMBERED)  # noqa: B019 - climbs are values; only so many are kept
    def rungs(self) -> Mapping[date, Rung]:
        """Its rungs by their days, which are working days and go up.

        Nobody is reminded of what has not opened yet. Where days off push two rungs together the later one is told, to
        the people of both.
        """
        found: dict[date, Rung] = {}
        for rung in self.ladder:
            day = self._day_of(rung)
            if rung.days >= 0 or day > self.opens_on:
                found[day] = _joined(found[day], rung) if day in found else rung
        return found

    def reached(self, today: date) -> Rung:
        """The highest rung reached by `today`: after an outage only this one is told, never every missed one."""
        reached = takewhile(lambda told: told[0] <= today, self._days())
        return [OPENED, *(rung for _, rung in reached)][-1]

    def next(self, after: date) -> tuple[date, Rung] | None:
        """The first rung that lies later than `after` and its day, or None when the ladder is climbed."""
        return next(((day, rung) for day, rung in self._days() if day > after), None)

    def next_day(self, after: date) -> date | None:
        """The day of that rung."""
        coming = self.next(after)
        return coming[0] if coming else None

    def moved_from(self, rung: Rung) -> date | None:
        """The day a rung would have fallen on without days off before the due date, or holidays after it."""
        if rung.days > 0:
            usual = WorkingDays(self.working.weekdays).add(self.due_on, rung.days)
        else:
            usual = self.due_on + timedelta(days=rung.days)
        return None if usual == self._day_of(rung) else usual

    def _days(self) -> Iterator[tuple[date, Rung]]:
        """Its rungs with their days, which never end where the last one is told again and again."""
        yield from self.rungs().items()
        day, rung = list(self.rungs().items())[-1]
        while rung.every:
            day, rung = self.working.add(day, rung.every), replace(rung, days=rung.days + rung.every)
            yield day, rung

    def _day_of(self, rung: Rung) -> date:
        if rung.days > 0:
            return self.working.add(self.due_on, rung.days)
        return self.working.on_or_before(self.due_on + timedelta(days=rung.days))


def _joined(earlier: Rung, later: Rung) -> Rung:
    return replace(later, tells=_in_order({*earlier.tells, *later.tells}))


def _in_order(told: Iterable[str]) -> tuple[Audience, ...]:
    wanted = set(told)
    return tuple(each for each in Audience if each in wanted)


def stage(grade: str, phase: str) -> str:
    """The stage of a nonconformity, by which it climbs."""
    return f"{grade}.{phase}"


def step_of(name: str) -> Step:
    """What the rung of this name says."""
    return Step(name.partition(".")[0])


# --- rules: reading the data ---


class LaddersWrong(Exception):
    """Ladders that cannot be climbed. One sentence for every fault."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


@cache
def shipped() -> Ladders:
    """The ladders that ship with the product: one for every kind and urgency."""
    return read(files("workflows.nudges").joinpath("ladders.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def completed(own: str) -> Ladders:
    """The shipped ladders, with those of the organisation's own file in their place. Raises `LaddersWrong`."""
    return {**shipped(), **(read(own) if own else {})}


def read(text: str) -> Ladders:
    """The ladders of a file, all or none. Raises `LaddersWrong`."""
    entries = _entries(text)
    faults = [f"Ladder {number}: {fault}." for number, entry in enumerate(entries, 1) for fault in _faults(entry)]
    if faults:
        raise LaddersWrong(faults)
    found: dict[tuple[str, str], Ladder] = {}
    for number, entry in enumerate(entries, 1):
        for kind, urgency in _climbed_by(entry):
            if (kind, urgency) in found:
                raise LaddersWrong([f"Ladder {number}: there is already one for {kind}, {urgency}."])
            found[kind, urgency] = _ladder(entry)
    return found


def _climbed_by(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    if "grade" in entry:
        return [(CASE, stage(entry["grade"], phase)) for phase in entry["phases"]]
    return [(kind, entry["urgency"]) for kind in entry["kinds"]]


def _ladder(entry: Mapping[str, Any]) -> Ladder:
    rungs = tuple(_rung(each) for each in entry["rungs"])
    if "then" not in entry:
        return rungs
    every = entry["then"]["every"]
    return (*rungs, Rung(Step.OVERDUE, max(rungs[-1].days, 0) + every, _in_order(entry["then"]["tells"]), every))


def _entries(text: str) -> list[Any]:
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise LaddersWrong([f"This is not YAML: {' '.join(str(error).split())}."]) from error
    entries = data.get("ladders") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise LaddersWrong(["There is no list called ladders."])
    return entries


def _rung(row: Mapping[str, Any]) -> Rung:
    days = row["days"]
    step = Step.DUE if days == 0 else Step.OVERDUE if days > 0 else Step.DUE_SOON
    return Rung(step, days, _in_order(row["tells"]))


def _faults(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict) and "grade" in entry:
        yield from _faults_of_case(entry)
        return
    if not isinstance(entry, dict) or set(entry) != {"kinds", "urgency", "rungs"}:
        yield "only kinds, urgency and rungs belong here, all needed"
        return
    kinds = (*Kind, INTERVIEW, CONCERN)
    if not _is_choice(entry["kinds"], kinds):
        yield f"kinds is a list of some of {', '.join(kinds)}"
    if entry["urgency"] not in tuple(Urgency):
        yield f"the urgency is one of {', '.join(Urgency)}"
    yield from _faults_of_rungs(entry["rungs"])


def _faults_of_case(entry: Mapping[str, Any]) -> Iterator[str]:
    if set(entry) != {"kinds", "grade", "phases", "rungs", "then"}:
        yield "only kinds, grade, phases, rungs and then belong here, all needed"
        return
    if entry["kinds"] != [CASE]:
        yield f"with a grade, kinds is a list of {CASE} alone"
    if entry["grade"] not in GRADED:
        yield f"the grade is one of {', '.join(GRADED)}"
    if not _is_choice(entry["phases"], PHASES):
        yield f"phases is a list of some of {', '.join(PHASES)}"
    yield from _faults_of_rungs(entry["rungs"])
    yield from _faults_of_then(entry["then"])


def _faults_of_then(then: Any) -> Iterator[str]:
    if not isinstance(then, dict) or set(then) != {"every", "tells"}:
        yield "then: only every and tells belong here, both needed"
        return
    if type(then["every"]) is not int or not 0 < then["every"] <= FURTHEST:
        yield f"then: every is a whole number from 1 to {FURTHEST}"
    if not _is_choice(then["tells"], tuple(Audience)):
        yield f"then: tells is a list of some of {', '.join(Audience)}"


def _faults_of_rungs(rungs: Any) -> Iterator[str]:
    if not isinstance(rungs, list) or not rungs:
        yield "rungs is a list with at least one rung"
        return
    last = -FURTHEST - 1
    for number, rung in enumerate(rungs, 1):
        if not isinstance(rung, dict) or set(rung) != {"days", "tells"}:
            yield f"rung {number}: only days and tells belong here, both needed"
            return
        if type(rung["days"]) is not int or not last < rung["days"] <= FURTHEST:
            yield f"rung {number}: days is a whole number from -{FURTHEST} to {FURTHEST}, more than the one before"
            return
        if not _is_choice(rung["tells"], tuple(Audience)):
            yield f"rung {number}: tells is a list of some of {', '.join(Audience)}"
        last = rung["days"]


def _is_choice(given: Any, known: Sequence[str]) -> bool:
    return isinstance(given, list) and bool(given) and all(each in known for each in given)


# --- commands ---


def follow(deed: Deed, text: str) -> None:
    """Climb the ladders of the administrator's file from today on; only the shipped ones when the text is empty.

    Raises `LaddersWrong`, and then everything stays as it was.
    """
    if text == deed.uow.workspace().ladders:
        return
    completed(text)
    deed.uow.put_workspace(ladders=text)
    plan_anew(deed.uow, task_queries.waiting(deed.uow), today=deed.today)
    deed.record("ladders.change", ("workspace", deed.uow.workspace_id), ladders=text)


def plan_anew(uow: UnitOfWork, tasks: Iterable[Task], *, today: date) -> None:
    """Bring the day of the next reminder up to the ladder that these tasks climb now."""
    for task in tasks:
        coming = next_day(uow, task, after=today)
        if coming != task.nudge_on:
            uow.change(task, nudge_on=coming)


# --- questions ---


def in_use(uow: UnitOfWork) -> Ladders:
    """The ladders that are climbed here."""
    return completed(uow.workspace().ladders)


def read_ahead(uow: UnitOfWork, tasks: Iterable[Task]) -> None:
    """Read at once what the ladders of all these tasks depend on."""
    uow.read_ahead(Obligation, (task.obligation_id for task in tasks))


def climb(uow: UnitOfWork, task: Task, *, due_on: date | None = None, owner_id: str = "") -> Climb:
    """The ladder of a task as it is climbed now, or would be with another due date or owner."""
    obligation = uow.get(Obligation, task.obligation_id)
    working = working_days.of_person(uow, owner_id or task.owner_id)
    return Climb(in_use(uow)[obligation.kind, obligation.urgency], due_on or task.due_on, working, task.opens_on)


def next_day(
    uow: UnitOfWork, task: Task, *, after: date, due_on: date | None = None, owner_id: str = ""
) -> date | None:
    """The day of the next reminder; None when the ladder is climbed."""
    return climb(uow, task, due_on=due_on, owner_id=owner_id).next_day(after)


def told(uow: UnitOfWork, rung: Rung, owner_id: str, *, on: date) -> dict[str, Audience]:
    """Who hears of a rung on a day, each once, and as whom.

    Whoever stands in hears of it in place of an absent manager. The leads hear of it where there is nobody else to.
    """
    found: dict[str, Audience] = {}
    for audience in rung.tells:
        heard = _heard(uow, audience, owner_id, on)
        for person_id in heard or people_questions.holders(uow, Role.LEAD):
            found.setdefault(person_id, audience if heard else Audience.LEAD)
    return found


def _heard(uow: UnitOfWork, audience: Audience, owner_id: str, on: date) -> list[str]:
    match audience:
        case Audience.OWNER:
            return [owner_id]
        case Audience.AUDITOR:
            return []  # of what is no interview there is none, and the leads hear of it
        case Audience.MANAGER:
            manager = _manager_of(uow, owner_id, on)
            return [manager] if manager else []
        case Audience.LEAD:
            return people_questions.holders(uow, Role.LEAD)
        case Audience.MANAGEMENT:
            return people_questions.holders(uow, Role.MANAGEMENT)


def _manager_of(uow: UnitOfWork, person_id: str, on: date) -> str | None:
    person = people_queries.person(uow, person_id)
    manager = people_queries.person(uow, person.manager_id) if person and person.manager_id else None
    return people_questions.first_present(uow, [manager.slack_id, manager.deputy_id], on=on) if manager else None
