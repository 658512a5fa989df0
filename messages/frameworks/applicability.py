"""Frameworks room: what applies and why, theme by theme, and the forms in which a lead decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.frameworks.payloads import FrameworkPage, RequirementRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import words

SHOW = "soa.show"
DECIDE = "soa.decide"
DECIDE_ALL = "soa.decide_all"
DECIDE_FORM = "soa.decide_form"
REST = "soa.rest"
REST_FORM = "soa.rest_form"
APPROVE = "soa.approve"
EXPORT = "soa.export"

APPLIES = "applies"
REASON = "reason"
YES = "yes"
NO = "no"

PER_PAGE = 10


@dataclass(frozen=True)
class ThemeFigures:
    """Of one theme: how many requirements apply, are left out, are undecided."""

    page: FrameworkPage
    applying: int
    left_out: int
    undecided: int


@dataclass(frozen=True)
class StatementFigures:
    """A Statement of Applicability in figures. `number` of the latest approved version, 0 where there is none.

    `is_approved`: nothing has changed since that version.
    """

    page: FrameworkPage
    standard: str
    themes: Sequence[ThemeFigures]
    number: int = 0
    approved_by: str | None = None
    approved_at: datetime | None = None
    is_approved: bool = False

    @property
    def undecided(self) -> int:
        """How much is undecided in all themes."""
        return sum(theme.undecided for theme in self.themes)


@dataclass(frozen=True)
class DecidedLine:
    """A requirement with what was decided: `applies` is None where nothing was yet, `state` a rating."""

    ref: RequirementRef
    requirement: Requirement
    applies: bool | None
    reason: str
    state: str
    is_shown: bool


def overview(statements: Sequence[StatementFigures], *, may_decide: bool, may_approve: bool) -> Message:
    """The answer to `/iso soa`: one statement for each framework of which something may be left out."""
    wording = words("frameworks/applicability/overview", statements=statements)
    if not statements:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    groups = [_statement(each, may_decide, may_approve) for each in statements]
    blocks = kit.fitting([[block] for group in groups for block in group], sum(map(len, groups)))
    return kit.message(wording.summary, [kit.header(wording.title), *blocks])


def _statement(statement: StatementFigures, may_decide: bool, may_approve: bool) -> list[Block]:
    wording = words("frameworks/applicability/overview", statement=statement)
    return [
        kit.section(wording.statement),
        *(_theme(each) for each in statement.themes),
        *kit.actions([*_next_step(statement, may_decide, may_approve), _export(statement)]),
    ]


def _theme(theme: ThemeFigures) -> Block:
    wording = words("frameworks/applicability/overview", theme=theme)
    return kit.section(wording.theme_line, button=kit.button(wording.button_show, SHOW, theme.page))


def _export(statement: StatementFigures) -> ButtonElement:
    return kit.button(words("frameworks/applicability/overview").button_export, EXPORT, statement.page)


def _next_step(statement: StatementFigures, may_decide: bool, may_approve: bool) -> list[ButtonElement]:
    wording = words("frameworks/applicability/overview")
    if statement.undecided:
        decide = kit.button(wording.button_decide_all, DECIDE_ALL, statement.page, style="primary")
        return [decide] if may_decide else []
    approve = kit.button(wording.button_approve, APPROVE, statement.page)
    return [approve] if may_approve and not statement.is_approved else []


def theme(
    lines: Sequence[DecidedLine], *, page: FrameworkPage, standard: str, total: int, undecided: int, may_decide: bool
) -> Message:
    """One page of a theme, each requirement with its decision and, for a lead, the way to change it."""
    wording = words(
        "frameworks/applicability/theme", standard=standard, page=page, total=total, pages=-(-total // PER_PAGE)
    )
    rows = [_line(each, may_decide) for each in lines]
    rest = kit.button(wording.button_rest, REST, page)
    following = FrameworkPage(page.edition, page.theme, page.page + 1)
    more = kit.button(wording.button_more, SHOW, following)
    buttons = [*([rest] if may_decide and undecided else []), *([more] if page.page * PER_PAGE < total else [])]
    return kit.message(wording.title, [kit.header(wording.title), *rows, *kit.actions(buttons)])


def one(line: DecidedLine) -> Message:
    """One requirement with its decision, for those who do not decide."""
    said = words("frameworks/applicability/theme", line=line).line
    return kit.message(said, [kit.section(said)])


def _line(line: DecidedLine, may_decide: bool) -> Block:
    wording = words("frameworks/applicability/theme", line=line)
    label = wording.button_decide if line.applies is None else wording.button_change
    return kit.section(wording.line, button=kit.button(label, DECIDE, line.ref) if may_decide else None)


def decide_modal(line: DecidedLine, *, summary: str, left: int) -> Modal:
    """Does it apply, and why? `left` is how many are undecided, this one included."""
    wording = words("frameworks/applicability/decide_modal", line=line, summary=summary, left=left)
    choices = [(YES, wording.applies_yes.plain), (NO, wording.applies_no.plain)]
    given = None if line.applies is None else YES if line.applies else NO
    about = line.ref.reference
    return kit.modal(
        DECIDE_FORM,
        wording.heading,
        [
            kit.section(wording.requirement),
            *([kit.context(wording.how_many)] if line.ref.goes_on else []),
            fields.radio(fields.about(APPLIES, about), wording.applies, choices, given=given),
            fields.text(fields.about(REASON, about), wording.reason, wording.reason_hint, given=line.reason),
        ],
        submit=wording.submit_and_next if line.ref.goes_on else wording.submit,
        payload=line.ref,
    )


def rest_modal(page: FrameworkPage, *, standard: str, undecided: int) -> Modal:
    """One reason for everything of a theme that nobody decided about."""
    wording = words("frameworks/applicability/rest_modal", page=page, standard=standard, undecided=undecided)
    return kit.modal(
        REST_FORM,
        wording.heading,
        [kit.section(wording.intro), fields.text(REASON, wording.reason, wording.reason_hint)],
        submit=wording.submit,
        payload=page,
    )


def exporting(*, file: str) -> Message:
    """Told to whoever asked for the file, until it stands in their direct messages."""
    wording = words("frameworks/applicability/exporting", file=file)
    return kit.message(wording.sentence, [kit.section(wording.sentence)])
