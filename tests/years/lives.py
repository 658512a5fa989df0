"""A programme lived day by day: the real planners, composers and ledgers on a real database; only Slack is left out."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rooms import TICKS, composers
from bot.sending.delivery import Sender
from bot.sending.dispatcher import claim_due
from bot.sending.fence import Fence
from bot.sending.verdicts import Reached, record
from bot.slack.objects import Posted
from bot.slack.rate_limits import Pace
from messages.words.kit import Message
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.people.tables import Role
from storage.record import sender_lease
from storage.tasks import queries as task_queries
from tests.bot.kit import FakeGateway
from tests.conftest import WORKSPACE
from tests.workflows.conftest import deed, the_bot
from workflows.deed import as_the_bot
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals
from workflows.programme.starting.answers import Answers
from workflows.tasks import commands as task_commands
from workflows.tasks import rules as task_rules

MORNING, AFTERNOON = time(8, 30), time(14, 30)
"""UTC: within working hours in Berlin and London, and then in New York too."""

AT_ONCE = 500

SATURDAY = 5
PEOPLE = {
    "UMIRA": "Europe/Berlin",
    "UINES": "Europe/Berlin",
    "UJONAS": "Europe/Berlin",
    "UPRIYA": "Europe/London",
    "ULIAM": "Europe/Berlin",
    "UDAVID": "America/New_York",
}
PROMPT, SLOW, SILENT = "UJONAS", "UPRIYA", "UDAVID"
"""Owners by temper: one hands in what opens on the next day, one a week late, and one never answers."""


@dataclass(frozen=True)
class Said:
    """A message that went out."""

    slot: str
    recipient: str
    at: datetime
    thread_ts: str | None

    @property
    def local(self) -> datetime:
        """The moment, where its reader is."""
        return self.at.astimezone(ZoneInfo(PEOPLE[self.recipient]))


class Slack(FakeGateway):
    """Takes everything, and remembers what it was told when."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime.min.replace(tzinfo=UTC)
        self.said: list[Said] = []

    async def post(self, channel: str, message: Message, slot: str, thread_ts: str | None = None) -> Posted:
        self.said.append(Said(slot, channel, self.at, thread_ts))
        return Posted(f"D{channel[1:]}", f"{len(self.said)}.000000")


class Life:
    """One replica of the bot, which beats when told so."""

    def __init__(self, database: Database, holder: str = "the only one") -> None:
        self.database, self.slack = database, Slack()
        self._holder, fence = holder, Fence()
        fence.granted(math.inf)  # days pass here in the blink of an eye
        self._sender = Sender(
            database=database,
            gateway=self.slack,
            blobs=BlobStore.open("memory://"),
            composers=composers(),
            pace=Pace(math.inf),
            fence=fence,
            stopping=asyncio.Event(),
        )

    async def beat(self, at: datetime) -> None:
        """What the clock does at a moment: every planner once, then everything that is due is said."""
        for tick in TICKS:
            await self.database.run(WORKSPACE, as_the_bot(tick, at))
        await self.deliver(at)

    async def deliver(self, at: datetime) -> None:
        """Send what is due as the dispatcher does."""
        self.slack.at = at
        while rows := await self.database.run(WORKSPACE, claim_due, self._holder, at, AT_ONCE, AT_ONCE):
            for row in rows:
                verdict = await self._sender.attempt(WORKSPACE, row, at)
                await self.database.run(WORKSPACE, record, [Reached(row, verdict, at)])
        await self.database.run(WORKSPACE, sender_lease.let_go, self._holder)


def begin(uow: UnitOfWork, at: datetime) -> None:
    """A programme that Mira starts, for two standards, in a company in Berlin."""
    uow.put_workspace(name="Sample")
    people_commands.sync(the_bot(uow, at), [DirectoryEntry(each, each, "", zone) for each, zone in PEOPLE.items()])
    for lead in ("UMIRA", "UINES"):
        people_commands.grant(deed(uow, "UMIRA", at), lead, Role.LEAD)
    owners = dict.fromkeys((group.key for group in proposals.owner_groups()), PROMPT)
    answers = Answers(
        standards=("iso27001-2022", "iso9001-2015"),
        owners=owners | {"people": SLOW, "suppliers": SLOW, "top_management": SILENT},
        auditors=("ULIAM",),
        management=("UDAVID",),
        country="DE",
        region="BE",
        digest_channel="C0MGMT",
    )
    starting_commands.start_programme(deed(uow, "UMIRA", at), answers)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included, but Saturdays and Sundays, on which nobody can be told."""
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return (day for day in every if day.weekday() < SATURDAY)


def owners_act(uow: UnitOfWork, at: datetime) -> None:
    """Each owner by their temper, and a lead who accepts whatever was handed in and is not her own."""
    for owner_id in (PROMPT, SLOW, "UMIRA"):
        _hand_in(uow, owner_id, at)
    for task in task_queries.submitted(uow):
        lead = "UINES" if task.owner_id == "UMIRA" else "UMIRA"
        task_commands.accept(deed(uow, lead, at), task_id=task.id, version=task.version)


def _hand_in(uow: UnitOfWork, owner_id: str, at: datetime) -> None:
    for task in task_queries.owned(uow, owner_id, task_queries.WAITS_FOR_ITS_OWNER):
        late = at.date() - task.due_on
        if owner_id != SLOW or late > timedelta(days=7):
            task_commands.submit(deed(uow, owner_id, at), task, task_rules.moved(task, "submit"))
