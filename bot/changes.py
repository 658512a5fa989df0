"""Significant changes at the edge: `/iso change` and its form."""

from datetime import datetime

from bot.calls import Command, Form, Open, Reply, Tell
from bot.routes import form, verb
from messages import changes as words
from messages.changes import Asked
from messages.kit import Modal
from messages.payloads import Nothing
from storage.unit_of_work import UnitOfWork
from workflows import changes, frameworks
from workflows.changes import Said
from workflows.people import Actor


async def begin(call: Command) -> Reply:
    """`/iso change`, `/iso change we move to another office`."""
    return Open(await call.ask(_form, what=call.text))


def _form(uow: UnitOfWork, actor: Actor, *, what: str, at: datetime) -> Modal:
    touched = changes.touched_by_change(uow, actor, at=at)
    reviews = [(str(each.id), each.title) for each in touched.obligations]
    standards = [(each.edition, frameworks.catalogue(each.edition).standard) for each in touched.certificates]
    return words.form(what, reviews=reviews, standards=standards)


async def announce(call: Form[Nothing]) -> Reply:
    """The lead said what changes."""
    what = call.text(words.WHAT)
    asked = await call.act(
        changes.announce,
        what=what,
        look_again={int(each) for each in call.choices(words.LOOK_AGAIN)},
        tell=call.choices(words.TELL),
        said=Said(words.purpose(what), *words.notice(what)),
    )
    return Tell(words.announced([Asked(each.title, each.owner_id, each.due_on) for each in asked]))


ROUTES = (
    verb(
        "change",
        usage="[what changes]",
        sentence="asks the owners to look again at what a significant change touches",
        handler=begin,
    ),
    form(words.ANNOUNCE_FORM, Nothing, announce),
)
