"""The whole edge against the sandbox: what people do reaches the rooms, and what the rooms say reaches people."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import app, settings
from bot.app import Rooms, Service
from bot.services import Services
from bot.slack.calls import Command, Event, Form, Open, Outgoing, Post, Press, Redraw, Reply, Tell
from bot.slack.errors import TokenRefused
from bot.slack.manifest import manifest
from bot.slack.objects import SlackFile
from bot.slack.routes import AnyRoute, event, form, press, verb
from messages.tasks.payloads import TaskRef
from messages.words import fields, kit
from messages.words.kit import Home, Message
from messages.words.wording import words
from sandbox.company import Company
from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from storage.engine.errors import DatabaseIsNewer
from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person as PersonRow
from storage.record import inbox
from storage.record.outbox import OutboxRow, OutboxState
from tests.bot.kit import NOON, said
from workflows.deed import Deed, as_the_bot
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry

TEAM = "T0ALDER"
DONE = "note.done"


def card(row_id: int, title: str) -> Message:
    """A card with one button, or none once it is done."""
    phrase = words("words/surfaces", asks=False).close
    section = {"type": "section", "text": {"type": "mrkdwn", "text": title}}
    pressed = kit.button(phrase, DONE, TaskRef(row_id, 1)).to_dict()
    buttons = () if title == "done" else ({"type": "actions", "elements": [pressed]},)
    return Message(title, (section, *buttons))


@dataclass
class SmallRooms:
    """One room that notes things, with everything a room may have."""

    events: list[Event] = field(default_factory=list)
    files: list[SlackFile] = field(default_factory=list)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, call: Command) -> Reply:
        await call.act(_plan_note)
        return Tell(said("noted"))

    async def slow(self, _call: Command) -> Reply:
        self.begun.set()
        await self.may_go_on.wait()
        return Tell(said("at last"))

    async def done(self, call: Press[TaskRef]) -> Reply:
        await call.act(_finish)
        return None

    async def ask(self, _call: Command) -> Reply:
        phrase = words("words/surfaces", asks=True).close
        return Open(kit.modal("ask", phrase, [fields.text("reason", phrase)], submit=phrase, payload=TaskRef(1, 1)))

    async def asked(self, call: Form[TaskRef]) -> Reply:
        await call.act(_rename, title=call.text("reason"))
        return None

    async def happened(self, call: Event) -> Reply:
        self.events.append(call)
        self.files += [SlackFile.of(each) for each in call.body.get("files", ())]
        return None

    @property
    def routes(self) -> tuple[AnyRoute, ...]:
        return (
            verb("note", handler=self.note),
            verb("slow", handler=self.slow),
            verb("ask", handler=self.ask),
            press(DONE, TaskRef, self.done),
            form("ask", TaskRef, self.asked),
            event("message.im", self.happened, scopes=["im:history"]),
            event("app_home_opened", self.opened),
        )

    async def opened(self, call: Event) -> Reply:
        await call.services.publish_home(call.workspace_id, call.person_id)
        return None

    def rooms(self) -> Rooms:
        return Rooms(
            routes=self.routes,
            composers={"note.card": _card, "note.redraw": _redraw},
            ticks=(_tick,),
            show_home=_show_home,
            sync_directory=_sync,
        )


def _plan_note(deed: Deed) -> None:
    deed.uow.schedule(
        slot=f"note:{deed.by}",
        kind="note.card",
        recipient=deed.by,
        subject="note",
        subject_id=1,
        not_before=deed.at,
        at=deed.at,
    )


def _finish(deed: Deed) -> None:
    deed.redraw(("note", 1), version="done")


def _rename(deed: Deed, *, title: str) -> None:
    person = next(each for each in deed.uow.all(PersonRow) if each.slack_id == deed.by)
    deed.uow.change(person, title=title)


def _card(_uow: UnitOfWork, row: OutboxRow, _at: datetime) -> Outgoing:
    return Post(card(row.subject_id, "to do"))


def _redraw(_uow: UnitOfWork, row: OutboxRow, _at: datetime) -> Outgoing:
    return Redraw(lambda _place: card(row.subject_id, "done"))


def _tick(deed: Deed) -> None:
    deed.message(["U0JONAS"], ("note", 2), "note.card", what=("tick",), at_once=True)


async def _show_home(services: Services, workspace_id: str, person_id: str) -> None:
    rows = await services.database.read(workspace_id, lambda uow: uow.all(PersonRow))
    title = next(each.title for each in rows if each.slack_id == person_id)
    await services.gateway.publish_home(person_id, Home(said(title).blocks))


async def _sync(services: Services, workspace_id: str) -> None:
    found = [DirectoryEntry(**vars(person)) for person in (await services.gateway.people()).people]
    await services.database.run(workspace_id, as_the_bot(people_commands.sync, services.clock.now()), found)


@pytest.fixture
def room() -> SmallRooms:
    return SmallRooms()


@pytest.fixture
async def sandbox(tmp_path: Path, room: SmallRooms) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(
        folder=tmp_path / "workspace", manifest=manifest(room.routes), companies=[Company.load()], start=NOON
    )
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


def given(sandbox: Sandbox, folder: Path, **more: str) -> settings.Settings:
    return settings.load(
        {
            **sandbox.environment,
            "DESKAUDIT_DATABASE_URL": f"sqlite:///{folder}/var/deskaudit.db",
            "DESKAUDIT_EVIDENCE_URL": str(folder / "evidence"),
            "DESKAUDIT_PORT": "0",
            **more,
        }
    )


@pytest.fixture
async def service(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> AsyncIterator[Service]:
    service = app.build(given(sandbox, tmp_path), room.rooms())
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def mira(sandbox: Sandbox, service: Service) -> AsyncIterator[Person]:
    async with Hands(sandbox.url) as hands:
        yield hands.person("U0MIRA")


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` finds, as soon as it finds something."""
    async with asyncio.timeout(10):
        while not (found := await look()):  # noqa: ASYNC110 - people look again, too
            await asyncio.sleep(0.02)
    return found


async def messages(person: Person, text: str) -> list[Any]:
    return [message for message in await person.messages() if message["text"] == text]


async def test_from_a_command_to_a_card_and_a_press_to_the_card_redrawn(mira: Person) -> None:
    await mira.command("/iso", "note")
    [told] = await eventually(lambda: messages(mira, "noted"))
    assert told["ephemeral"]
    [posted] = await eventually(lambda: messages(mira, "to do"))
    await mira.press(DONE, ts=posted["ts"])
    [redrawn] = await eventually(lambda: messages(mira, "done"))
    assert redrawn["ts"] == posted["ts"]
    assert [block["type"] for block in redrawn["blocks"]] == ["section"]


async def test_a_form_is_stored_and_home_shows_it(mira: Person) -> None:
    await mira.command("/iso", "ask")
    await eventually(mira.modal)
    await mira.submit({"reason": "in charge"})
    home = await eventually(mira.home)
    assert home["blocks"][0]["text"]["text"] == "in charge"


async def test_a_file_dropped_in_the_direct_conversation(mira: Person, room: SmallRooms, service: Service) -> None:
    await mira.upload(("log.csv", b"a,b\n"))

    async def come() -> list[SlackFile]:
        return room.files

    [file] = await eventually(come)
    assert b"".join([chunk async for chunk in service.services.gateway.download(file)]) == b"a,b\n"


async def test_what_the_planners_plan_is_sent(sandbox: Sandbox, service: Service) -> None:
    async with Hands(sandbox.url) as hands:
        assert len(await eventually(lambda: messages(hands.person("U0JONAS"), "to do"))) == 1


async def test_the_directory_is_known_from_the_start(service: Service) -> None:
    with service.services.database.unit_of_work(TEAM) as uow:
        known = {person.slack_id: person for person in uow.all(PersonRow)}
        assert uow.workspace().bot_user_id == "U0APP"
    assert known["U0PRIYA"].zone == "Asia/Singapore"
    assert known["U0OTTO"].is_deactivated


async def test_what_is_done_every_night(service: Service) -> None:
    now = service.services.clock.now()
    with service.services.database.unit_of_work(TEAM) as uow:
        assert uow.first_time("old", now - timedelta(days=8))
        assert uow.first_time("new", now - timedelta(days=6))
    await service._nightly()
    with service.services.database.unit_of_work(TEAM) as uow:
        assert [uow.first_time(key, now) for key in ("old", "new")] == [True, False]


async def test_ready_once_started(service: Service) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{service.port}/readyz")
    assert answer.status_code == 200
    assert answer.json()["connected"]


async def test_health_may_have_a_port_of_its_own(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path, DESKAUDIT_HEALTH_PORT="0"), room.rooms())
    await service.start()
    async with httpx.AsyncClient() as client:
        asked = {
            (port, path): (await client.get(f"http://127.0.0.1:{port}/{path}")).status_code
            for port in (service.port, service.health_port)
            for path in ("healthz", "readyz", "metrics")
        }
    await service.stop()
    assert list(asked.values()) == [404, 404, 404, 200, 200, 200]


async def ready(service: Service) -> tuple[int, Any]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{service.port}/readyz")
    return answer.status_code, answer.json()


async def test_looking_whether_it_is_ready_leaves_nothing_behind(service: Service, tmp_path: Path) -> None:
    before = await service.services.database.read(TEAM, _what_stands)
    for _ in range(3):
        status, said_back = await ready(service)
    assert (status, said_back["reasons"]) == (200, [])
    assert await service.services.database.read(TEAM, _what_stands) == before
    assert len([each for each in (tmp_path / "evidence").rglob("*") if each.is_file()]) == 1


def _what_stands(uow: UnitOfWork) -> tuple[Any, int, int]:
    return uow.workspace(), uow.count(OutboxRow), uow.count(inbox.Arrival)


async def test_it_knows_when_a_message_last_arrived(sandbox: Sandbox, service: Service) -> None:
    async with Hands(sandbox.url) as hands:
        await eventually(lambda: messages(hands.person("U0JONAS"), "to do"))

    async def said_back() -> Any:
        return (await ready(service))[1]["send_age_seconds"] is not None

    assert await eventually(said_back)


async def test_a_database_that_takes_no_row_is_not_ready(service: Service) -> None:
    with service.services.database.unit_of_work(TEAM) as uow:
        uow.connection.exec_driver_sql(
            "CREATE TRIGGER closed BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'read-only'); END"
        )
    status, said_back = await ready(service)
    assert (status, len(said_back["reasons"])) == (503, 1)
    assert "The database takes no row" in said_back["reasons"][0]


async def test_stopping_lets_what_was_begun_be_answered(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path), room.rooms())
    await service.start()
    async with Hands(sandbox.url) as hands:
        asking = asyncio.create_task(hands.person("U0MIRA").command("/iso", "slow"))
        await room.begun.wait()
        stopping = asyncio.create_task(service.stop())
        await asyncio.sleep(0)
        room.may_go_on.set()
        await asyncio.gather(asking, stopping)
        assert await messages(hands.person("U0MIRA"), "at last")


async def test_a_second_run_takes_up_where_the_first_ended(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    for _ in range(2):
        service = app.build(given(sandbox, tmp_path), room.rooms())
        await service.start()
        async with Hands(sandbox.url) as hands:
            assert len(await eventually(lambda: messages(hands.person("U0JONAS"), "to do"))) == 1
        await service.stop()
    service = app.build(given(sandbox, tmp_path), room.rooms())
    with service.services.database.unit_of_work(TEAM) as uow:
        assert [row.state for row in uow.all(OutboxRow)] == [OutboxState.SENT]
    await service.stop()


async def test_the_demos_clock_makes_things_due(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path, DESKAUDIT_CLOCK_URL=sandbox.url), room.rooms())
    await service.start()
    async with Hands(sandbox.url) as hands:
        before = service.services.clock.now()
        await hands.go_to(before.replace(year=before.year + 1))

        async def jumped() -> bool:
            return service.services.clock.now().year == before.year + 1

        await eventually(jumped)
    await service.stop()


async def test_what_a_crash_left_half_received_goes_at_night(service: Service, tmp_path: Path) -> None:
    incoming = tmp_path / "evidence" / "incoming"
    incoming.mkdir(parents=True)
    for name in ("old#1", "new#1"):
        (incoming / name).write_bytes(b"half")
    os.utime(incoming / "old#1", (0, 0))
    await service._nightly()
    assert [each.name for each in incoming.iterdir()] == ["new#1"]


async def test_the_start_waits_while_slack_is_away(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path), room.rooms())
    async with Hands(sandbox.url) as hands:
        await hands.inject("server_error", status=503, times=2)  # the second is that of the SDK, which tries again
        await service.start()
        assert len(await eventually(lambda: messages(hands.person("U0JONAS"), "to do"))) == 1
    await service.stop()


async def test_stopping_takes_its_time_and_no_more(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path, DESKAUDIT_STOP_SECONDS="1"), room.rooms())
    await service.start()
    async with Hands(sandbox.url) as hands:
        asking = asyncio.create_task(hands.person("U0MIRA").command("/iso", "slow"))
        await room.begun.wait()
        service.services.later(_for_ever(), about="work without an end")
        began = time.monotonic()
        await service.stop()
        assert time.monotonic() - began < 5
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def test_a_wrong_app_token_ends_the_start(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path, SLACK_APP_TOKEN="xapp-wrong"), room.rooms())
    with pytest.raises(TokenRefused):
        await service.start()
    await service.stop()


async def test_a_newer_database_ends_the_start(sandbox: Sandbox, room: SmallRooms, tmp_path: Path) -> None:
    service = app.build(given(sandbox, tmp_path), room.rooms())
    service.services.database.upgrade()
    with service.services.database.unit_of_work(TEAM) as uow:
        uow.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseIsNewer):
        await service.start()
    await service.stop()
