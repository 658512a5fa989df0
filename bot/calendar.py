"""Calendar room at the edge: starting the programme."""

from datetime import datetime

from bot.calls import Command, Form, Open, Post, Press, Reply, Tell
from bot.routes import form, press, verb
from messages import calendar as words
from messages import people as people_words
from messages.kit import Message, Modal
from messages.payloads import Nothing
from storage import calendar as stored
from storage.outbox import OutboxRow
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from workflows import calendar, frameworks, people
from workflows.calendar import Start
from workflows.people import Actor

FIRST_LISTED = 5


async def start(call: Command) -> Reply:
    """`/iso start`: ask what the programme needs to know; before that, somebody must lead it."""
    found = await call.ask(_start_or_lead)
    return Open(found) if isinstance(found, Modal) else Tell(found)


def _start_or_lead(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Modal | Message:
    if not people.holders(uow, Role.LEAD):
        return people_words.no_lead_yet(is_admin=actor.is_admin)
    return _start_modal(uow, actor, at=at)


async def start_pressed(call: Press[Nothing]) -> Reply:
    """The same from App Home."""
    return Open(await call.ask(_start_modal))


def _start_modal(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Modal:
    calendar.may_start(uow, actor, at=at)
    editions = [frameworks.catalogue(edition) for edition in frameworks.EDITIONS]
    return words.start_modal(
        standards=[(each.edition, each.standard) for each in editions],
        owner_groups=[words.OwnerGroup(each.key, each.label, each.hint) for each in calendar.owner_groups()],
        zone=actor.zone,
    )


async def started(call: Form[Nothing]) -> Reply:
    """The programme begins; a direct message says what happens next."""
    await call.act(
        calendar.start_programme,
        start=Start(
            standards=call.choices(words.STANDARDS),
            owners={each.key: call.person(f"{words.OWNER}{each.key}") or "" for each in calendar.owner_groups()},
            auditors=call.people(words.AUDITORS),
            management=call.people(words.MANAGEMENT),
            digest_channel=call.channel(words.DIGEST_CHANNEL) or "",
        ),
    )
    return None


ROUTES = (
    verb("start", usage="", sentence="starts the programme, step by step", handler=start),
    press(words.START, Nothing, start_pressed),
    form(words.START_FORM, Nothing, started),
)

# --- what the bot says by itself ---


def programme_started(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """To the lead who started it: how many obligations, what falls due first, what happens next."""
    workspace = uow.workspace()
    obligations = stored.living(uow)
    first = sorted(obligations, key=lambda each: each.starts_on)[:FIRST_LISTED]
    return Post(
        words.started(
            standards=[frameworks.catalogue(edition).standard for edition in workspace.standards],
            obligations=len(obligations),
            first_due=[words.FirstDue(each.title, each.starts_on, each.owner_id) for each in first],
            digest_channel_id=workspace.digest_channel_id or "",
        )
    )


COMPOSERS = {"programme.started": programme_started}
