"""Case records: everything a record says of one case, as values that JSON can hold; a paper and a pack tell the same.

Days are the organisation's, as ISO dates under names that end on `_on`. People stand by their ids, and `people` names
those. What is asked of such a record: ISO 9001 and ISO/IEC 27001, 10.2 (nature, actions and results).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Given, Verdict
from storage.nonconformities import queries
from storage.nonconformities.tables import (
    Action,
    BodyFinding,
    CaseAccess,
    Cause,
    Contest,
    EffectCheck,
    NamedSeat,
    Nonconformity,
    NonconformityRound,
    Response,
    Signature,
    Signs,
)
from storage.people import queries as people_queries
from storage.record import trail
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.nonconformities import exceptions, repeats
from workflows.nonconformities.rules import GRADE_TESTS
from workflows.nonconformities.shapes import Plan
from workflows.nudges.rules import local_day
from workflows.packs import indexing
from workflows.shapes import fields_of

FORMAT = "deskaudit-case/1"

Facts = dict[str, JSON]

TAKEN_OVER = "nonconformity.take_over"


def facts_of(uow: UnitOfWork, case: Nonconformity, at: datetime) -> Facts:
    """Everything that is on record of a case; the same rows give the same facts on the same day."""
    return _Facts(uow, case, at).all()


class _Facts:
    """One case, part by part."""

    def __init__(self, uow: UnitOfWork, case: Nonconformity, at: datetime) -> None:
        self._uow, self._case = uow, case
        self._zone = uow.workspace().zone
        self._today = local_day(self._zone, at)
        self._given = evidence_queries.for_nonconformity(uow, case.id)

    def all(self) -> Facts:
        told: Facts = {
            "format": FORMAT,
            "organisation": self._uow.workspace().name,
            "zone": self._zone,
            "as_of_on": self._today.isoformat(),
            "case": self._finding(),
            "grade": self._grade(),
            "marks": [mark.value for mark in exceptions.of_case(self._uow, self._case, self._today)],
            "rounds": [self._round(each) for each in queries.rounds(self._uow, self._case.id)],
            "answers": [self._answer(each) for each in queries.responses(self._uow, self._case.id)],
            "checked": self._checked(),
            "effect_checks": [self._effect(each) for each in queries.effect_checks(self._uow, self._case.id)],
            "signatures": [self._signature(each) for each in queries.signatures(self._uow, self._case.id)],
            "contests": [self._contest(each) for each in queries.contests(self._uow, self._case.id)],
            "body": [self._body(each) for each in queries.every_of_the_body(self._uow, self._case.id)],
            "letters": list(self._letters()),
            "seats": [self._seat(each) for each in queries.named_seats(self._uow, self._case.id)],
            "outsiders": [self._access(each) for each in queries.accesses(self._uow, self._case.id)],
            "evidence": [self._piece(each) for each in self._given],
        }
        return {**told, "people": self._people(told)}

    # --- what was found ---

    def _finding(self) -> Facts:
        case = self._case
        same = repeats.like(self._uow, case)
        survivor = self._uow.get(Nonconformity, case.merged_into_id) if case.merged_into_id else None
        return {
            "number": case.number,
            "state": case.state.value,
            "requirement": self._requirement(),
            "criterion": case.criterion or "",
            "against": case.against.value if case.against else "",
            "source": case.source.value if case.source else "",
            **{name: getattr(case, name) for name in ("statement", "evidence", "place", "sample", "reason")},
            "process": case.process or "",
            "owner": case.owner_id,
            "earlier_owners": list(case.earlier_owners or ()),
            "raised_by": case.raised_by,
            "raised_on": self._day(case.raised_at),
            "issued_by": case.issued_by,
            "issued_on": self._day(case.issued_at),
            "due_on": _iso(case.due_on),
            "check_effect_on": _iso(case.check_effect_on),
            "closed_by": case.closed_by,
            "closed_on": self._day(case.closed_at),
            "ended_on": self._day(case.moved_at),
            "is_correction_only": bool(case.is_correction_only),
            "is_taken_over": trail.latest(self._uow, "nonconformity", case.id, (TAKEN_OVER,)) is not None,
            "merged_into": survivor.number if survivor else None,
            "repeats": [each.number for each in same.repeats],
        }

    def _requirement(self) -> Facts | None:
        """Edition and number, and the short title where the workspace shows titles."""
        if self._case.criterion or not self._case.requirement:
            return None
        found = framework_questions.find(self._uow, self._case.requirement)
        return {
            "standard": found.standard,
            "number": found.number,
            "title": framework_rules.title(self._uow, found),
        }

    def _grade(self) -> Facts:
        case = self._case
        tests: list[JSON] = [{"id": each, "test": GRADE_TESTS.get(each, "")} for each in case.grade_tests]
        return {"grade": case.grade.value if case.grade else None, "tests": tests, "rationale": case.grade_rationale}

    # --- what was answered, round by round ---

    def _round(self, round_: NonconformityRound) -> Facts:
        return {
            "number": round_.number,
            "began_on": round_.began_on.isoformat(),
            "begun_by": round_.begun_by,
            "reason": round_.reason,
            "paused_days": round_.paused_days,
            "extended_to_on": _iso(round_.extended_to),
            "extended_by": round_.extended_by,
            "extended_on": self._day(round_.extended_at),
            "extension_reason": round_.extension_reason,
        }

    def _answer(self, response: Response) -> Facts:
        """One answer of the owner's; returned ones stay."""
        causes, actions = queries.causes_of(self._uow, response), queries.actions_of(self._uow, response)
        said = {each.name: getattr(response, each.name) for each in fields_of(Plan)}
        return {
            "number": response.round,
            "round": response.of_round,
            **{name: _iso(value) if isinstance(value, date) else value for name, value in said.items()},
            "submitted_by": response.submitted_by,
            "submitted_on": self._day(response.submitted_at),
            "reviewed_by": response.reviewed_by,
            "reviewed_on": self._day(response.reviewed_at),
            "review_comment": response.review_comment,
            "found_causes": [_cause(each) for each in causes if not each.removed_at] or [_cause_of(response)],
            "actions": [self._action(each) for each in actions] or [_action_of(response)],
        }

    def _action(self, action: Action) -> Facts:
        files = [each.evidence.name for each in self._given if each.use.action_id == action.id]
        return {
            "kind": action.kind.value,
            "text": action.text,
            "causes": list(action.causes),
            "assignee": action.assignee_id,
            "due_on": action.due_on.isoformat(),
            "state": action.state.value,
            "expected_proof": action.expected_proof,
            "proof": action.proof or "",
            "files": files,
            "remark": action.remark,
        }

    # --- what was checked, and by whom ---

    def _checked(self) -> Facts:
        case = self._case
        signed = [each.round for each in queries.signatures(self._uow, case.id) if each.signs is Signs.IMPLEMENTATION]
        told: Facts = {"by": case.verified_by, "checked_on": self._day(case.verified_at), "how": case.verification}
        return {**told, "round": max(signed, default=0)}

    def _effect(self, check: EffectCheck) -> Facts:
        return {
            **{name: getattr(check, name) for name in ("round", "value", "result", "is_met", "watched_days")},
            "judged_by": check.judged_by,
            "judged_on": self._day(check.judged_at),
        }

    def _signature(self, signature: Signature) -> Facts:
        return {
            "round": signature.round,
            "signs": signature.signs.value,
            "by": signature.person_id,
            "roles": list(signature.roles),
            "version_seen": signature.version_seen,
            "checks": list(signature.checks),
            "mark": signature.mark.value if signature.mark else "",
            "signed_on": self._day(signature.signed_at),
            "time": self._time(signature.signed_at),
            "lapsed_on": self._day(signature.lapsed_at),
            "lapsed_by": signature.lapsed_by,
        }

    def _contest(self, contest: Contest) -> Facts:
        return {
            "by": contest.contested_by,
            "contested_on": self._day(contest.contested_at),
            **{name: getattr(contest, name) for name in ("reason", "heard", "is_upheld", "decision")},
            "other_side": contest.other_side or "",
            "decided_by": contest.decided_by,
            "decided_on": self._day(contest.decided_at),
        }

    # --- the body, and who was named or let in ---

    def _body(self, body: BodyFinding) -> Facts:
        return {
            **{name: getattr(body, name) for name in ("body", "audit", "body_number", "body_text", "letter")},
            "track": body.track.value,
            "dispute": body.dispute.value if body.dispute else "",
            "reply_on": _iso(body.reply_by),
            "plan_on": _iso(body.plan_by),
            "corrected_on": _iso(body.corrected_by),
        }

    def _letters(self) -> Iterator[Facts]:
        """What happened at the certification body, as the trail has it."""
        for each in trail.about(self._uow, "nonconformity", self._case.id):
            event = each.verb.removeprefix("nonconformity.")
            if "body" in event:
                yield {"event": event, "by": each.actor_id, "noted_on": self._day(each.moment)}

    def _seat(self, named: NamedSeat) -> Facts:
        told: Facts = {"seat": named.seat.value, "person": named.person_id, "reason": named.reason}
        return {**told, "by": named.named_by, "named_on": self._day(named.named_at)}

    def _access(self, access: CaseAccess) -> Facts:
        return {
            "person": access.person_id,
            "from_on": access.starts_on.isoformat(),
            "until_on": access.ends_on.isoformat(),
            "competence": access.competence,
            "independence": access.independence,
            "by": access.called_by,
        }

    # --- evidence ---

    def _piece(self, given: Given) -> Facts:
        evidence, use = given.evidence, given.use
        return {
            "name": evidence.name,
            "sha256": evidence.sha256,
            "shows_on": evidence.collected_on.isoformat(),
            "received_on": self._day(evidence.received_at),
            "by": evidence.provided_by,
            "state": evidence.state.value,
            "verdict": use.verdict.value if use.verdict else "",
            "is_refused": use.verdict is Verdict.RETURNED,
            "judged_by": use.judged_by,
            "judged_on": self._day(use.judged_at),
            "reason": use.reason,
            "is_older": exceptions.is_older(self._uow, self._case, given),
            "is_late": exceptions.is_late(self._uow, given),
        }

    # --- what they share ---

    def _people(self, told: Facts) -> Facts:
        """The names of those it speaks of, and of nobody else."""
        spoken_of = indexing.texts(told)
        return {each.slack_id: each.name for each in people_queries.directory(self._uow) if each.slack_id in spoken_of}

    def _day(self, at: datetime | None) -> str | None:
        return local_day(self._zone, at).isoformat() if at else None

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self._zone)):%H:%M}"


def _cause(cause: Cause) -> Facts:
    return {"place": cause.place, "steps": list(cause.steps), "how_unnoticed": cause.how_unnoticed}


def _cause_of(response: Response) -> Facts:
    """The cause of an answer of earlier versions, which had one and no rows."""
    return {"place": 1, "steps": list(response.causes), "how_unnoticed": response.how_unnoticed or ""}


def _action_of(response: Response) -> Facts:
    """The same of its action; how far each was is not on record."""
    told: Mapping[str, JSON] = {
        "text": response.corrective_action,
        "assignee": response.assignee_id or response.submitted_by,
        "due_on": response.action_due_on.isoformat(),
        "expected_proof": response.expected_proof or "",
    }
    none: Sequence[str] = ()
    return {"kind": "corrective", "causes": [1], "state": "", "proof": "", "files": [*none], "remark": "", **told}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
