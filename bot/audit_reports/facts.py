"""Audit reports: what the words need to know, looked up in rows."""

from messages.audit_reports import cards as words
from messages.audit_reports.paper import Report
from messages.audit_reports.payloads import ReportRef
from messages.words.kit import Message
from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from workflows.audit_reports import outcomes, questions, rules


def report_of(uow: UnitOfWork, row: AuditReport) -> Report:
    """A report as papers and cards show it: with the facts it was signed with, else as they stand."""
    facts = questions.facts_now(uow, row)
    people = facts["people"]
    return Report(
        audit_id=row.desk_audit_id,
        title=uow.get(DeskAudit, row.desk_audit_id).title,
        revision=row.revision,
        facts=facts,
        summary=row.summary,
        obstacles=row.obstacles,
        not_covered=row.not_covered,
        conclusion=row.conclusion,
        follow_up=row.follow_up,
        reason=row.reason,
        distribution=[people.get(each, each) for each in row.distribution],
        drafted_at=row.drafted_at,
        signed_by=people.get(row.signed_by, "") if row.signed_by else "",
        signed_at=row.signed_at,
        signed_as=row.signed_as,
        digest=row.digest or "",
    )


def card_of(uow: UnitOfWork, row: AuditReport, reader_id: str) -> words.ReportCard:
    """The card of a report, for somebody who may read it."""
    report = report_of(uow, row)
    lead = questions.lead_of(uow, uow.get(DeskAudit, row.desk_audit_id))
    return words.ReportCard(
        ref=ReportRef(row.id, row.version),
        report=report,
        lead_id=row.signed_by or lead,
        gaps={} if row.signed_at else {gap.value: count for gap, count in rules.gaps(row, report.facts).items()},
        deeds=questions.deeds_for(uow, row, reader_id),
        has_papers=bool(row.pdf_sha256),
    )


def card(uow: UnitOfWork, row: AuditReport, reader_id: str) -> Message:
    """The same as a message."""
    return words.card(card_of(uow, row, reader_id))


def outcome_of(uow: UnitOfWork, row: AuditReport, person_id: str) -> words.Outcome:
    """What became of what somebody said, and of nobody else's words."""
    assert row.state is ReportState.SIGNED  # nobody is told of a draft
    assert row.signed_at is not None
    interviews = interview_queries.interviews_of(uow, row.desk_audit_id)
    mine = [
        answer
        for each in interviews
        if each.person_id == person_id
        for answer in interview_queries.answers_of(uow, each.id)
    ]
    found = outcomes.led_to(row.facts["findings"], {each.id: each.prompt for each in mine})
    return words.Outcome(
        title=uow.get(DeskAudit, row.desk_audit_id).title,
        auditor_id=row.signed_by or "",
        signed_at=row.signed_at,
        led_to=[words.LedTo(each.kind, each.statement, each.prompts) for each in found],
    )
