"""Messages with files, each dealt with once: when its event comes, or when it is found later because none came.

Over HTTP Slack gives up an event after about six minutes (Slack reference: "Events API", error handling). So the direct
conversations are read again at the start and once a day, from where the last reading ended.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errands import Conclusion, Kind
from bot.evidence import unasked
from bot.importing import handlers as importing_handlers
from bot.interviews import facts as interview_facts
from bot.services import Services
from bot.slack import answers, decoding
from bot.slack.answers import To
from bot.slack.calls import Composer, Post, Press, Redraw, Reply
from bot.slack.errors import ChannelGone, MessageGone, NotInChannel
from bot.slack.objects import SlackFile
from bot.slack.routes import press
from messages.evidence import cards as words
from messages.evidence.payloads import ChoiceRef
from messages.words.kit import Message
from messages.words.refusals import refusal
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import dropped as stored_dropped
from storage.evidence.tables import DroppedMessage, MessageFile
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import dropping
from workflows.evidence import unasked as offers
from workflows.interviews import beside
from workflows.pasted_secrets import Found, found_in
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
"""So long somebody can say what dropped files are for."""

LOOK_BACK = "evidence.look_back"
OVERLAP = timedelta(minutes=15)
"""Slack may deliver for six minutes what the last reading could not see yet, and clocks differ."""

THREADS_STAY_OPEN = timedelta(days=60)
"""In threads of what was said before, files are not looked for."""

CONVERSATIONS_AT_ONCE = 20
"""A minute has room for 50 calls of a method (Slack reference: "Rate limits", tier 3); others read beside us."""

DELETED = "tombstone"
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)

Json = Mapping[str, Any]

# --- one message ---


def take(uow: UnitOfWork, message: Json, channel_id: str, at: datetime) -> bool:
    """Deal with a message with files: give them, ask what they are for, or say why not. A second time does nothing.

    Says whether anything was promised.
    """
    row = _row(message, channel_id, at)
    secret = found_in(row.note)
    if secret is not None:
        row.note = ""
    dropped = uow.add_once(row)
    if dropped is None:
        return False
    place = dropping.place_of(dropped)
    if secret is not None:
        _tell_of_note(uow, dropped, secret, at)
    try:
        _give(Deed.of(uow, dropped.person_id, at), dropped, message)
    except Refusal as no:
        to = To(place.channel_id, place.message_ts)
        answers.plan(
            uow, refusal(no.name, **no.values), to, once_per=f"dropped:{channel_id}:{dropped.message_ts}", at=at
        )
    return uow.promises


def _tell_of_note(uow: UnitOfWork, dropped: DroppedMessage, secret: Found, at: datetime) -> None:
    """The files are taken; the words beside them look like a secret, so they are not."""
    to = To(dropped.channel_id, dropping.place_of(dropped).message_ts)
    told = words.note_held_back(looks_like=secret.kind.value, line=secret.line)
    answers.plan(uow, told, to, once_per=f"note:{dropped.channel_id}:{dropped.message_ts}", at=at)


def _row(message: Json, channel_id: str, at: datetime) -> DroppedMessage:
    files = [SlackFile.of(each) for each in message["files"]]
    return DroppedMessage(
        person_id=message["user"],
        channel_id=channel_id,
        message_ts=message["ts"],
        thread_ts=message.get("thread_ts") or "",
        note=decoding.typed(str(message.get("text") or "")).replace("\0", ""),
        files=[vars(MessageFile(each.id, each.name, each.size, each.permalink)) for each in files],
        dropped_at=at,
    )


def _give(deed: Deed, dropped: DroppedMessage, message: Json) -> None:
    if importing_handlers.is_meant(message):
        importing_handlers.received(deed, files=[SlackFile.of(each) for each in message["files"]])
    else:
        dropping.give_where_dropped(deed, dropped=dropped)


# --- what people say they are for ---


async def choose(call: Press[ChoiceRef]) -> Reply:
    """Somebody says what the files they dropped are for."""
    await call.act(dropping.choose, dropped_id=call.payload.dropped, number=call.payload.number)
    return None


ROUTES = (press(words.CHOOSE, ChoiceRef, choose),)


def _question(uow: UnitOfWork, dropped: DroppedMessage, at: datetime) -> Message:
    if offers.is_offered(dropped):
        return unasked.message(uow, dropped, at)
    if not dropped.files:
        return interview_facts.which(uow, dropped)
    deed = Deed.of_the_bot(uow, at)
    choices = []
    for number in range(len(dropped.choices)):
        shown = dropping.chosen(deed, dropped, number)
        due_on = shown.due_on if isinstance(shown, Task) else None
        choices.append(words.Choice(ChoiceRef(dropped.id, number), dropping.name_of(uow, shown), due_on))
    said = None if dropped.chosen is None else choices[dropped.chosen].name
    return words.choice(words.DroppedFiles([each["name"] for each in dropped.files], choices, said))


def question(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """What are these files for? Asked under them."""
    dropped = uow.get(DroppedMessage, row.subject_id)
    return Post(_question(uow, dropped, at), dropping.place_of(dropped).message_ts)


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same with the answer."""
    message = _question(uow, uow.get(DroppedMessage, row.subject_id), at)
    return Redraw(lambda _: message)


COMPOSERS: Mapping[str, Composer] = {
    dropping.CHOICE: question,
    beside.WHICH: question,
    "dropped_message.redraw": redrawn,
}


async def forget(services: Services, workspace_id: str) -> None:
    """Drop what nobody can answer any more."""
    await services.database.run(workspace_id, stored_dropped.forget_before, services.clock.now() - KEPT)


# --- what Slack gave up ---


async def look_back_soon(services: Services, workspace_id: str) -> None:
    """At the start: read the conversations again from where the last reading ended; the first time there is nothing."""
    await services.database.run(workspace_id, _look_back_soon, services.clock.now())


def _look_back_soon(uow: UnitOfWork, at: datetime) -> None:
    standing = next(iter(uow.matching(Errand, kind=LOOK_BACK)), None)
    if standing is not None:
        if standing.not_before > at:  # else it is due, and another replica may be at it
            uow.change(standing, not_before=at)
    elif uow.first_time(LOOK_BACK, at):
        _plan(Deed.of_the_bot(uow, at), since=at, until=None, behind="", begins=at + A_DAY)


def _plan(deed: Deed, *, since: datetime, until: datetime | None, behind: str, begins: datetime) -> None:
    """The one errand of reading again: from when to when, and behind which conversation it goes on."""
    values = {"since": since.isoformat(), "until": until.isoformat() if until else None, "behind": behind}
    deed.errand(LOOK_BACK, values=values, not_before=begins)


async def look_back(services: Services, errand: Errand) -> Conclusion:
    """Read a few conversations; the errand that follows goes on behind them, or begins a day later."""
    since, behind = datetime.fromisoformat(errand.values["since"]), errand.values["behind"]
    until = errand.values["until"] or services.clock.now().isoformat()
    found = await services.database.read(
        errand.workspace_id, stored_dropped.conversations_after, behind, CONVERSATIONS_AT_ONCE
    )
    for channel_id in found:
        await _read(services, errand.workspace_id, channel_id, since - OVERLAP)

    def conclude(deed: Deed) -> None:
        if len(found) < CONVERSATIONS_AT_ONCE:
            _plan(deed, since=datetime.fromisoformat(until), until=None, behind="", begins=deed.at + A_DAY)
        else:
            goes_on = datetime.fromisoformat(until)
            _plan(deed, since=since, until=goes_on, behind=found[-1], begins=deed.at + A_MINUTE)

    return conclude


async def try_tomorrow(_services: Services, errand: Errand, error: Exception) -> Conclusion:
    """It failed for long; nothing was read past where it stands, so that is where it goes on."""
    log.error("the conversations could not be read again", exc_info=error)
    since, until = datetime.fromisoformat(errand.values["since"]), errand.values["until"]

    def conclude(deed: Deed) -> None:
        goes_on = datetime.fromisoformat(until) if until else None
        _plan(deed, since=since, until=goes_on, behind=errand.values["behind"], begins=deed.at + A_DAY)

    return conclude


async def _read(services: Services, workspace_id: str, channel_id: str, since: datetime) -> None:
    bot_user_id = await services.database.read(workspace_id, _bot_user_id)
    try:
        async for message in _said(services, channel_id, since):
            if message.get("user") not in (None, bot_user_id) and (found := _with_files(message)):
                at = services.clock.now()
                await services.database.run(workspace_id, take, found, channel_id, at)
    except (ChannelGone, MessageGone, NotInChannel) as gone:
        log.info("a conversation is gone", channel=channel_id, error=str(gone))


def _bot_user_id(uow: UnitOfWork) -> str:
    return uow.workspace().bot_user_id


def _with_files(message: Json) -> Json | None:
    """The message with those of its files that are still there, if any is."""
    files = [each for each in message.get("files") or () if each.get("mode") != DELETED]
    return {**message, "files": files} if files else None


async def _said(services: Services, channel_id: str, since: datetime) -> AsyncIterator[Json]:
    """What was said in a conversation since then, and what was replied since then to what stood there before."""
    begins = f"{since.timestamp():.6f}"
    async for message in services.gateway.messages(channel_id, since - THREADS_STAY_OPEN):
        if message["ts"] > begins:
            yield message
        if message.get("latest_reply", "") > begins:
            async for reply in services.gateway.messages(channel_id, since, message["ts"]):
                if reply["ts"] > begins:  # the first of a thread always comes along
                    yield reply


ERRANDS = {LOOK_BACK: Kind(look_back, try_tomorrow)}
