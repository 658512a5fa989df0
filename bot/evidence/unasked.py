"""Words that answer nothing that was asked: nobody speaks into silence, wherever they do."""

from collections.abc import Mapping
from datetime import datetime

from bot.interviews import talking
from bot.slack import decoding
from bot.slack.calls import Composer, Event, Post, Press, Reply, Tell
from bot.slack.routes import Routes, event, press
from messages.evidence import unasked as words
from messages.evidence.payloads import ChoiceRef
from messages.people import cards as people_words
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage
from storage.record.outbox import OutboxRow
from workflows.deed import Deed
from workflows.evidence import dropping, unasked
from workflows.evidence.rules import Place
from workflows.interviews import questions as interview_questions
from workflows.responses import questions as response_questions


async def answer(call: Event) -> Reply:
    """Say what can be done where somebody wrote; words in the thread of their task can become a comment."""
    place = Place(call.body["channel"], str(call.body.get("thread_ts") or ""))
    if not await call.ask(_may_comment, place=place):
        return Tell(await call.ask(_way_on, place=place))
    text = decoding.typed(str(call.body["text"])).replace("\0", "")
    await call.act(unasked.offer, text=text, place=place, message_ts=str(call.body["ts"]))
    return None


def _may_comment(deed: Deed, *, place: Place) -> bool:
    return bool(place.message_ts and unasked.tasks_among(deed, unasked.about(deed, place=place)))


def _way_on(deed: Deed, *, place: Place) -> Message:
    shown = unasked.about(deed, place=place) if place.message_ts else []
    cases = [f"NC-{each.number}" for each in response_questions.waiting_for(deed)]
    waiting = [*(each.title for each in interview_questions.audits_waiting_for(deed.uow, deed.by)), *cases]
    if not (place.message_ts or waiting):
        return people_words.welcome(person_id=deed.by)
    return words.way_on(about=[dropping.kind_of(each) for each in shown][:1], waiting=waiting)


async def comment(call: Press[ChoiceRef]) -> Reply:
    """The words are a comment."""
    await call.act(unasked.keep, dropped_id=call.payload.dropped, number=call.payload.number)
    return None


async def mentioned(call: Event) -> Reply:
    """Somebody speaks to us in a channel, where others read along."""
    return Tell(words.mentioned()) if call.person_id and talking.is_said(call.body) else None


def message(uow: UnitOfWork, kept: DroppedMessage, at: datetime) -> Message:
    """The offer to keep words as a comment, or that they are one."""
    deed = Deed.of_the_bot(uow, at)
    tasks = [(ChoiceRef(kept.id, n), unasked.task_of(deed, kept, n).title) for n in range(len(kept.choices))]
    chosen = None if kept.chosen is None else tasks[kept.chosen][1]
    return words.offer(text=kept.note, tasks=tasks, chosen=chosen)


def offered(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The offer, under the words."""
    kept = uow.get(DroppedMessage, row.subject_id)
    return Post(message(uow, kept, at), dropping.place_of(kept).message_ts)


COMPOSERS: Mapping[str, Composer] = {unasked.OFFER: offered}

ROUTES: Routes = (
    *(press(f"{words.COMMENT}.{number}", ChoiceRef, comment) for number in range(unasked.MOST_TASKS)),
    event("app_mention", mentioned, scopes=("app_mentions:read",)),
)
