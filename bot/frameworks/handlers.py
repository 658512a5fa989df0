"""Frameworks room at the edge: references as people read them, `/iso frameworks`, own controls, old registers."""

import hashlib

from bot.errands import Conclusion, Kind, telling
from bot.frameworks.facts import moved, overview
from bot.services import Services
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.objects import SlackFile
from bot.slack.routes import form, press, verb
from bot.slack.uploads import contents, given
from messages.frameworks import catalogues as words
from messages.words.kit import Modal
from messages.words.payloads import Nothing
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.files import spreadsheets
from workflows.frameworks import commands as framework_commands
from workflows.frameworks import own_frameworks
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted
from workflows.wishes import Wish


async def show(call: Command) -> Reply:
    """`/iso frameworks`; with `migrate` and a list of old controls, what became of them."""
    word, _, rest = call.text.partition(" ")
    if word.lower() != "migrate":
        return Tell(await call.ask(overview))
    return Tell(await call.ask(moved, text=rest)) if rest.strip() else Open(await call.ask(_migrate_modal))


async def show_titles(call: Press[Nothing]) -> Reply:
    """Requirements are named with their short titles again."""
    await call.act(framework_commands.switch_titles, shown=True)
    return Tell(await call.ask(overview))


async def hide_titles(call: Press[Nothing]) -> Reply:
    """Requirements of standards are named by number only."""
    await call.act(framework_commands.switch_titles, shown=False)
    return Tell(await call.ask(overview))


async def begin_to_migrate(call: Press[Nothing]) -> Reply:
    """Ask for the old register."""
    return Open(await call.ask(_migrate_modal))


def _migrate_modal(deed: Deed) -> Modal:
    deed.must(Permission.SEE_FRAMEWORKS)
    return words.migrate_modal()


async def migrate(call: Form[Nothing]) -> Reply:
    """The old register, pasted, or as a file that is read beside everything else."""
    files = call.files(words.FILE)
    if not files:
        return Tell(await call.ask(moved, text=call.text(words.REGISTER)))
    await call.act(_register_given, file=files[0])
    return Tell(words.reading(files[0].name))


def _register_given(deed: Deed, *, file: SlackFile) -> None:
    deed.must(Permission.SEE_FRAMEWORKS)
    deed.errand(MIGRATE, values={"file": file.id}, about=file.name)


async def read_register(services: Services, errand: Errand) -> Conclusion:
    """What became of the controls in an old register."""
    text = await services.reader.read(spreadsheets.text_of, errand.about, await contents(services, given(errand)))

    def conclude(deed: Deed) -> None:
        telling(errand, moved(Deed.of(deed.uow, errand.person_id, deed.at), text=text))(deed)

    return conclude


async def begin_to_bring(call: Press[Nothing]) -> Reply:
    """Ask for a file of own controls."""
    await call.ask(own_frameworks.may_begin)
    return Open(words.bring_modal())


async def bring(call: Form[Nothing]) -> Reply:
    """The file is read beside everything else; all its rows are taken, or none."""
    files = call.files(words.FILE)
    file = files[0] if files else None
    await call.act(_controls_given, key=call.text(words.KEY).lower(), name=call.text(words.NAME), file=file)
    return Tell(words.reading(file.name)) if file else None


def _controls_given(deed: Deed, *, key: str, name: str, file: SlackFile | None) -> None:
    own_frameworks.may_bring(deed, key=key, name=name)
    if file is None:
        raise InputWanted(words.FILE, Wish.CHOOSE_FILE)
    deed.errand(BRING, values={"file": file.id, "key": key, "name": name}, about=file.name)


async def read_controls(services: Services, errand: Errand) -> Conclusion:
    """Read own controls; all rows are taken, or none."""
    data = await contents(services, given(errand))
    rows = await services.reader.read(own_frameworks.rows_of, errand.about, data)
    key, name, sha256 = errand.values["key"], errand.values["name"], hashlib.sha256(data).hexdigest()

    def conclude(deed: Deed) -> None:
        own = Deed.of(deed.uow, errand.person_id, deed.at)
        brought = own_frameworks.bring(own, key=key, name=name, rows=rows, sha256=sha256)
        telling(errand, words.brought(**vars(brought)))(deed)

    return conclude


MIGRATE, BRING = "frameworks.migrate", "frameworks.bring"
ERRANDS = {MIGRATE: Kind(read_register), BRING: Kind(read_controls)}

ROUTES = (
    verb("frameworks", handler=show),
    press(words.SHOW_TITLES, Nothing, show_titles),
    press(words.HIDE_TITLES, Nothing, hide_titles),
    press(words.MIGRATE, Nothing, begin_to_migrate),
    form(words.MIGRATE_FORM, Nothing, migrate),
    press(words.BRING, Nothing, begin_to_bring),
    form(words.BRING_FORM, Nothing, bring),
)
