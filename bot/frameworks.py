"""Frameworks room at the edge: references as people read them, `/iso frameworks`, own controls, old registers."""

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import datetime

from bot.calls import Command, Form, Open, Press, Reply, Tell
from bot.routes import form, press, verb
from bot.slack_objects import SlackFile
from bot.uploads import answer_later, contents
from messages import catalogues as words
from messages.frameworks import Requirement
from messages.kit import Message
from messages.payloads import Nothing
from storage.unit_of_work import UnitOfWork
from workflows import frameworks, old_registers, own_frameworks, spreadsheets
from workflows.errors import InputWanted
from workflows.frameworks import Catalogue
from workflows.people import Actor

THE_NEW = "iso27001-2022"

# --- what the words need to know ---


def requirements(uow: UnitOfWork, references: Iterable[str]) -> tuple[Requirement, ...]:
    """What each reference points at: edition, number and short title."""
    return tuple(requirement(uow, reference) for reference in references)


def requirement(uow: UnitOfWork, reference: str) -> Requirement:
    """What a reference points at; without the title where the workspace has switched the standards' titles off."""
    found = frameworks.find(uow, reference)
    return Requirement(found.standard, found.number, frameworks.title(uow, found))


def served(uow: UnitOfWork, references: Iterable[str]) -> tuple[Requirement, ...]:
    """The requirements themselves, and what else in scope is met with them through harmonised clauses."""
    given = tuple(references)
    return requirements(uow, dict.fromkeys((*given, *frameworks.serves(given, frameworks.scope(uow)))))


def _followed(each: Catalogue) -> words.FollowedEdition:
    known = frameworks.editions().get(each.edition)
    if known is None:
        return words.FollowedEdition(each.standard, len(each.requirements), "own")
    return words.FollowedEdition(
        each.standard, len(each.requirements), known.status.value, known.successor, known.until, known.confirmed
    )


def _overview(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Message:
    found = frameworks.overview(uow, actor, at=at)
    return words.overview(
        followed=[_followed(each) for each in found.followed],
        others=[each.standard for each in found.others],
        shows_titles=found.shows_titles,
        may_change=actor.may("bring own controls"),
    )


def _moved(uow: UnitOfWork, actor: Actor, *, text: str, at: datetime) -> Message:
    register = old_registers.migrated(uow, actor, text=text, at=at)

    def named(number: str) -> Requirement:
        return requirement(uow, f"{THE_NEW}:{number}")

    return words.moved(
        words.MovedRegister(
            carried={old: named(new) for old, new in register.carried.items()},
            merged=[(named(new), old) for new, old in register.merged.items()],
            split={old: [named(each) for each in new] for old, new in register.split.items()},
            new=[named(each) for each in register.new],
            absent=[named(each) for each in register.absent],
            gone=register.gone,
            unknown=register.unknown,
        )
    )


# --- what people do ---


async def show(call: Command) -> Reply:
    """`/iso frameworks`; with `migrate` and a list of old controls, what became of them."""
    word, _, rest = call.text.partition(" ")
    if word.lower() != "migrate":
        return Tell(await call.ask(_overview))
    return Tell(await call.ask(_moved, text=rest)) if rest.strip() else Open(words.migrate_modal())


async def show_titles(call: Press[Nothing]) -> Reply:
    """Requirements are named with their short titles again."""
    await call.act(frameworks.switch_titles, shown=True)
    return Tell(await call.ask(_overview))


async def hide_titles(call: Press[Nothing]) -> Reply:
    """Requirements of standards are named by number only."""
    await call.act(frameworks.switch_titles, shown=False)
    return Tell(await call.ask(_overview))


async def begin_to_migrate(call: Press[Nothing]) -> Reply:
    """Ask for the old register."""
    return Open(words.migrate_modal())


async def migrate(call: Form[Nothing]) -> Reply:
    """The old register, pasted, or as a file that is read beside everything else."""
    given = call.files(words.FILE)
    if not given:
        return Tell(await call.ask(_moved, text=call.text(words.REGISTER)))
    answer_later(call, _migrate_file(call, given[0]), about="reading an old register")
    return Tell(words.reading(given[0].name))


async def _migrate_file(call: Form[Nothing], file: SlackFile) -> Message:
    text = await asyncio.to_thread(spreadsheets.text_of, file.name, await contents(call.house, file))
    return await call.ask(_moved, text=text)


async def begin_to_bring(call: Press[Nothing]) -> Reply:
    """Ask for a file of own controls."""
    await call.ask(own_frameworks.may_begin)
    return Open(words.bring_modal())


async def bring(call: Form[Nothing]) -> Reply:
    """The file is read beside everything else; all its rows are taken, or none."""
    key, name, given = call.text(words.KEY).lower(), call.text(words.NAME), call.files(words.FILE)
    await call.ask(own_frameworks.may_bring, key=key, name=name)
    if not given:
        raise InputWanted(words.FILE, "a file")
    answer_later(call, _bring(call, key, name, given[0]), about="bringing own controls")
    return Tell(words.reading(given[0].name))


async def _bring(call: Form[Nothing], key: str, name: str, file: SlackFile) -> Message:
    data = await contents(call.house, file)
    rows = await asyncio.to_thread(own_frameworks.rows_of, file.name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    brought = await call.act(own_frameworks.bring, key=key, name=name, rows=rows, sha256=sha256)
    return words.brought(**vars(brought))


ROUTES = (
    verb("frameworks", usage="[migrate]", sentence="shows what is followed; moves an old register", handler=show),
    press(words.SHOW_TITLES, Nothing, show_titles),
    press(words.HIDE_TITLES, Nothing, hide_titles),
    press(words.MIGRATE, Nothing, begin_to_migrate),
    form(words.MIGRATE_FORM, Nothing, migrate),
    press(words.BRING, Nothing, begin_to_bring),
    form(words.BRING_FORM, Nothing, bring),
)
