"""Frameworks: what the words need to know, looked up in rows."""

from bot.requirements import requirement
from messages.frameworks import catalogues as words
from messages.words.kit import Message
from messages.words.requirements import Requirement
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.rules import Catalogue
from workflows.importing import old_registers
from workflows.people.permissions import Permission

THE_NEW = "iso27001-2022"


def _followed(each: Catalogue) -> words.FollowedEdition:
    known = framework_rules.editions().get(each.edition)
    if known is None:
        return words.FollowedEdition(each.standard, len(each.requirements), "own")
    return words.FollowedEdition(
        each.standard,
        len(each.requirements),
        known.status.value,
        successor=known.successor,
        until=known.until,
        confirmed=known.confirmed,
    )


def overview(deed: Deed) -> Message:
    found = framework_questions.overview(deed)
    return words.overview(
        followed=[_followed(each) for each in found.followed],
        others=[each.standard for each in found.others],
        shows_titles=found.shows_titles,
        may_bring=deed.may(Permission.ADD_YOUR_OWN_CONTROLS),
        may_switch=deed.may(Permission.SHOW_OR_HIDE_TITLES),
    )


def moved(deed: Deed, *, text: str) -> Message:
    register = old_registers.migrated(deed, text=text)

    def named(number: str) -> Requirement:
        return requirement(deed.uow, f"{THE_NEW}:{number}")

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
