"""Frameworks room: which standards and own frameworks are followed, bringing own ones, and moving an old register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, Words, words

SHOW_TITLES = "titles.show"
HIDE_TITLES = "titles.hide"
MIGRATE = "register.migrate"
MIGRATE_FORM = "register.migrate_form"
BRING = "framework.bring"
BRING_FORM = "framework.bring_form"

REGISTER = "register"
FILE = "file"
NAME = "name"
KEY = "key"

_MOST_MERGED = 30  # 24 controls of 2022 took in several of 2013


@dataclass(frozen=True)
class FollowedEdition:
    """An edition that is followed. `status`: current, in_transition, withdrawn, or own for the organisation's own.

    `until` is the last day of certificates to it, expected or `confirmed`; `successor` is what takes its place.
    """

    standard: str
    requirements: int
    status: str
    successor: str = ""
    until: date | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class MovedRegister:
    """What becomes of a register of 2013: old numbers are plain, what they became is named as people read it."""

    carried: Mapping[str, Requirement] = field(default_factory=dict)
    merged: Sequence[tuple[Requirement, Sequence[str]]] = ()
    split: Mapping[str, Sequence[Requirement]] = field(default_factory=dict)
    new: Sequence[Requirement] = ()
    absent: Sequence[Requirement] = ()
    gone: Sequence[str] = ()
    unknown: Sequence[str] = ()


def overview(
    *, followed: Sequence[FollowedEdition], others: Sequence[str], shows_titles: bool, may_bring: bool, may_switch: bool
) -> Message:
    """The answer to `/iso frameworks`, for somebody who may bring own controls, or switch the titles on and off."""
    wording = words("frameworks/catalogues/overview", followed=followed, others=others)
    lines = [words("frameworks/catalogues/overview", edition=each).line for each in followed]
    listed = [kit.lines(lines)] if lines else [kit.section(wording.nothing)]
    rest = [kit.context(wording.others)] if others else []
    buttons = [
        kit.button(wording.button_migrate, MIGRATE, Nothing()),
        *([kit.button(wording.button_bring, BRING, Nothing())] if may_bring else []),
        *([_switch(wording, shows_titles)] if may_switch else []),
    ]
    return kit.message(wording.summary, [kit.header(wording.title), *listed, *rest, *kit.actions(buttons)])


def _switch(wording: Words, shows_titles: bool) -> ButtonElement:
    label, action = (wording.button_hide, HIDE_TITLES) if shows_titles else (wording.button_show, SHOW_TITLES)
    return kit.button(label, action, Nothing())


def migrate_modal() -> Modal:
    """Asks for the old register, pasted or as a file."""
    wording = words("frameworks/catalogues/migrate_modal")
    return kit.modal(
        MIGRATE_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.text(REGISTER, wording.register, wording.register_hint, optional=True),
            fields.files(FILE, wording.file, wording.file_hint, most=1, optional=True),
        ],
        submit=wording.submit,
    )


def moved(register: MovedRegister) -> Message:
    """What a lead has to do with each control of an old register."""
    wording = words("frameworks/catalogues/moved", register=register)
    merged = [words("frameworks/catalogues/moved", new=new, old=old).merged_line for new, old in register.merged]
    split = [
        words("frameworks/catalogues/moved", old=old, becomes=became).split_line
        for old, became in register.split.items()
    ]
    parts: list[tuple[Phrase, list[Phrase]]] = [
        (wording.merged, merged),
        (wording.split, split),
        (wording.carried, [wording.carried_numbers] if register.carried else []),
        (wording.new, [words("frameworks/catalogues/moved", new=each).new_line for each in register.new]),
        (wording.absent, [wording.absent_numbers] if register.absent else []),
        (wording.unknown, [wording.unknown_numbers] if register.unknown else []),
    ]
    listed: list[Block] = [
        block for title, lines in parts if lines for block in (kit.section(title), kit.lines(lines, most=_MOST_MERGED))
    ]
    gone = kit.section(wording.gone if register.gone else wording.nothing_gone)
    return kit.message(wording.summary, [kit.header(wording.title), *listed, gone, kit.context(wording.clauses)])


def bring_modal() -> Modal:
    """Asks for a file of own controls and what the framework is called."""
    wording = words("frameworks/catalogues/bring_modal")
    return kit.modal(
        BRING_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.text(NAME, wording.name, wording.name_hint, long=False),
            fields.text(KEY, wording.key, wording.key_hint, long=False),
            fields.files(FILE, wording.file, wording.file_hint, most=1),
        ],
        submit=wording.submit,
    )


def reading(file: str) -> Message:
    """Told to whoever gave a file, until it is read."""
    wording = words("frameworks/catalogues/reading", file=file)
    return kit.message(wording.sentence, [kit.section(wording.sentence)])


def brought(
    *, name: str, edition: str, added: int, changed: int, withdrawn: int, unchanged: int, kept_as_text: int
) -> Message:
    """Told to the lead who brought own controls: what became of them, and how to refer to one."""
    wording = words(
        "frameworks/catalogues/brought",
        name=name,
        edition=edition,
        added=added,
        changed=changed,
        withdrawn=withdrawn,
        unchanged=unchanged,
        kept_as_text=kept_as_text,
    )
    noted = [kit.context(wording.kept_as_text)] if kept_as_text else []
    return kit.message(wording.summary, [kit.section(wording.body), *noted, kit.context(wording.next)])
