"""Examples of causes, actions and measures: for requirements that there are, and none that would be asked back."""

from typing import Any

import pytest

from workflows.frameworks import rules
from workflows.nonconformities.gates import is_measured, is_only_training, names_a_person
from workflows.responses.suggestions import ALL_OF_THEM, BadExample, Examples, _all, for_requirement, read, target_of

MEASURE = {"measure": "Rules in time", "target": "100 %", "source": "list", "period": "6 months"}
TOLD: dict[str, Any] = {"findings": ["Late"], "causes": ["No owner"], "actions": ["Name one"], "measure": MEASURE}


def test_a_control_has_examples_of_its_own_and_a_clause_shares_them() -> None:
    control, clause = for_requirement("iso27001-2022:A.5.18"), for_requirement("iso9001-2015:4.1")
    assert control is not None
    assert "Moving adds rights and removes none" in control.causes
    assert clause == for_requirement("iso14001-2015:4.1")
    assert for_requirement("iso27001-2022:A.9.99") is None
    assert target_of("iso27001-2022:A.9.99") == ALL_OF_THEM


@pytest.mark.parametrize("reference", sorted(_all()))
def test_no_example_would_be_asked_back(reference: str) -> None:
    examples: Examples = _all()[reference]
    assert rules.requirement(reference).reference == reference
    assert is_measured(examples.measure.target)
    assert not any(names_a_person(each, frozenset()) for each in examples.causes)
    assert not all(map(is_only_training, examples.actions))


@pytest.mark.parametrize(
    "told",
    [
        {**TOLD, "measures": MEASURE},
        {name: each for name, each in TOLD.items() if name != "causes"},
        {**TOLD, "causes": []},
        {**TOLD, "causes": [7]},
        {**TOLD, "measure": {**MEASURE, "target": ""}},
    ],
)
def test_an_entry_that_is_not_as_it_should_be_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(BadExample):
        read({"controls": {"A.5.1": told}, "clauses": []})
