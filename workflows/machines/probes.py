"""Evidence room: probes, which ask an HTTP JSON interface on their days whether something is as it should be.

They are defined in a file of the administrator's. What is found as expected becomes evidence of the obligation's open
task; the first failure after that opens a task for whoever answers for the obligation.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from storage.engine import database_time
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import WayIn
from storage.machines import probes as stored_probes
from storage.machines.tables import ProbeRun, RunState
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from workflows.dates import recurrence
from workflows.deed import Deed
from workflows.evidence import arrivals
from workflows.evidence import rules as evidence_rules
from workflows.evidence.arrivals import Piece
from workflows.machines import keys as machine_keys
from workflows.people import working_days
from workflows.programme import calendar
from workflows.tasks import commands as task_commands

# --- rules ---

FROM = date(2024, 1, 1)
"""The day from which the days of a probe are counted that names none: a Monday."""

LEASE = timedelta(minutes=10)
"""After this long by the database's clock a run that did not end was cut off, and is begun anew; so is one that was
begun in what is now the future."""

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


def claim(deed: Deed, probe: Probe) -> ProbeRun | None:
    """The run that is due, for whoever comes first; None where there is none, or somebody has it already."""
    due_on = due_day(deed.uow, probe, deed.today)
    if due_on is None or deed.uow.workspace().programme_started_on is None or obligation_of(deed.uow, probe) is None:
        return None
    there, now = stored_probes.run_on(deed.uow, probe.name, due_on), database_time.now(deed.uow.connection)
    if there is None:
        return deed.uow.add_once(ProbeRun(name=probe.name, due_on=due_on, asked_at=now))
    was_cut_off = there.state is RunState.RUNNING and abs(now - there.asked_at) > LEASE
    return deed.uow.change(there, asked_at=now) if was_cut_off else None


@dataclass(frozen=True)
class Said:
    """What people read of it: on the task that a failure opens, and on that task once all is well again."""

    title: str
    purpose: str
    evidence_wanted: str
    recovered: str


def settle(deed: Deed, probe: Probe, *, run_id: int, found: Found, said: Said, pieces: Sequence[Piece]) -> ProbeRun:
    """Note what a probe found. As expected: the `pieces` are evidence. Else: a task, once for failures in a row."""
    run = deed.uow.get(ProbeRun, run_id)
    if run.state is not RunState.RUNNING:
        return run
    before = stored_probes.last_settled(deed.uow, probe.name, run.due_on)
    failed_before = before is not None and before.state is RunState.FAILED
    task_id = before.task_id if before and failed_before else None
    if found.is_met:
        _recover(deed, task_id, said)
        _keep(deed, probe, pieces)
        task_id = None
    elif not failed_before:
        task_id = _open_task(deed, probe, said)
    return _end(deed, probe, run, found, task_id)


def _keep(deed: Deed, probe: Probe, pieces: Sequence[Piece]) -> None:
    task = open_task(deed.uow, probe)
    if task is None:
        return
    for each in pieces:
        arrivals.bring_one(deed, task, each, way_in=WayIn.PROBE)


def _recover(deed: Deed, task_id: int | None, said: Said) -> None:
    task = deed.uow.get(Task, task_id) if task_id else None
    if task is not None and task.state in evidence_rules.TAKES_FILES:
        task_commands.note(deed, task, text=said.recovered)


def _open_task(deed: Deed, probe: Probe, said: Said) -> int | None:
    """A task of this day; where the obligation has one already, that one will do."""
    obligation = obligation_of(deed.uow, probe)
    if obligation is None:
        return None
    today = deed.today
    working = working_days.of_organisation(deed.uow)
    due_on = working.add(today, WORKING_DAYS_TO_MEND)
    added = calendar.put_unplanned(
        deed.uow,
        obligation,
        title=said.title,
        purpose=said.purpose,
        evidence_wanted=said.evidence_wanted,
        opens_on=today,
        due_on=due_on,
    )
    if added is not None:
        return added.id
    (there,) = deed.uow.matching(Task, obligation_id=obligation.id, scheduled_on=today)
    task_commands.note(deed, there, text=said.purpose)
    return there.id


def _end(deed: Deed, probe: Probe, run: ProbeRun, found: Found, task_id: int | None) -> ProbeRun:
    state = RunState.MET if found.is_met else RunState.FAILED
    deed.record(
        "probe.meet" if found.is_met else "probe.fail",
        ("probe", run.id),
        name=probe.name,
        url=probe.url,
        due_on=run.due_on.isoformat(),
        expected=found.expected,
        seen=found.seen,
        sha256=found.sha256,
        task=task_id,
    )
    return deed.uow.change(run, state=state, settled_at=deed.at, seen=found.seen, sha256=found.sha256, task_id=task_id)


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
