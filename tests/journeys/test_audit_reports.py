"""A report from `/iso audit 1 report` to the files in its readers' hands."""

import hashlib
from typing import Any

import pytest
from sqlmodel import col

from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits.tables import AuditFinding, AuditMember, AuditPlan, DeskAudit, Part
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState
from storage.record import trail
from tests.journeys.conftest import MONDAY, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ALDER = "T0ALDER"


def audit_of_liam(uow: UnitOfWork) -> None:
    """Liam has asked Jonas about leavers; one observation rests on what he said."""
    about: dict[str, Any] = {"edition": "iso27001-2022", "question_set": "iso27001-leavers", "auditor_id": "U0LIAM"}
    audit = uow.add(DeskAudit(title="How people leave", opened_at=MONDAY, **about))
    days: dict[str, Any] = {"begins_on": MONDAY.date(), "ends_on": MONDAY.date()}
    uow.add(AuditPlan(desk_audit_id=audit.id, auditee_id="U0MIRA", requirements=["iso27001-2022:A.6.5"], **days))
    by_mira: dict[str, Any] = {"named_by": "U0MIRA", "named_at": MONDAY}
    uow.add(AuditMember(desk_audit_id=audit.id, person_id="U0LIAM", part=Part.LEAD, **by_mira))
    confirmed: dict[str, Any] = {"state": InterviewState.CONFIRMED, "confirmed_at": MONDAY, "digest": "0" * 64}
    interview = uow.add(Interview(desk_audit_id=audit.id, person_id="U0JONAS", invited_at=MONDAY, **confirmed))
    answer = uow.add(
        Answer(
            interview_id=interview.id,
            question_id="q1",
            requirements=["iso27001-2022:A.6.5"],
            prompt="How do you notice when a mail was forgotten?",
            kind=AnswerKind.GIVEN,
            text="Honestly, we don't.",
            answered_at=MONDAY,
        )
    )
    uow.add(
        AuditFinding(
            desk_audit_id=audit.id,
            number=1,
            requirement="iso27001-2022:A.6.5",
            statement="Nobody notices a forgotten mail.",
            answer_ids=[answer.id],
            owner_id="U0MIRA",
            raised_by="U0LIAM",
            raised_at=MONDAY,
        )
    )
    uow.record(actor="U0LIAM", verb="audit.seed", subject="desk_audit", subject_id=audit.id, at=MONDAY, details={})


async def test_a_report_is_written_signed_and_sent_with_its_files(running: Journey) -> None:
    with running.service.services.database.unit_of_work(ALDER) as uow:
        audit_of_liam(uow)
    await running.does("Mira", "types", "/iso audit 1 report", sees="has no report yet")
    await running.does("Liam", "types", "/iso audit 1 report", sees="Before you sign")
    await running.does("Liam", "presses", "Conclusion", of="Before you sign")
    words = {"Summary": "We looked at leavers.", "Conclusion": "Sound but for one thing."}
    await running.does("Liam", "fills", words, sees="Sound but for one thing.")
    await running.does("Liam", "presses", "Preview as PDF", of="Before you sign")
    await running.sees("Liam", "audit-1-report-draft-", place="thread")
    await running.does("Liam", "presses", "Sign", of="Before you sign")
    await running.does("Liam", "fills", {}, sees="Signed by @Liam")
    await running.sees("Mira", "How people leave")
    await running.sees("Mira", "audit-1-report.pdf", place="thread")
    await running.sees("Mira", "audit-1-report.xlsx", place="thread")
    await running.sees("Jonas", "You were asked", place="thread")
    await running.sees("Jonas", "Nobody notices a forgotten mail.", place="thread")
    with running.service.services.database.unit_of_work(ALDER) as uow:
        [report] = uow.all(AuditReport)
        kept = uow.all(Evidence, col(Evidence.way_in) == WayIn.MADE)
        assert trail.verify(uow) == []
    assert report.state is ReportState.SIGNED
    assert {each.sha256 for each in kept} == {report.pdf_sha256, report.xlsx_sha256}
    assert all(each.state is EvidenceState.KEPT for each in kept)
    blobs = running.service.services.blobs
    pdf = b"".join([piece async for piece in blobs.stream(report.pdf_sha256 or "")])
    assert (pdf[:5], hashlib.sha256(pdf).hexdigest()) == (b"%PDF-", report.pdf_sha256)
