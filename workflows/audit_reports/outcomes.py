"""Audit reports: what became of what somebody said, which they hear once the report is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.audit_reports.tables import AuditReport
from storage.interviews import queries as interview_queries
from workflows.deed import Deed
from workflows.desk_audits.counting import has_confirmed


@dataclass(frozen=True)
class LedTo:
    """A finding that rests on what somebody said, among other things; nothing of what others said."""

    kind: str
    number: int
    statement: str
    prompts: Sequence[str]


def tell(deed: Deed, report: AuditReport) -> None:
    """Everybody who confirmed something hears of it in their message of the day, once per revision; their cards say it.

    So do colleagues who got a question handed on, and those whose further round was closed with the report.
    """
    interviews = interview_queries.interviews_of(deed.uow, report.desk_audit_id)
    heard = [each for each in interviews if has_confirmed(each)]
    deed.daily([each.person_id for each in heard], report, "outcome", what=report.revision)
    for each in heard:
        deed.redraw(each, version=f"{each.version}.report{report.revision}")


def led_to(findings: Sequence[Mapping[str, Any]], prompts: Mapping[int, str]) -> list[LedTo]:
    """The findings that rest on some of these answers; `prompts` are what was asked, by the answer's id."""
    return [
        LedTo(
            each["kind"], each["number"], each["statement"], [prompts[one] for one in each["answers"] if one in prompts]
        )
        for each in findings
        if not each["withdrawn_on"] and not prompts.keys().isdisjoint(each["answers"])
    ]
