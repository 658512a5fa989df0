"""The audit programme: what was audited by whom and with which result, and what is due next, risk first."""

from datetime import date

import pytest

from storage.desk_audits.tables import FindingKind
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from tests.workflows import audits
from tests.workflows.audits import ACCESS, LEAVERS
from tests.workflows.conftest import MONDAY, deed
from workflows.audit_reports import commands
from workflows.desk_audits import programme as rules
from workflows.desk_audits.programme import Coverage, Due, Programme
from workflows.refusals import NotAllowed

EDITION = "iso27001-2022"


def reported(uow: UnitOfWork) -> audits.Built:
    """Liam audited how people leave, found something, and signed the report."""
    built = audits.an_audit(uow)
    audits.finding(uow, built, 1)
    audits.finding(uow, built, 2, FindingKind.CONFORMITY)
    audits.finding(uow, built, 3, FindingKind.NONCONFORMITY, withdrawn_at=MONDAY)
    report = commands.draft(deed(uow, "ULIAM"), audit_id=built.audit.id)
    commands.sign(deed(uow, "ULIAM"), report_id=report.id, version=report.version)
    return built


def shown(uow: UnitOfWork, person_id: str = "UMIRA") -> Programme:
    """The programme of the standard, as somebody sees it."""
    return rules.programme(deed(uow, person_id), edition=EDITION)


def covered(uow: UnitOfWork, reference: str) -> Coverage:
    """What the programme says of a requirement."""
    found = shown(uow).requirements
    return next(each for each in found if each.requirement and each.requirement.reference == reference)


def still_open(uow: UnitOfWork, requirement: str, grade: Grade) -> None:
    """A nonconformity that is followed."""
    uow.add(
        Nonconformity(
            number=1 + uow.count(Nonconformity),
            state=NonconformityState.ISSUED,
            grade_rationale="One of three",
            issued_by="ULIAM",
            issued_at=MONDAY,
            due_on=MONDAY.date(),
            grade=grade,
            requirement=requirement,
            evidence="Seen",
            statement="Not met",
            owner_id="UJONAS",
            raised_by="ULIAM",
            raised_at=MONDAY,
            moved_at=MONDAY,
        )
    )


def test_before_its_report_an_audit_has_covered_nothing(programme: UnitOfWork) -> None:
    audits.finding(programme, audits.an_audit(programme), 1)
    assert (covered(programme, LEAVERS).on, covered(programme, LEAVERS).due) == (None, Due.NEVER)


def test_what_was_audited_stands_with_its_auditor_and_the_worst_that_was_found(programme: UnitOfWork) -> None:
    built = reported(programme)
    found = covered(programme, LEAVERS)
    assert (found.audit_id, found.on, found.lead_id) == (built.audit.id, MONDAY.date(), "ULIAM")
    assert (found.worst, found.due) == (FindingKind.OBSERVATION, Due.LONGEST_AGO)


def test_what_was_agreed_and_neither_heard_nor_seen_of_was_not_audited(programme: UnitOfWork) -> None:
    built = reported(programme)
    assert ACCESS in built.plan.requirements
    assert (covered(programme, ACCESS).on, covered(programme, ACCESS).due) == (None, Due.NEVER)
    assert shown(programme).audited == 1


def test_a_signed_audit_stands_with_the_days_on_which_it_was(programme: UnitOfWork) -> None:
    built = audits.an_audit(programme)
    programme.change(built.plan, begins_on=date(2026, 11, 30), ends_on=date(2026, 12, 11))
    report = commands.draft(deed(programme, "ULIAM"), audit_id=built.audit.id)
    signed = commands.sign(deed(programme, "ULIAM"), report_id=report.id, version=report.version)
    [entry] = [each for each in shown(programme).entries if each.audit_id == built.audit.id]
    assert (entry.begins_on, entry.due_on) == (date(2026, 11, 16), date(2026, 11, 23))
    assert covered(programme, LEAVERS).on == date(2026, 11, 23)
    days = {name: signed.facts["audit"][name] for name in ("started_on", "reported_on", "begins_on")}
    assert days == {"started_on": "2026-11-16", "reported_on": "2026-11-23", "begins_on": "2026-11-30"}


def test_an_audit_stands_in_its_year_with_what_it_found(programme: UnitOfWork) -> None:
    built = reported(programme)
    entries = shown(programme).entries
    [entry] = [each for each in entries if each.audit_id == built.audit.id]
    assert (entry.state, entry.lead_id) == ("reported", "ULIAM")
    assert entry.findings == {FindingKind.OBSERVATION: 1, FindingKind.CONFORMITY: 1}


def test_places_and_processes_are_told_of_too(programme: UnitOfWork) -> None:
    reported(programme)
    seen = shown(programme)
    assert {each.name: each.lead_id for each in seen.processes} == {"People": "ULIAM", "IT service": "ULIAM"}
    assert {each.name for each in seen.places} == {"Berlin", "Singapore"}


def test_risk_comes_first(programme: UnitOfWork) -> None:
    reported(programme)
    still_open(programme, ACCESS, Grade.MINOR)
    still_open(programme, "iso27001-2022:8.2", Grade.MAJOR)
    due = shown(programme).due
    assert [each.due for each in due[:3]] == [Due.OPEN_MAJOR, Due.OPEN_FINDING, Due.NEVER]
    assert [each.requirement.reference for each in due[:2] if each.requirement] == ["iso27001-2022:8.2", ACCESS]
    assert due[-1].due is Due.LONGEST_AGO


def test_only_who_may_see_audits_sees_it(programme: UnitOfWork) -> None:
    with pytest.raises(NotAllowed):
        shown(programme, "UTOM")
