"""What the bot said it would do is done: after a kill, after Slack gave up, and when Slack wants it to be slower."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from sandbox.story import Chapter
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage, Evidence, EvidenceState
from storage.record.errands import Errand
from storage.tasks.tables import Task, TaskState
from tests.journeys.conftest import REVIEW, Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOT = Path(__file__).parents[2]
SECONDS = 60


@asynccontextmanager
async def a_bot_of_its_own(journey: Journey) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process that can be killed; it is ready when this begins."""
    environment = {**{name: value for name, value in os.environ.items() if name == "PATH"}, **journey.environment}
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert bot.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(SECONDS):
            while b"ready" not in said:
                line = await bot.stdout.readline()
                assert line, said
                said += line
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


async def let_go_of_errands(journey: Journey) -> None:
    """What a bot that was killed still holds is free again, by the database's clock, which nobody here can move."""

    def free(uow: UnitOfWork) -> None:
        for each in uow.all(Errand):
            uow.change(each, held_until=None)

    database = Database.open(journey.environment["DESKAUDIT_DATABASE_URL"])
    await database.run("T0ALDER", free)
    await database.close()


async def test_own_controls_are_brought_though_the_bot_was_killed_after_it_said_that_it_reads_them(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.stop()
    controls = {"name": "list.csv", "content": "number,title,theme\nAC-1,Lock the doors,Access\n"}
    given = {"Name": "Acme annex", "Short name": "acme", "File": [controls]}
    async with a_bot_of_its_own(journey) as bot:
        await journey.hands.inject("429_storm", match="files.info", lasts=600)
        await journey.does("Mira", "types", "/iso frameworks")
        await journey.does("Mira", "presses", "Add your own controls", of="What you follow")
        await journey.does("Mira", "fills", given)
        await journey.sees("Mira", "I'm reading list.csv", place="modal")
        bot.kill()
        assert await bot.wait() == -9
    await let_go_of_errands(journey)
    await journey.hands.take_back()
    await journey.hands.advance(timedelta(minutes=5))
    async with a_bot_of_its_own(journey):
        await journey.sees("Mira", "1 added")


async def test_a_file_whose_event_slack_gave_up_is_found_again_once(begin: Begin, opening: Chapter) -> None:
    journey = await begin(over_http=True, retry_factor=0.0)
    await journey.play(*opening.steps)
    await journey.sees("Jonas", REVIEW)
    jonas, tom = journey.hands.person("U0JONAS"), journey.hands.person("U0TOM")
    await tom.say("hello")
    await journey.sees("Tom", "/iso")
    [card] = [each["ts"] for each in await jonas.messages() if REVIEW in str(each.get("blocks"))]
    await journey.stop()
    await jonas.upload(("review.txt", b"Signed"), thread_ts=card)
    await tom.upload(("holiday.txt", b"Sun"))
    await given_up(journey, 2)
    await journey.start()
    await journey.sees("Jonas", "Kept review.txt", place="thread")
    await journey.sees("Tom", "No file is needed here", place="thread")
    await journey.restart()
    await journey.service.services.background.finish(seconds=20)
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        assert [(each.name, each.state) for each in uow.all(Evidence)] == [("review.txt", EvidenceState.KEPT)]
        assert uow.count(DroppedMessage) == 2
        assert [each.kind for each in uow.all(Errand)] == ["evidence.look_back"]


async def given_up(journey: Journey, count: int) -> None:
    """Wait until Slack has dropped so many events about messages."""
    for _ in range(400):
        dropped = [each for each in await journey.hands.dropped() if each["event"].get("type") == "message"]
        if len(dropped) == count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"Slack dropped {dropped}")


async def test_where_a_file_could_be_for_several_tasks_a_button_says_which(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    database = journey.service.services.database
    with database.unit_of_work("T0ALDER") as uow:
        theirs = (col(Task.owner_id) == "U0JONAS", col(Task.state) == TaskState.SCHEDULED)
        other = uow.first(Task, *theirs, col(Task.evidence_required).is_(True), col(Task.title) != REVIEW)
        assert other is not None
        uow.change(other, state=TaskState.OPEN)
    await journey.hands.person("U0JONAS").upload(("list.txt", b"Signed"))
    await journey.sees("Jonas", "What is this file for?", place="thread")
    await press_in_thread(journey, "U0JONAS", other.title)
    await journey.sees("Jonas", "Kept list.txt", place="thread")
    await journey.sees("Jonas", f"list.txt: for {other.title}", place="thread")
    assert state_of(database, other) is TaskState.SUBMITTED


def state_of(database: Database, task: Task) -> TaskState:
    with database.unit_of_work("T0ALDER") as uow:
        return uow.get(Task, task.id).state


async def press_in_thread(journey: Journey, person_id: str, label: str) -> None:
    """Press a button of the app in one of somebody's threads."""
    person = journey.hands.person(person_id)
    for message in await person.messages():
        for reply in await person.thread(message["ts"]):
            for block in reply.get("blocks") or ():
                for each in block.get("elements", ()):
                    if each.get("type") == "button" and each["text"]["text"].startswith(label):
                        await person.press(each["action_id"], ts=reply["ts"], block_id=block["block_id"])
                        return
    raise AssertionError(f"no button {label}")


async def test_every_dropped_file_is_answered_though_slack_wants_us_slower(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    tom = journey.hands.person("U0TOM")
    await journey.hands.inject("429_storm", match="chat.postMessage", times=3, retry_after=1)
    for number in range(6):
        await tom.upload((f"holiday-{number}.txt", b"Sun"))
    for number in range(6):
        await answered(journey, f"holiday-{number}.txt")


async def answered(journey: Journey, name: str) -> None:
    """Wait for our answer under a file that Tom dropped."""
    tom = journey.hands.person("U0TOM")
    for _ in range(800):
        [dropped] = [each for each in await tom.messages() if name in str(each.get("files"))]
        if "No file is needed here" in str(await tom.thread(dropped["ts"])):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{name} was not answered")
