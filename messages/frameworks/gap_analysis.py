"""Frameworks room: the gap analysis, its list of gaps, and the form in which a lead rates a requirement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.frameworks.payloads import FrameworkPage, RequirementRef
from messages.nudges.day import DayItem, Group, by_date
from messages.words import fields, inputs, kit
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import words
from workflows.frameworks.shapes import Assessment

RATE = "gap.rate"
RATE_ALL = "gap.rate_all"
RATE_FORM = "gap.rate_form"
LIST = "gap.list"

PER_PAGE = 10


@dataclass(frozen=True)
class AnalysisFigures:
    """A framework in figures: how many of what applies are rated, and how many have each rating, by its key."""

    page: FrameworkPage
    standard: str
    total: int
    rated: int
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class GapLine:
    """A requirement with the key of its rating, and what somebody will do about it; `ref` leads to the form."""

    ref: RequirementRef
    requirement: Requirement
    rating: str
    action: str = ""
    owner_id: str | None = None
    due_on: date | None = None


def overview(analyses: Sequence[AnalysisFigures], *, gaps: int, overdue: int, may_rate: bool) -> Message:
    """The answer to `/iso gap`: how far each framework is rated, and the way to the list of gaps."""
    wording = words("frameworks/gap_analysis/overview", gaps=gaps, overdue=overdue)
    if not analyses:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    groups = [[_analysis(each, may_rate)] for each in analyses]
    listed = kit.button(wording.button_list, LIST, FrameworkPage(""))
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            *kit.fitting(groups, len(groups)),
            kit.section(wording.gaps),
            *kit.actions([listed] if gaps else []),
        ],
    )


def _analysis(analysis: AnalysisFigures, may_rate: bool) -> Block:
    wording = words("frameworks/gap_analysis/overview", analysis=analysis)
    goes_on = may_rate and analysis.rated < analysis.total
    button = kit.button(wording.button_rate_all, RATE_ALL, analysis.page) if goes_on else None
    return kit.section(wording.analysis, button=button)


def gap_list(lines: Sequence[GapLine], *, page: int, total: int, today: date, may_rate: bool) -> Message:
    """One page of the gaps, those with a date first."""
    wording = words("frameworks/gap_analysis/gap_list", page=page, pages=max(1, -(-total // PER_PAGE)), total=total)
    if not lines:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    rows = [_gap(each, today, may_rate) for each in lines]
    more = kit.button(wording.button_more, LIST, FrameworkPage("", "", page + 1))
    buttons = [more] if page * PER_PAGE < total else []
    return kit.message(wording.title, [kit.header(wording.title), *rows, *kit.actions(buttons)])


def one(gap: GapLine, today: date) -> Message:
    """One requirement with its rating, for those who do not rate."""
    said = words("frameworks/gap_analysis/gap_list", gap=gap, today=today).one
    return kit.message(said, [kit.section(said)])


def _gap(gap: GapLine, today: date, may_rate: bool) -> Block:
    wording = words("frameworks/gap_analysis/gap_list", gap=gap, today=today)
    return kit.section(wording.line, button=kit.button(wording.button_change, RATE, gap.ref) if may_rate else None)


def rate_modal(
    gap: GapLine, *, ratings: Sequence[tuple[str, str]], given: Assessment | None, summary: str, left: int
) -> Modal:
    """How well is it met, and what will be done? `left` is how many are not rated, this one included.

    `ratings` are what comes back, and the keys of their words.
    """
    called = words("frameworks/gap_analysis/ratings")
    choices = {"rating": [(each, called[key].plain) for each, key in ratings]}
    wording = words("frameworks/gap_analysis/rate_modal", gap=gap, summary=summary, left=left)
    asked = inputs.inputs(Assessment, wording, given=vars(given) if given else {}, choices=choices)
    return kit.modal(
        RATE_FORM,
        wording.heading,
        [
            kit.section(wording.requirement),
            *([kit.context(wording.how_many)] if gap.ref.goes_on else []),
            *fields.asked_about(asked, gap.ref.reference),
        ],
        submit=wording.submit_and_next if gap.ref.goes_on else wording.submit,
        payload=gap.ref,
    )


def given(gap: GapLine, *, by: str, today: date, is_theirs: bool) -> DayItem:
    """Told to whoever a gap's action was given to, and when its day comes near; `by` is the lead.

    Not `is_theirs`: it is closed, or somebody else's by now.
    """
    wording = words("frameworks/gap_analysis/given", gap=gap, by=by, today=today)
    body = kit.section(wording.body if is_theirs else wording.settled)
    alone = [body, kit.context(wording.why_you)] if is_theirs else [body]
    group: Group = by_date(gap.due_on, today) if is_theirs else "settled"
    return DayItem(group, wording.title.plain, [body], lambda: kit.message(wording.summary, alone), gap.due_on)
