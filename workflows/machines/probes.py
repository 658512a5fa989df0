"""Evidence room: probes, which ask an HTTP JSON interface on their days whether something is as it should be.

They are defined in a file of the administrator's. What is found as expected becomes evidence of the obligation's open
task; the first failure after that opens a task for whoever answers for the obligation.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import WayIn
from storage.machines import probes as stored_probes
from storage.machines.tables import ProbeRun, RunState
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from workflows.dates import recurrence
from workflows.evidence import arrivals
from workflows.evidence import rules as evidence_rules
from workflows.evidence.arrivals import Piece
from workflows.machines import keys as machine_keys
from workflows.nudges import rules as nudge_rules
from workflows.people import rules as people_rules
from workflows.people import working_days
from workflows.programme import calendar
from workflows.tasks import commands as task_commands

# --- rules ---

FROM = date(2024, 1, 1)
"""The day from which the days of a probe are counted that names none: a Monday."""

LEASE = timedelta(minutes=10)
"""After this long a run that did not end was cut off, and is begun anew."""

WORKING_DAYS_TO_MEND = 5
MOST_SEEN = 200
"""Characters that are told of what was seen."""


@dataclass(frozen=True)
class Probe:
    """One probe: what it asks and when, for which obligation, and what must be true of the answer."""

    name: str
    url: str
    obligation: str
    expects: tuple[str, ...]
    rule: str = "FREQ=DAILY"
    starts_on: date = FROM
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Found:
    """What a probe found: `expected` is the first thing that was not so, `seen` what was so instead.

    Where no answer came that can be used nothing is expected of it, and `seen` is why. `sha256` is the body's.
    """

    is_answered: bool = True
    expected: str = ""
    seen: str = ""
    sha256: str | None = None

    @property
    def is_met(self) -> bool:
        """Whether everything is as expected."""
        return self.is_answered and not self.expected


def judged(probe: Probe, body: bytes) -> Found:
    """Hold an answer against what is expected of it. No secret of the probe's stands in what was seen."""
    sha256 = hashlib.sha256(body).hexdigest()
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Found(False, seen="no_json", sha256=sha256)
    for expression in probe.expects:
        found = _searched(expression, answer)
        if found is not True:
            seen = _compared(expression, answer) if found is False else found
            return Found(True, expression, without_secrets(probe, json.dumps(seen, ensure_ascii=False)), sha256)
    return Found(True, sha256=sha256)


def _compared(expression: str, answer: Any) -> Any:
    """What a comparison that does not hold looked at; that says more than `false`."""
    parsed = jmespath.compile(expression).parsed
    if parsed["type"] != "comparator":
        return False
    seen = [TreeInterpreter().visit(side, answer) for side in parsed["children"] if side["type"] != "literal"]
    return seen[0] if len(seen) == 1 else seen


def _searched(expression: str, answer: Any) -> Any:
    try:
        return jmespath.search(expression, answer)
    except (JMESPathError, RecursionError, TypeError) as error:
        return str(error)


def without_secrets(probe: Probe, text: str) -> str:
    """A text that was seen, cut short, with no secret that was sent along."""
    for secret in probe.secrets:
        text = text.replace(secret, "…")
    return text if len(text) <= MOST_SEEN else f"{text[: MOST_SEEN - 1]}…"


def due_day(uow: UnitOfWork, probe: Probe, today: date) -> date | None:
    """The last day on which a probe was due; after an outage only this one is made up for."""
    days = recurrence.dates(probe.rule, probe.starts_on, working_days.of_organisation(uow))
    return max(takewhile(lambda day: day <= today, days), default=None)


# --- commands ---


def claim(uow: UnitOfWork, probe: Probe, *, at: datetime) -> ProbeRun | None:
    """The run that is due, for whoever comes first; None where there is none, or somebody has it already."""
    today = nudge_rules.local_day(uow.workspace().zone, at)
    due_on = due_day(uow, probe, today)
    if due_on is None or uow.workspace().programme_started_on is None or obligation_of(uow, probe) is None:
        return None
    there = stored_probes.run_on(uow, probe.name, due_on)
    if there is None:
        return uow.add_once(ProbeRun(name=probe.name, due_on=due_on, asked_at=at))
    was_cut_off = there.state is RunState.RUNNING and there.asked_at < at - LEASE
    return uow.change(there, asked_at=at) if was_cut_off else None


@dataclass(frozen=True)
class Said:
    """What people read of it: on the task that a failure opens, and on that task once all is well again."""

    title: str
    purpose: str
    evidence_wanted: str
    recovered: str


def settle(
    uow: UnitOfWork, probe: Probe, *, run_id: int, found: Found, said: Said, pieces: Sequence[Piece], at: datetime
) -> ProbeRun:
    """Note what a probe found. As expected: the `pieces` are evidence. Else: a task, once for failures in a row."""
    run = uow.get(ProbeRun, run_id)
    if run.state is not RunState.RUNNING:
        return run
    before = stored_probes.last_settled(uow, probe.name, run.due_on)
    failed_before = before is not None and before.state is RunState.FAILED
    task_id = before.task_id if before and failed_before else None
    if found.is_met:
        _recover(uow, task_id, said, at)
        _keep(uow, probe, pieces, at)
        task_id = None
    elif not failed_before:
        task_id = _open_task(uow, probe, said, at)
    return _end(uow, probe, run, found, task_id, at)


def _keep(uow: UnitOfWork, probe: Probe, pieces: Sequence[Piece], at: datetime) -> None:
    task = open_task(uow, probe)
    if task is None:
        return
    for each in pieces:
        arrivals.bring_one(uow, task, each, way_in=WayIn.PROBE, by=people_rules.THE_BOT, at=at)


def _recover(uow: UnitOfWork, task_id: int | None, said: Said, at: datetime) -> None:
    task = uow.get(Task, task_id) if task_id else None
    if task is not None and task.state in evidence_rules.TAKES_FILES:
        task_commands.note(uow, task, by=people_rules.THE_BOT, text=said.recovered, at=at)


def _open_task(uow: UnitOfWork, probe: Probe, said: Said, at: datetime) -> int | None:
    """A task of this day; where the obligation has one already, that one will do."""
    obligation = obligation_of(uow, probe)
    if obligation is None:
        return None
    today = nudge_rules.local_day(uow.workspace().zone, at)
    working = working_days.of_organisation(uow)
    due_on = working.add(today, WORKING_DAYS_TO_MEND)
    added = calendar.put_unplanned(
        uow,
        obligation,
        title=said.title,
        purpose=said.purpose,
        evidence_wanted=said.evidence_wanted,
        opens_on=today,
        due_on=due_on,
    )
    if added is not None:
        return added.id
    (there,) = uow.matching(Task, obligation_id=obligation.id, scheduled_on=today)
    task_commands.note(uow, there, by=people_rules.THE_BOT, text=said.purpose, at=at)
    return there.id


def _end(uow: UnitOfWork, probe: Probe, run: ProbeRun, found: Found, task_id: int | None, at: datetime) -> ProbeRun:
    state = RunState.MET if found.is_met else RunState.FAILED
    uow.record(
        actor=people_rules.THE_BOT,
        verb="probe.meet" if found.is_met else "probe.fail",
        subject="probe",
        subject_id=run.id,
        at=at,
        details={
            "name": probe.name,
            "url": probe.url,
            "due_on": run.due_on.isoformat(),
            "expected": found.expected,
            "seen": found.seen,
            "sha256": found.sha256,
            "task": task_id,
        },
    )
    return uow.change(run, state=state, settled_at=at, seen=found.seen, sha256=found.sha256, task_id=task_id)


# --- questions ---


def obligation_of(uow: UnitOfWork, probe: Probe) -> Obligation | None:
    """The obligation that a probe is for, while it lives."""
    return next((each for each in programme_queries.living(uow) if each.key == probe.obligation), None)


def open_task(uow: UnitOfWork, probe: Probe) -> Task | None:
    """The task that takes what a probe finds, if one is open; what its failures opened is for people to answer."""
    obligation = obligation_of(uow, probe)
    return (
        machine_keys.task_now(uow, obligation.id, but=stored_probes.tasks_of(uow, probe.name)) if obligation else None
    )
