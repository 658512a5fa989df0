"""People room at the edge: the directory, the first lead, and word to the leads when somebody can't be reached."""

from datetime import datetime

from bot.people.facts import absence_of
from bot.slack.calls import Command, Event, Form, Open, Press, Reply, Tell
from bot.slack.objects import SlackPerson
from bot.slack.routes import event, form, press, verb
from messages.people import cards as words
from messages.people.payloads import PersonRef
from messages.programme import starting as starting_words
from messages.programme.starting import WorkingDraft
from messages.tasks import forms as task_forms
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.tasks import queries as task_queries
from workflows.dates import understanding, workweek
from workflows.deed import Deed, as_the_bot
from workflows.people import commands as people_commands
from workflows.people import leaving, statuses, working_days
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import DirectoryEntry
from workflows.tasks import handovers
from workflows.tasks.work_lists import person_meant

WORDS_FOR_BACK = ("back", "off", "zurück", "wieder da")


async def claim_lead(call: Press[Nothing]) -> Reply:
    """An admin of the workspace takes the role of the first compliance lead."""
    await call.act(people_commands.claim_lead)
    return Tell(words.lead_claimed(person_id=call.person_id))


async def changed(call: Event) -> Reply:
    """Somebody has joined, or their name, zone or account has changed: the directory follows at once."""
    entry = DirectoryEntry(**vars(SlackPerson.of(call.body["user"])))
    await call.services.database.run(call.workspace_id, as_the_bot(leaving.follow_directory, call.at), [entry])
    call.services.wake()
    return None


async def show_person(call: Command) -> Reply:
    """`/iso people`, `/iso people @person`: roles, manager, deputy, absence and work, with what may be changed."""
    return Tell(await call.ask(_person_card, person_id=person_meant(call.text, own_id=call.person_id)))


def _person_card(deed: Deed, *, person_id: str) -> Message:
    person = people_questions.to_see(deed.uow, deed.actor, person_id)
    found, works = handovers.load(deed.uow, person_id), working_days.of_person(deed.uow, person_id)
    return words.person_card(
        words.PersonCard(
            ref=PersonRef(person_id),
            title=person.title,
            zone=person.zone,
            kind="left" if person.is_deactivated else "bot" if person.is_bot else "guest" if person.is_guest else "",
            roles=_roles(deed.uow, person_id),
            manager_id=person.manager_id,
            deputy_id=person.deputy_id,
            absence=absence_of(person, deed.today),
            waiting=len(task_queries.undecided(deed.uow, person_id)),
            coming=len(found.scheduled),
            obligations=len(found.obligations),
            status=_status(person, deed.at),
            weekdays=sorted(works.weekdays),
            country=works.country if works.country in workweek.known_countries() else "",
            may_change_roles=deed.may(Permission.CHANGE_ROLES),
            may_look_after=people_questions.may_look_after(deed.actor, person),
            may_assign=deed.may(Permission.ASSIGN_TASK),
        )
    )


def _status(person: Person, at: datetime) -> words.Status | None:
    until = statuses.away_until(person, at)
    return words.Status(person.status_text, until) if until else None


def _roles(uow: UnitOfWork, person_id: str) -> list[str]:
    return [role.value for role in Role if role in {each.role for each in people_queries.open_grants(uow, person_id)}]


async def ask_for_roles(call: Press[PersonRef]) -> Reply:
    """A lead wants to change what somebody may do."""
    return Open(await call.ask(_roles_modal, ref=call.payload))


def _roles_modal(deed: Deed, *, ref: PersonRef) -> Modal:
    deed.must(Permission.CHANGE_ROLES)
    return words.roles_modal(ref, roles=[role.value for role in Role], held=_roles(deed.uow, ref.person))


async def set_roles(call: Form[PersonRef]) -> Reply:
    """A lead has ticked the roles."""
    roles = [Role(each) for each in call.choices(words.ROLES)]
    await call.act(people_commands.set_roles, person_id=call.payload.person, roles=roles)
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_names(call: Press[PersonRef]) -> Reply:
    """Somebody wants to name a manager and a deputy."""
    return Open(await call.ask(_names_modal, ref=call.payload))


def _names_modal(deed: Deed, *, ref: PersonRef) -> Modal:
    person = people_questions.looked_after(deed.uow, deed.actor, ref.person)
    return words.names_modal(ref, manager_id=person.manager_id, deputy_id=person.deputy_id)


async def set_names(call: Form[PersonRef]) -> Reply:
    """They were named."""
    named = {"manager_id": call.person(words.MANAGER), "deputy_id": call.person(words.DEPUTY)}
    await call.act(people_commands.name_manager_and_deputy, person_id=call.payload.person, **named)
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_days(call: Press[PersonRef]) -> Reply:
    """Somebody wants to say on which days they work, or a lead of others."""
    return Open(await call.ask(_days_modal, ref=call.payload))


def _days_modal(deed: Deed, *, ref: PersonRef) -> Modal:
    person = people_questions.looked_after(deed.uow, deed.actor, ref.person)
    works = working_days.of_person(deed.uow, ref.person)
    draft = WorkingDraft(
        countries=list(workweek.known_countries()),
        regions=[],
        weekdays=sorted(works.weekdays),
        country=person.country,
    )
    return words.days_modal(ref, draft)


async def set_days(call: Form[PersonRef]) -> Reply:
    """They were said."""
    await call.act(
        people_commands.set_working_days,
        person_id=call.payload.person,
        weekdays=[int(day) for day in call.choices(starting_words.WEEKDAYS)],
        country=call.choice(starting_words.COUNTRY),
    )
    return Tell(await call.ask(_person_card, person_id=call.payload.person))


async def ask_for_heir(call: Press[PersonRef]) -> Reply:
    """A lead wants to hand over everything somebody looks after."""
    return Open(await call.ask(_heir_modal, ref=call.payload))


def _heir_modal(deed: Deed, *, ref: PersonRef) -> Modal:
    deed.must(Permission.ASSIGN_TASK)
    return task_forms.heir_modal(from_id=ref.person)


async def away_command(call: Command) -> Reply:
    """`/iso away`: a form; `/iso away tomorrow to next friday`; `/iso away back`."""
    if not call.text:
        return Open(await call.ask(_away_modal, ref=PersonRef(call.person_id)))
    if call.text.casefold() in WORDS_FOR_BACK:
        if not await call.ask(_is_noted_as_away):
            return Tell(words.not_away())
        await call.act(leaving.come_back, person_id=call.person_id)
    else:
        await call.act(_go_away_in_words, text=call.text)
    return Tell(await call.ask(_person_card, person_id=call.person_id))


def _is_noted_as_away(deed: Deed) -> bool:
    return absence_of(people_questions.looked_after(deed.uow, deed.actor, deed.by), deed.today) is not None


def _go_away_in_words(deed: Deed, *, text: str) -> Person:
    first, last = understanding.span(text, today=deed.their_today, locale=deed.actor.locale)
    return leaving.go_away(deed, person_id=deed.by, first=first, last=last)


async def ask_how_long(call: Press[PersonRef]) -> Reply:
    """Somebody will be away, or a lead says so of others."""
    return Open(await call.ask(_away_modal, ref=call.payload))


def _away_modal(deed: Deed, *, ref: PersonRef) -> Modal:
    person = people_questions.looked_after(deed.uow, deed.actor, ref.person)
    today = deed.today
    given = absence_of(person, today) or words.Absence(today, today)
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
    verb("people", handler=show_person, for_all=True),
    verb("away", handler=away_command, for_all=True),
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
