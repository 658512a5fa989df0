"""Interviews: words that somebody writes to us, in the thread of an interview or beside any thread."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.slack import answers, decoding
from bot.slack.answers import To
from bot.slack.calls import Event, Reply
from bot.slack.routes import event
from messages.interviews import asking
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import WayGiven
from workflows.deed import Deed
from workflows.interviews import answering, beside
from workflows.interviews import questions as interview_questions
from workflows.interviews.held_back import Written
from workflows.interviews.rules import Reply as Said

OTHER_EVENTS = frozenset({"bot_id", "hidden"})
SAID_BY_PEOPLE = frozenset({None, "thread_broadcast", "me_message"})
"""Subtypes under which people speak (Slack reference: "message"); edits and deletions have others."""


async def heard(call: Event) -> bool:
    """Take words as the answer to what was asked last; False where nothing of an interview waits for them there."""
    body = call.body
    if not is_said(body):
        return False
    text = decoding.typed(str(body["text"])).replace("\0", "")
    reply = Said(WayGiven.THREAD, text, asking.meant_tap(text), message_ts=str(body["ts"]))
    if thread := body.get("thread_ts"):
        return await _in_thread(call, reply, str(thread))
    if not await call.ask(beside.waiting):
        return False
    await call.act(beside.said_beside, reply=reply, channel_id=body["channel"])
    return True


async def joined(call: Event) -> Reply:
    """The app was invited into a channel: said there once that answers belong in direct messages."""
    database, channel = call.services.database, str(call.body["channel"])
    await database.run(call.workspace_id, _greet, channel, call.person_id, call.key, call.at)
    call.services.wake()
    return None


def _greet(uow: UnitOfWork, channel: str, who: str, key: str, at: datetime) -> None:
    if who == uow.workspace().bot_user_id:
        answers.plan(uow, asking.in_channel(), To(channel), once_per=key, at=at)


def is_said(body: Mapping[str, Any]) -> bool:
    """Whether a person says something in words, rather than an app, an edit or a deletion."""
    by_person = body.get("subtype") in SAID_BY_PEOPLE and not OTHER_EVENTS & body.keys()
    return by_person and bool(str(body.get("text") or "").strip())


async def _in_thread(call: Event, reply: Said, thread_ts: str) -> bool:
    interview_id = await call.ask(_shown_in, channel_id=call.body["channel"], thread_ts=thread_ts)
    if interview_id is None:
        return False
    where = Written(str(call.body["channel"]), thread_ts)
    await call.act(answering.said, interview_id=interview_id, reply=reply, where=where)
    return True


def _shown_in(deed: Deed, *, channel_id: str, thread_ts: str) -> int | None:
    found = interview_questions.shown_in(deed.uow, channel_id, thread_ts)
    return found.id if found else None


ROUTES = (event("member_joined_channel", joined, scopes=("channels:read", "groups:read")),)
