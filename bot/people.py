"""People room at the edge: the directory, the first lead, and word to the leads when somebody can't be reached."""

from datetime import datetime

from bot.calls import Event, Post, Press, Reply, Tell
from bot.gateway import SlackPerson
from bot.house import House
from bot.routes import event, press
from messages import people as words
from messages.payloads import Nothing
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from workflows import people
from workflows.people import DirectoryEntry

# --- what people do ---


async def claim_lead(call: Press[Nothing]) -> Reply:
    """An admin of the workspace takes the role of the first compliance lead."""
    await call.act(people.claim_lead)
    return Tell(words.lead_claimed(person_id=call.person_id))


async def changed(call: Event) -> Reply:
    """Somebody has joined, or their name, zone or account has changed: the directory follows at once."""
    entry = DirectoryEntry(**vars(SlackPerson.of(call.body["user"])))
    await call.house.database.run(call.workspace_id, people.sync, [entry], at=call.at)
    return None


ROUTES = (
    press(words.CLAIM_LEAD, Nothing, claim_lead),
    event("team_join", changed, scopes=("users:read",)),
    event("user_change", changed, scopes=("users:read",)),
)

# --- what the bot does by itself ---


async def sync_directory(house: House, workspace_id: str) -> None:
    """Bring the directory up to date and appoint the first leads named in the settings."""
    entries = [DirectoryEntry(**vars(person)) async for person in house.gateway.people()]
    at = house.clock.now()
    await house.database.run(workspace_id, people.sync, entries, at=at)
    await house.database.run(workspace_id, people.appoint_first_leads, house.settings.leads, at=at)


def cannot_reach(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """To a lead: a message could not be delivered."""
    return Post(words.cannot_reach(recipient=row.values["recipient"], why=row.values["reason"]))


COMPOSERS = {"people.cannot_reach": cannot_reach}
