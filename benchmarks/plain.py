"""What a beat reads and writes, in plain SQL handed to the driver: the bare alternative to the ticks.

It asks the same three questions and writes the same rows of the same tables, one statement for each: for every
obligation its next task, for every task what its owner is owed, for every owner their message of the day. But it
decides nothing: no permissions, no recurrence, no ladders, no working hours, no hash of a trail entry, no looking up of
the next occurrence.
"""

import re
from datetime import datetime
from functools import cache
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from workflows.programme.calendar import HORIZON

TO_PLAN = """
SELECT id, owner_id, title, * FROM obligation WHERE workspace_id = :team AND ended_at IS NULL AND paused_at IS NULL
AND (planned_until IS NULL OR planned_until < :horizon) ORDER BY id
"""
TO_OPEN = """
SELECT id, owner_id, * FROM task WHERE workspace_id = :team AND state = 'scheduled' AND opens_on <= :today
ORDER BY due_on, id
"""
TO_NUDGE = """
SELECT id, owner_id, * FROM task WHERE workspace_id = :team AND state IN ('open', 'returned') AND nudge_on <= :today
ORDER BY due_on, id
"""
HEAD = "SELECT sequence, hash FROM trail_head WHERE workspace_id = :team"
WRITTEN_DOWN = """
INSERT INTO task (workspace_id, version, obligation_id, title, purpose, requirements, owner_id, scheduled_on, opens_on,
due_on, external, snoozes, evidence_wanted, evidence_required, accepts, state, reason)
VALUES (:team, 1, :id, :title, '', '[]', :owner, :horizon, :horizon, :horizon, :no, 0, '', :no, '[]', 'scheduled', '')
"""
PLANNED = "UPDATE obligation SET planned_until = :horizon, version = version + 1 WHERE id = :id"
OPENED = """
UPDATE task SET state = 'open', opened_at = :at, period_ends_on = :horizon, nudge_on = :horizon, version = version + 1
WHERE id = :id
"""
NUDGED = "UPDATE task SET nudge_on = :horizon, version = version + 1 WHERE id = :id"
ON_THE_TRAIL = """
INSERT INTO trail_entry
(workspace_id, sequence, at, actor_id, verb, subject, subject_id, details, previous_hash, hash)
VALUES (:team, :sequence, :at, 'bench', 'task.open', 'task', :slot, '{}', :previous, :slot)
"""
OWED = """
INSERT INTO nudge
(workspace_id, version, person_id, subject, subject_id, rung, what, "values", reached_at, state, reason)
VALUES (:team, 1, :owner, 'task', :id, 'due', :today, '{}', :at, 'owed', '')
ON CONFLICT DO NOTHING
"""
TO_SEND = """
INSERT INTO outbox (workspace_id, version, slot, kind, recipient, subject, subject_id, "values", not_before, state,
attempts, ambiguous, planned_at, reason, channel_id, ts, thread_ts)
VALUES (:team, 1, :owner, 'nudges.day', :owner, 'person', 1, '{}', :at, 'pending', 0, :no, :at, '', '', '', '')
ON CONFLICT DO NOTHING
"""


def beat(uow: UnitOfWork, at: datetime) -> None:
    """Carry it all out in the transaction of this unit of work."""
    driver: Any = uow.connection.connection.driver_connection
    given = {
        "team": uow.workspace_id,
        "today": at.date().isoformat(),
        "horizon": (at.date() + HORIZON).isoformat(),
        "at": at.isoformat(),
        "no": False,
    }

    def run(statement: str, **more: Any) -> Any:
        return driver.execute(_in_words_of(uow.dialect, statement), given | more)

    for obligation_id, owner_id, title, *_ in run(TO_PLAN).fetchall():
        run(WRITTEN_DOWN, id=obligation_id, owner=owner_id, title=title)
        run(PLANNED, id=obligation_id)
    to_open, (sequence, previous) = run(TO_OPEN).fetchall(), run(HEAD).fetchone()
    sequence += 1
    run(ON_THE_TRAIL, sequence=sequence, previous=previous, slot="planned")
    previous = "planned"
    for task_id, owner_id, *_ in to_open:
        run(OPENED, id=task_id)
        sequence += 1
        run(ON_THE_TRAIL, sequence=sequence, previous=previous, slot=str(task_id))
        previous = str(task_id)  # the database wants each entry to name the hash before it
        run(OWED, id=task_id, owner=owner_id)
    to_nudge = run(TO_NUDGE).fetchall()
    for task_id, owner_id, *_ in to_nudge:
        run(OWED, id=task_id, owner=owner_id)
        run(NUDGED, id=task_id)
    for owner_id in {row[1] for row in (*to_open, *to_nudge)}:
        run(TO_SEND, owner=owner_id)


@cache
def _in_words_of(dialect: str, statement: str) -> str:
    return statement if dialect == "sqlite" else re.sub(r":(\w+)", r"%(\1)s", statement)
