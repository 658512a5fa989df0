"""Audit reports: the facts of an audit, as values that JSON can hold, so that a report is signed with what was so then.

What they hold follows ISO 19011, 6.5.1. People who were asked are counted and never named; of a list that a sample was
drawn from, the rows that were drawn stand by their numbers, since whoever has the list and the seed finds them again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from storage.desk_audits.tables import AuditFinding, AuditMember, AuditSlice, FindingKind, Mode
from storage.engine.unit_of_work import JSON
from storage.evidence.tables import EvidenceState
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, SampleDraw, WayGiven
from workflows.audit_reports import statistics
from workflows.audit_reports.gathering import Gathered
from workflows.audit_reports.statistics import Rated
from workflows.desk_audits.counting import has_confirmed, is_an_answer, wants_rating
from workflows.desk_audits.rating import EVIDENCE, RECORD
from workflows.desk_audits.team import overlap
from workflows.nudges.rules import local_day

FORMAT = "deskaudit-report/1"

Facts = dict[str, JSON]

RUNNING = (InterviewState.INVITED, InterviewState.ANSWERING, InterviewState.CONFIRMING)
"""Interviews in which somebody may still say something."""


def facts_of(gathered: Gathered) -> Facts:
    """Everything a report says that nobody has to write."""
    return _Facts(gathered).all()


class _Facts:
    """One audit, fact by fact."""

    def __init__(self, gathered: Gathered) -> None:
        self._of = gathered

    def all(self) -> Facts:
        return {
            "format": FORMAT,
            "organisation": self._of.organisation,
            "zone": self._of.zone,
            "audit": self._audit(),
            "criteria": self._criteria(),
            "team": [self._member(each) for each in self._of.members],
            "sampling": [self._slice(each) for each in self._of.slices],
            "interviews": self._interviews(),
            "modes": self._modes(),
            "evidence": self._evidence(),
            "records": self._records(),
            "notes": [self._note(each) for each in self._of.notes],
            "draws": [self._draw(each) for each in self._of.draws],
            "covered": sorted(self._covered),
            "not_covered": self._not_covered(),
            "findings": [self._finding(each) for each in self._of.findings],
            "statistics": statistics.figures(self._rated, self._of.notes),
            "unrated": sum(wants_rating(each) for each in self._told),
            "requirements": {name: vars(each) for name, each in self._of.requirements.items()},
            "people": self._people(),
        }

    # --- what was agreed ---

    def _audit(self) -> Facts:
        audit, plan = self._of.audit, self._of.plan
        opened_on = self._day(audit.opened_at)
        if plan is None:
            agreed: Facts = {"objective": "", "scope": "", "party": "first", "approach": "process", "auditee": None}
            days = {"begins_on": opened_on, "ends_on": None, "started_on": opened_on, "reported_on": None}
            return {**agreed, **self._called(), **days, "places": [], "processes": []}
        return {
            **self._called(),
            "objective": plan.objective,
            "scope": plan.scope,
            "party": plan.party.value,
            "approach": plan.approach.value,
            "auditee": plan.auditee_id,
            "places": list(plan.places),
            "processes": list(plan.processes),
            "begins_on": plan.begins_on.isoformat(),
            "ends_on": plan.ends_on.isoformat(),
            "started_on": self._day(plan.started_at),
            "reported_on": self._day(plan.reported_at),
            "announced_on": self._day(plan.announced_at),
            "opening_confirmed_by": plan.opening_confirmed_by,
            "opening_confirmed_on": self._day(plan.opening_confirmed_at),
        }

    def _called(self) -> Facts:
        return {"id": self._of.audit.id, "title": self._of.audit.title}

    def _criteria(self) -> Facts:
        plan = self._of.plan
        return {
            "standards": list(self._of.standards.values()),
            "requirements": list(plan.requirements) if plan else [],
            "other": plan.other_criteria if plan else "",
        }

    def _member(self, member: AuditMember) -> Facts:
        return {
            "person": member.person_id,
            "part": member.part.value,
            "checks": list(member.checks),
            "exception": member.exception,
            "named_on": self._day(member.named_at),
            "left_on": self._day(member.left_at),
        }

    # --- who was asked, and what was looked at ---

    def _slice(self, each: AuditSlice) -> Facts:
        left_out = Counter(str(one.get("why", "")) for one in each.left_out)
        return {
            "audience": self._of.audiences.get(each.audience, each.audience),
            "population": len(each.population),
            "left_out": dict(sorted(left_out.items())),
            "wanted": each.wanted,
            "seed": each.seed,
            "drawn": len(each.drawn),
            "asked": len(each.people),
            "reason": each.reason,
        }

    def _interviews(self) -> Facts:
        """Whoever never got the invitation was not asked, and is counted apart."""
        reached = [each for each in self._of.interviews if each.id not in self._of.unreached]
        unheard = Counter(each.state for each in reached if not has_confirmed(each))
        return {
            "asked": len(reached),
            "not_reached": len(self._of.interviews) - len(reached),
            "confirmed": sum(map(has_confirmed, reached)),
            "declined": unheard[InterviewState.DECLINED],
            "withdrawn": unheard[InterviewState.WITHDRAWN],
            "running": len(running(self._of.interviews)),
            "handed_on": sum(each.kind is AnswerKind.HANDED_ON for each in self._confirmed),
            "unknown": sum(each.kind is AnswerKind.UNKNOWN for each in self._confirmed),
            "skipped": sum(each.kind is AnswerKind.SKIPPED for each in self._confirmed),
        }

    def _modes(self) -> Facts:
        in_talks = sum(each.way is WayGiven.TALK for each in self._confirmed)
        return {
            "planned": list(self._of.plan.modes) if self._of.plan else [Mode.INTERVIEW.value],
            "used": self._used,
            "in_talks": in_talks,
            "in_writing": len(self._confirmed) - in_talks,
        }

    def _evidence(self) -> list[JSON]:
        return [
            {
                "id": each.id,
                "name": each.name,
                "sha256": each.sha256,
                "size": each.size,
                "backs": sum({EVIDENCE: each.id} in (one.backed_by or ()) for one in self._told),
            }
            for each in self._of.evidence
            if each.state in (EvidenceState.KEPT, EvidenceState.DISPOSED)
        ]

    def _records(self) -> list[JSON]:
        """The records kept elsewhere that answers and notes rest on, as the auditors named them, each once."""
        named = (each[RECORD] for one in self._told for each in one.backed_by or () if each.get(RECORD))
        return list(dict.fromkeys(named))

    def _note(self, note: Answer) -> Facts:
        """What somebody of the team read or watched, in their own words."""
        return {
            "mode": note.mode.value if note.mode else None,
            "requirements": list(note.requirements),
            "about": note.prompt,
            "text": note.text,
            "rating": note.rating,
            "not_applicable": bool(note.not_applicable),
            "noted_by": note.written_by,
            "noted_on": self._day(note.answered_at),
        }

    def _draw(self, draw: SampleDraw) -> Facts:
        lists = {each.id: each for each in self._of.evidence}
        drawn_from = lists.get(draw.evidence_id or 0)
        return {
            "list": drawn_from.name if drawn_from else "",
            "sha256": drawn_from.sha256 if drawn_from else None,
            "population": draw.population,
            "seed": draw.seed,
            "rows": [each.get("row") for each in draw.drawn],
            "completeness": draw.completeness,
            "reason": draw.reason,
        }

    def _not_covered(self) -> Facts:
        """What was agreed and of which nothing was heard, seen or found."""
        plan, interviews = self._of.plan, self._of.interviews
        planned = plan.requirements if plan else []
        return {
            "requirements": [each for each in planned if not overlap([each], self._covered)],
            "people": sum(not has_confirmed(each) and each.id not in self._of.unreached for each in interviews),
            "modes": [each for each in (plan.modes if plan else []) if each not in self._used],
        }

    # --- what was found ---

    def _finding(self, finding: AuditFinding) -> Facts:
        case = self._of.cases.get(finding.nonconformity_id or 0)
        return {
            "number": finding.number,
            "kind": finding.kind.value,
            "requirement": finding.requirement,
            "statement": finding.statement,
            "evidence": finding.evidence,
            "place": finding.place,
            "sample": finding.sample,
            "answers": list(finding.answer_ids),
            "owner": finding.owner_id,
            "raised_by": finding.raised_by,
            "raised_on": self._day(finding.raised_at),
            "shown_on": self._day(finding.shown_at),
            "owner_agrees": finding.owner_agrees,
            "owner_view": finding.owner_view,
            "nonconformity": case.number if case else None,
            "grade": case.grade.value if case and case.grade else None,
            "withdrawn_on": self._day(finding.withdrawn_at),
            "reason": finding.reason,
        }

    def _people(self) -> dict[str, JSON]:
        """The names of those whom the report names; nobody who was asked is among them for that."""
        audit, plan = self._of.audit, self._of.plan
        named = {audit.auditor_id, *(each.person_id for each in self._of.members)}
        named |= {each.written_by or "" for each in self._of.notes}
        named |= {each for finding in self._of.findings for each in (finding.owner_id, finding.raised_by)}
        named |= {plan.auditee_id, plan.opening_confirmed_by or ""} if plan else set()
        return names(self._of.people, named)

    # --- what several of these go back to ---

    @cached_property
    def _confirmed(self) -> list[Answer]:
        """What people confirmed; what nobody has confirmed yet is no fact."""
        confirmed = {each.id for each in self._of.interviews if has_confirmed(each)}
        return [each for each in self._of.answers if each.interview_id in confirmed]

    @cached_property
    def _told(self) -> list[Answer]:
        return [*(each for each in self._confirmed if is_an_answer(each)), *self._of.notes]

    @cached_property
    def _rated(self) -> list[Rated]:
        given_by = {each.id: each.person_id for each in self._of.interviews}
        return [Rated(each, given_by[each.interview_id or 0]) for each in self._confirmed if each.rated_at]

    @cached_property
    def _used(self) -> list[str]:
        modes = {each.mode for each in self._of.notes if each.mode}
        modes |= {Mode.INTERVIEW} if self._confirmed else set()
        return [each.value for each in Mode if each in modes]

    @cached_property
    def _covered(self) -> set[str]:
        """The requirements of which something was heard, seen or found; no others count as audited."""
        told = {reference for each in self._told for reference in each.requirements}
        return told | {each.requirement for each in self._standing if each.requirement}

    @cached_property
    def _standing(self) -> list[AuditFinding]:
        return [each for each in self._of.findings if each.withdrawn_at is None]

    def _day(self, at: datetime | None) -> str | None:
        return local_day(self._of.zone, at).isoformat() if at else None


def names(known: Mapping[str, str], wanted: Iterable[str]) -> dict[str, JSON]:
    """What people are called, those without a name by their ids."""
    return {each: known.get(each) or each for each in sorted(wanted) if each}


UNPLEASANT = (FindingKind.NONCONFORMITY, FindingKind.OBSERVATION)
"""What its owner should have seen before it stands in a report."""


def running(interviews: Iterable[Interview]) -> list[Interview]:
    """Those in which somebody may still say something."""
    return [each for each in interviews if each.state in RUNNING]
