"""Calendar room: obligations and their recurrence, and starting the programme."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from storage import calendar as stored
from storage import tasks as stored_tasks
from storage.calendar import Kind, Obligation
from storage.people import Role
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import frameworks, nudges, people, recurrence, tasks, working_days
from workflows.errors import InputWanted, ProgrammeRunsAlready
from workflows.nudges import local_day
from workflows.people import Actor
from workflows.working_days import WorkingDays

# --- rules ---

HORIZON = timedelta(days=400)
"""How far ahead tasks are written down at least: a little over a year, so that a yearly one is always in sight."""

PLANNED_FURTHER = timedelta(days=30)
"""How much further they are written down when it is time, so that each obligation is looked at once a month."""

PLANNED_AT_ONCE = 500
"""Obligations whose tasks one tick writes down: a register of thousands must not keep all other writers waiting."""

FROM_THE_OBLIGATION = (
    "title",
    "purpose",
    "requirements",
    "owner_id",
    "deputy_id",
    "external",
    "opens_on",
    "due_on",
    "evidence_wanted",
    "evidence_required",
)
"""What a task takes from its obligation, apart from its date."""


def opens_on(due_on: date, lead_days: int, working: WorkingDays) -> date:
    """The day a task opens: `lead_days` calendar days before, moved back to a working day."""
    return working.on_or_before(due_on - timedelta(days=lead_days))


@dataclass(frozen=True)
class OwnerGroup:
    """A field of work whose owner the lead names when starting: one person for several obligations."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True)
class Proposal:
    """An obligation of the starting programme, before it has an owner and a date."""

    key: str
    title: str
    purpose: str
    requirements: tuple[str, ...]
    owner: str
    recurrence: str
    first_due_days: int
    lead_days: int
    evidence_wanted: str
    evidence_required: bool
    kind: Kind


@cache
def owner_groups() -> tuple[OwnerGroup, ...]:
    """The fields of work of the starting programme."""
    return tuple(OwnerGroup(**group) for group in _programme()["owner_groups"])


@cache
def proposals() -> tuple[Proposal, ...]:
    """The obligations proposed to a lead who starts."""
    rows: list[dict[str, Any]] = _programme()["obligations"]
    return tuple(
        Proposal(**{**row, "requirements": tuple(row["requirements"]), "kind": Kind(row["kind"])}) for row in rows
    )


def _programme() -> Any:
    return frameworks.read_data("programme.yaml")


# --- commands ---


@dataclass(frozen=True)
class Start:
    """What a lead decides when starting: editions, an owner per field of work, auditors, management, channel."""

    standards: Sequence[str]
    owners: Mapping[str, str]
    auditors: Sequence[str]
    management: Sequence[str]
    digest_channel: str


def start_programme(uow: UnitOfWork, actor: Actor, start: Start, *, at: datetime) -> list[Obligation]:
    """Start the programme: obligations with their owners, roles, standards and the digest's channel.

    Raises `NotAllowed`, `ProgrammeRunsAlready`, or `InputWanted` when a choice is missing or impossible.
    """
    may_start(uow, actor, at=at)
    _check(uow, start)
    workspace = uow.workspace()
    today = local_day(actor.zone, at)
    for role, chosen in ((Role.AUDITOR, start.auditors), (Role.MANAGEMENT, start.management)):
        for person_id in chosen:
            people.grant(uow, person_id, role, by=actor.person_id, at=at)
    uow.put_workspace(
        zone=actor.zone,
        standards=list(start.standards),
        digest_channel_id=start.digest_channel,
        programme_started_on=today,
    )
    working = working_days.of_organisation(uow)
    obligations = [uow.add(row) for row in _obligations(start, today, working)]
    uow.record(
        actor=actor.person_id,
        verb="programme.start",
        subject="programme",
        subject_id=workspace.id,
        at=at,
        details={"standards": list(start.standards), "obligations": [row.key for row in obligations]},
    )
    nudges.tell(
        uow,
        [actor.person_id],
        kind="programme.started",
        subject="programme",
        subject_id=0,
        at=at,
        what=(today,),
        at_once=True,
    )
    tick(uow, at)
    tasks.tick(uow, at)
    return obligations


def may_start(uow: UnitOfWork, actor: Actor, *, at: datetime) -> None:
    """Raise unless the actor may start the programme now: `NotAllowed` or `ProgrammeRunsAlready`."""
    actor.must("start the programme")
    started_on = uow.workspace().programme_started_on
    if started_on is not None:
        raise ProgrammeRunsAlready(since=started_on)


def _check(uow: UnitOfWork, start: Start) -> None:
    if not start.standards or not set(start.standards) <= set(frameworks.EDITIONS):
        raise InputWanted("standards", "at least one standard of the list")
    if not start.digest_channel:
        raise InputWanted("digest_channel", "the channel in which management reads")
    for group in owner_groups():
        if not people.reachable(uow, start.owners.get(group.key, "")):
            raise InputWanted(f"owner.{group.key}", "somebody who reads messages here, not a bot or a closed account")
    for name, chosen in (("auditors", start.auditors), ("management", start.management)):
        if not chosen or not all(people.reachable(uow, person_id) for person_id in chosen):
            raise InputWanted(name, "people who read messages here, not bots or closed accounts")


def _obligations(start: Start, today: date, working: WorkingDays) -> Iterator[Obligation]:
    for proposal in proposals():
        requirements = frameworks.in_scope(proposal.requirements, start.standards)
        if requirements:
            yield Obligation(
                key=proposal.key,
                title=proposal.title,
                purpose=proposal.purpose,
                requirements=requirements,
                kind=proposal.kind,
                owner_id=start.owners[proposal.owner],
                recurrence=proposal.recurrence,
                starts_on=working.on_or_before(today + timedelta(days=proposal.first_due_days)),
                lead_days=proposal.lead_days,
                evidence_wanted=proposal.evidence_wanted,
                evidence_required=proposal.evidence_required,
            )


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Write down the tasks of every obligation up to the horizon; what exists already stays as it is."""
    horizon = local_day(uow.workspace().zone, at) + HORIZON
    until = horizon + PLANNED_FURTHER
    working = working_days.of_organisation(uow)
    for obligation in stored.to_plan(uow, horizon, PLANNED_AT_ONCE):
        for day in _unplanned(obligation, until, working):
            planned = _task(uow, obligation, day, working)
            if uow.add_once(planned) is None:
                _bring_back(uow, obligation, planned)
        uow.change(obligation, planned_until=until)


def _unplanned(obligation: Obligation, until: date, working: WorkingDays) -> Iterator[date]:
    planned_until = obligation.planned_until or date.min
    last = min(until, obligation.ends_on or until)
    days = recurrence.dates(obligation.recurrence, obligation.starts_on, working)
    return (day for day in takewhile(lambda day: day <= last, days) if day > planned_until)


def _task(uow: UnitOfWork, obligation: Obligation, scheduled_on: date, working: WorkingDays) -> Task:
    return Task(
        obligation_id=obligation.id,
        title=obligation.title,
        purpose=obligation.purpose,
        requirements=obligation.requirements,
        owner_id=in_charge(uow, obligation),
        deputy_id=obligation.deputy_id,
        external=obligation.external,
        scheduled_on=scheduled_on,
        opens_on=opens_on(scheduled_on, obligation.lead_days, working),
        due_on=scheduled_on,
        evidence_wanted=obligation.evidence_wanted,
        evidence_required=obligation.evidence_required,
    )


def _bring_back(uow: UnitOfWork, obligation: Obligation, planned: Task) -> None:
    """Plan anew a task that was withdrawn, as its obligation wants it now; one that a person waived stays waived.

    What was open is withdrawn only with the dates of a certificate, and people cannot waive those.
    """
    (there,) = uow.matching(Task, obligation_id=planned.obligation_id, scheduled_on=planned.scheduled_on)
    was_withdrawn = there.opened_at is None or obligation.kind is Kind.CERTIFICATION
    if there.state is TaskState.WAIVED and was_withdrawn:
        wanted = {name: getattr(planned, name) for name in FROM_THE_OBLIGATION}
        undone = {"opened_at": None, "decided_at": None, "decided_by": None, "reason": ""}
        uow.change(there, **wanted, **undone, state=TaskState.SCHEDULED)


def withdraw(
    uow: UnitOfWork,
    obligation: Obligation,
    *,
    states: Iterable[TaskState] = (TaskState.SCHEDULED,),
    since: date = date.min,
    by: str,
    reason: str,
    at: datetime,
) -> list[int]:
    """Waive what an obligation has planned from a day on and wants no more as it stands; the ids, for the trail."""
    planned = stored_tasks.of_obligation(uow, obligation.id, states)
    withdrawn = [task for task in planned if task.scheduled_on >= since]
    for task in withdrawn:
        waived = uow.change(task, state=TaskState.WAIVED, decided_at=at, decided_by=by, reason=reason, nudge_on=None)
        if task.state is not TaskState.SCHEDULED:
            nudges.refresh(uow, subject="task", subject_id=task.id, version=waived.version, at=at)
    return [task.id for task in withdrawn]


# --- questions ---


def in_charge(uow: UnitOfWork, obligation: Obligation) -> str:
    """Who is asked for the tasks of an obligation: its owner, else the deputy, else whoever leads the programme.

    Unlike `people.responsible` it does not ask who is away: what is planned for next year must not stay with a deputy.
    """
    asked = [*people.owners_of(uow, obligation), obligation.deputy_id or "", *people.holders(uow, Role.LEAD)]
    return next((each for each in asked if people.reachable(uow, each)), obligation.owner_id)
