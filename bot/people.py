"""People room at the edge: the directory, the first lead, and word to the leads when somebody can't be reached."""

from collections.abc import Mapping
from datetime import date, datetime

import structlog

from bot.calls import Command, Composer, Event, Form, Open, Post, Press, Refresh, Reply, Tell
from bot.errors import CursorGone, SlackError
from bot.house import House
from bot.nudges import Subject
from bot.routes import event, form, press, verb
from bot.slack_objects import PeoplePage, SlackPerson
from messages import people as words
from messages import starting as starting_words
from messages import task_forms
from messages.kit import Message, Modal
from messages.nudges import DayItem
from messages.payloads import Nothing, PersonRef
from messages.starting import WorkingDraft
from storage import nudges as nudged
from storage import people as stored
from storage.nudges import Nudge
from storage.outbox import OutboxRow
from storage.people import Person, Role
from storage.unit_of_work import UnitOfWork
from workflows import dates, handovers, leaving, nudges, people, statuses, working_days
from workflows.people import Actor, DirectoryEntry, GroupEntry
from workflows.work_lists import person_meant

log = structlog.get_logger(__name__)

WORDS_FOR_BACK = ("back", "off", "zurück", "wieder da")

# --- what people do ---


async def claim_lead(call: Press[Nothing]) -> Reply:
    """An admin of the workspace takes the role of the first compliance lead."""
    await call.act(people.claim_lead)
    return Tell(words.lead_claimed(person_id=call.person_id))


async def changed(call: Event) -> Reply:
    """Somebody has joined, or their name, zone or account has changed: the directory follows at once."""
    entry = DirectoryEntry(**vars(SlackPerson.of(call.body["user"])))
    await call.house.database.run(call.workspace_id, leaving.follow_directory, [entry], at=call.at)
    call.house.wake()
    return None


async def show_person(call: Command) -> Reply:
    """`/iso people`, `/iso people @person`: roles, manager, deputy, absence and work, with what may be changed."""
    return Tell(await call.ask(_person_card, person_id=person_meant(call.text, own_id=call.person_id)))


def _person_card(uow: UnitOfWork, actor: Actor, *, person_id: str, at: datetime) -> Message:
    person = people.to_see(uow, actor, person_id)
    found, works = handovers.load(uow, person_id), working_days.of_person(uow, person_id)
    return words.person_card(
        words.PersonCard(
            ref=PersonRef(person_id),
            title=person.title,
            zone=person.zone,
            kind="left" if person.is_deactivated else "bot" if person.is_bot else "guest" if person.is_guest else "",
            roles=_roles(uow, person_id),
            manager_id=person.manager_id,
            deputy_id=person.deputy_id,
            absence=_absence(person, nudges.local_day(uow.workspace().zone, at)),
            waiting=len(found.waiting),
            coming=len(found.scheduled),
            obligations=len(found.obligations),
            status=_status(person, at),
            weekdays=sorted(works.weekdays),
            country=working_days.countries().get(works.country or "", ""),
            may_change_roles=actor.may("change roles"),
            may_look_after=people.may_look_after(actor, person),
            may_assign=actor.may("assign a task"),
        )
    )


def _status(person: Person, at: datetime) -> words.Status | None:
    until = statuses.away_until(person, at)
    return words.Status(person.status_text, until) if until else None


def _roles(uow: UnitOfWork, person_id: str) -> list[str]:
    return [role.value for role in Role if role in {each.role for each in stored.open_grants(uow, person_id)}]


def absence(uow: UnitOfWork, person_id: str, today: date) -> words.Absence | None:
    """When somebody is or will be away, as the words need it."""
    person = stored.person(uow, person_id)
    return _absence(person, today) if person else None


def _absence(person: Person, today: date) -> words.Absence | None:
    if person.absent_from is None or person.absent_until is None or person.absent_until < today:
        return None
    return words.Absence(person.absent_from, person.absent_until)


async def ask_for_roles(call: Press[PersonRef]) -> Reply:
    """A lead wants to change what somebody may do."""
    return Open(await call.ask(_roles_modal, ref=call.payload))


def _roles_modal(uow: UnitOfWork, actor: Actor, *, ref: PersonRef, at: datetime) -> Modal:
    actor.must("change roles")
    return words.roles_modal(ref, roles=[role.value for role in Role], held=_roles(uow, ref.person))


async def set_roles(call: Form[PersonRef]) -> Reply:
    """A lead has ticked the roles."""
    roles = [Role(each) for each in call.choices(words.ROLES)]
    await call.act(people.set_roles, person_id=call.payload.person, roles=roles)
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_names(call: Press[PersonRef]) -> Reply:
    """Somebody wants to name a manager and a deputy."""
    return Open(await call.ask(_names_modal, ref=call.payload))


def _names_modal(uow: UnitOfWork, actor: Actor, *, ref: PersonRef, at: datetime) -> Modal:
    person = people.looked_after(uow, actor, ref.person)
    return words.names_modal(ref, manager_id=person.manager_id, deputy_id=person.deputy_id)


async def set_names(call: Form[PersonRef]) -> Reply:
    """They were named."""
    named = {"manager_id": call.person(words.MANAGER), "deputy_id": call.person(words.DEPUTY)}
    await call.act(people.name_manager_and_deputy, person_id=call.payload.person, **named)
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_days(call: Press[PersonRef]) -> Reply:
    """Somebody wants to say on which days they work, or a lead of others."""
    return Open(await call.ask(_days_modal, ref=call.payload))


def _days_modal(uow: UnitOfWork, actor: Actor, *, ref: PersonRef, at: datetime) -> Modal:
    person = people.looked_after(uow, actor, ref.person)
    works = working_days.of_person(uow, ref.person)
    draft = WorkingDraft(
        countries=list(working_days.countries().items()),
        regions=[],
        weekdays=sorted(works.weekdays),
        country=person.country,
    )
    return words.days_modal(ref, draft)


async def set_days(call: Form[PersonRef]) -> Reply:
    """They were said."""
    await call.act(
        working_days.set_for_person,
        person_id=call.payload.person,
        weekdays=[int(day) for day in call.choices(starting_words.WEEKDAYS)],
        country=call.choice(starting_words.COUNTRY),
    )
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_heir(call: Press[PersonRef]) -> Reply:
    """A lead wants to hand over everything somebody looks after."""
    return Open(task_forms.heir_modal(from_id=call.payload.person))


async def away_command(call: Command) -> Reply:
    """`/iso away`: a form; `/iso away tomorrow to next friday`; `/iso away back`."""
    if not call.text:
        return Open(await call.ask(_away_modal, ref=PersonRef(call.person_id)))
    if call.text.casefold() in WORDS_FOR_BACK:
        await call.act(leaving.come_back, person_id=call.person_id)
    else:
        await call.act(_go_away_in_words, text=call.text)
    return Tell(await call.ask(_person_card, person_id=call.person_id))


def _go_away_in_words(uow: UnitOfWork, actor: Actor, *, text: str, at: datetime) -> Person:
    first, last = dates.span(text, today=nudges.local_day(actor.zone, at), locale=actor.locale)
    return leaving.go_away(uow, actor, person_id=actor.person_id, first=first, last=last, at=at)


async def ask_how_long(call: Press[PersonRef]) -> Reply:
    """Somebody will be away, or a lead says so of others."""
    return Open(await call.ask(_away_modal, ref=call.payload))


def _away_modal(uow: UnitOfWork, actor: Actor, *, ref: PersonRef, at: datetime) -> Modal:
    person = people.looked_after(uow, actor, ref.person)
    today = nudges.local_day(uow.workspace().zone, at)
    given = _absence(person, today) or words.Absence(today, today)
    return words.away_modal(ref, given=given, deputy_id=person.deputy_id)


async def went_away(call: Form[PersonRef]) -> Reply:
    """The days, and who stands in, were named."""
    await call.act(
        leaving.go_away_with_deputy,
        person_id=call.payload.person,
        first=call.day(words.FROM),
        last=call.day(words.UNTIL),
        deputy_id=call.person(words.DEPUTY),
    )
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def came_back(call: Press[PersonRef]) -> Reply:
    """Somebody is back, or not away after all."""
    await call.act(leaving.come_back, person_id=call.payload.person)
    if call.view:
        return None  # Home shows it by itself
    return Tell(await call.ask(_person_card, person_id=call.payload.person), replace=True)


ROUTES = (
    verb(
        "people",
        usage="[@person]",
        sentence="shows roles, manager, deputy, absence and work",
        handler=show_person,
        for_all=True,
    ),
    verb(
        "away",
        usage="[tomorrow to next friday | back]",
        sentence="says when you are away; your deputy stands in",
        handler=away_command,
        for_all=True,
    ),
    press(words.CLAIM_LEAD, Nothing, claim_lead),
    press(words.CHANGE_ROLES, PersonRef, ask_for_roles),
    press(words.CHANGE_NAMES, PersonRef, ask_for_names),
    press(words.CHANGE_DAYS, PersonRef, ask_for_days),
    press(words.HAND_OVER, PersonRef, ask_for_heir),
    press(words.AWAY, PersonRef, ask_how_long),
    press(words.BACK, PersonRef, came_back),
    form(words.ROLES_FORM, PersonRef, set_roles),
    form(words.NAMES_FORM, PersonRef, set_names),
    form(words.DAYS_FORM, PersonRef, set_days),
    form(words.AWAY_FORM, PersonRef, went_away),
    event("team_join", changed, scopes=("users:read",)),
    event("user_change", changed, scopes=("users:read",)),
)

# --- what the bot does by itself ---


async def sync_directory(house: House, workspace_id: str) -> None:
    """Bring the directory up to date and appoint the first leads named in the settings.

    Page by page: each is stored with the place where the next one begins, so that a break costs one page at most.
    """
    workspace = await house.database.read(workspace_id, UnitOfWork.workspace)
    cursor = workspace.directory_cursor
    while True:
        page = await _page(house, cursor)
        entries = [DirectoryEntry(**vars(person)) for person in page.people]
        cursor, at = page.next_cursor, house.clock.now()
        await house.database.run(workspace_id, leaving.follow_page, entries, next_cursor=cursor, at=at)
        if not cursor:
            break
    await house.database.run(workspace_id, people.appoint_first_leads, house.settings.leads, at=house.clock.now())
    await _sync_groups(house, workspace_id)


async def _sync_groups(house: House, workspace_id: str) -> None:
    try:
        found = await house.gateway.user_groups()
    except SlackError as error:  # not every plan has user groups, and an app installed earlier may lack the scope
        log.info("Slack's user groups could not be read; those known are kept", error=str(error))
        return
    entries = [GroupEntry(**vars(group)) for group in found]
    await house.database.run(workspace_id, people.sync_groups, entries, at=house.clock.now())


async def _page(house: House, cursor: str) -> PeoplePage:
    try:
        return await house.gateway.people(cursor)
    except CursorGone:
        return await house.gateway.people()


def left(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To a lead: somebody has left, and what became of their work."""
    person = uow.get(Person, nudge.subject_id)
    return words.left(person_id=person.slack_id, **nudge.values)


def cannot_reach(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To a lead: a message could not be delivered."""
    return words.cannot_reach(recipient=nudge.rung, why=nudge.values["reason"])


def silence_notice(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """To the digest's channel: who could not be reached on a day."""
    return Post(_silence_notice(uow, row))


def silence_notice_again(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """The same notice, as somebody else could not be reached later that day."""
    return Refresh(lambda _place: _silence_notice(uow, row))


def _silence_notice(uow: UnitOfWork, row: OutboxRow) -> Message:
    day = date.fromordinal(row.subject_id)
    return words.silence_notice(day=day, unreached=nudged.silences(uow, day))


COMPOSERS: Mapping[str, Composer] = {
    "silence_notice": silence_notice,
    "silence_notice.refresh": silence_notice_again,
}
SUBJECTS = {"silence": Subject(cannot_reach), "leaver": Subject(left)}
