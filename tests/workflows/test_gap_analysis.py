"""How well each requirement is met, what is done about it, and who hears of it."""

from datetime import date, timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks.tables import GapRating
from storage.nudges.tables import Nudge
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_applicability import OUTSOURCED, decide
from workflows.frameworks import gap_analysis
from workflows.frameworks.shapes import Assessment
from workflows.refusals import InputWanted, NotAllowed, Stale
from workflows.wishes import Wish

TODAY = MONDAY.date()
ACCESS = "iso27001-2022:A.5.18"
Gap = tuple[str, str | None, date | None]
LOCK: Gap = ("Lock the door", "UJONAS", TODAY + timedelta(days=10))
NOTHING: Gap = ("", None, None)


def rate(
    uow: UnitOfWork,
    rating: str = "1",
    gap: Gap = LOCK,
    *,
    reference: str = ACCESS,
    version: int = 0,
    who: str = "UMIRA",
    days: int = 0,
) -> GapRating:
    at = MONDAY + timedelta(days=days)
    return gap_analysis.rate(deed(uow, who, at), reference=reference, version=version, said=Assessment(rating, *gap))


@pytest.mark.parametrize(
    ("rating", "kept", "left"), [("0", 0, True), ("1", 1, True), ("2", 2, True), ("3", 3, False), ("na", None, False)]
)
def test_a_rating_is_kept_and_leaves_a_gap_below_three(
    programme: UnitOfWork, rating: str, kept: int | None, *, left: bool
) -> None:
    row = rate(programme, rating, NOTHING)
    assert row.rating == kept
    assert gap_analysis.is_gap(row) is left
    assert gap_analysis.key_of(row) == (f"rating_{kept}" if kept is not None else "not_applicable")
    assert len(programme.matching(TrailEntry, verb="gap.rate")) == 1


@pytest.mark.parametrize(
    ("rating", "gap", "field"),
    [
        ("", NOTHING, "rating"),
        ("4", NOTHING, "rating"),
        ("3", LOCK, "action"),
        ("na", LOCK, "action"),
        ("1", ("", "UJONAS", TODAY), "action"),
        ("1", ("Lock", None, TODAY), "owner_id"),
        ("1", ("Lock", "UOTTO", TODAY), "owner_id"),
        ("1", ("Lock", "UBOT", TODAY), "owner_id"),
        ("1", ("Lock", "UJONAS", None), "due_on"),
        ("1", ("Lock", "UJONAS", TODAY - timedelta(days=1)), "due_on"),
    ],
)
def test_an_action_has_an_owner_and_a_day_to_come_and_only_a_gap_has_one(
    programme: UnitOfWork, rating: str, gap: Gap, field: str
) -> None:
    with pytest.raises(InputWanted) as refused:
        rate(programme, rating, gap)
    assert refused.value.field == field
    assert programme.count(GapRating) == 0


@pytest.mark.parametrize(("owner", "wish"), [(None, Wish.CHOOSE_OWNER), ("UBOT", Wish.CHOOSE_REACHABLE_PERSON)])
def test_whoever_names_no_owner_is_asked_for_one(programme: UnitOfWork, owner: str | None, wish: Wish) -> None:
    with pytest.raises(InputWanted) as refused:
        rate(programme, "1", ("Lock", owner, TODAY))
    assert refused.value.wish is wish


def test_an_overdue_action_can_be_rated_anew_without_a_new_day(programme: UnitOfWork) -> None:
    rate(programme)
    assert rate(programme, "2", LOCK, version=1, days=30).rating == 2


def test_a_rating_of_what_has_changed_is_refused(programme: UnitOfWork) -> None:
    rate(programme)
    with pytest.raises(Stale):
        rate(programme, "3", NOTHING)


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_rates_a_gap(programme: UnitOfWork, who: str) -> None:
    with pytest.raises(NotAllowed):
        rate(programme, who=who)
    with pytest.raises(NotAllowed):
        gap_analysis.to_rate(deed(programme, who), reference=ACCESS)


@pytest.mark.parametrize(
    ("who", "allowed"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False), ("UTOM", False)]
)
def test_who_may_read_the_gap_analysis(programme: UnitOfWork, who: str, *, allowed: bool) -> None:
    if allowed:
        assert gap_analysis.gaps(deed(programme, who)) == []
    else:
        with pytest.raises(NotAllowed):
            gap_analysis.gaps(deed(programme, who))


def test_gaps_with_a_date_stand_first_then_the_widest(programme: UnitOfWork) -> None:
    rate(programme, "2", NOTHING, reference="iso27001-2022:A.5.1")
    rate(programme, "0", NOTHING, reference="iso9001-2015:7.2")
    rate(programme, "2", LOCK)
    rate(programme, "3", NOTHING, reference="iso27001-2022:A.5.2")
    found = gap_analysis.gaps(deed(programme, "ULIAM"))
    assert [each.requirement.number for each in found] == ["A.5.18", "7.2", "A.5.1"]


@pytest.mark.parametrize(("days", "overdue"), [(10, 0), (11, 1)])
def test_an_action_is_overdue_from_the_day_after(programme: UnitOfWork, days: int, overdue: int) -> None:
    rate(programme)
    today = TODAY + timedelta(days=days)
    assert gap_analysis.actions_open_and_overdue(programme, today) == (1, overdue)
    rate(programme, "3", NOTHING, version=1)
    assert gap_analysis.actions_open_and_overdue(programme, today) == (0, 0)


def test_what_does_not_apply_is_not_asked_about(programme: UnitOfWork) -> None:
    decide(programme)
    found = gap_analysis.analysis(deed(programme, "UMIRA"), edition="iso27001-2022")
    assert OUTSOURCED not in {each.requirement.reference for each in found.rated}
    assert len(found.rated) == 122


def test_the_next_unrated_follows_the_standard_and_begins_again(programme: UnitOfWork) -> None:
    rate(programme, reference="iso27001-2022:4.2")
    found = gap_analysis.analysis(deed(programme, "UMIRA"), edition="iso27001-2022")
    assert [each.number for each in map(found.after, ("", "4.1", "A.8.34")) if each] == ["4.1", "4.3", "4.1"]


def test_whoever_closes_a_gap_is_reminded_until_it_is_closed(programme: UnitOfWork) -> None:
    found = rate(programme)
    for day in range(14):
        gap_analysis.tick(the_bot(programme, MONDAY + timedelta(days=day)))
        gap_analysis.tick(the_bot(programme, MONDAY + timedelta(days=day, minutes=1)))
    owed = programme.matching(Nudge, subject="gap_rating", subject_id=found.id)
    assert [(each.rung, each.person_id) for each in owed] == [
        ("given", "UJONAS"),
        ("due_soon.3", "UJONAS"),
        ("due", "UJONAS"),
        ("overdue.1", "UJONAS"),
    ]
    version = programme.get(GapRating, found.id).version
    assert rate(programme, "3", NOTHING, version=version, days=14).nudge_on is None


def test_after_an_outage_only_the_latest_reminder_of_a_gap_is_owed(programme: UnitOfWork) -> None:
    found = rate(programme)
    gap_analysis.tick(the_bot(programme, MONDAY + timedelta(days=90)))
    owed = programme.matching(Nudge, subject="gap_rating", subject_id=found.id)
    assert [each.rung for each in owed] == ["given", "overdue.20"]


def test_whoever_closes_a_gap_hears_of_it_once(programme: UnitOfWork) -> None:
    rate(programme)
    rate(programme, "2", version=1)
    rate(programme, "2", ("Lock it", "UMIRA", TODAY), version=2)
    told = programme.all(Nudge, col(Nudge.subject) == "gap_rating")
    assert [(each.person_id, each.rung) for each in told] == [("UJONAS", "given")]
