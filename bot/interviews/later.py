"""Interviews: messages that were held back, or were edited or deleted in Slack after they had been taken."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.slack import decoding
from bot.slack.calls import Event, Press, Reply
from bot.slack.errors import ChannelGone, MessageGone
from bot.slack.gateway import Gateway
from bot.slack.routes import press
from messages.interviews import later as words
from messages.interviews.payloads import EditRef, HeldRef
from storage.interviews.tables import HeldBack
from workflows.interviews import held_back, later
from workflows.interviews.refusals import MessageGone as NoSuchMessage

EDITED, DELETED = "message_changed", "message_deleted"
A_SECOND = timedelta(seconds=1)


async def noticed(call: Event) -> bool:
    """Follow an edit or a deletion of what somebody wrote to us; False for any other event.

    Slack sends `message_changed` for an unfurled link too; what counts is whether a person changed their own words
    (Slack reference: "message_changed", "message_deleted").
    """
    kind, before = call.body.get("subtype"), call.body.get("previous_message") or {}
    writer = str(before.get("user") or "")
    if kind not in (EDITED, DELETED) or not writer or before.get("bot_id"):
        return kind in (EDITED, DELETED)
    theirs = replace(call, person_id=writer)
    after = call.body.get("message") or {}
    if kind == DELETED or after.get("subtype") == "tombstone":
        place = {"channel_id": call.body["channel"], "message_ts": str(before["ts"])}
        await theirs.act(later.deleted, **place)
    elif _words_of(after) != _words_of(before):
        place = {"channel_id": call.body["channel"], "message_ts": str(after["ts"])}
        await theirs.act(later.edited, **place, text=_words_of(after))
    return True


async def no_secret(call: Press[HeldRef]) -> Reply:
    """It is no secret: the message is read again in Slack, as nothing of it was kept."""
    held = await call.ask(held_back.own, held_id=call.payload.held)
    text = await _read_again(call.services.gateway, held)
    await call.act(later.keep, held_id=held.id, text=text)
    return None


async def write_again(call: Press[HeldRef]) -> Reply:
    """They will write it without the secret."""
    await call.act(held_back.write_again, held_id=call.payload.held)
    return None


async def take_edit(call: Press[EditRef]) -> Reply:
    """The new words count."""
    await call.act(later.take_edit, answer_id=call.payload.answer)
    return None


async def keep_first(call: Press[EditRef]) -> Reply:
    """The first words stay."""
    await call.act(later.keep_first, answer_id=call.payload.answer)
    return None


async def _read_again(gateway: Gateway, held: HeldBack) -> str:
    since = datetime.fromtimestamp(float(held.message_ts), UTC) - A_SECOND
    try:
        async for message in gateway.messages(held.channel_id, since, held.thread_ts or None):
            if message["ts"] == held.message_ts:
                return _words_of(message)
    except (ChannelGone, MessageGone) as gone:
        raise NoSuchMessage from gone
    raise NoSuchMessage


def _words_of(message: Mapping[str, Any]) -> str:
    return decoding.typed(str(message.get("text") or "")).replace("\0", "").strip()


ROUTES = (
    press(words.NO_SECRET, HeldRef, no_secret),
    press(words.WRITE_AGAIN, HeldRef, write_again),
    press(words.TAKE_EDIT, EditRef, take_edit),
    press(words.KEEP_FIRST, EditRef, keep_first),
)
