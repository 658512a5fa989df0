"""Importing room at the edge: `/iso import`, the one card about a file, and the file's way from Slack to its rows.

What the bot does by itself (reading, checking, taking) are errands (`bot/importing/running.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.importing.facts import columns_modal
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.objects import SlackFile
from bot.slack.routes import form, press, verb
from messages.frameworks import catalogues
from messages.importing import cards as words
from messages.importing.payloads import ImportRef
from messages.words.payloads import Nothing
from storage.importing.tables import ImportRun
from workflows.deed import Deed
from workflows.importing import commands
from workflows.importing.commands import BroughtFile
from workflows.importing.guessing import Field


async def ask(call: Command) -> Reply:
    """`/iso import`: ask for the file."""
    await call.ask(commands.may_import)
    return Open(words.ask_modal())


async def picked(call: Form[Nothing]) -> Reply:
    """The file was picked; its card comes into the direct messages."""
    files = call.files(words.FILE)
    await call.act(received, files=files)
    return Tell(catalogues.reading(files[0].name)) if files else None


def is_meant(message: Mapping[str, Any]) -> bool:
    """Whether files in a direct message are dropped to be imported: the word `import` stands beside them."""
    said = message.get("text", "").casefold().removeprefix("/iso").split()
    return bool(message.get("files")) and said[:1] == ["import"]


def received(deed: Deed, *, files: Sequence[SlackFile]) -> list[ImportRun]:
    """Take note of files that are to be imported, each a file of its own."""
    return [commands.receive(deed, file=BroughtFile(each.name, each.id)) for each in files]


async def choose_columns(call: Press[ImportRef]) -> Reply:
    """Ask which column holds what; the guess is chosen already."""
    return Open(await call.ask(columns_modal, run_id=call.payload.run))


async def columns_chosen(call: Form[ImportRef]) -> Reply:
    """The columns are confirmed, and every row is looked at."""
    chosen = {each: call.choice(each) for each in Field}
    columns = {each: int(number) for each, number in chosen.items() if number and number.isdecimal()}
    ref = call.payload
    await call.act(commands.confirm_columns, run_id=ref.run, version=ref.version, columns=columns)
    return None


async def import_(call: Press[ImportRef]) -> Reply:
    """Take all rows."""
    return await _begin(call, once_more=False)


async def import_once_more(call: Press[ImportRef]) -> Reply:
    """Take all rows, though the same file was imported before."""
    return await _begin(call, once_more=True)


async def _begin(call: Press[ImportRef], *, once_more: bool) -> Reply:
    ref = call.payload
    await call.act(commands.begin, run_id=ref.run, version=ref.version, once_more=once_more)
    return None


async def cancel(call: Press[ImportRef]) -> Reply:
    """The file is not wanted any more."""
    await call.act(commands.cancel, run_id=call.payload.run, version=call.payload.version)
    return None


ROUTES = (
    verb("import", handler=ask),
    form(words.ASK_FORM, Nothing, picked),
    press(words.COLUMNS, ImportRef, choose_columns),
    form(words.COLUMNS_FORM, ImportRef, columns_chosen),
    press(words.DO, ImportRef, import_),
    press(words.ONCE_MORE, ImportRef, import_once_more),
    press(words.CANCEL, ImportRef, cancel),
)
