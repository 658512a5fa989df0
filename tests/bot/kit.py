"""Fakes and payloads for the tests of the edge: a Slack that does as it is told, and what Slack sends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.errands import LEAST_ATTEMPTS, PATIENCE
from bot.services import Services
from bot.slack.gateway import Gateway
from bot.slack.objects import Identity, PeoplePage, Posted, QuietWindow, SlackGroup, SlackPerson
from messages.words.kit import Home, Message, Modal
from messages.words.payloads import Payload, encode
from storage.engine import database_time
from storage.record.errands import Errand

WORKSPACE = "T0SAMPLE"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def said(text: str) -> Message:
    """A message of one paragraph."""
    return Message(text, ({"type": "section", "text": {"type": "mrkdwn", "text": text}},))


def window(title: str = "Window") -> Modal:
    """A modal that only tells something."""
    return Modal("window", title, said("hello").blocks, None, "Close", encode_nothing())


def encode_nothing() -> str:
    return '{"v":1}'


async def do_errands(services: Services, *, seconds: float = 60) -> None:
    """Whatever was promised and is due is done, or put off."""
    await services.take_up(WORKSPACE)
    await services.background.finish(seconds=seconds)


def let_leases_end(services: Services) -> None:
    """Whoever held an errand has not prolonged that for long, by the database's clock, which nobody here can move."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        for errand in uow.all(Errand):
            uow.change(errand, held_until=database_time.now(uow.connection))


def let_fail_for_a_day(services: Services) -> None:
    """What was promised has been tried in vain since yesterday, by the database's clock."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        for errand in uow.all(Errand):
            since = database_time.now(uow.connection) - PATIENCE
            uow.change(errand, failing_since=since, attempts=LEAST_ATTEMPTS)


class StoppedClock(Clock):
    """Time that only the test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


class FakeGateway(Gateway):
    """Remembers what it was asked for. `faults` are raised first, one per call of that name.

    What was posted before a fault of `lost_answers` is in the conversation all the same.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.laid: dict[str, bytes] = {}
        self.posted: dict[str, tuple[str, Message, str | None]] = {}
        self.threads: dict[str, str | None] = {}
        self.faults: dict[str, list[Exception]] = {}
        self.lost_answers: list[Exception] = []
        self.before_post: Callable[[], None] = lambda: None
        self.before_update: Callable[[], None] = lambda: None
        self.holds: asyncio.Event | None = None
        self.looked_since = datetime.max.replace(tzinfo=UTC)
        self.directory: list[SlackPerson] = []
        self.people_per_page = 200
        self.before_people: dict[str, Exception] = {}
        self.groups: list[SlackGroup] = []
        self.quiet: dict[str, QuietWindow] = {}

    def named(self, name: str) -> list[Any]:
        """What every call of that name was given."""
        return [given for called, given in self.calls if called == name]

    def _called(self, name: str, given: Any) -> None:
        self.calls.append((name, given))
        if self.faults.get(name):
            raise self.faults[name].pop(0)

    async def identify(self) -> Identity:
        self._called("identify", None)
        return Identity(WORKSPACE, "Sample", "B0APP", "U0APP", frozenset())

    async def people(self, cursor: str = "") -> PeoplePage:
        self._called("people", cursor)
        if cursor in self.before_people:
            raise self.before_people[cursor]
        first, size = int(cursor or 0), self.people_per_page
        following = str(first + size) if first + size < len(self.directory) else ""
        return PeoplePage(self.directory[first : first + size], following)

    async def user_groups(self) -> list[SlackGroup]:
        self._called("user_groups", None)
        return self.groups

    async def quiet_windows(self, people: Sequence[str]) -> dict[str, QuietWindow]:
        self._called("quiet_windows", list(people))
        return {each: window for each, window in self.quiet.items() if each in people}

    async def open_dm(self, user: str) -> str:
        self._called("open_dm", user)
        return f"D{user[1:]}"

    async def post(self, channel: str, message: Message, slot: str, thread_ts: str | None = None) -> Posted:
        self._called("post", (channel, message.text, thread_ts))
        self.before_post()
        if self.holds is not None:
            await self.holds.wait()
        ts = f"{len(self.posted) + 1}.000000"
        self.posted[slot] = (channel, message, ts)
        self.threads[slot] = thread_ts
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return Posted(f"D{channel[1:]}" if channel.startswith("U") else channel, ts)

    async def update(self, channel: str, ts: str, message: Message) -> None:
        self._called("update", (channel, ts, message.text))
        self.before_update()

    async def find_posted(
        self, channel: str, slot: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        self._called("find_posted", (channel, slot))
        self.looked_since = since
        found = self.posted.get(slot) if self.threads.get(slot) == thread_ts else None
        return Posted(channel, str(found[2])) if found else None

    async def share(
        self,
        channel: str,
        thread_ts: str | None,
        name: str,
        size: int,
        chunks: AsyncIterator[bytes],
        *,
        title: str = "",
        comment: str = "",
        before_shown: Callable[[], None] = lambda: None,
    ) -> None:
        self._called("share", (channel, thread_ts, name))
        before_shown()
        self.laid[name] = b"".join([chunk async for chunk in chunks])
        if self.lost_answers:
            raise self.lost_answers.pop(0)

    async def find_file(self, channel: str, thread_ts: str, name: str) -> bool:
        self._called("find_file", (channel, thread_ts, name))
        return name in self.laid

    async def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        self._called("respond", (response_url, message.text))

    async def open_modal(self, trigger_id: str, modal: Modal) -> None:
        self._called("open_modal", (trigger_id, modal))

    async def push_modal(self, trigger_id: str, modal: Modal) -> None:
        self._called("push_modal", (trigger_id, modal))

    async def publish_home(self, user: str, home: Home) -> None:
        self._called("publish_home", user)


# --- payloads, as recorded from Slack and cut to the keys of its reference ---

Json = dict[str, Any]
RESPONSE_URL = "https://hooks.slack.com/actions/T0SAMPLE/1/x"


def slash(text: str, *, trigger: str = "1.2.cmd", person: str = "U0MIRA") -> Json:
    """`/iso text` typed in a channel."""
    return {
        "token": "verification",
        "team_id": WORKSPACE,
        "team_domain": "sample",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": person,
        "user_name": "mira",
        "command": "/iso",
        "text": text,
        "api_app_id": "A0APP",
        "is_enterprise_install": "false",
        "response_url": RESPONSE_URL,
        "trigger_id": trigger,
    }


def _interaction(kind: str, trigger: str, person: str) -> Json:
    return {
        "type": kind,
        "team": {"id": WORKSPACE, "domain": "sample"},
        "user": {"id": person, "username": "mira", "name": "mira", "team_id": WORKSPACE},
        "api_app_id": "A0APP",
        "token": "verification",
        "trigger_id": trigger,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def button(
    action_id: str, payload: Payload | str, *, trigger: str = "1.2.press", person: str = "U0MIRA", **action: Any
) -> Json:
    """A button pressed in a direct message."""
    value = payload if isinstance(payload, str) else encode(payload)
    pressed = {"type": "button", "action_id": action_id, "block_id": "b1", "value": value, "action_ts": "1.1"}
    return {
        **_interaction("block_actions", trigger, person),
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": "D0MIRA", "is_ephemeral": False},
        "channel": {"id": "D0MIRA", "name": "directmessage"},
        "message": {"type": "message", "ts": "1.000001", "blocks": []},
        "state": {"values": {}},
        "response_url": RESPONSE_URL,
        "actions": [pressed | action],
    }


def button_in_view(action_id: str, payload: Payload, kind: str, **more: Any) -> Json:
    """A button pressed on Home or in a modal."""
    body = button(action_id, payload)
    for key in ("channel", "message", "response_url"):
        del body[key]
    view = {"id": "V1", "type": kind, "hash": "1.abc", "private_metadata": "", "blocks": [], **more}
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": view}


def submission(callback_id: str, payload: Payload, values: Json, *, trigger: str = "1.2.form", **view: Any) -> Json:
    """A modal submitted; `values` are Slack's own `state.values`."""
    shown: Json = {
        "id": "V1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": encode(payload),
        "state": {"values": values},
        "hash": "1.abc",
        "root_view_id": "V1",
        "previous_view_id": None,
        "blocks": [],
    }
    return {**_interaction("view_submission", trigger, "U0MIRA"), "view": shown | view, "response_urls": []}


def dismissal(callback_id: str, payload: Payload) -> Json:
    """A modal dismissed; such a payload has no trigger."""
    body = submission(callback_id, payload, {})
    del body["trigger_id"]
    return {**body, "type": "view_closed", "is_cleared": False}


def shortcut(callback_id: str) -> Json:
    """A shortcut on a message."""
    return {
        **_interaction("message_action", "1.2.short", "U0MIRA"),
        "callback_id": callback_id,
        "message_ts": "1.000001",
        "message": {"type": "message", "ts": "1.000001", "text": "see file"},
        "channel": {"id": "C0GENERAL", "name": "general"},
        "response_url": RESPONSE_URL,
    }


def happening(event: Json, *, event_id: str = "Ev1") -> Json:
    """An event as the Events API wraps it."""
    return {
        "token": "verification",
        "team_id": WORKSPACE,
        "api_app_id": "A0APP",
        "event": {"event_ts": "1.1", **event},
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": WORKSPACE,
                "user_id": "U0APP",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "event_context": "4-x",
    }
