"""Frameworks room: gap analysis, how well each requirement is met, and who does what about it by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.frameworks.tables import GapRating
from storage.programme.tables import Kind, Urgency
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import readiness
from workflows.frameworks.rules import Catalogue, Requirement
from workflows.frameworks.shapes import Assessment
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Climb
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, Stale, Thing
from workflows.shapes import of_row, values_of
from workflows.wishes import Wish

# --- rules ---

RATINGS = range(4)
"""How well a requirement is met: not at all, partly, but fragile, and working."""

NOT_APPLICABLE = "not_applicable"
LEFT_OUT = "na"
"""The choice in the form that is no figure: not applicable."""
NOT_RATED = "not_rated"
NO_GAP = 3
"""From this rating on there is nothing left to do."""


@dataclass(frozen=True)
class Rated:
    """A requirement and how it was rated, if it was."""

    requirement: Requirement
    rating: GapRating | None

    @property
    def is_gap(self) -> bool:
        """Whether something is left to do."""
        return self.rating is not None and is_gap(self.rating)


@dataclass(frozen=True)
class Analysis:
    """What applies of a framework, each requirement with its rating."""

    catalogue: Catalogue
    rated: tuple[Rated, ...]

    def after(self, number: str) -> Requirement | None:
        """The next requirement nobody has rated behind this one, else the first there is."""
        order = [each.requirement.number for each in self.rated]
        place = order.index(number) if number in order else -1
        unrated = [each.requirement for each in self.rated if each.rating is None]
        behind = [each for each in unrated if order.index(each.number) > place]
        return next(iter([*behind, *unrated]), None)


def key_of(rating: GapRating | None) -> str:
    """The key of the words for a rating."""
    if rating is None:
        return NOT_RATED
    return NOT_APPLICABLE if rating.rating is None else f"rating_{rating.rating}"


def assessed(rating: GapRating) -> Assessment:
    """A rating as a lead wrote it down."""
    return of_row(Assessment, rating, rating=LEFT_OUT if rating.rating is None else str(rating.rating))


def is_gap(rating: GapRating) -> bool:
    """Whether something is left to do about a requirement."""
    return rating.rating is not None and rating.rating < NO_GAP


def is_overdue(rating: GapRating, today: date) -> bool:
    """Whether the action on a gap should have been done by now."""
    return is_gap(rating) and rating.due_on is not None and rating.due_on < today


# --- commands ---


def rate(deed: Deed, *, reference: str, version: int, said: Assessment) -> GapRating:
    """A lead says how well a requirement is met, and what will be done. Raises `NotAllowed`, `InputWanted`, `Stale`."""
    deed.must(Permission.RATE_GAP)
    requirement = framework_questions.find(deed.uow, reference)
    known = framework_queries.gap_rating(deed.uow, reference)
    rating = _rating(said.rating)
    _check(deed, known, rating, said)
    if (known.version if known else 0) != version:
        raise Stale(Thing.RATING_OF, requirement.number)
    row = _put(deed, known, reference, {**values_of(said), "rating": rating})
    _record(deed, row)
    deed.redraw(row)
    if row.owner_id and (known is None or known.owner_id != row.owner_id):
        _tell(deed, row)
    return row


def _rating(chosen: str) -> int | None:
    if chosen == LEFT_OUT:
        return None
    if chosen not in {str(each) for each in RATINGS}:
        raise InputWanted("rating", Wish.CHOOSE_OPTION_FROM_LIST)
    return int(chosen)


def _check(deed: Deed, known: GapRating | None, rating: int | None, said: Assessment) -> None:
    if said == Assessment(said.rating):
        return
    if rating is None or rating >= NO_GAP:
        raise InputWanted("action", Wish.LEAVE_EMPTY)
    if not said.action:
        raise InputWanted("action", Wish.SAY_WHAT_WILL_BE_DONE)
    people_questions.must_be_an_owner(deed.uow, said.owner_id)
    kept = known is not None and known.due_on == said.due_on
    if said.due_on is None or (said.due_on < deed.today and not kept):
        raise InputWanted("due_on", Wish.CHOOSE_DUE_DATE)


def _put(deed: Deed, known: GapRating | None, reference: str, said: Mapping[str, Any]) -> GapRating:
    values = {**said, "rated_by": deed.by, "rated_at": deed.at, "nudge_on": None}
    if said["owner_id"] and said["due_on"]:
        values["nudge_on"] = _climb(deed.uow, said["owner_id"], said["due_on"]).next_day(deed.today)
    row = deed.uow.change(known, **values) if known else deed.uow.add_once(GapRating(reference=reference, **values))
    if row is None:  # somebody else was first, on another replica
        raise Stale(Thing.THIS_RATING)
    return row


def _record(deed: Deed, row: GapRating) -> None:
    deed.record(
        "gap.rate",
        row,
        reference=row.reference,
        rating=row.rating,
        action=row.action,
        owner=row.owner_id,
        due_on=row.due_on.isoformat() if row.due_on else None,
        version=row.version,
    )


def _tell(deed: Deed, row: GapRating) -> None:
    if row.owner_id and row.owner_id != deed.by:
        deed.daily([row.owner_id], row, "given")


def tick(deed: Deed) -> None:
    """Owe those who close gaps the reminder their day has reached; after an outage only the latest."""
    today = deed.today
    for row in framework_queries.gaps_to_nudge(deed.uow, today):
        if row.owner_id is None or row.due_on is None:
            continue
        climb = _climb(deed.uow, row.owner_id, row.due_on)
        rung = climb.reached(today).name
        deed.daily([row.owner_id], row, rung, what=row.due_on)
        deed.uow.change(row, nudge_on=climb.next_day(today))


def _climb(uow: UnitOfWork, owner_id: str, due_on: date) -> Climb:
    """The rungs of an ordinary control on which its owner hears of it; the leads see gaps in `/iso gap`."""
    ladder = ladders.in_use(uow)[Kind.CONTROL, Urgency.NORMAL]
    own = tuple(rung for rung in ladder if Audience.OWNER in rung.tells)
    return Climb(own, due_on, working_days.of_person(uow, owner_id))


# --- questions ---


def analyses(deed: Deed) -> list[Analysis]:
    """How well each framework in scope is met. Raises `NotAllowed`."""
    deed.must(Permission.SEE_GAP_ANALYSIS)
    return [_analysis(deed.uow, edition) for edition in framework_questions.scope(deed.uow)]


def analysis(deed: Deed, *, edition: str) -> Analysis:
    """How well one framework is met. Raises `NotAllowed`."""
    deed.must(Permission.SEE_GAP_ANALYSIS)
    return _analysis(deed.uow, edition)


def to_rate(deed: Deed, *, reference: str) -> Rated:
    """One requirement with its rating, for a lead who is about to change it. Raises `NotAllowed`."""
    deed.must(Permission.RATE_GAP)
    return to_look_at(deed, reference=reference)


def to_look_at(deed: Deed, *, reference: str) -> Rated:
    """The same for those who may only see it. Raises `NotAllowed`."""
    deed.must(Permission.SEE_GAP_ANALYSIS)
    return Rated(framework_questions.find(deed.uow, reference), framework_queries.gap_rating(deed.uow, reference))


def rated(uow: UnitOfWork, rating: GapRating) -> Rated:
    """A rating with the requirement it is of."""
    return Rated(framework_questions.find(uow, rating.reference), rating)


def gaps(deed: Deed) -> list[Rated]:
    """Every gap in scope: those with an action first, the most urgent on top, then by how little is in place."""
    found = [each for one in analyses(deed) for each in one.rated if each.is_gap]
    return sorted(found, key=_urgency)


def _urgency(gap: Rated) -> tuple[bool, date, int]:
    assert gap.rating is not None  # a gap was rated
    due_on, rating = gap.rating.due_on, gap.rating.rating or 0
    return due_on is None, due_on or date.max, rating


def actions_open_and_overdue(uow: UnitOfWork, today: date) -> tuple[int, int]:
    """How many actions on gaps are open in frameworks in scope, and how many of them are overdue."""
    found = [
        each for edition in framework_questions.scope(uow) for each in _analysis(uow, edition).rated if each.is_gap
    ]
    acted = [each.rating for each in found if each.rating and each.rating.due_on]
    return len(acted), sum(is_overdue(each, today) for each in acted)


def _analysis(uow: UnitOfWork, edition: str) -> Analysis:
    catalogue, rated = framework_questions.catalogue_of(uow, edition), framework_queries.gap_ratings(uow)
    applying = readiness.applicable(uow, catalogue)
    return Analysis(catalogue, tuple(Rated(each, rated.get(each.reference)) for each in applying))
