"""Moving a register of ISO/IEC 27001:2013 controls to the edition of 2022."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine.unit_of_work import UnitOfWork
from tests.workflows.conftest import deed
from workflows.frameworks import rules as framework_rules
from workflows.importing import old_registers
from workflows.importing.old_registers import forerunners, move, numbers_in, successors
from workflows.refusals import InputWanted, NotAllowed

OLD = sorted(successors())


def test_every_control_of_2013_lives_on_and_eleven_of_2022_are_new() -> None:
    assert len(OLD) == 114
    assert all(f"iso27001-2022:{new}" and new in forerunners() for became in successors().values() for new in became)
    assert len(forerunners()) == 93
    assert len(move(OLD).new) == 11
    assert [old for old, became in successors().items() if len(became) > 1] == ["A.18.2.3"]
    assert sum(len(came_from) > 1 for came_from in forerunners().values()) == 24


def test_a_whole_register_is_carried_merged_split_and_added_to() -> None:
    moved = move(OLD)
    assert moved.merged["A.5.18"] == ("A.9.2.2", "A.9.2.5", "A.9.2.6")
    assert moved.split == {"A.18.2.3": ("A.5.36", "A.8.8")}
    assert moved.carried["A.6.2.2"] == "A.6.7"
    assert (moved.absent, moved.gone, moved.unknown) == ((), (), ())


def test_a_part_of_a_register_says_what_it_lacks() -> None:
    moved = move(["A.9.2.5", "A.8.2", "A.99.1.1"])
    assert moved.merged == {"A.5.18": ("A.9.2.5",)}
    assert "A.5.1" in moved.absent
    assert "A.5.18" not in moved.absent
    assert moved.unknown == ("A.8.2", "A.99.1.1")


@given(st.lists(st.sampled_from([*OLD, "A.1.1.1", "nonsense"])))
def test_no_control_of_a_register_is_lost_and_none_of_2022_is_forgotten(register: list[str]) -> None:
    moved = move(register)
    told = [*moved.carried, *(old for each in moved.merged.values() for old in each), *moved.split, *moved.unknown]
    assert sorted(told) == sorted(set(register))
    reached = [*moved.carried.values(), *moved.merged, *(new for each in moved.split.values() for new in each)]
    assert set(reached) | set(moved.new) | set(moved.absent) == set(forerunners())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A.5.1.1, A.9.2.3", ["A.5.1.1", "A.9.2.3"]),
        ("a.5.1.1;5.1.2\nA5.1.2", ["A.5.1.1", "A.5.1.2"]),
        ('"A.12.6.1","Vulnerabilities","10.11.2013"', ["A.12.6.1"]),
        ("A.5.1.1 A.5.1.1", ["A.5.1.1"]),
        ("A.8.2 and 10.1 are headings", []),
        ("", []),
    ],
)
def test_numbers_are_found_in_any_text(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


def test_the_numbers_of_2022_are_those_of_the_catalogue() -> None:
    assert set(forerunners()) < set(framework_rules.catalogue("iso27001-2022").requirements)


def test_a_text_without_controls_is_asked_about(programme: UnitOfWork) -> None:
    with pytest.raises(InputWanted):
        old_registers.migrated(deed(programme, "UMIRA"), text="nothing here")
    with pytest.raises(NotAllowed):
        old_registers.migrated(deed(programme, "UTOM"), text="A.5.1.1")
