"""Desk audits: what an auditor finds, at any time, and how whoever answers for it sees it before the report.

Ratings suggest a kind of finding and never stand in its way. A nonconformity is followed in a case of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, AuditPlan, DeskAudit, FindingKind, Mode
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.interviews.tables import Answer
from storage.nonconformities.origins import Against, Source
from storage.nonconformities.tables import Nonconformity, NonconformityState
from workflows.deed import Deed
from workflows.desk_audits import access, desk, living, rating, team
from workflows.desk_audits.scales import Suggestion
from workflows.desk_audits.shapes import Found
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import commands as nonconformity_commands
from workflows.nonconformities.origins import Origin
from workflows.nonconformities.shapes import Finding
from workflows.people import questions as people_questions
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale, Thing, Tried, WhoMay, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish

MEASURED = (FindingKind.CONFORMITY, FindingKind.NONCONFORMITY)
"""The kinds that say of a requirement whether it is met; the others may do without one."""


def raise_finding(deed: Deed, *, audit_id: int, said: Found, answer_ids: Sequence[int] = ()) -> AuditFinding:
    """Put down what was found, on the answers and notes it rests on, or on none. A nonconformity becomes a draft case.

    Raises as `must_work` does, `InputWanted` for a part that is missing, or what the room of nonconformities refuses.
    """
    audit = access.must_work(deed, audit_id, Tried.RAISE_FINDING)
    _check(deed, audit, said, answer_ids)
    case = _case(deed, said, answer_ids) if said.kind == FindingKind.NONCONFORMITY else None
    found = deed.uow.add(
        AuditFinding(
            desk_audit_id=audit.id,
            number=len(desk_audit_queries.findings_of(deed.uow, audit.id)) + 1,
            **{**values_of(said), "kind": FindingKind(said.kind)},
            answer_ids=list(answer_ids),
            raised_by=deed.by,
            raised_at=deed.at,
            nonconformity_id=case.id if case else None,
        )
    )
    deed.record("audit_finding.raise", found, audit=audit.id, number=found.number, kind=said.kind)
    living.drawn_now(deed, audit)
    return found


@dataclass(frozen=True)
class Draft:
    """What is known of a finding before it is raised: of the answer it rests on, if of one, and of the audit's plan.

    `asked` people answered the same question. `records` are those that its rating points at. What a person said stays
    with the answer: a finding rests on what others could check.
    """

    audit: DeskAudit
    answer: Answer | None
    kind: FindingKind | None
    requirement: str | None
    records: tuple[str, ...]
    files: tuple[Evidence, ...]
    place: str
    owner_id: str | None
    asked: int


def draft(deed: Deed, *, audit_id: int, answer_id: int | None = None) -> Draft:
    """What a new finding begins with. Raises as `must_work` and `desk.to_read` do."""
    audit = access.must_work(deed, audit_id, Tried.RAISE_FINDING)
    answer = None if answer_id is None else desk.to_read(deed, answer_id=answer_id, tried=Tried.RAISE_FINDING).answer
    plan = desk_audit_queries.plan_of(deed.uow, audit.id)
    said = desk.everything(deed.uow, audit.id)
    return Draft(
        audit=audit,
        answer=answer,
        kind=_KIND_OF.get(rating.suggested(deed.uow, answer)) if answer else None,
        requirement=_within_criteria(answer, plan) if answer else None,
        records=tuple(each[rating.RECORD] for each in answer.backed_by or () if rating.RECORD in each)
        if answer
        else (),
        files=tuple(rating.kept(deed.uow, answer)) if answer else (),
        place=", ".join([*plan.processes, *plan.places]) if plan else "",
        owner_id=plan.auditee_id if plan else None,
        asked=sum(answer is not None and each.answer.question_id == answer.question_id for each in said),
    )


def _records(answer: Answer) -> list[str]:
    return [each[rating.RECORD] for each in answer.backed_by or () if rating.RECORD in each]


def _within_criteria(answer: Answer, plan: AuditPlan | None) -> str | None:
    """The first requirement of the question that was agreed to be looked at; of an earlier version's audit, any."""
    criteria = plan.requirements if plan else answer.requirements
    return next((each for each in answer.requirements if team.overlap([each], criteria)), None)


_KIND_OF: Mapping[Suggestion | None, FindingKind] = MappingProxyType(
    {
        Suggestion.NONCONFORMITY: FindingKind.NONCONFORMITY,
        Suggestion.OBSERVATION: FindingKind.OBSERVATION,
        Suggestion.CONFORMITY: FindingKind.CONFORMITY,
    }
)
"""The kind that stands in the form already; the auditor takes any."""


def _check(deed: Deed, audit: DeskAudit, said: Found, answer_ids: Sequence[int]) -> None:
    want_all(said, {"owner_id": Wish.CHOOSE_OWNER, "kind": Wish.CHOOSE_KIND})
    if said.kind not in {each.value for each in FindingKind}:
        raise InputWanted("kind", Wish.CHOOSE_KIND)
    _check_requirement(deed.uow, said)
    people_questions.must_be_an_owner(deed.uow, said.owner_id)
    if said.owner_id in access.team(deed.uow, audit):  # nobody audits own work (cl. 9.2.2)
        raise InputWanted("owner_id", Wish.CHOOSE_SOMEONE_ELSE_AS_OWNER)
    if not set(answer_ids) <= {each.answer.id for each in desk.everything(deed.uow, audit.id)}:
        raise Stale(Thing.THIS_ANSWER)


def _check_requirement(uow: UnitOfWork, said: Found) -> None:
    if not said.requirement and said.kind not in MEASURED:
        return
    try:
        framework_questions.find(uow, said.requirement)
    except KeyError:
        raise InputWanted("requirement", Wish.CHOOSE_REQUIREMENT) from None


def _case(deed: Deed, said: Found, answer_ids: Sequence[int]) -> Nonconformity:
    parts = {name: value for name, value in vars(said).items() if name != "kind"}
    answer_id = next(iter(answer_ids), None)
    origin = Origin(_source(deed.uow, answer_id), Against.STANDARD)
    return nonconformity_commands.raise_draft(deed, finding=Finding(**parts), answer_id=answer_id, origin=origin)


def _source(uow: UnitOfWork, answer_id: int | None) -> Source:
    """What a finding rests on, by how that came to be known; on nothing that was written down: an observation."""
    mode = uow.get(Answer, answer_id).mode or Mode.INTERVIEW if answer_id else Mode.OBSERVATION
    return Source.DOCUMENT if mode is Mode.DOCUMENT_REVIEW else Source(mode.value)


def withdraw(deed: Deed, *, finding_id: int, version: int, reason: str) -> AuditFinding:
    """A finding no longer stands; it stays on record with the reason, and whoever was shown it sees that.

    The draft case of a nonconformity is dropped with it. Raises as `must_work` does, `AlreadyDecided` when it was
    withdrawn before or its case goes a way of its own, `Stale` or `InputWanted`.
    """
    finding = to_withdraw(deed, finding_id=finding_id)
    if finding.version != version:
        raise Stale(Thing.THIS_FINDING)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_DOESNT_STAND)
    _drop_case(deed, finding, reason)
    withdrawn = deed.uow.change(finding, withdrawn_at=deed.at, reason=reason.strip())
    deed.record("audit_finding.withdraw", withdrawn, reason=reason.strip())
    _show(deed, withdrawn)
    return withdrawn


def to_withdraw(deed: Deed, *, finding_id: int) -> AuditFinding:
    """A finding that an auditor of the team may withdraw. Raises as `withdraw` does."""
    finding = deed.uow.get(AuditFinding, finding_id)
    access.must_work(deed, finding.desk_audit_id, Tried.WITHDRAW_FINDING)
    if finding.withdrawn_at is not None:
        raise AlreadyDecided(what=Thing.THIS_FINDING, state="finding_withdrawn", by=None)
    case = case_of(deed.uow, finding)
    if case and case.state not in (NonconformityState.DRAFT, NonconformityState.VOID):
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{case.number}", state=case.state.value, by=case.issued_by)
    return finding


def case_of(uow: UnitOfWork, finding: AuditFinding) -> Nonconformity | None:
    """The case in which a nonconformity is followed."""
    return None if finding.nonconformity_id is None else uow.get(Nonconformity, finding.nonconformity_id)


def _drop_case(deed: Deed, finding: AuditFinding, reason: str) -> None:
    case = case_of(deed.uow, finding)
    if case and case.state is NonconformityState.DRAFT:
        nonconformity_commands.discard(deed, nonconformity_id=case.id, version=case.version, reason=reason)


def show(deed: Deed, *, audit_id: int) -> list[AuditFinding]:
    """Show whoever answers for them the findings they haven't seen. Raises as `must_work` does."""
    audit = access.must_work(deed, audit_id, Tried.SHOW_FINDINGS)
    found = [each for each in desk_audit_queries.findings_of(deed.uow, audit.id) if _is_to_be_shown(each)]
    for finding in found:
        deed.record("audit_finding.show", deed.uow.change(finding, shown_at=deed.at), to=finding.owner_id)
    for owner in dict.fromkeys(each.owner_id for each in found):
        deed.message([owner], audit, "desk_audit.found", what=("found", found[-1].number))
    living.drawn_now(deed, audit)
    return found


def all_of(deed: Deed, *, audit_id: int) -> list[AuditFinding]:
    """Everything that an audit found, for its team. Raises as `must_audit` does."""
    access.must_audit(deed, audit_id, Tried.READ_FINDINGS)
    return desk_audit_queries.findings_of(deed.uow, audit_id)


def _is_to_be_shown(finding: AuditFinding) -> bool:
    return finding.shown_at is None and finding.withdrawn_at is None


def shown_to(uow: UnitOfWork, audit_id: int, owner_id: str) -> list[AuditFinding]:
    """What somebody was shown of an audit, with what became of it."""
    found = desk_audit_queries.findings_of(uow, audit_id)
    return [each for each in found if each.shown_at is not None and each.owner_id == owner_id]


def agree(deed: Deed, *, finding_id: int) -> AuditFinding:
    """Whoever answers for it sees it the same way. Raises `NotAllowed`, `Stale`, `AlreadyDecided` or `DeskClosed`."""
    return _seen(deed, to_see(deed, finding_id=finding_id), agrees=True, view="")


def differ(deed: Deed, *, finding_id: int, view: str) -> AuditFinding:
    """They see it differently; their words stand beside the finding, in the report too. Raises as `agree` does."""
    finding = to_see(deed, finding_id=finding_id)
    if not view.strip():
        raise InputWanted("owner_view", Wish.SAY_HOW_YOU_SEE_IT)
    return _seen(deed, finding, agrees=False, view=view.strip())


def to_see(deed: Deed, *, finding_id: int) -> AuditFinding:
    """A finding on which its owner may still say how they see it. Raises as `agree` does."""
    finding = deed.uow.get(AuditFinding, finding_id)
    if deed.by != finding.owner_id:
        raise NotAllowed(Tried.SAY_HOW_THEY_SEE_IT, WhoMay.OWNER, finding.owner_id)
    if finding.shown_at is None:
        raise Stale(Thing.THIS_FINDING)
    if finding.withdrawn_at is not None:
        raise AlreadyDecided(what=Thing.THIS_FINDING, state="finding_withdrawn", by=None)
    if finding.owner_agrees is not None:
        state = "finding_agreed" if finding.owner_agrees else "finding_differs"
        raise AlreadyDecided(what=Thing.THIS_FINDING, state=state, by=None)
    access.must_be_open(deed.uow, deed.uow.get(DeskAudit, finding.desk_audit_id))
    return finding


def _seen(deed: Deed, finding: AuditFinding, *, agrees: bool, view: str) -> AuditFinding:
    seen = deed.uow.change(finding, owner_agrees=agrees, owner_view=view, owner_view_at=deed.at)
    deed.record("audit_finding.agree" if agrees else "audit_finding.differ", seen)
    if not agrees:
        deed.daily([finding.raised_by], seen, "differs", what="owner_view")
    _show(deed, seen)
    return seen


def _show(deed: Deed, finding: AuditFinding) -> None:
    living.drawn_now(deed, deed.uow.get(DeskAudit, finding.desk_audit_id))
    deed.redraw(finding)
