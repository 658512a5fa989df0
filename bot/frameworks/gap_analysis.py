"""Frameworks room at the edge: `/iso gap`, rating one by one, the list of gaps, and word to whoever closes one."""

from collections import Counter
from datetime import datetime

from bot.requirements import requirement
from bot.sending.day import Subject
from bot.slack.calls import Command, Form, Next, Open, Press, Redraw, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.frameworks import gap_analysis as words
from messages.frameworks.payloads import FrameworkPage, RequirementRef
from messages.nudges.day import DayItem
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks.tables import GapRating
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.deed import Deed
from workflows.frameworks import gap_analysis
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.gap_analysis import Analysis, Rated
from workflows.frameworks.shapes import Assessment
from workflows.nudges import rules as nudge_rules
from workflows.nudges.reasons import Reason
from workflows.people.permissions import Permission

RATINGS = [
    *((str(rating), f"rating_{rating}") for rating in gap_analysis.RATINGS),
    (gap_analysis.LEFT_OUT, gap_analysis.NOT_APPLICABLE),
]
"""What the form offers: what comes back, and the key of its words."""

# --- what the words need to know ---


def _figures(found: Analysis) -> words.AnalysisFigures:
    counts = Counter(gap_analysis.key_of(each.rating) for each in found.rated)
    return words.AnalysisFigures(
        page=FrameworkPage(found.catalogue.edition),
        standard=found.catalogue.standard,
        total=len(found.rated),
        rated=len(found.rated) - counts[gap_analysis.NOT_RATED],
        counts=[(key, counts[key]) for _, key in RATINGS],
    )


def _line(uow: UnitOfWork, found: Rated, *, goes_on: bool = False) -> words.GapLine:
    rating = found.rating
    return words.GapLine(
        ref=RequirementRef(found.requirement.reference, rating.version if rating else 0, goes_on),
        requirement=requirement(uow, found.requirement.reference),
        rating=gap_analysis.key_of(rating),
        action=rating.action if rating else "",
        owner_id=rating.owner_id if rating else None,
        due_on=rating.due_on if rating else None,
    )


def _overview(deed: Deed) -> Message:
    found = gap_analysis.analyses(deed)
    today = deed.today
    _, overdue = gap_analysis.actions_open_and_overdue(deed.uow, today)
    return words.overview(
        [_figures(each) for each in found],
        gaps=sum(each.is_gap for one in found for each in one.rated),
        overdue=overdue,
        may_rate=deed.may(Permission.RATE_GAP),
    )


def _gaps(deed: Deed, *, page: int) -> Message:
    found = gap_analysis.gaps(deed)
    first = (page - 1) * words.PER_PAGE
    return words.gap_list(
        [_line(deed.uow, each) for each in found[first : first + words.PER_PAGE]],
        page=page,
        total=len(found),
        today=deed.today,
        may_rate=deed.may(Permission.RATE_GAP),
    )


def _rate_modal(deed: Deed, *, reference: str, goes_on: bool) -> Modal:
    found = gap_analysis.to_rate(deed, reference=reference)
    analysis = gap_analysis.analysis(deed, edition=found.requirement.edition)
    return words.rate_modal(
        _line(deed.uow, found, goes_on=goes_on),
        ratings=RATINGS,
        given=gap_analysis.assessed(found.rating) if found.rating else None,
        summary=found.requirement.summary,
        left=sum(each.rating is None for each in analysis.rated),
    )


def _named(deed: Deed, *, typed: str) -> Reply:
    """The form for those who rate; how it stands for those who may see it."""
    deed.must(Permission.SEE_GAP_ANALYSIS)
    reference = framework_questions.named(deed.uow, typed).reference
    if deed.may(Permission.RATE_GAP):
        return Open(_rate_modal(deed, reference=reference, goes_on=False))
    return Tell(words.one(_line(deed.uow, gap_analysis.to_look_at(deed, reference=reference)), deed.today))


def _next_modal(deed: Deed, *, edition: str, after: str) -> Modal | None:
    following = gap_analysis.analysis(deed, edition=edition).after(after)
    if following is None:
        return None
    return _rate_modal(deed, reference=following.reference, goes_on=True)


# --- what people do ---


async def show(call: Command) -> Reply:
    """`/iso gap`; `/iso gap A.5.18` rates one, or shows it."""
    typed = call.text.strip()
    return await call.ask(_named, typed=typed) if typed else Tell(await call.ask(_overview))


async def show_gaps(call: Press[FrameworkPage]) -> Reply:
    """A page of the gaps."""
    return Tell(await call.ask(_gaps, page=call.payload.page))


async def begin_to_rate(call: Press[RequirementRef]) -> Reply:
    """One requirement once more."""
    return Open(await call.ask(_rate_modal, reference=call.payload.reference, goes_on=False))


async def begin_to_rate_all(call: Press[FrameworkPage]) -> Reply:
    """Everything not yet rated, one by one."""
    modal = await call.ask(_next_modal, edition=call.payload.edition, after="")
    return Open(modal) if modal else Tell(await call.ask(_overview))


async def rated(call: Form[RequirementRef]) -> Reply:
    """Save; where it goes on, the next one stands in the same modal."""
    ref, said = call.payload, filled(call, Assessment)
    await call.act(gap_analysis.rate, reference=ref.reference, version=ref.version, said=said)
    edition, _, number = ref.reference.partition(":")
    modal = await call.ask(_next_modal, edition=edition, after=number) if ref.goes_on else None
    return Next(modal) if modal else None


ROUTES = (
    verb("gap", handler=show),
    press(words.LIST, FrameworkPage, show_gaps),
    press(words.RATE, RequirementRef, begin_to_rate),
    press(words.RATE_ALL, FrameworkPage, begin_to_rate_all),
    form(words.RATE_FORM, RequirementRef, rated),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why somebody need not hear of a gap any more, or nothing."""
    return "" if _is_theirs(uow.get(GapRating, nudge.subject_id), nudge) else Reason.GAP_CLOSED_OR_MOVED


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To whoever shall close a gap: what, and by when."""
    rating = uow.get(GapRating, nudge.subject_id)
    return words.given(
        _line(uow, gap_analysis.rated(uow, rating)),
        by=rating.rated_by,
        today=nudge_rules.local_day(uow.workspace().zone, at),
        is_theirs=_is_theirs(rating, nudge),
    )


def _is_theirs(rating: GapRating, nudge: Nudge) -> bool:
    return gap_analysis.is_gap(rating) and rating.owner_id == nudge.person_id


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """A gap stands in messages of the day only, which are drawn anew as a whole."""
    return Redraw(lambda place: None)


COMPOSERS = {"gap_rating.redraw": redraw}
SUBJECTS = {"gap_rating": Subject(day_item, why_not)}
