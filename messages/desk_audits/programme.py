"""Desk audits room: the audit programme as tables, with the same facts in the text of the message.

They have two columns each, so that they can be read on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.desk_audits.payloads import BeginRef, ProgrammeRef
from messages.words import kit, tables
from messages.words.kit import Message
from messages.words.requirements import Requirement
from messages.words.tables import Cell
from messages.words.wording import Words, words

PLAN_IT = "audit_plan.plan_it"
SHOW = "audit_programme.show"
"""The beginning of the ids of all buttons that lead to another part; an id stands once in a message."""

YEAR, REQUIREMENTS, WORK = "year", "requirements", "work"
VIEWS = (YEAR, REQUIREMENTS, WORK)
NEXT, PREVIOUS, LATER, EARLIER, EDITION = "next", "previous", "later", "earlier", "edition"
PER_PAGE = 20
MOST_TO_PLAN = 5
MOST_EDITIONS = 5


@dataclass(frozen=True)
class Entry:
    """An audit of the year. `findings` are pairs of kind and number; `task` is what can still be planned, else 0."""

    title: str
    begins_on: date
    due_on: date
    party: str
    approach: str
    state: str
    lead_id: str
    number: int = 0
    findings: Sequence[tuple[str, int]] = ()
    task: int = 0


@dataclass(frozen=True)
class Seen:
    """What the cycle has seen of a requirement, process or place; `due` says why it comes next, if it does."""

    name: str
    requirement: Requirement | None = None
    number: int = 0
    on: date | None = None
    lead_id: str = ""
    worst: str = ""
    open_findings: int = 0
    due: str = ""


@dataclass(frozen=True)
class Programme:
    """One part of the programme as somebody reads it; `rows` are those of its page."""

    ref: ProgrammeRef
    standards: Sequence[tuple[str, str]]
    standard: str
    first: date
    last: date
    audited: int
    requirements: int
    entries: Sequence[Entry]
    due: Sequence[Seen]
    seen: Sequence[Seen]
    pages: int
    may_plan: bool


def programme(shown: Programme) -> Message:
    """The answer to `/iso audit programme`."""
    wording = words("desk_audits/programme", shown=shown)
    said = words("desk_audits/programme", shown=shown, lines=_in_words(shown))
    return kit.message(
        said.summary,
        [
            kit.header(wording.title),
            kit.section(wording.cycle),
            *_parts(shown, wording),
            *kit.actions(_views(wording, shown)),
            *kit.actions(_standards(shown)),
        ],
    )


def _in_words(shown: Programme) -> list[str]:
    """The rows once more, for clients that draw no tables and for whoever hears them read aloud."""
    entries = [words("desk_audits/programme", entry=each).entry_line.plain for each in shown.entries]
    return entries or [words("desk_audits/programme", each=each).seen_line.plain for each in shown.seen]


def _parts(shown: Programme, wording: Words) -> list[Block]:
    if shown.ref.view == YEAR:
        return [*_due(shown, wording), *_year(shown, wording), *_to_plan(shown)]
    rows = [_seen_cells(each) for each in shown.seen]
    return (
        [tables.table([wording.head_what, wording.head_audited], rows)] if rows else [kit.section(wording.nothing_seen)]
    )


def _due(shown: Programme, wording: Words) -> list[Block]:
    lines = [words("desk_audits/programme", each=each).due for each in shown.due]
    return [kit.section(wording.due_title), kit.lines(lines)] if lines else []


def _year(shown: Programme, wording: Words) -> list[Block]:
    if not shown.entries:
        return [kit.section(wording.nothing_planned)]
    return [tables.table([wording.head_audit, wording.head_state], [_entry_cells(each) for each in shown.entries])]


def _entry_cells(entry: Entry) -> list[Cell]:
    said = words("desk_audits/programme", entry=entry)
    return [tables.text(said.audit), tables.said_of(said.stands, entry.lead_id)]


def _seen_cells(seen: Seen) -> list[Cell]:
    said = words("desk_audits/programme", each=seen)
    return [tables.text(said.what), tables.said_of(said.audited, seen.lead_id)]


def _to_plan(shown: Programme) -> list[Block]:
    """A button for each audit of the calendar that nobody has planned yet."""
    waiting = [each for each in shown.entries if each.task] if shown.may_plan else []
    return [_plan_it(each) for each in waiting[:MOST_TO_PLAN]]


def _plan_it(entry: Entry) -> Block:
    wording = words("desk_audits/programme", entry=entry)
    return kit.section(wording.to_plan, button=kit.button(wording.button_plan_it, PLAN_IT, BeginRef(entry.task)))


def _views(wording: Words, shown: Programme) -> list[ButtonElement]:
    ref = shown.ref
    others = [(view, wording[f"button_{view}"], replace(ref, view=view, page=1)) for view in VIEWS if view != ref.view]
    turned = [
        (PREVIOUS, wording.button_previous, replace(ref, page=ref.page - 1), ref.page > 1),
        (NEXT, wording.button_next, replace(ref, page=ref.page + 1), ref.page < shown.pages),
        (EARLIER, wording.button_earlier, replace(ref, year=ref.year - 1, page=1), ref.view == YEAR),
        (LATER, wording.button_later, replace(ref, year=ref.year + 1, page=1), ref.view == YEAR),
    ]
    pages = [(name, label, to) for name, label, to, is_there in turned if is_there]
    return [kit.button(label, f"{SHOW}_{name}", to) for name, label, to in (*pages, *others)]


def _standards(shown: Programme) -> list[ButtonElement]:
    """The filter: all standards, or one of them; the one that is shown has no button."""
    if len(shown.standards) < 2:
        return []
    names = [("", words("desk_audits/programme").button_all.plain), *shown.standards]
    offered = [(edition, name) for edition, name in names if edition != shown.ref.edition][:MOST_EDITIONS]
    return [
        kit.button(
            words("desk_audits/programme", standard=name).button_standard,
            f"{SHOW}_{EDITION}_{number}",
            replace(shown.ref, edition=edition, page=1),
        )
        for number, (edition, name) in enumerate(offered)
    ]
