"""Programme room at the edge: `/iso start` once the programme runs, and the forms in which leads change what is set."""

from bot.programme.starting import begin_or_lead, given_owners, given_working_days
from bot.slack.calls import Command, Form, Next, Open, Press, Reply, Tell
from bot.slack.channels import state_of
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.concerns import forms as concern_forms
from messages.programme import settings as words
from messages.programme import starting as starting_words
from messages.programme.payloads import StandardRef
from messages.programme.starting import OwnerField, WorkingDraft
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from workflows.concerns import commands as concern_commands
from workflows.concerns import questions as concern_questions
from workflows.concerns.shapes import WithoutName
from workflows.dates import workweek
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.frameworks import standards
from workflows.programme import settings as programme_settings
from workflows.programme.settings import Settings

# --- what the words need to know ---


def _card(deed: Deed) -> Message:
    known = programme_settings.settings(deed)
    workspace = known.workspace
    country = workspace.country or workweek.country_of_zone(workspace.zone)
    return words.card(
        words.Card(
            started_on=known.started_on,
            standards=[_named(each) for each in workspace.standards],
            others=_others(known),
            groups=_groups(known),
            weekdays=workspace.working_weekdays,
            country=country if country in workweek.known_countries() else "",
            region=workweek.regions_of(country).get(workspace.region or "", ""),
            digest_channel_id=workspace.digest_channel_id or "",
            shows_titles=workspace.shows_titles,
            without_name=concern_questions.may_be_without_name(deed.uow),
        )
    )


def _named(edition: str) -> tuple[str, str]:
    return edition, framework_rules.catalogue(edition).standard


def _others(known: Settings) -> list[tuple[str, str]]:
    return [_named(each) for each in framework_rules.EDITIONS if each not in known.workspace.standards]


def _groups(known: Settings) -> list[OwnerField]:
    owners, deputies = known.workspace.owners, known.workspace.deputies
    return [
        OwnerField(each.key, each.label, each.hint, owners.get(each.key), deputies.get(each.key) or None)
        for each in known.groups
    ]


def _draft(known: Settings) -> WorkingDraft:
    workspace = known.workspace
    return WorkingDraft(
        countries=list(workweek.known_countries()),
        regions=list(workweek.regions_of(workspace.country).items()),
        weekdays=workspace.working_weekdays,
        country=workspace.country,
        region=workspace.region,
        digest_channel=workspace.digest_channel_id,
        shows_titles=workspace.shows_titles,
    )


# --- what people do ---


async def start(call: Command) -> Reply:
    """`/iso start`: the setup, where it stands, or what is set once the programme runs."""
    found = await call.act(_start)
    return Open(found) if isinstance(found, Modal) else Tell(found)


def _start(deed: Deed) -> Modal | Message:
    is_running = deed.uow.workspace().programme_started_on is not None
    return _card(deed) if is_running else begin_or_lead(deed)


async def ask_for_owners(call: Press[Nothing]) -> Reply:
    """A lead wants others to look after something."""
    return Open(words.owners_form(_groups(await call.ask(programme_settings.settings))))


async def set_owners(call: Form[Nothing]) -> Reply:
    """They were named."""
    given = given_owners(call)
    await call.act(programme_settings.set_owners, named=given["owners"], deputies=given["deputies"])
    return Tell(await call.ask(_card))


async def ask_for_working_days(call: Press[Nothing]) -> Reply:
    """A lead wants to say when people work."""
    return Open(words.working_form(_draft(await call.ask(programme_settings.settings))))


async def set_working_days(call: Form[Nothing]) -> Reply:
    """It was said; a new country is asked for its region."""
    if await call.act(programme_settings.set_working_days, **given_working_days(call)):
        return Tell(await call.ask(_card))
    return Next(words.working_form(_draft(await call.ask(programme_settings.settings))))


async def ask_for_digest(call: Press[Nothing]) -> Reply:
    """A lead wants another channel, or other names."""
    return Open(words.digest_form(_draft(await call.ask(programme_settings.settings))))


async def set_digest(call: Form[Nothing]) -> Reply:
    """They were chosen."""
    channel_id = call.channel(starting_words.DIGEST_CHANNEL) or ""
    await call.act(
        programme_settings.set_digest,
        channel_id=channel_id,
        channel=await state_of(call.services.gateway, channel_id),
        shows_titles=call.choice(starting_words.TITLES) != starting_words.HIDDEN,
    )
    return Tell(await call.ask(_card))


async def ask_for_names(call: Press[Nothing]) -> Reply:
    """A lead wants to say whether people may bring something up without their name."""
    known = await call.ask(programme_settings.settings)
    return Open(concern_forms.without_name_modal(allowed=bool(known.workspace.concerns_without_name)))


async def set_names(call: Form[Nothing]) -> Reply:
    """It was said."""
    await call.act(concern_commands.allow_without_name, said=filled(call, WithoutName))
    return Tell(await call.ask(_card))


async def ask_for_standard(call: Press[Nothing]) -> Reply:
    """A lead wants to follow another standard too."""
    others = _others(await call.ask(programme_settings.settings))
    return Open(words.add_form(others)) if others else Tell(await call.ask(_card))


async def chose_standard(call: Form[Nothing]) -> Reply:
    """It was chosen; what comes with it is shown."""
    return Next(await call.ask(_addition, edition=call.choice(words.STANDARD) or ""))


def _addition(deed: Deed, *, edition: str) -> Modal:
    found = standards.to_add(deed, edition=edition)
    values = words.AdditionValues(
        standard=framework_rules.catalogue(edition).standard,
        serving=[each.title for each, _ in found.serving],
        new=[(each.key, each.title) for each in found.new],
        groups=[OwnerField(each.key, each.label, each.hint) for each in found.groups],
    )
    return words.addition_form(StandardRef(edition), values)


async def add_standard(call: Form[StandardRef]) -> Reply:
    """What is wanted of it was ticked."""
    lists = [name for name in call.fields if name.startswith(words.WANTED)]
    wanted = [key for name in lists for key in call.choices(name)]
    await call.act(standards.add, edition=call.payload.edition, wanted=wanted, **given_owners(call))
    return Tell(await call.ask(_card))


async def ask_why(call: Press[StandardRef]) -> Reply:
    """A lead wants to end a standard."""
    edition = call.payload.edition
    standard = await call.ask(standards.may_end, edition=edition)
    return Open(words.end_form(call.payload, standard=standard))


async def end_standard(call: Form[StandardRef]) -> Reply:
    """The reason was given."""
    await call.act(standards.end, edition=call.payload.edition, reason=call.text(words.REASON))
    return Tell(await call.ask(_card))


ROUTES = (
    verb("start", handler=start),
    press(words.OWNERS, Nothing, ask_for_owners),
    form(words.OWNERS_FORM, Nothing, set_owners),
    press(words.WORKING, Nothing, ask_for_working_days),
    form(words.WORKING_FORM, Nothing, set_working_days),
    press(words.DIGEST, Nothing, ask_for_digest),
    form(words.DIGEST_FORM, Nothing, set_digest),
    press(words.WITHOUT_NAME, Nothing, ask_for_names),
    form(concern_forms.WITHOUT_NAME_FORM, Nothing, set_names),
    press(words.ADD, Nothing, ask_for_standard),
    form(words.ADD_FORM, Nothing, chose_standard),
    form(words.ADDITION_FORM, StandardRef, add_standard),
    press(words.END, StandardRef, ask_why),
    form(words.END_FORM, StandardRef, end_standard),
)
