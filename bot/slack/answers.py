"""Answers as they were given: messages that are planned whole, and so stand in the database before anybody is promised
them. They leave by the outbox, at Slack's pace, and again after a crash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.slack.calls import Composer, Post
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.record.outbox import OutboxRow

KIND = "answer"


@dataclass(frozen=True)
class To:
    """Whom an answer is for: a person or a conversation by its id, and the thread there if there is one."""

    recipient: str
    thread_ts: str = ""


def plan(uow: UnitOfWork, message: Message, to: To, *, once_per: str, at: datetime) -> None:
    """Say it at once, and once only; `once_per` is a name that nothing else is answered under."""
    uow.schedule(
        slot=f"{KIND}:{once_per}"[:200],
        kind=KIND,
        recipient=to.recipient,
        subject=KIND,
        subject_id=0,
        not_before=at,
        at=at,
        values={"text": message.text, "blocks": list(message.blocks), "thread_ts": to.thread_ts},
    )


def said(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The answer as it was given."""
    message = Message(row.values["text"], tuple(row.values["blocks"]))
    return Post(message, row.values["thread_ts"] or None)


COMPOSERS: Mapping[str, Composer] = {KIND: said}
