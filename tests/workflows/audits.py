"""An audit as it may stand before its report: a plan, a team, people who were asked, notes, samples and findings."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from storage.desk_audits.tables import (
    AuditFinding,
    AuditMember,
    AuditPlan,
    AuditSlice,
    AuditState,
    DeskAudit,
    FindingKind,
    Mode,
    Part,
)
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, WayIn
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, SampleDraw, WayGiven
from tests.workflows.conftest import MONDAY

LEAVERS, ACCESS, POLICY = "iso27001-2022:A.6.5", "iso27001-2022:A.5.18", "iso27001-2022:A.5.1"
SEED = 20261123


@dataclass(frozen=True)
class Built:
    """An audit and what belongs to it."""

    audit: DeskAudit
    plan: AuditPlan
    interviews: list[Interview]
    answers: list[Answer]


def an_audit(
    uow: UnitOfWork,
    *,
    asked: int = 3,
    running: int = 0,
    declined: int = 0,
    ratings: tuple[int, ...] = (2, 1, 3),
    words: str = "I write a mail to IT. They close the accounts.",
    task_id: int | None = None,
) -> Built:
    """Liam audits how people leave: `asked` people have confirmed, some still answer, some declined.

    Each confirmed one answered a question on leavers, rated in turn by `ratings`, and left one on access unrated.
    """
    audit = uow.add(
        DeskAudit(
            title="How people leave",
            edition="iso27001-2022",
            question_set="leavers",
            auditor_id="ULIAM",
            opened_at=MONDAY,
        )
    )
    plan = uow.add(_plan(audit, task_id))
    uow.add(_member(audit, "ULIAM", Part.LEAD))
    interviews = [uow.add(_interview(audit, number, InterviewState.CONFIRMED)) for number in range(asked)]
    uow.add(_slice(audit, [each.person_id for each in interviews]))
    for number in range(running):
        uow.add(_interview(audit, 100 + number, InterviewState.ANSWERING))
    for number in range(declined):
        uow.add(_interview(audit, 200 + number, InterviewState.DECLINED))
    answers = [uow.add(_answer(each, words, ratings[number % len(ratings)])) for number, each in enumerate(interviews)]
    return Built(audit, plan, interviews, answers)


def _plan(audit: DeskAudit, task_id: int | None) -> AuditPlan:
    return AuditPlan(
        desk_audit_id=audit.id,
        state=AuditState.RUNNING,
        objective="See whether access ends when people leave.",
        scope="Leavers of the last twelve months, all departments.",
        requirements=[LEAVERS, ACCESS, POLICY],
        other_criteria="Leaver procedure 3.2",
        places=["Berlin", "Singapore"],
        processes=["People", "IT service"],
        modes=[Mode.INTERVIEW.value, Mode.DOCUMENT_REVIEW.value, Mode.OBSERVATION.value],
        begins_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 27),
        auditee_id="UPRIYA",
        task_id=task_id,
        announced_at=MONDAY - timedelta(days=20),
        opening_confirmed_by="UPRIYA",
        opening_confirmed_at=MONDAY - timedelta(days=8),
        started_at=MONDAY - timedelta(days=7),
    )


def _member(audit: DeskAudit, person_id: str, part: Part) -> AuditMember:
    checks: list[dict[str, Any]] = [
        {"check": "own_work", "passed": True, "about": ""},
        {"check": "competence", "passed": True, "about": "iso27001-2022"},
    ]
    return AuditMember(
        desk_audit_id=audit.id, person_id=person_id, part=part, checks=checks, named_by="UMIRA", named_at=MONDAY
    )


def _interview(audit: DeskAudit, number: int, state: InterviewState) -> Interview:
    is_confirmed = state is InterviewState.CONFIRMED
    return Interview(
        desk_audit_id=audit.id,
        person_id=f"UASKED{number}",
        state=state,
        question_ids=["leavers-notice"],
        invited_at=MONDAY - timedelta(days=6),
        confirmed_at=MONDAY - timedelta(days=3) if is_confirmed else None,
        digest="0" * 64 if is_confirmed else None,
    )


def _slice(audit: DeskAudit, people: list[str]) -> AuditSlice:
    left_out = [{"person": "UTOM", "why": "away"}, {"person": "ULIAM", "why": "in_the_team"}]
    return AuditSlice(
        desk_audit_id=audit.id,
        audience="People who close accounts",
        population=[*people, "UTOM", "ULIAM"],
        left_out=left_out,
        wanted=len(people),
        seed=SEED,
        drawn=people,
        people=people,
        confirmed_by="ULIAM",
        confirmed_at=MONDAY - timedelta(days=7),
    )


def _answer(interview: Interview, words: str, rating: int) -> Answer:
    return Answer(
        interview_id=interview.id,
        question_id="leavers-notice",
        requirements=[LEAVERS],
        prompt="When somebody leaves, how does IT learn of it?",
        kind=AnswerKind.GIVEN,
        text=words,
        way=WayGiven.THREAD,
        answered_at=MONDAY - timedelta(days=4),
        rating=rating,
        corroboration=2,
        rated_by="ULIAM",
        rated_at=MONDAY,
    )


def note(uow: UnitOfWork, built: Built, *, requirement: str = POLICY, rating: int | None = 3) -> Answer:
    """What Liam noted of a document."""
    return uow.add(
        Answer(
            desk_audit_id=built.audit.id,
            mode=Mode.DOCUMENT_REVIEW,
            written_by="ULIAM",
            question_id="leavers-policy",
            requirements=[requirement],
            prompt="Is there a policy?",
            kind=AnswerKind.GIVEN,
            text="Version 4 of March.",
            answered_at=MONDAY,
            rating=rating,
            rated_at=None if rating is None else MONDAY,
        )
    )


def sample(uow: UnitOfWork, answer: Answer, *, population: int = 14) -> SampleDraw:
    """A list that was given as an answer, and three rows drawn from it."""
    given = uow.add(
        Evidence(
            source_key=f"list:{answer.id}",
            way_in=WayIn.DROPPED,
            name="leavers.csv",
            size=512,
            sha256="9f3c" * 16,
            state=EvidenceState.KEPT,
            provided_by="UASKED0",
            received_at=MONDAY,
            kept_at=MONDAY,
            collected_on=MONDAY.date(),
        )
    )
    uow.add(EvidenceUse(evidence_id=given.id, answer_id=answer.id, added_by="UASKED0", added_at=MONDAY))
    rows = [{"row": each, "label": str(1000 + each)} for each in (2, 5, 11)]
    return uow.add(
        SampleDraw(
            answer_id=answer.id,
            evidence_id=given.id,
            population=population,
            columns=["Number", "Left on"],
            completeness="All leavers since January.",
            seed=SEED,
            drawn=rows,
            drawn_at=MONDAY,
        )
    )


def finding(
    uow: UnitOfWork, built: Built, number: int, kind: FindingKind = FindingKind.OBSERVATION, **said: Any
) -> AuditFinding:
    """A finding on leavers that rests on the first answer."""
    values = {
        "requirement": LEAVERS,
        "statement": "Nobody notices when the mail to IT is forgotten.",
        "evidence": "Two of three people said so; account 1077 was open for eleven days.",
        "place": "Berlin",
        "sample": "3 of 14 leavers, seed 20261123",
        "answer_ids": [built.answers[0].id] if built.answers else [],
        "owner_id": "UPRIYA",
        "shown_at": MONDAY,
        **said,
    }
    return uow.add(
        AuditFinding(
            desk_audit_id=built.audit.id, number=number, kind=kind, raised_by="ULIAM", raised_at=MONDAY, **values
        )
    )
