"""Responses: words that the owner of a nonconformity writes in its thread."""

from bot.slack import decoding
from bot.slack.calls import Event
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.responses import commands, questions


async def heard(call: Event) -> bool:
    """Take words as the answer to what was asked last; False where they stand in no thread of a case to be answered."""
    thread = str(call.body.get("thread_ts") or "")
    if not thread:
        return False
    finding = await call.ask(_written_in, channel_id=str(call.body["channel"]), thread_ts=thread)
    if finding is None:
        return False
    text = decoding.typed(str(call.body["text"])).replace("\0", "").strip()
    await call.act(commands.said, nonconformity_id=finding.id, text=text, message_ts=str(call.body["ts"]))
    return True


def _written_in(deed: Deed, *, channel_id: str, thread_ts: str) -> Nonconformity | None:
    return questions.written_in(deed, channel_id=channel_id, thread_ts=thread_ts)
