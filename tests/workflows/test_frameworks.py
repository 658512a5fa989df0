"""The catalogues that ship with the product, the clauses they share, and where each edition stands."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.files.data import read_data
from workflows.frameworks import overlap
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.overlap import harmonised, serves
from workflows.frameworks.rules import EDITIONS, EditionStatus, catalogue

COUNTS = {
    "iso27001-2022": 30 + 93,
    "iso9001-2015": 65,
    "iso14001-2015": 32,
    "iso45001-2018": 40,
    "iso22301-2019": 46,
}
CHAPTERS = [
    "context",
    "leadership",
    "planning",
    "support",
    "operation",
    "performance_evaluation",
    "improvement",
]
EVERYTHING = [each.reference for edition in EDITIONS for each in catalogue(edition).requirements.values()]


def in_order(number: str) -> tuple[bool, list[int]]:
    """A clause's place in its standard; Annex A stands behind the clauses."""
    return number.startswith("A."), [int(part) for part in number.removeprefix("A.").split(".")]


def test_every_edition_with_a_catalogue_is_counted() -> None:
    assert set(COUNTS) == set(EDITIONS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_catalogue_is_whole_in_order_and_in_strings(edition: str) -> None:
    found = read_data(f"frameworks/catalogues/{edition}.yaml")["requirements"]
    numbers = [row["number"] for row in found]
    assert len(numbers) == len(set(numbers)) == len(catalogue(edition).requirements) == COUNTS[edition]
    assert all(isinstance(number, str) for number in numbers)
    assert numbers == sorted(numbers, key=in_order)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_requirement_says_what_it_is_about_and_what_would_show_it(edition: str) -> None:
    for each in catalogue(edition).requirements.values():
        assert 3 <= len(each.title) <= 80
        assert 20 <= len(each.summary) <= 300
        assert each.summary.endswith(".")
        assert each.evidence
        assert re.search(r"\bshall\b", each.summary + " ".join(each.evidence)) is None


def test_annex_a_has_93_controls_in_four_themes() -> None:
    found = catalogue("iso27001-2022").requirements
    controls = Counter(each.theme for number, each in found.items() if number.startswith("A."))
    assert controls == {"organizational": 37, "people": 8, "physical": 14, "technological": 34}
    clauses = Counter(each.theme for number, each in found.items() if not number.startswith("A."))
    assert (sum(clauses.values()), sorted(clauses)) == (30, sorted(CHAPTERS))


@pytest.mark.parametrize(
    ("reference", "may"),
    [
        ("iso27001-2022:A.8.30", True),
        ("iso27001-2022:6.1.3", False),
        ("iso9001-2015:8.3.1", True),
        ("iso9001-2015:7.1.5.2", True),
        ("iso9001-2015:7.1.4", False),
        ("iso9001-2015:9.2.1", False),
        ("iso14001-2015:8.2", False),
        ("iso45001-2018:8.1.2", False),
        ("iso22301-2019:8.2.2", False),
    ],
)
def test_only_some_requirements_may_be_left_out(reference: str, *, may: bool) -> None:
    assert framework_rules.requirement(reference).may_be_left_out is may


@pytest.mark.parametrize("reference", ["iso27001-2022:A.9.9", "iso27001-2013:A.5.1.1", "nonsense", ":", ""])
def test_a_reference_to_nothing_is_a_key_error(reference: str) -> None:
    with pytest.raises(KeyError):
        framework_rules.requirement(reference)


def test_every_catalogue_is_of_an_edition_whose_status_is_known() -> None:
    known = framework_rules.editions()
    assert set(EDITIONS) < set(known)
    assert all(catalogue(edition).standard == known[edition].standard for edition in EDITIONS)
    assert all(known[edition].status is not EditionStatus.WITHDRAWN for edition in EDITIONS)


def test_an_edition_on_its_way_out_names_its_successor_and_its_last_day() -> None:
    for each in framework_rules.editions().values():
        leaves = each.status is not EditionStatus.CURRENT
        assert bool(each.successor) is bool(each.until) is leaves


# --- what several standards share ---


def test_every_shared_clause_points_into_the_catalogues() -> None:
    for clause in overlap.shared_clauses():
        for asked in clause.references.values():
            for reference in framework_rules.in_scope(asked, EDITIONS):
                assert framework_rules.requirement(reference).theme


@pytest.mark.parametrize(
    ("reference", "edition", "numbers"),
    [
        ("iso9001-2015:10.2.1", "iso22301-2019", ["10.1"]),
        ("iso22301-2019:10.1", "iso9001-2015", ["10.2.1", "10.2.2"]),
        ("iso22301-2019:10.2", "iso27001-2022", ["10.1"]),
        ("iso27001-2022:10.1", "iso9001-2015", ["10.3"]),
        ("iso27001-2013:10.1", "iso27001-2022", ["10.2"]),
        ("iso14001-2015:9.3", "iso27001-2022", ["9.3.1", "9.3.2", "9.3.3"]),
        ("iso27001-2022:6.1.2", "iso9001-2015", []),
        ("iso27001-2022:A.5.18", "iso9001-2015", []),
        ("iso9001-2015:10.1", "iso27001-2022", []),
    ],
)
def test_what_other_editions_ask_for_under_the_same_clause(reference: str, edition: str, numbers: list[str]) -> None:
    assert framework_rules.in_scope(harmonised(reference), [edition]) == [f"{edition}:{each}" for each in numbers]


@pytest.mark.parametrize(
    ("given_for", "served"),
    [
        (["iso27001-2022:7.2"], ["iso9001-2015:7.2", "iso14001-2015:7.2"]),
        (["iso27001-2022:10.2"], ["iso9001-2015:10.2.1", "iso9001-2015:10.2.2", "iso14001-2015:10.2"]),
        (["iso9001-2015:10.2.1"], ["iso9001-2015:10.2.1"]),
        (
            ["iso9001-2015:10.2.1", "iso9001-2015:10.2.2"],
            [*["iso9001-2015:10.2.1", "iso9001-2015:10.2.2"], "iso14001-2015:10.2"],
        ),
        (["iso27001-2022:9.3.2"], ["iso9001-2015:9.3.2"]),
        (["iso14001-2015:9.3"], ["iso14001-2015:9.3", *(f"iso9001-2015:9.3.{each}" for each in (1, 2, 3))]),
        (
            [f"iso27001-2022:9.3.{each}" for each in (1, 2, 3)],
            [*(f"iso9001-2015:9.3.{each}" for each in (1, 2, 3)), "iso14001-2015:9.3"],
        ),
        (["iso27001-2022:A.5.18"], []),
        (["own-acme:AC-1"], []),
    ],
)
def test_one_piece_of_evidence_serves_several_standards(given_for: list[str], served: list[str]) -> None:
    assert sorted(serves(given_for, ["iso9001-2015", "iso14001-2015"])) == sorted(served)


@given(st.lists(st.sampled_from(EVERYTHING), max_size=12), st.sets(st.sampled_from(EDITIONS)))
def test_serving_keeps_what_is_in_scope_names_each_once_and_more_never_serves_less(
    references: list[str], editions: set[str]
) -> None:
    served = serves(references, editions)
    assert set(framework_rules.in_scope(references, editions)) <= set(served)
    assert len(served) == len(set(served))
    assert set(serves(references[1:], editions)) <= set(served)


@given(st.sampled_from(EVERYTHING))
def test_correspondence_goes_both_ways(reference: str) -> None:
    assert all(reference in harmonised(other) for other in harmonised(reference))
