"""When somebody, or everybody, works at the desk no more: owners of findings, and an audit whose report is signed."""

from typing import Any

import pytest

from bot.desk_audits import cards
from messages.desk_audits.desk import COMPARE, REPORT
from messages.words.kit import Message, Modal
from storage.desk_audits.tables import AuditFinding, AuditState, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from tests.workflows.conftest import deed
from tests.workflows.test_auditors_desk import DOES, SEES, answer_of, audited, does, raised, shown
from workflows.audit_reports import commands as reports
from workflows.audit_reports.shapes import Correction
from workflows.desk_audits import access, desk, findings, lifecycle
from workflows.desk_audits.access import Sight
from workflows.desk_audits.refusals import DeskClosed, LeadOwnsFinding, OwnArea
from workflows.desk_audits.shapes import NewLead

READS = {"reads by question", "reads by person", "reads one answer", "gets the card of a person", "reads all findings"}
LOOKS = READS | {"compares"}
"""What changes nothing, and is there as long as the answers are."""


def buttons_of(surface: Message | Modal) -> set[str]:
    """The ids of what can be pressed."""
    blocks = surface.blocks
    pressed = [element for each in blocks for element in (*each.get("elements", ()), each.get("accessory"))]
    return {each["action_id"] for each in pressed if each and each["type"] == "button"}


# --- whoever answers for what was found ---


@pytest.mark.parametrize("kind", ["opportunity", "observation", "nonconformity"])
def test_whoever_answers_for_a_finding_cannot_be_made_lead_of_its_audit(programme: UnitOfWork, kind: str) -> None:
    audit = audited(programme)
    raised(programme, audit, kind=kind, owner_id="UMIRA")
    with pytest.raises(LeadOwnsFinding) as refused:
        _names(programme, audit, "UMIRA")
    assert refused.value.field == "lead_id"
    assert refused.value.others == ("UINES",)
    assert programme.get(DeskAudit, audit.id).auditor_id == "ULIAM"


@pytest.mark.parametrize("kind", ["conformity", "good_practice"])
def test_whoever_did_well_may_lead(programme: UnitOfWork, kind: str) -> None:
    audit = audited(programme)
    raised(programme, audit, kind=kind, owner_id="UMIRA")
    _names(programme, audit, "UMIRA")
    assert programme.get(DeskAudit, audit.id).auditor_id == "UMIRA"


def test_whoever_owns_a_finding_of_their_own_audit_neither_judges_nor_withdraws_it(programme: UnitOfWork) -> None:
    audit = audited(programme)
    found = raised(programme, audit, owner_id="UMIRA")
    programme.change(audit, auditor_id="UMIRA")  # as an earlier version let it be
    assert does(programme, audit, "UMIRA") == dict.fromkeys(DOES, OwnArea)
    assert "UMIRA" not in access.readers(programme, programme.get(DeskAudit, audit.id))
    priya = deed(programme, "UPRIYA")
    findings.withdraw(priya, finding_id=found.id, version=found.version, reason="Seen twice")
    assert access.answer_for_findings(programme, audit) == frozenset()


def _names(uow: UnitOfWork, audit: DeskAudit, lead: str) -> None:
    plan = desk.opened(deed(uow, "ULIAM"), audit_id=audit.id).plan
    assert plan is not None
    named = NewLead(lead_id=lead, change="Liam moves on.", exception="There is nobody else.")
    lifecycle.name_lead(deed(uow, "ULIAM"), audit_id=audit.id, version=plan.version, named=named)


# --- after the report ---


def signed(uow: UnitOfWork, audit: DeskAudit) -> int:
    """Liam has signed what he found."""
    report = reports.draft(deed(uow, "ULIAM"), audit_id=audit.id)
    return reports.sign(deed(uow, "ULIAM"), report_id=report.id, version=report.version).id


def withdrawn(uow: UnitOfWork, audit: DeskAudit) -> None:
    """Liam has called it off."""
    plan = desk.opened(deed(uow, "ULIAM"), audit_id=audit.id).plan
    assert plan is not None
    lifecycle.withdraw(deed(uow, "ULIAM"), audit_id=audit.id, version=plan.version, reason="We move house")


@pytest.mark.parametrize(("end", "state"), [(signed, AuditState.REPORTED), (withdrawn, AuditState.WITHDRAWN)])
def test_what_is_over_is_read_and_nothing_is_added_to_it(programme: UnitOfWork, end: Any, state: AuditState) -> None:
    audit = audited(programme)
    found = shown(programme, audit)
    end(programme, audit)
    assert does(programme, audit, "ULIAM") == dict.fromkeys(DOES.keys() - LOOKS, DeskClosed)
    assert access.closed(programme, audit) is state
    with pytest.raises(DeskClosed):
        findings.differ(deed(programme, "UJONAS"), finding_id=found.id, view="No")
    assert programme.get(AuditFinding, found.id).withdrawn_at is None


def test_the_cards_of_a_signed_audit_have_no_buttons_that_add_to_it(programme: UnitOfWork) -> None:
    audit = audited(programme)
    shown(programme, audit)
    signed(programme, audit)
    on_the_desk = buttons_of(cards.desk_message(deed(programme, "ULIAM"), audit.id))
    assert on_the_desk >= {COMPARE, REPORT}
    assert on_the_desk.isdisjoint({"audit.note", "audit.find", "audit.show_findings"})
    on_an_answer = buttons_of(
        cards.answer(deed(programme, "ULIAM"), answer_id=answer_of(programme, audit).id, by="question")
    )
    assert on_an_answer == {"audit.page"}
    assert buttons_of(cards.found_message(programme, audit, "UJONAS")) == set()


def test_a_correction_opens_the_desk_again_until_it_is_signed(programme: UnitOfWork) -> None:
    audit = audited(programme)
    raised(programme, audit)
    report_id = signed(programme, audit)
    reports.correct(deed(programme, "ULIAM"), report_id=report_id, said=Correction(reason="A finding was wrong."))
    assert access.closed(programme, audit) is None
    assert does(programme, audit, "ULIAM") == {}
    signed(programme, audit)
    assert access.closed(programme, audit) is AuditState.REPORTED


@pytest.mark.parametrize("person", [person for person, sees in SEES.items() if isinstance(sees, Sight)])
def test_the_way_to_the_report_is_there_for_whoever_may_read_or_write_it(programme: UnitOfWork, person: str) -> None:
    audit = audited(programme)
    assert (REPORT in buttons_of(cards.desk_message(deed(programme, person), audit.id))) is (person == "ULIAM")
    signed(programme, audit)
    assert REPORT in buttons_of(cards.desk_message(deed(programme, person), audit.id))
