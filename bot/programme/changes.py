"""Significant changes at the edge: `/iso change` and its form."""

from bot.slack.calls import Command, Form, Open, Reply, Tell
from bot.slack.routes import form, verb
from messages.programme import changes as words
from messages.programme.changes import Asked
from messages.words.kit import Modal
from messages.words.payloads import Nothing
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.programme import changes
from workflows.programme.changes import Said


async def begin(call: Command) -> Reply:
    """`/iso change`, `/iso change we move to another office`."""
    return Open(await call.ask(_form, what=call.text))


def _form(deed: Deed, *, what: str) -> Modal:
    touched = changes.touched_by_change(deed)
    reviews = [(str(each.id), each.title) for each in touched.obligations]
    standards = [(each.edition, framework_rules.catalogue(each.edition).standard) for each in touched.certificates]
    return words.form(what, reviews=reviews, standards=standards)


async def announce(call: Form[Nothing]) -> Reply:
    """The lead said what changes."""
    what, tell = call.text(words.WHAT), call.choices(words.TELL)
    notices = {
        edition: words.notice(framework_rules.catalogue(edition).standard)
        for edition in tell
        if edition in framework_rules.EDITIONS
    }
    asked = await call.act(
        changes.announce,
        what=what,
        look_again={int(each) for each in call.choices(words.LOOK_AGAIN)},
        tell=tell,
        said=Said(words.purpose(what), notices, *words.about_notices(what)),
    )
    return Tell(words.announced([Asked(each.title, each.owner_id, each.due_on) for each in asked]))


ROUTES = (
    verb("change", handler=begin),
    form(words.ANNOUNCE_FORM, Nothing, announce),
)
