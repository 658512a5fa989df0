"""Audit reports: the rules, as plain functions of values."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from storage.audit_reports.tables import AuditReport
from storage.desk_audits.tables import FindingKind
from storage.engine.canonical import canonical_json, utc_text
from storage.engine.unit_of_work import JSON
from workflows.audit_reports.facts import FORMAT, UNPLEASANT
from workflows.audit_reports.shapes import Conclusion, Limits, Onward
from workflows.shapes import values_of

WORDS = (Conclusion, Limits, Onward)
"""What the lead auditor writes, form by form."""


class Gap(StrEnum):
    """What a report lacks before it is signed. It is pointed out, and holds nobody up; but for `RUNNING`."""

    RUNNING = "running"
    NOT_REACHED = "not_reached"
    NOT_GRADED = "not_graded"
    NOT_SHOWN = "not_shown"
    UNRATED = "unrated"
    NO_SUMMARY = "no_summary"
    NO_CONCLUSION = "no_conclusion"
    NO_READERS = "no_readers"


def gaps(report: AuditReport, facts: Mapping[str, Any]) -> dict[Gap, int]:
    """What is missing, and of how many things, the most serious first."""
    found = {
        Gap.RUNNING: facts["interviews"]["running"],
        Gap.NOT_REACHED: facts["interviews"]["not_reached"],
        Gap.NOT_GRADED: sum(_is_ungraded(each) for each in facts["findings"]),
        Gap.NOT_SHOWN: sum(_is_owed_to_its_owner(each) for each in facts["findings"]),
        Gap.UNRATED: facts["unrated"],
        Gap.NO_SUMMARY: int(not report.summary),
        Gap.NO_CONCLUSION: int(not report.conclusion),
        Gap.NO_READERS: int(not report.distribution),
    }
    return {gap: count for gap, count in found.items() if count}


def _is_ungraded(finding: Mapping[str, Any]) -> bool:
    return finding["kind"] == FindingKind.NONCONFORMITY and not finding["grade"] and not finding["withdrawn_on"]


def _is_owed_to_its_owner(finding: Mapping[str, Any]) -> bool:
    return finding["kind"] in UNPLEASANT and not finding["shown_on"] and not finding["withdrawn_on"]


def words_of(report: AuditReport) -> dict[str, Any]:
    """Everything in it that somebody wrote."""
    shapes = [shape(**{name: getattr(report, name) for name in shape.__annotations__}) for shape in WORDS]
    return {name: value for each in shapes for name, value in values_of(each).items()}


def digest_of(report: AuditReport) -> str:
    """SHA-256 over what was signed, by whom and when, so that anybody who has the report can take it again.

    Of canonical JSON: sorted, without spaces, nothing escaped without need (`storage/engine/canonical.py`).
    """
    assert report.signed_at is not None  # what is not signed has no digest
    signed: Mapping[str, JSON] = {
        "format": FORMAT,
        "audit": report.desk_audit_id,
        "revision": report.revision,
        **words_of(report),
        "reason": report.reason,
        "facts": report.facts,
        "signed_by": report.signed_by,
        "signed_at": utc_text(report.signed_at),
        "signed_as": report.signed_as,
    }
    return hashlib.sha256(canonical_json(signed).encode()).hexdigest()
