"""Starting room at the edge: the steps in which a lead sets up the programme, each kept before the next is shown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from bot.programme.obligations import choices, rhythm
from bot.requirements import requirements
from bot.slack.calls import Clear, Filled, Form, Next, Open, Post, Press, Reply, Tell
from bot.slack.channels import state_of
from bot.slack.filling import filled
from bot.slack.routes import form, press, retired
from messages.people import cards as people_words
from messages.programme import starting as words
from messages.programme.payloads import ProposalRef, SetupRef, StepRef
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation, Setup
from storage.record.outbox import OutboxRow
from workflows.dates import workweek
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.programme import certification
from workflows.programme.obligations import handle, wishes_of
from workflows.programme.shapes import CertificateDates, Wishes
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.answers import Aim, Answers, Dates

FIRST_LISTED = 5
FIRST_TOLD = 8
PER_PAGE = 8

# --- what the words need to know ---


def view_of(deed: Deed, setup: Setup, *, page: int = 1) -> Modal:
    """The page of the setup on which the lead is."""
    answers, ref = Answers.from_json(setup.answers), StepRef(setup.place, page)
    if setup.place == steps.SUMMARY:
        return _summary(deed, setup, answers)
    if setup.place == steps.OBLIGATIONS:
        return _obligations(deed, answers, page)
    if setup.place.startswith(steps.DATES):
        return _dates(ref, answers, setup.place.removeprefix(steps.DATES))
    return _VIEWS[setup.place](deed, ref, answers)


def _standards(deed: Deed, ref: StepRef, answers: Answers) -> Modal:
    own = [
        framework_questions.catalogue_of(deed.uow, each).standard for each in proposals.scope_of(deed.uow, Answers())
    ]
    offered = [edition_choice(each) for each in framework_rules.EDITIONS]
    return words.standards_step(ref, offered, own, chosen=answers.standards, zone=deed.actor.zone)


def edition_choice(edition: str) -> words.EditionChoice:
    """A standard as it stands among others to choose from."""
    known = framework_rules.editions()[edition]
    return words.EditionChoice(
        edition, known.standard, successor=known.successor, until=known.until, is_confirmed=known.confirmed
    )


def _aims(deed: Deed, ref: StepRef, answers: Answers) -> Modal:
    return words.aims_step(ref, [edition_choice(each) for each in answers.standards], answers.aims)


def _dates(ref: StepRef, answers: Answers, edition: str) -> Modal:
    said = answers.dates.get(edition, Dates())
    is_certified = steps.aim(answers, edition) is Aim.CERTIFIED
    days = {name: day for name, day in vars(said).items() if name != words.BODY}
    return words.dates_step(
        ref, edition_choice(edition), is_certified=is_certified, body=said.certification_body, days=days
    )


def _owners(deed: Deed, ref: StepRef, answers: Answers) -> Modal:
    groups = [
        words.OwnerField(each.key, each.label, each.hint, answers.owners.get(each.key), answers.deputies.get(each.key))
        for each in proposals.groups_of(answers.standards)
    ]
    return words.owners_step(ref, groups, auditors=answers.auditors, management=answers.management)


def _working(deed: Deed, ref: StepRef, answers: Answers) -> Modal:
    draft = words.WorkingDraft(
        countries=list(workweek.known_countries()),
        regions=list(workweek.regions_of(answers.country).items()),
        weekdays=answers.weekdays,
        country=answers.country,
        region=answers.region,
        digest_channel=answers.digest_channel or None,
        shows_titles=answers.shows_titles,
    )
    return words.working_step(ref, draft)


_VIEWS: Mapping[str, Callable[[Deed, StepRef, Answers], Modal]] = MappingProxyType(
    {steps.STANDARDS: _standards, steps.AIMS: _aims, steps.OWNERS: _owners, steps.WORKING: _working}
)


def _obligations(deed: Deed, answers: Answers, page: int) -> Modal:
    found = _proposed(deed, answers)
    pages = max(1, -(-len(found) // PER_PAGE))
    shown = min(max(page, 1), pages)
    working = proposals.working_days_of(answers, deed.actor.zone)
    items = [
        _item(deed.uow, answers, each, shown, working) for each in found[(shown - 1) * PER_PAGE : shown * PER_PAGE]
    ]
    left_out = sum(each.key in answers.left_out for each in found)
    return words.obligations_step(items, page=shown, pages=pages, total=len(found), left_out=left_out)


def _proposed(deed: Deed, answers: Answers) -> list[Obligation]:
    """What is proposed, by the day it is first due."""
    found = proposals.proposed(deed.uow, answers, zone=deed.actor.zone, today=deed.their_today)
    working = proposals.working_days_of(answers, deed.actor.zone)
    return sorted(found, key=lambda each: (proposals.first_due(each, working), each.key))


def _item(uow: UnitOfWork, answers: Answers, each: Obligation, page: int, working: WorkingDays) -> words.ProposalItem:
    return words.ProposalItem(
        ref=ProposalRef(each.key, page),
        title=each.title,
        requirements=requirements(uow, each.requirements),
        owner=handle(uow, each) or each.owner_id,
        owner_kind=each.owner_kind.value,
        rhythm=rhythm(each.recurrence),
        first_due=proposals.first_due(each, working),
        is_left_out=each.key in answers.left_out,
    )


def _summary(deed: Deed, setup: Setup, answers: Answers) -> Modal:
    today = deed.their_today
    told = starting_commands.first_told(deed.uow, answers, zone=deed.actor.zone, today=today)
    certified = [each for each in answers.standards if steps.aim(answers, each) is not Aim.NO_CERTIFICATE]
    ground = steps.Ground(deed.uow, deed.actor, today)
    return words.summary(
        SetupRef(setup.version),
        words.SummaryValues(
            standards=[framework_rules.catalogue(each).standard for each in answers.standards],
            obligations=len(told),
            left_out=len(proposals.of_standards(answers.standards)) - len(told),
            digest_channel_id=answers.digest_channel,
            first_told=[
                words.FirstTold(day, each.title, handle(deed.uow, each) or each.owner_id, each.owner_kind.value)
                for day, each in told[:FIRST_TOLD]
            ],
            certificates={
                framework_rules.catalogue(each).standard: _dates_planned(
                    steps.certificate(ground, answers, each), today
                )
                for each in certified
            },
        ),
    )


def _dates_planned(wanted: CertificateDates, today: date) -> int:
    """How many dates of certification lie ahead."""
    return sum(each.due_on >= today for each in certification.foreseen(wanted))


# --- what people do ---


def begin_or_lead(deed: Deed) -> Modal | Message:
    """The setup, where it stands; before that, somebody must lead."""
    if not people_questions.holders(deed.uow, Role.LEAD):
        return people_words.no_lead_yet(is_admin=deed.actor.is_admin)
    return _begin(deed)


async def start_pressed(call: Press[Nothing]) -> Reply:
    """The setup, from App Home."""
    found = await call.act(_begin)
    return Open(found) if isinstance(found, Modal) else Tell(found)


def _begin(deed: Deed) -> Modal | Message:
    setup = starting_commands.begin(deed)
    if setup.person_id != deed.by:
        return words.under_way(by=setup.person_id)
    return view_of(deed, setup)


async def take_over(call: Press[Nothing]) -> Reply:
    """Go on in the place of another lead."""
    return Open(await call.act(_shown, step=starting_commands.take_over))


async def go_on(call: Form[StepRef]) -> Reply:
    """A page was answered."""
    place = call.payload.place
    given = _given(call, place)
    channel = await state_of(call.services.gateway, given.get("digest_channel"))
    return Next(await call.act(_shown, step=starting_commands.go_on, place=place, given=given, channel=channel))


async def go_back(call: Press[StepRef]) -> Reply:
    """Back to the page before; what stands on this one is kept as it is."""
    place = call.payload.place
    return Next(await call.act(_shown, step=starting_commands.go_back, place=place, given=_given(call, place)))


def _shown(deed: Deed, *, step: Callable[..., Setup], page: int = 1, **how: Any) -> Modal:
    return view_of(deed, step(deed, **how), page=page)


async def turn(call: Press[StepRef]) -> Reply:
    """Another page of what is proposed, or back from one of them to the list."""
    return Next(await call.ask(_shown, step=starting_commands.own_setup, page=call.payload.page))


async def leave_out(call: Press[ProposalRef]) -> Reply:
    """A lead does without one of them."""
    ref = call.payload
    return Next(await call.act(_shown, step=starting_commands.leave_out, key=ref.key, page=ref.page))


async def put_back(call: Press[ProposalRef]) -> Reply:
    """A lead wants it after all."""
    ref = call.payload
    return Next(await call.act(_shown, step=starting_commands.put_back, key=ref.key, page=ref.page))


async def change(call: Press[ProposalRef]) -> Reply:
    """A lead wants to change one of them."""
    return Next(await call.ask(_proposal_form, ref=call.payload))


def _proposal_form(deed: Deed, *, ref: ProposalRef) -> Modal:
    answers = Answers.from_json(starting_commands.own_setup(deed).answers)
    found = next((each for each in _proposed(deed, answers) if each.key == ref.key), None)
    if found is None:
        return _obligations(deed, answers, ref.page)
    return words.proposal_form(ref, wishes_of(deed.uow, found), choices())


async def changed(call: Form[ProposalRef]) -> Reply:
    """It was changed."""
    ref, wishes = call.payload, filled(call, Wishes)
    return Next(
        await call.act(_shown, step=starting_commands.change_proposal, key=ref.key, wishes=wishes, page=ref.page)
    )


async def start_now(call: Form[SetupRef]) -> Reply:
    """The programme begins; a direct message says what happens next."""
    await call.act(starting_commands.start, version=call.payload.version)
    return Clear()


# --- what was entered on a page ---


def _given(call: Filled, place: str) -> dict[str, Any]:
    """The answers on a page, by their names; nothing of a page that has no fields."""
    if place.startswith(steps.DATES):
        return {"dates": {place.removeprefix(steps.DATES): _given_dates(call)}}
    return _GIVEN[place](call) if place in _GIVEN else {}


def _given_standards(call: Filled) -> dict[str, Any]:
    return {"standards": tuple(call.choices(words.STANDARDS))}


def _given_aims(call: Filled) -> dict[str, Any]:
    return {"aims": _by_key(call, words.AIM, call.choice)}


def _given_dates(call: Filled) -> Dates:
    days = {name: call.day(name) for name in (*words.PREPARING_DAYS, *words.CERTIFIED_DAYS, words.TRANSITION_BY)}
    return Dates(certification_body=call.text(words.BODY), **days)


def given_owners(call: Filled) -> dict[str, Any]:
    """Owners and deputies by their groups."""
    return {
        "owners": _by_key(call, words.OWNER, call.person),
        "deputies": _by_key(call, words.DEPUTY, call.person),
    }


def _given_people(call: Filled) -> dict[str, Any]:
    chosen = {name: tuple(call.people(name)) for name in (words.AUDITORS, words.MANAGEMENT)}
    return {**given_owners(call), **chosen}


def given_working_days(call: Filled) -> dict[str, Any]:
    """The days of the week, the country and its region."""
    return {
        "weekdays": tuple(int(day) for day in call.choices(words.WEEKDAYS)),
        "country": call.choice(words.COUNTRY),
        "region": call.choice(words.REGION),
    }


def _given_working(call: Filled) -> dict[str, Any]:
    return {
        **given_working_days(call),
        "digest_channel": call.channel(words.DIGEST_CHANNEL) or "",
        "shows_titles": call.choice(words.TITLES) != words.HIDDEN,
    }


def _by_key(call: Filled, before: str, chosen: Callable[[str], str | None]) -> dict[str, str]:
    names = [name for name in call.fields if name.startswith(before)]
    return {name.removeprefix(before): chosen(name) or "" for name in names}


_GIVEN: Mapping[str, Callable[[Filled], dict[str, Any]]] = MappingProxyType(
    {
        steps.STANDARDS: _given_standards,
        steps.AIMS: _given_aims,
        steps.OWNERS: _given_people,
        steps.WORKING: _given_working,
    }
)

ROUTES = (
    press(words.START, Nothing, start_pressed),
    press(words.TAKE_OVER, Nothing, take_over),
    form(words.STEP_FORM, StepRef, go_on),
    press(words.BACK, StepRef, go_back),
    press(words.TURN_ON, StepRef, turn),
    press(words.TURN_BACK, StepRef, turn),
    press(words.LEAVE_OUT, ProposalRef, leave_out),
    press(words.PUT_BACK, ProposalRef, put_back),
    press(words.CHANGE, ProposalRef, change),
    form(words.CHANGE_FORM, ProposalRef, changed),
    form(words.START_NOW_FORM, SetupRef, start_now),
    retired("programme.start_form", "setup_has_steps"),
)

# --- what the bot says by itself ---


def programme_started(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """To the lead who started it: how many obligations, what falls due first, what happens next."""
    workspace = uow.workspace()
    working = working_days.of_organisation(uow)
    due = [(proposals.first_due(each, working), each) for each in programme_queries.living(uow)]
    dates = sum(each.kind is Kind.CERTIFICATION for _, each in due)
    first = sorted(due, key=lambda pair: (pair[0], pair[1].id))[:FIRST_LISTED]
    return Post(
        words.started(
            standards=[framework_rules.catalogue(edition).standard for edition in workspace.standards],
            obligations=len(due) - dates,
            dates=dates,
            first_due=[words.FirstDue(each.title, day, each.owner_id) for day, each in first],
            digest_channel_id=workspace.digest_channel_id or "",
        )
    )


COMPOSERS = {"programme.started": programme_started}
