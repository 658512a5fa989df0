"""Calendar room: obligations and their recurrence, and starting the programme."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count, takewhile
from typing import Any

from dateutil.relativedelta import relativedelta

from storage import calendar as stored
from storage.calendar import Obligation
from storage.people import Role
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from workflows import frameworks, nudges, people, tasks
from workflows.errors import InputWanted, ProgrammeRunsAlready
from workflows.nudges import local_day, working_day_before
from workflows.people import Actor

# --- rules ---

HORIZON = timedelta(days=400)
"""How far ahead tasks are written down: a little over a year, so that a yearly one is always in sight."""

_RULE = re.compile(r"FREQ=(?P<frequency>WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(?P<interval>[1-9]\d?))?")


def occurrences(recurrence: str, starts_on: date) -> Iterator[date]:
    """The dates of a rule, endless. RFC 5545 with FREQ=WEEKLY, MONTHLY or YEARLY and an INTERVAL.

    Counted from the first date each time, so a short month shortens one occurrence and not all later ones:
    31 January, 28 February, 31 March. Raises `ValueError` when the rule is not understood.
    """
    rule = _RULE.fullmatch(recurrence)
    if rule is None:
        raise ValueError(f"a recurrence that is not understood: {recurrence}")
    interval = int(rule["interval"] or 1)
    step = {
        "WEEKLY": relativedelta(weeks=interval),
        "MONTHLY": relativedelta(months=interval),
        "YEARLY": relativedelta(years=interval),
    }[rule["frequency"]]
    return (starts_on + step * number for number in count())


def opens_on(due_on: date, lead_days: int) -> date:
    """The day a task opens: `lead_days` calendar days before, moved back to a working day."""
    return working_day_before(due_on - timedelta(days=lead_days))


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


@cache
def owner_groups() -> tuple[OwnerGroup, ...]:
    """The fields of work of the starting programme."""
    return tuple(OwnerGroup(**group) for group in _programme()["owner_groups"])


@cache
def proposals() -> tuple[Proposal, ...]:
    """The obligations proposed to a lead who starts."""
    rows: list[dict[str, Any]] = _programme()["obligations"]
    return tuple(Proposal(**{**row, "requirements": tuple(row["requirements"])}) for row in rows)


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
    obligations = [uow.add(row) for row in _obligations(start, today)]
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


def _obligations(start: Start, today: date) -> Iterator[Obligation]:
    for proposal in proposals():
        requirements = frameworks.in_scope(proposal.requirements, start.standards)
        if requirements:
            yield Obligation(
                key=proposal.key,
                title=proposal.title,
                purpose=proposal.purpose,
                requirements=requirements,
                owner_id=start.owners[proposal.owner],
                recurrence=proposal.recurrence,
                starts_on=working_day_before(today + timedelta(days=proposal.first_due_days)),
                lead_days=proposal.lead_days,
                evidence_wanted=proposal.evidence_wanted,
                evidence_required=proposal.evidence_required,
            )


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Write down the tasks of every obligation up to the horizon; what exists already stays as it is."""
    horizon = local_day(uow.workspace().zone, at) + HORIZON
    for obligation in stored.to_plan(uow, horizon):
        for day in _unplanned(obligation, horizon):
            uow.add_once(_task(obligation, day))
        uow.change(obligation, planned_until=horizon)


def _unplanned(obligation: Obligation, horizon: date) -> Iterator[date]:
    planned_until = obligation.planned_until or date.min
    days = occurrences(obligation.recurrence, obligation.starts_on)
    return (day for day in takewhile(lambda day: day <= horizon, days) if day > planned_until)


def _task(obligation: Obligation, scheduled_on: date) -> Task:
    return Task(
        obligation_id=obligation.id,
        title=obligation.title,
        purpose=obligation.purpose,
        requirements=obligation.requirements,
        owner_id=obligation.owner_id,
        scheduled_on=scheduled_on,
        opens_on=opens_on(scheduled_on, obligation.lead_days),
        due_on=scheduled_on,
        evidence_wanted=obligation.evidence_wanted,
        evidence_required=obligation.evidence_required,
    )
