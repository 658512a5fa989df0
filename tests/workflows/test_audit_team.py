"""Who may be in an audit's team, and whom a draw by chance may bring: tables of every check, properties of the draw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.desk_audits.tables import Part
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity
from storage.people import queries as people_queries
from storage.people.tables import UserGroup
from storage.programme import queries as programme_queries
from tests.workflows.conftest import MONDAY, deed
from workflows.desk_audits import choosing_people, competence, team
from workflows.desk_audits.choosing_people import LeftOut
from workflows.desk_audits.refusals import OwnCompetence
from workflows.desk_audits.shapes import Competence
from workflows.desk_audits.team import Check, Ground
from workflows.question_bank.rules import round_root
from workflows.question_bank.shapes import Audience, FoundBy, WayToFind
from workflows.refusals import InputWanted, NotAllowed, Refusal

TODAY = MONDAY.date()
ACCESS = "iso27001-2022:A.5.18"
GROUND = Ground((ACCESS,), ("iso27001-2022",), "UJONAS", ("UTOM",), TODAY + timedelta(days=14))
Arranging = Callable[[UnitOfWork], None]


def failing(uow: UnitOfWork, person_id: str, part: Part = Part.AUDITOR) -> set[str]:
    """The checks that somebody doesn't pass."""
    return {each["check"] for each in team.checks_of(uow, person_id, part, GROUND) if not each["passed"]}


def manages(manager_id: str, person_id: str) -> Arranging:
    def arrange(uow: UnitOfWork) -> None:
        person = people_queries.person(uow, person_id)
        assert person is not None
        uow.change(person, manager_id=manager_id)

    return arrange


def stands_in(uow: UnitOfWork) -> None:
    """Liam is the deputy for an obligation about access."""
    of = next(each for each in programme_queries.living(uow) if ACCESS in each.requirements)
    uow.change(of, deputy_id="ULIAM")


def had_a_finding(uow: UnitOfWork) -> None:
    """Liam had to correct something about access once."""
    uow.add(
        Nonconformity(
            number=1, requirement=ACCESS, owner_id="ULIAM", raised_by="UMIRA", raised_at=MONDAY, moved_at=MONDAY
        )
    )


def competent(days: int) -> Arranging:
    def arrange(uow: UnitOfWork) -> None:
        until = TODAY + timedelta(days=days)
        said = Competence(person_id="ULIAM", edition="iso27001-2022", basis="A course", valid_until=until)
        competence.record(deed(uow, "UMIRA"), said=said)

    return arrange


def nothing(_: UnitOfWork) -> None:
    """As the programme was started."""


@pytest.mark.parametrize(
    ("arrange", "person", "fails"),
    [
        (competent(14), "ULIAM", set()),
        (competent(13), "ULIAM", {Check.COMPETENCE}),
        (nothing, "ULIAM", {Check.COMPETENCE}),
        (nothing, "UTOM", {Check.COMPETENCE, Check.AUDITED_SELF}),
        (nothing, "UJONAS", {Check.COMPETENCE, Check.AUDITED_SELF, Check.OWN_WORK}),
        (stands_in, "ULIAM", {Check.COMPETENCE, Check.OWN_WORK}),
        (manages("ULIAM", "UJONAS"), "ULIAM", {Check.COMPETENCE, Check.OWN_TEAM}),
        (manages("ULIAM", "UTOM"), "ULIAM", {Check.COMPETENCE, Check.OWN_TEAM}),
        (manages("UJONAS", "ULIAM"), "ULIAM", {Check.COMPETENCE, Check.OWN_TEAM}),
        (manages("ULIAM", "UPRIYA"), "ULIAM", {Check.COMPETENCE}),
        (had_a_finding, "ULIAM", {Check.COMPETENCE, Check.OWN_FINDINGS}),
    ],
)
def test_what_speaks_against_somebody(
    programme: UnitOfWork, arrange: Arranging, person: str, fails: set[Check]
) -> None:
    arrange(programme)
    assert failing(programme, person) == fails


def test_a_manager_of_a_manager_is_no_more_independent(programme: UnitOfWork) -> None:
    manages("UPRIYA", "UJONAS")(programme)
    manages("ULIAM", "UPRIYA")(programme)
    assert Check.OWN_TEAM in failing(programme, "ULIAM")


def test_who_only_looks_on_is_checked_for_nothing(programme: UnitOfWork) -> None:
    assert failing(programme, "UJONAS", Part.OBSERVER) == set()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("iso9001-2015:9.2", "iso9001-2015:9.2.1", True),
        ("iso9001-2015:9.2.1", "iso9001-2015:9.2", True),
        ("iso9001-2015:9.2", "iso9001-2015:9.21", False),
        ("iso9001-2015:9.2", "iso27001-2022:9.2", False),
        (ACCESS, ACCESS, True),
    ],
)
def test_a_requirement_overlaps_with_its_parts(one: str, other: str, *, expected: bool) -> None:
    assert team.overlap([one], [other]) is expected


@pytest.mark.parametrize(
    ("by", "said", "refusal"),
    [
        ("UMIRA", {}, None),
        ("UDAVID", {}, None),
        ("ULIAM", {}, NotAllowed),
        ("UTOM", {}, NotAllowed),
        ("UMIRA", {"person_id": "UMIRA"}, OwnCompetence),
        ("UMIRA", {"edition": "iso14001-2015"}, InputWanted),
        ("UMIRA", {"basis": " "}, InputWanted),
        ("UMIRA", {"basis": "x" * 3_001}, InputWanted),
        ("UMIRA", {"valid_until": TODAY - timedelta(days=1)}, InputWanted),
    ],
)
def test_who_records_whose_competence(
    programme: UnitOfWork, by: str, said: dict[str, object], refusal: type[Refusal] | None
) -> None:
    wanted = Competence(person_id="ULIAM", edition="iso27001-2022", basis="A course")
    wanted = replace(wanted, **said)  # type: ignore[arg-type]  # the fields of a shape, by their names
    if refusal is None:
        competence.record(deed(programme, by), said=wanted)
        competence.record(deed(programme, by), said=wanted)
        assert len(competence.on_record(deed(programme, "ULIAM"), person_id="ULIAM")) == 1
        return
    with pytest.raises(refusal):
        competence.record(deed(programme, by), said=wanted)


# --- whom to ask ---


@pytest.mark.parametrize(
    ("way", "finds"),
    [
        (WayToFind(FoundBy.ROLE, role="lead"), ["UMIRA", "UINES"]),
        (WayToFind(FoundBy.TITLE, words=("it", "managing director")), ["UDAVID", "UJONAS"]),
        (WayToFind(FoundBy.USER_GROUP, words=("it",)), ["UTOM"]),
        (WayToFind(FoundBy.OWNER_GROUP, group="people"), ["UPRIYA"]),
        (WayToFind(FoundBy.OWNER_OF_OBLIGATION), ["UJONAS"]),
        (WayToFind(FoundBy.MANAGER_OF_SOMEBODY), ["UMIRA"]),
        (WayToFind(FoundBy.START_DATE, within_days=180), ["UTOM"]),
        (WayToFind(FoundBy.START_DATE, within_days=9), []),
        (WayToFind(FoundBy.FIRST_SEEN, within_days=180), ["ULIAM"]),
    ],
)
def test_how_people_of_an_audience_are_found(programme: UnitOfWork, way: WayToFind, finds: list[str]) -> None:
    for person_id, title in (("UJONAS", "Head of IT"), ("UDAVID", "Managing Director"), ("UPRIYA", "Writer, titles")):
        person = people_queries.person(programme, person_id)
        assert person is not None
        programme.change(person, title=title)
    manages("UMIRA", "ULIAM")(programme)
    joined = (("UTOM", {"started_on": TODAY - timedelta(days=10)}), ("ULIAM", {"first_seen_at": MONDAY}))
    for person_id, known in joined:
        person = people_queries.person(programme, person_id)
        assert person is not None
        programme.change(person, **known)
    programme.add(UserGroup(slack_id="S1", handle="it-operations", name="IT", members=["UTOM"], synced_at=MONDAY))
    found = choosing_people.population(programme, Audience("some", {"en": "Some"}, (way,)), (ACCESS,), TODAY)
    assert found == finds


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("UTOM", None),
        ("UBOT", LeftOut.BOT),
        ("UOTTO", LeftOut.ACCOUNT_CLOSED),
        ("UNOBODY", LeftOut.ACCOUNT_CLOSED),
        ("ULIAM", LeftOut.IN_THE_TEAM),
        ("UPRIYA", LeftOut.REPORTS_TO_THE_TEAM),
        ("UJONAS", LeftOut.REPORTS_TO_THE_TEAM),
        ("UINES", LeftOut.GUEST),
        ("UDAVID", LeftOut.ASKED_ELSEWHERE),
        ("UMIRA", LeftOut.AWAY),
    ],
)
def test_why_somebody_is_not_asked(programme: UnitOfWork, person: str, why: LeftOut | None) -> None:
    manages("ULIAM", "UPRIYA")(programme)
    manages("UPRIYA", "UJONAS")(programme)
    for person_id, values in (
        ("UINES", {"is_guest": True}),
        ("UMIRA", {"absent_from": TODAY, "absent_until": TODAY + timedelta(days=30)}),
    ):
        known = people_queries.person(programme, person_id)
        assert known is not None
        programme.change(known, **values)
    for grant in people_queries.open_grants(programme, "UINES"):
        programme.change(grant, ended_at=MONDAY)
    said = choosing_people.why_not(programme, person, team={"ULIAM"}, elsewhere={"UDAVID"}, on=TODAY)
    assert said is why


IDS = st.lists(st.from_regex(r"U[A-Z0-9]{3}", fullmatch=True), unique=True, max_size=40)


@given(population=IDS, left_out=IDS, people=st.sampled_from(["0", "1", "3", "all", "sqrt"]), seed=st.integers(0))
def test_a_draw_is_repeatable_and_never_brings_whom_it_left_out(
    population: list[str], left_out: list[str], people: str, seed: int
) -> None:
    there = choosing_people.Choice(population, dict.fromkeys(left_out, LeftOut.GUEST))
    owner = population[0] if population else ""
    wanted = choosing_people.wanted_of(people, there.eligible, owner)
    drawn = choosing_people.drawn(there.eligible, wanted, seed, owner=owner)
    assert drawn == choosing_people.drawn(list(reversed(there.eligible)), wanted, seed, owner=owner)
    assert not set(drawn) & set(left_out)
    assert len(drawn) == len(set(drawn)) == wanted <= len(there.eligible)
    assert not drawn or owner not in there.eligible or drawn[0] == owner


@given(population=IDS, seed=st.integers(0), wanted=st.integers(1, 10))
def test_asking_for_one_more_keeps_those_drawn_before(population: list[str], seed: int, wanted: int) -> None:
    fewer = choosing_people.drawn(population, wanted - 1, seed)
    assert choosing_people.drawn(population, wanted, seed)[: wanted - 1] == fewer


@given(number=st.integers(0, 10_000))
def test_about_the_root_is_the_nearest_whole_number(number: int) -> None:
    assert round_root(number) == round(sqrt(number))


def test_the_seed_is_the_day_and_the_number_of_the_audit() -> None:
    assert choosing_people.seed_of(TODAY, 7) == 202611230007
