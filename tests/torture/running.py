"""One run: everything is started, tortured, let come to rest, and judged."""

import asyncio
import random
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import app
from sandbox.hands import Hands
from sandbox.story import Player, read_story
from tests import s3_server
from tests.torture import front, processes
from tests.torture.deeds import LIVES
from tests.torture.judging import Finding, Judge, Loss, judge_messages
from tests.torture.options import Options
from tests.torture.people import Diary, Somebody, live
from tests.torture.processes import S3, Postgres, Process, Slack
from tests.torture.report import Report
from tests.torture.sandbox_process import SOCKET_MODE
from tests.torture.troubles import Torturer, planned
from tests.torture.witnesses import Books, SlackStore

STORY = Path(app.__file__).parent / "stories" / "one_working_day.yaml"
REDELIVERED_SOONER = 0.05
"""Slack's minute and five minutes between redeliveries take three and fifteen seconds."""

CALM_LOOKS = 4
SECONDS_BETWEEN_LOOKS = 0.5
WORKING_HOURS = (5, 16)
"""In UTC: when people in Singapore are at work, and when those in Berlin and New York are."""

PLAYED_WITHIN = 60.0
MOST_PATIENCE = 900.0
CAUGHT_UP_WITHIN = 300.0
"""After a clock has jumped, what is due is late until it was said at Slack's pace; the bot is not ready till then."""

SUPERVISED_EVERY = 1.0


class House:
    """Everything that runs, and how it is reached."""

    def __init__(self, options: Options, folder: Path, told: Callable[[str], None]) -> None:
        self.options = options
        self.folder = folder
        self.told = told
        self.slack = Slack(folder / "slack")
        self.bots: list[Process] = []
        self.ports: list[int] = []
        self.environment: dict[str, str] = {}
        self.postgres: Postgres | None = None
        self.s3: S3 | None = None

    async def open(self, stack: AsyncExitStack) -> Hands:
        """Start all of it; it is stopped when the stack unwinds."""
        self.slack.folder.mkdir(parents=True)
        self.ports = s3_server.free_ports(self.options.replicas)
        address = SOCKET_MODE
        if self.options.transport == "http":
            address = await stack.enter_async_context(front.opened(self.ports))
        await stack.enter_async_context(self.slack.running(address, REDELIVERED_SOONER))
        self.environment = await self._environment(stack)
        for number, port in enumerate(self.ports, 1):
            own = {**self.environment, "DESKAUDIT_PORT": str(port)}
            words = (sys.executable, "-m", "bot", "run", "--until-stdin-closes")
            bot = Process(words, self.folder / f"bot-{number}.log", own)
            self.bots.append(bot)
            stack.push_async_callback(bot.end)
            await bot.start()
        await self.until_ready()
        return await stack.enter_async_context(Hands(self.slack.url))

    async def _environment(self, stack: AsyncExitStack) -> dict[str, str]:
        told = self.slack.environment.items()
        own = {
            **{name: value for name, value in told if self.options.transport == "socket" or "APP" not in name},
            "DESKAUDIT_SETTINGS": str(self.folder / "no-settings-file"),
            "DESKAUDIT_DATABASE_URL": f"sqlite:///{self.folder}/deskaudit.db",
            "DESKAUDIT_EVIDENCE_URL": str(self.folder / "evidence"),
            "DESKAUDIT_CLOCK_URL": self.slack.url,
            "DESKAUDIT_LEADS": "",
        }
        if self.options.database == "sqlite":
            return own
        self.postgres = await stack.enter_async_context(processes.postgres())
        self.s3 = await stack.enter_async_context(processes.s3(self.folder / "s3"))
        places = {"DESKAUDIT_DATABASE_URL": self.postgres.url, "DESKAUDIT_EVIDENCE_URL": "s3://evidence/torture"}
        return {**own, **places, **s3_server.environment(self.s3.endpoint)}

    async def supervise(self) -> None:
        """Start whatever has ended, as whoever runs a bot has it done by their machine."""
        while True:
            for bot in self.bots:
                await bot.start()
            await asyncio.sleep(SUPERVISED_EVERY)

    async def until_ready(self, within: float = processes.STARTS_WITHIN) -> None:
        """Wait until every replica says that it can work. Raises `Died`."""
        for port in self.ports:
            await processes.until(partial(front.is_ready, port), f"the bot: {self.bots[0].last_words()}", within)

    @property
    def database_url(self) -> str:
        """Where the bot keeps its rows."""
        return self.environment["DESKAUDIT_DATABASE_URL"]


async def run(options: Options, folder: Path, told: Callable[[str], None]) -> Report:
    """Torture the bot as the options say, with everything it leaves behind in a new folder. Raises `Died`."""
    async with AsyncExitStack() as stack:
        house = House(options, folder, told)
        hands = await house.open(stack)
        player = Player(hands, patience_seconds=PLAYED_WITHIN)
        for step in read_story(STORY).chapters[0].steps:
            await player.play(step)
        supervisor = asyncio.create_task(house.supervise())
        stack.callback(supervisor.cancel)
        report = await _torture(house, hands)
        await house.until_ready(CAUGHT_UP_WITHIN)
        report.restless = await _rest(house, hands)
        now = datetime.fromisoformat((await hands.clock())["now"])
        supervisor.cancel()
        await asyncio.gather(*(bot.end(signal.SIGTERM) for bot in house.bots))
        verified = await _verified(house)
        report.findings += [*await asyncio.to_thread(_judged, house, report, now), *verified]
    return report


async def _torture(house: House, hands: Hands) -> Report:
    options, began = house.options, asyncio.get_running_loop().time()
    diary = Diary(lambda: asyncio.get_running_loop().time() - began)

    def told(what: str) -> None:
        house.told(f"{asyncio.get_running_loop().time() - began:7.1f} s  {what}")

    enough = asyncio.Event()
    torturer = Torturer(hands, house.bots, told, postgres=house.postgres, s3=house.s3)
    people = [
        live(Somebody(hands, user, diary, random.Random(f"{options.seed}:{user}")), deeds, enough)
        for user, deeds in LIVES.items()
    ]
    asyncio.get_running_loop().call_later(options.seconds, enough.set)
    await asyncio.gather(*people, *(torturer.bring(troubles, enough) for troubles in planned(options)))
    await torturer.relent()
    told("no more of it; the bot may finish what it owes")
    return Report(options, diary.deeds, torturer.counts)


async def _rest(house: House, hands: Hands) -> str:
    """Let the bot finish what it owes, on the next working day in each zone; what it did not finish in time."""
    busy = ""
    for hour in WORKING_HOURS:
        now = datetime.fromisoformat((await hands.clock())["now"])
        await hands.go_to(_next_working(now, hour))
        busy = await _quiet(house, hands)
    return busy


def _next_working(now: datetime, hour: int) -> datetime:
    found = now.replace(hour=hour, minute=0, second=0)
    while found <= now or found.weekday() >= 5:
        found += timedelta(days=1)
    return found


async def _quiet(house: House, hands: Hands) -> str:
    """Wait until nothing was left to be done for a while, or name what is when it grows no less.

    What waits for another try is brought forward by the clock.
    """
    books, store, time = Books(house.database_url), SlackStore(house.slack.folder), asyncio.get_running_loop().time
    deadline, calm, busy = time() + house.options.quiet_within, 0, ""
    at_last = time() + MOST_PATIENCE
    while calm < CALM_LOOKS and time() < min(deadline, at_last):
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        before, now = busy, datetime.fromisoformat((await hands.clock())["now"])
        busy, next_try = await asyncio.to_thread(_left, books, store, now)
        deadline = deadline if busy == before else time() + house.options.quiet_within
        calm = 0 if busy else calm + 1
        if next_try is not None:
            await hands.go_to(max(now, next_try))
    books.close()
    return busy


def _left(books: Books, store: SlackStore, now: datetime) -> tuple[str, datetime | None]:
    """What is left to do now, and when something is tried again where nothing else is left."""
    if undelivered := store.undelivered:
        return f"{undelivered} events undelivered", None
    if due := books.due(now):
        return f"{len(due)} messages due, such as {due[0]['slot']}", None
    if under_way := books.under_way():
        return ", ".join(under_way), None
    next_try = books.next_try()
    return ("" if next_try is None else "a message to be tried again", next_try)


def _judged(house: House, report: Report, now: datetime) -> Sequence[Finding]:
    books, slack = Books(house.database_url), SlackStore(house.slack.folder)
    try:
        report.dropped_by_slack = len(slack.dropped)
        return [*judge_messages(slack, books, now), *Judge(slack, books, report.deeds).findings()]
    finally:
        books.close()


async def _verified(house: House) -> list[Finding]:
    """What `deskaudit verify` finds."""
    log = house.folder / "verify.log"
    checking = Process((sys.executable, "-m", "bot", "verify"), log, house.environment)
    await checking.start()
    if await checking.end(signal.SIGCONT, within=PLAYED_WITHIN) == 0:
        return []
    return [Finding(Loss.DENIED, f"deskaudit verify: {checking.last_words().strip()}", "at the end")]
