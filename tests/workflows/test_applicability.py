"""What applies and why: decided, changed, approved as a whole, and every step on the trail."""

import json

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.record.trail import TrailEntry
from tests.workflows.conftest import deed
from workflows.frameworks import applicability
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.applicability import Statement
from workflows.frameworks.refusals import MustApply, StatementIncomplete
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale

ANNEX_A = "iso27001-2022"
OUTSOURCED = f"{ANNEX_A}:A.8.30"
THEMES = ("organizational", "people", "physical", "technological")


def decide(
    uow: UnitOfWork,
    *,
    reference: str = OUTSOURCED,
    version: int = 0,
    applies: bool | None = False,
    reason: str = "We write it all ourselves",
    who: str = "UMIRA",
) -> None:
    applicability.decide(deed(uow, who), reference=reference, version=version, applies=applies, reason=reason)


def statement(uow: UnitOfWork) -> Statement:
    return applicability.statement(deed(uow, "ULIAM"), edition=ANNEX_A)


def decide_everything(uow: UnitOfWork) -> None:
    for theme in THEMES:
        applicability.apply_the_rest(deed(uow, "UMIRA"), edition=ANNEX_A, theme=theme, reason="Risk assessment of May")


def test_a_decision_is_kept_with_its_reason_and_every_version_of_it_stands_on_the_trail(programme: UnitOfWork) -> None:
    decide(programme)
    decide(programme, version=1, applies=True, reason="We hired a studio", who="UINES")
    row = framework_queries.applicability(programme, OUTSOURCED)
    assert row is not None
    assert (row.applies, row.reason, row.decided_by, row.version) == (True, "We hired a studio", "UINES", 2)
    trail = [json.loads(each.details) for each in programme.matching(TrailEntry, verb="applicability.decide")]
    assert [(each["applies"], each["reason"], each["version"]) for each in trail] == [
        (False, "We write it all ourselves", 1),
        (True, "We hired a studio", 2),
    ]


@pytest.mark.parametrize("version", [0, 2])
def test_a_decision_on_what_has_changed_is_refused(programme: UnitOfWork, version: int) -> None:
    decide(programme)
    with pytest.raises(Stale):
        decide(programme, version=version, applies=True)


@pytest.mark.parametrize(("changes", "field"), [({"reason": "  "}, "reason"), ({"applies": None}, "applies")])
def test_a_decision_needs_its_reason(programme: UnitOfWork, changes: dict[str, bool | None], field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        decide(programme, **changes)  # type: ignore[arg-type]  # one field or the other
    assert refused.value.field == field


@pytest.mark.parametrize("reference", ["iso27001-2022:9.3.1", "iso9001-2015:9.2.1", "iso14001-2015:8.2"])
def test_what_a_management_system_cannot_do_without_is_not_left_out(programme: UnitOfWork, reference: str) -> None:
    with pytest.raises(MustApply):
        decide(programme, reference=reference)


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_decides_and_approves(programme: UnitOfWork, who: str) -> None:
    somebody = deed(programme, who)
    with pytest.raises(NotAllowed):
        decide(programme, who=who)
    with pytest.raises(NotAllowed):
        applicability.apply_the_rest(somebody, edition=ANNEX_A, theme="people", reason="Because")
    with pytest.raises(NotAllowed):
        applicability.approve(somebody, edition=ANNEX_A)
    with pytest.raises(NotAllowed):
        applicability.to_decide(somebody, reference=OUTSOURCED)


@pytest.mark.parametrize(
    ("who", "allowed"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False), ("UTOM", False)]
)
def test_who_may_read_and_export_the_statement(programme: UnitOfWork, who: str, *, allowed: bool) -> None:
    for ask in (applicability.statement, applicability.export):
        if allowed:
            assert len(ask(deed(programme, who), edition=ANNEX_A).lines) == 93
        else:
            with pytest.raises(NotAllowed):
                ask(deed(programme, who), edition=ANNEX_A)
    assert len(programme.matching(TrailEntry, verb="statement.export")) == allowed


def test_the_rest_of_a_theme_leaves_what_was_decided_alone(programme: UnitOfWork) -> None:
    decide(programme)
    decide_everything(programme)
    found = statement(programme)
    assert found.undecided == []
    assert [line.requirement.number for line in found.lines if line.decision and not line.decision.applies] == [
        "A.8.30"
    ]


def test_the_next_undecided_follows_the_standard_and_begins_again(programme: UnitOfWork) -> None:
    decide(programme, reference=f"{ANNEX_A}:A.5.2", applies=True)
    numbers = [line.requirement.number for line in map(statement(programme).after, ("", "A.5.1", "A.8.34")) if line]
    assert numbers == ["A.5.1", "A.5.3", "A.5.1"]
    decide_everything(programme)
    assert statement(programme).after("A.5.1") is None


def test_a_statement_is_approved_as_a_whole_once_per_change(programme: UnitOfWork) -> None:
    lead = deed(programme, "UMIRA")
    with pytest.raises(StatementIncomplete) as refused:
        applicability.approve(lead, edition=ANNEX_A)
    assert refused.value.undecided == 93
    decide_everything(programme)
    assert applicability.approve(lead, edition=ANNEX_A).number == 1
    with pytest.raises(AlreadyDecided):
        applicability.approve(lead, edition=ANNEX_A)
    decide(programme, version=1)
    assert not statement(programme).is_approved
    second = applicability.approve(lead, edition=ANNEX_A)
    assert (second.number, second.decisions["A.8.30"]["applies"]) == (2, False)
    assert statement(programme).is_approved


def test_each_framework_of_which_something_may_be_left_out_has_a_statement(programme: UnitOfWork) -> None:
    found = applicability.statements(deed(programme, "UMIRA"))
    assert [each.catalogue.edition for each in found] == ["iso27001-2022", "iso9001-2015"]
    assert all(line.requirement.may_be_left_out for each in found for line in each.lines)
    assert len(found[1].lines) == sum(
        each.may_be_left_out for each in framework_rules.catalogue("iso9001-2015").requirements.values()
    )
