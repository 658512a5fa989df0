"""Frameworks room at the edge: references as people read them, `/iso frameworks`, own controls, old registers."""

import hashlib

from bot.frameworks.facts import moved, overview
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.objects import SlackFile
from bot.slack.routes import form, press, verb
from bot.slack.uploads import answer_later, contents
from messages.frameworks import catalogues as words
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
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
    given = call.files(words.FILE)
    if not given:
        return Tell(await call.ask(moved, text=call.text(words.REGISTER)))
    answer_later(call, _migrate_file(call, given[0]), about="reading an old register")
    return Tell(words.reading(given[0].name))


async def _migrate_file(call: Form[Nothing], file: SlackFile) -> Message:
    text = await call.services.reader.read(spreadsheets.text_of, file.name, await contents(call.services, file))
    return await call.ask(moved, text=text)


async def begin_to_bring(call: Press[Nothing]) -> Reply:
    """Ask for a file of own controls."""
    await call.ask(own_frameworks.may_begin)
    return Open(words.bring_modal())


async def bring(call: Form[Nothing]) -> Reply:
    """The file is read beside everything else; all its rows are taken, or none."""
    key, name, given = call.text(words.KEY).lower(), call.text(words.NAME), call.files(words.FILE)
    await call.ask(own_frameworks.may_bring, key=key, name=name)
    if not given:
        raise InputWanted(words.FILE, Wish.CHOOSE_FILE)
    answer_later(call, _bring(call, key, name, given[0]), about="bringing own controls")
    return Tell(words.reading(given[0].name))


async def _bring(call: Form[Nothing], key: str, name: str, file: SlackFile) -> Message:
    data = await contents(call.services, file)
    rows = await call.services.reader.read(own_frameworks.rows_of, file.name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    brought = await call.act(own_frameworks.bring, key=key, name=name, rows=rows, sha256=sha256)
    return words.brought(**vars(brought))


ROUTES = (
    verb("frameworks", handler=show),
    press(words.SHOW_TITLES, Nothing, show_titles),
    press(words.HIDE_TITLES, Nothing, hide_titles),
    press(words.MIGRATE, Nothing, begin_to_migrate),
    form(words.MIGRATE_FORM, Nothing, migrate),
    press(words.BRING, Nothing, begin_to_bring),
    form(words.BRING_FORM, Nothing, bring),
)
