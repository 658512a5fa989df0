"""The company that presses buttons: its directory, its open tasks, and the presses as Slack sends them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

from sqlmodel import col

from bot.slack.calls import Post
from bot.tasks import composers as task_composers
from messages.tasks import cards as words
from messages.tasks.payloads import TaskRef
from messages.words.kit import Message
from messages.words.payloads import encode
from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Obligation
from storage.record.outbox import OutboxRow, OutboxState
from storage.tasks.tables import Task, TaskState

TEAM, OWNER, LEAD, BOT_USER, BOT, DM = "T0BENCH", "U0OWNER", "U0LEAD", "U0DESK", "B0DESK", "D0OWNER"
MONTH = timedelta(days=30)


def directory() -> list[dict[str, Any]]:
    """The members as `users.list` gives them: whoever does the tasks, and the lead who is asked for a verdict."""
    return [
        {"id": OWNER, "team_id": TEAM, "name": "jonas", "tz": "Europe/Berlin", "profile": {"real_name": "Jonas"}},
        {"id": LEAD, "team_id": TEAM, "name": "mira", "tz": "Europe/Berlin", "profile": {"real_name": "Mira"}},
        {"id": BOT_USER, "team_id": TEAM, "name": "deskaudit", "is_bot": True, "profile": {}},
    ]


def open_tasks(uow: UnitOfWork, count: int) -> list[Task]:
    """So many new open tasks that want no evidence, each with its card standing in the owner's conversation."""
    at = datetime.now(UTC)
    obligation = uow.add(_obligation(at))
    tasks = [uow.add(_task(obligation, number, at)) for number in range(count)]
    for task in tasks:
        uow.add(_card(task, at))
    return tasks


def reminders(uow: UnitOfWork, people: Sequence[str], count: int) -> list[Message]:
    """Plan so many reminders, each of a task of its own, to the people in turns; gives them as they will be posted."""
    at = datetime.now(UTC)
    obligation = uow.add(_obligation(at))
    messages = []
    for number, owner_id in zip(range(count), cycle(people), strict=False):
        task = uow.add(_task(obligation, number, at, owner_id))
        planned = _card(task, at, OutboxState.PENDING)
        shown = task_composers.begun(uow, uow.add(planned), at)
        assert isinstance(shown, Post)
        messages.append(shown.message)
    return messages


def presses(uow: UnitOfWork, count: int) -> list[str]:
    """Presses on "Done", each of a new task, as the JSON of Slack's payloads with the card that was pressed on."""
    tasks, at = open_tasks(uow, count), datetime.now(UTC)
    shown = task_composers.begun(uow, _card(tasks[0], at), at)
    assert isinstance(shown, Post)
    return [json.dumps(_press(task, shown.message)) for task in tasks]


def done(uow: UnitOfWork) -> int:
    """How many tasks were completed."""
    return uow.count(Task, col(Task.state) == TaskState.SUBMITTED)


def _obligation(at: datetime) -> Obligation:
    return Obligation(
        key=f"bench-{uuid4().hex}",
        title="Review who may reach production",
        owner_id=OWNER,
        recurrence="FREQ=MONTHLY",
        starts_on=at.date(),
        planned_until=at.date() + 1000 * MONTH,
    )


def _task(obligation: Obligation, number: int, at: datetime, owner_id: str = OWNER) -> Task:
    today = at.date()
    return Task(
        obligation_id=obligation.id,
        title=f"{obligation.title}, part {number}",
        purpose="So that nobody keeps a key to a door that is no longer theirs.",
        requirements=["iso27001-2022:A.5.18", "iso27001-2022:A.8.2"],
        owner_id=owner_id,
        scheduled_on=today + timedelta(days=number),  # an obligation has one task a day
        opens_on=today,
        due_on=today + MONTH,
        evidence_required=False,
        state=TaskState.OPEN,
        opened_at=at,
    )


def _card(task: Task, at: datetime, state: OutboxState = OutboxState.SENT) -> OutboxRow:
    sent = state is OutboxState.SENT
    return OutboxRow(
        slot=f"bench:{task.id}",
        kind="task.nudge",
        recipient=task.owner_id,
        subject="task",
        subject_id=task.id,
        values={"what": ["opened", str(task.due_on)]},
        not_before=at,
        state=state,
        planned_at=at,
        settled_at=at if sent else None,
        channel_id=DM if sent else "",
        ts=_ts(task) if sent else "",
    )


def _press(task: Task, shown: Message) -> dict[str, Any]:
    """Slack reference: "block_actions payloads"."""
    return {
        "type": "block_actions",
        "user": {"id": OWNER, "username": "jonas", "name": "jonas", "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "token": "outdated",
        "container": {"type": "message", "message_ts": _ts(task), "channel_id": DM, "is_ephemeral": False},
        "trigger_id": f"13345224609.738474920.{task.id:032x}",
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": DM, "name": "directmessage"},
        "message": {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT,
            "app_id": "A0BENCH",
            "team": TEAM,
            "ts": _ts(task),
            **shown.to_dict(),
        },
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{TEAM}/{task.id}/bench",
        "actions": [
            {
                "type": "button",
                "action_id": words.DONE,
                "block_id": "actions",
                "text": {"type": "plain_text", "text": "Done", "emoji": True},
                "value": encode(TaskRef(task.id, task.version)),
                "style": "primary",
                "action_ts": _ts(task),
            }
        ],
    }


def _ts(task: Task) -> str:
    return f"1700000000.{task.id:06d}"
