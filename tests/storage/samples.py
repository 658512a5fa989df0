"""One valid row of every table, for tests that need something to stand there."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from storage.audit_reports.tables import AuditReport
from storage.concerns.tables import Concern
from storage.desk_audits.tables import (
    AuditFinding,
    AuditMember,
    AuditorCompetence,
    AuditPlan,
    AuditSlice,
    DeskAudit,
)
from storage.engine.rows import Row
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Disposal, DroppedMessage, Evidence, EvidenceUse, OfferedMessage
from storage.frameworks.tables import Applicability, GapRating, OwnFramework, OwnRequirement, StatementOfApplicability
from storage.importing.tables import ImportRun
from storage.interviews.tables import (
    Answer,
    AnswerDisposal,
    AnswerMessage,
    AnswerRating,
    HeldBack,
    Interview,
    SampleDraw,
    SealedRound,
)
from storage.machines.tables import MachineKey, ProbeRun
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
    ResponseDraft,
    Signature,
)
from storage.nudges.tables import Nudge
from storage.packs.tables import AuditorAccess, AuditRequest, Pack, PackLink, RequestEvidence
from storage.people.tables import Person, Role, RoleGrant, UserGroup
from storage.programme.tables import Certificate, Feed, Obligation, Setup
from storage.question_bank.tables import OwnQuestion
from storage.record import outbox
from storage.record.errands import Errand
from storage.record.outbox import Delivery, OutboxRow, Outcome, Settlement
from storage.reviews.tables import Digest, HeadNotice, Way
from storage.tasks.tables import Handover, Task, TaskComment

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LEASE = timedelta(seconds=30)
OTHER = "T0OTHER"


def obligation(key: str = "access-review") -> Obligation:
    return Obligation(key=key, title="Review who may enter", owner_id="U1", recurrence="FREQ=YEARLY", starts_on=TODAY)


def task(obligation_id: int, day: int = 1) -> Task:
    return Task(
        obligation_id=obligation_id,
        title="Review who may enter",
        requirements=["iso27001-2022:A.5.18"],
        owner_id="U1",
        scheduled_on=date(2026, 12, day),
        opens_on=TODAY,
        due_on=date(2026, 12, day),
    )


def stored_task(uow: UnitOfWork) -> Task:
    return uow.add(task(uow.add(obligation()).id))


def planned(
    uow: UnitOfWork,
    slot: str,
    *,
    after: timedelta = timedelta(0),
    subject_id: int = 1,
    recipient: str = "U1",
    by_person: bool = False,
) -> bool:
    return uow.schedule(
        slot=slot,
        kind="task.nudge",
        recipient=recipient,
        subject="task",
        subject_id=subject_id,
        not_before=AT + after,
        at=AT,
        values={"rung": 1},
        by_person=by_person,
    )


def settled(uow: UnitOfWork, row: OutboxRow, outcome: Outcome, at: datetime, *more: str, **named: str) -> OutboxRow:
    """A claimed row, finished alone."""
    [finished] = outbox.settle(uow, [Settlement(row, outcome, at, *more, **named)])
    return finished


def record(uow: UnitOfWork, note: str = "", at: datetime = AT) -> None:
    uow.record(actor="U1", verb="task.accept", subject="task", subject_id=7, at=at, details={"note": note, "round": 1})


def of_an_audit(uow: UnitOfWork, audit: DeskAudit, interview: Interview, answer: Answer) -> list[Row]:
    """One row of every table of audits and interviews, but for the audit itself."""
    return [
        interview,
        answer,
        uow.add(AuditPlan(desk_audit_id=audit.id, begins_on=TODAY, ends_on=TODAY, auditee_id="U1")),
        uow.add(AuditMember(desk_audit_id=audit.id, person_id="U2", named_by="U2", named_at=AT)),
        uow.add(AuditorCompetence(person_id="U2", edition="iso27001-2022", recorded_by="U4", recorded_at=AT)),
        uow.add(AuditSlice(desk_audit_id=audit.id, audience="everyone", wanted=1, seed=20261130)),
        uow.add(AuditFinding(desk_audit_id=audit.id, number=1, owner_id="U1", raised_by="U2", raised_at=AT)),
        uow.add(AuditReport(desk_audit_id=audit.id, drafted_by="U2", drafted_at=AT)),
        uow.add(
            SealedRound(  # of a round in which nothing was asked
                interview_id=interview.id,
                round=2,
                scheme=2,
                digest=sha256(b"{}").hexdigest(),
                confirmed_by="U1",
                confirmed_at=AT,
            )
        ),
        uow.add(
            HeldBack(interview_id=interview.id, channel_id="D1", message_ts="1.2", looks_like="key", line=2, held_at=AT)
        ),
        uow.add(AnswerMessage(answer_id=answer.id, message_ts="1.3", text="By mail")),
        uow.add(AnswerRating(answer_id=answer.id, rating=2, rated_by="U2", rated_at=AT)),
        uow.add(SampleDraw(answer_id=answer.id, population=14, seed=20261130, drawn_at=AT)),
        uow.add(AnswerDisposal(desk_audit_ids=[audit.id], proposed_by="U2", proposed_at=AT)),
    ]


def of_a_case(uow: UnitOfWork, case: int, response: int) -> list[Row]:
    """One row of every table of a nonconformity, but for itself and its response."""
    return [
        uow.add(NonconformityRound(nonconformity_id=case, number=1, began_on=TODAY, begun_by="issue")),
        uow.add(Cause(nonconformity_id=case, response_id=response, place=1, written_by="U1", written_at=AT)),
        uow.add(Action(nonconformity_id=case, place=1, assignee_id="U1", due_on=TODAY, moved_at=AT)),
        uow.add(Signature(nonconformity_id=case, round=1, person_id="U2", version_seen=1, signed_at=AT)),
        uow.add(
            EffectCheck(nonconformity_id=case, round=1, is_met=True, watched_days=30, judged_by="U2", judged_at=AT)
        ),
        uow.add(Contest(nonconformity_id=case, contested_by="U1", contested_at=AT)),
        uow.add(BodyFinding(nonconformity_id=case, body="Certo", body_number="2026-7")),
        uow.add(
            CaseAccess(
                nonconformity_id=case, person_id="U3", starts_on=TODAY, ends_on=TODAY, called_by="U2", called_at=AT
            )
        ),
        uow.add(ResponseDraft(nonconformity_id=case, person_id="U1", updated_at=AT)),
        uow.add(NamedSeat(nonconformity_id=case, person_id="U2", named_by="U4", named_at=AT)),
    ]


def one_of_each(uow: UnitOfWork) -> list[Row]:
    """Store one row of every table that has rows with ids, and return them."""
    what = uow.add(obligation())
    due = uow.add(task(what.id))
    audit = uow.add(
        DeskAudit(title="Spring", edition="iso27001-2022", question_set="all", auditor_id="U2", opened_at=AT)
    )
    interview = uow.add(Interview(desk_audit_id=audit.id, person_id="U1", invited_at=AT))
    answer = uow.add(Answer(interview_id=interview.id, question_id="q1", answered_at=AT))
    finding = uow.add(
        Nonconformity(
            number=1, requirement="iso9001-2015:10.2", owner_id="U1", raised_by="U2", raised_at=AT, moved_at=AT
        )
    )
    response = uow.add(
        Response(
            nonconformity_id=finding.id,
            round=1,
            action_due_on=TODAY,
            check_effect_on=TODAY,
            submitted_by="U1",
            submitted_at=AT,
        )
    )
    given = uow.add(Evidence(slack_file_id="F1", name="list.pdf", provided_by="U1", received_at=AT, collected_on=TODAY))
    request = uow.add(AuditRequest(number=1, what="The list of visitors", asked_by="U2", asked_at=AT))
    pack = uow.add(Pack(first=TODAY, last=TODAY, asked_by="U2", asked_at=AT))
    own = uow.add(OwnFramework(edition="own-house", name="House rules", imported_by="U1", imported_at=AT))
    planned(uow, "first")
    message = uow.all(OutboxRow)[0]
    return [
        what,
        due,
        uow.add(TaskComment(task_id=due.id, person_id="U1", text="Half done", at=AT)),
        uow.add(Handover(task_id=due.id, by_id="U1", to_id="U2", asked_at=AT)),
        audit,
        *of_an_audit(uow, audit, interview, answer),
        uow.add(OwnQuestion(key="doors", added_by="U2", added_at=AT)),
        finding,
        response,
        *of_a_case(uow, finding.id, response.id),
        message,
        uow.add(Nudge(person_id="U1", subject="task", subject_id=due.id, rung="due", what="1", reached_at=AT)),
        uow.add(Certificate(edition="iso27001-2022", owner_id="U1")),
        uow.add(Feed(person_id="U1", secret_hash="0" * 64, made_at=AT)),
        given,
        uow.add(Disposal(evidence_ids=[given.id], proposed_by="U1", proposed_at=AT)),
        uow.add(EvidenceUse(evidence_id=given.id, task_id=due.id, added_by="U1", added_at=AT)),
        request,
        uow.add(RequestEvidence(request_id=request.id, evidence_id=given.id, added_by="U1", added_at=AT)),
        uow.add(
            AuditorAccess(
                person_id="U3", first=TODAY, last=TODAY, starts_on=TODAY, ends_on=TODAY, granted_by="U2", granted_at=AT
            )
        ),
        pack,
        uow.add(PackLink(pack_id=pack.id, secret_hash="0" * 64, made_by="U2", made_at=AT, ends_at=AT)),
        uow.add(Setup(person_id="U2", taken_at=AT, place="standards")),
        uow.add(UserGroup(slack_id="S1", synced_at=AT)),
        uow.add(ProbeRun(name="backups", due_on=TODAY, asked_at=AT)),
        uow.add(MachineKey(public_id="a1", name="Scan", obligation_id=what.id, made_by="U1", made_at=AT)),
        uow.add(OfferedMessage(person_id="U1", channel_id="C1", message_ts="1.1", offered_at=AT)),
        uow.add(DroppedMessage(person_id="U1", channel_id="D1", message_ts="1.1", dropped_at=AT)),
        uow.add(Concern(number=1, words="The door is blocked", reporter_id="U1", raised_at=AT, due_on=TODAY)),
        uow.promise(Errand(kind="evidence.collect", person_id="U1", planned_at=AT, not_before=AT)),
        digest := uow.add(Digest(week_of=TODAY, trail_sequence=1, trail_hash="0" * 64, prepared_at=AT)),
        uow.add(HeadNotice(digest_id=digest.id, way=Way.POST, not_before=AT)),
        uow.add(Person(slack_id="U1", name="Uma", synced_at=AT)),
        uow.add(RoleGrant(person_id="U1", role=Role.LEAD, granted_by="U2", granted_at=AT)),
        uow.add(Delivery(outbox_id=message.id, at=AT)),
        own,
        uow.add(
            OwnRequirement(own_framework_id=own.id, place=1, number="AC-1", title="Doors", theme="", frequency="yearly")
        ),
        uow.add(
            Applicability(reference="own-house:AC-1", applies=True, reason="Doors", decided_by="U1", decided_at=AT)
        ),
        uow.add(StatementOfApplicability(edition="own-house", number=1, approved_by="U1", approved_at=AT)),
        uow.add(ImportRun(file_name="register.csv", given_by="U1", given_at=AT)),
        uow.add(GapRating(reference="own-house:AC-1", rating=2, rated_by="U1", rated_at=AT)),
    ]
