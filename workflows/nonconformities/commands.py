"""What people can do with a nonconformity, and the one thing the clock does."""

from collections.abc import Mapping

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence.tables import Verdict
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity, Response
from workflows.deed import Deed
from workflows.evidence import verdicts
from workflows.evidence.refusals import EvidenceMissing
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import independence
from workflows.nonconformities.moving import move_on, record, show, tell_next, to_move
from workflows.nonconformities.questions import graded, kept, response_of
from workflows.nonconformities.rules import GRADE_TESTS, WISHES, check_day, implement_by, implied_grade
from workflows.nonconformities.shapes import Finding, Plan
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish


def raise_draft(deed: Deed, *, finding: Finding, answer_id: int | None = None) -> Nonconformity:
    """Raise a draft, from an answer or a note of an audit or from nothing of the kind.

    Raises `NotAllowed`, or `InputWanted` when a part is missing.
    """
    deed.must(Permission.ISSUE_NONCONFORMITY)
    _check_parts(deed.uow, finding)
    if finding.owner_id == deed.by:  # nobody issues what they own, so it would never get on
        raise InputWanted("owner_id", Wish.CHOOSE_SOMEONE_ELSE_AS_OWNER)
    raised = deed.uow.add(
        Nonconformity(
            number=nonconformity_queries.latest_number(deed.uow) + 1,
            answer_id=answer_id,
            **values_of(finding),
            raised_by=deed.by,
            raised_at=deed.at,
            moved_at=deed.at,
        )
    )
    record(deed, raised, "raise", {"answer": answer_id, "requirement": finding.requirement})
    tell_next(deed, raised, independence.actors_next(deed.uow, raised))
    return raised


def _check_parts(uow: UnitOfWork, finding: Finding) -> None:
    want_all(finding, WISHES)
    try:
        framework_questions.find(uow, finding.requirement)
    except KeyError:
        raise InputWanted("requirement", WISHES["requirement"]) from None
    people_questions.must_be_an_owner(uow, finding.owner_id)


def issue(
    deed: Deed, *, nonconformity_id: int, version: int, tests: list[str], grade: str, rationale: str
) -> Nonconformity:
    """Issue a draft with a signed grade; the owner is told and the clock starts.

    Raises `NotAllowed`, `OwnCorrection` when the issuer owns the work, `AlreadyDecided`, `Stale` or `InputWanted`.
    """
    finding = to_move(deed, "issue", nonconformity_id, version)
    if grade not in {each.value for each in Grade} or not set(tests) <= set(GRADE_TESTS):
        raise InputWanted("grade", Wish.CHOOSE_MINOR_OR_MAJOR)
    _want(rationale, "rationale", Wish.SAY_WHY_THIS_GRADE)
    return move_on(
        deed,
        finding,
        "issue",
        {"tests": tests, "grade": grade, "implied": implied_grade(tests).value},
        grade=Grade(grade),
        grade_tests=tests,
        grade_rationale=rationale.strip(),
        issued_by=deed.by,
        issued_at=deed.at,
    )


def discard(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Drop a draft; it stays on record as void, with the reason."""
    finding = to_move(deed, "discard", nonconformity_id, version)
    _want(reason, "reason", Wish.SAY_WHY_DROPPED)
    return move_on(deed, finding, "discard", {"reason": reason.strip()}, **_because(deed, reason))


def acknowledge(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The owner has read it and takes it on."""
    finding = to_move(deed, "acknowledge", nonconformity_id, version)
    return move_on(deed, finding, "acknowledge")


def respond(deed: Deed, *, nonconformity_id: int, version: int, plan: Plan) -> Nonconformity:
    """The owner submits the response for review. Raises as every move does, and `InputWanted` for a gap."""
    finding = to_move(deed, "respond", nonconformity_id, version)
    _check_plan(deed, finding, plan)
    number = finding.round + 1
    deed.uow.add(
        Response(
            nonconformity_id=finding.id,
            round=number,
            **values_of(plan),
            submitted_by=deed.by,
            submitted_at=deed.at,
        )
    )
    return move_on(deed, finding, "respond", {"round": number}, round=number)


def _check_plan(deed: Deed, finding: Nonconformity, plan: Plan) -> None:
    today = deed.today
    want_all(plan, WISHES)
    if plan.causes[-1].casefold() in (finding.statement.casefold(), plan.causes[0].casefold()):
        raise InputWanted(f"causes_{len(plan.causes)}", Wish.GO_ONE_STEP_DEEPER)
    latest = max(
        implement_by(graded(finding), nudge_rules.local_day(deed.uow.workspace().zone, finding.issued_at or deed.at)),
        today,
    )
    if not today <= plan.action_due_on <= latest:
        raise InputWanted("action_due_on", Wish.CHOOSE_DATE_UNTIL, {"latest": latest})
    if plan.check_effect_on <= plan.action_due_on:
        raise InputWanted("check_effect_on", Wish.CHOOSE_DATE_AFTER_ACTION)


def return_plan(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Return the response with comments; the owner answers in a new round."""
    finding = to_move(deed, "return_plan", nonconformity_id, version)
    _want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    _judge_plan(deed, finding, reason.strip())
    return move_on(deed, finding, "return_plan", {"reason": reason.strip()}, **_because(deed, reason))


def accept_plan(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """Accept the response; the owner carries it out. For a major it takes management's consent."""
    finding = to_move(deed, "accept_plan", nonconformity_id, version)
    _judge_plan(deed, finding, "")
    return move_on(deed, finding, "accept_plan", details=None, **_nothing_in_the_way())


def _judge_plan(deed: Deed, finding: Nonconformity, comment: str) -> None:
    deed.uow.change(response_of(deed.uow, finding), reviewed_by=deed.by, reviewed_at=deed.at, review_comment=comment)


def claim_done(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The owner says that correction and corrective action are done, with evidence. Raises `EvidenceMissing`."""
    finding = to_move(deed, "claim_done", nonconformity_id, version)
    if not kept(deed.uow, finding):
        raise EvidenceMissing(title=f"NC-{finding.number}", wanted=None)
    return move_on(deed, finding, "claim_done")


def reject_implementation(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """The verifier does not find it done; the owner goes on."""
    finding = to_move(deed, "reject_implementation", nonconformity_id, version)
    _want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    verdicts.judge(deed, kept(deed.uow, finding), Verdict.RETURNED, reason=reason.strip())
    return move_on(deed, finding, "reject_implementation", {"reason": reason.strip()}, **_because(deed, reason))


def confirm_implementation(deed: Deed, *, nonconformity_id: int, version: int, method_and_sample: str) -> Nonconformity:
    """The verifier has seen that it was done, and how; the effect is watched from now on.

    The check falls on the day the owner proposed, but not before the shortest time in which effect can show.
    """
    finding = to_move(deed, "confirm_implementation", nonconformity_id, version)
    _want(method_and_sample, "method_and_sample", Wish.SAY_WHAT_YOU_LOOKED_AT)
    verdicts.judge(deed, kept(deed.uow, finding), Verdict.ACCEPTED)
    return move_on(
        deed,
        finding,
        "confirm_implementation",
        {"method_and_sample": method_and_sample.strip()},
        verified_by=deed.by,
        verified_at=deed.at,
        verification=method_and_sample.strip(),
        check_effect_on=check_day(graded(finding), response_of(deed.uow, finding).check_effect_on, deed.today),
        **_nothing_in_the_way(),
    )


def tick(deed: Deed) -> None:
    """Ask the verifier for the check of effect when its day has come, and remind whoever let a day pass, once."""
    today = deed.today
    for finding in nonconformity_queries.to_check(deed.uow, today):
        move_on(deed, finding, "check_effect")
    for finding in nonconformity_queries.overdue(deed.uow, today):
        deed.daily(independence.actors_next(deed.uow, finding), finding, "overdue", what=finding.due_on)


def confirm_ineffective(deed: Deed, *, nonconformity_id: int, version: int, result: str) -> Nonconformity:
    """The action did not work: a new round begins with the owner."""
    finding = to_move(deed, "confirm_ineffective", nonconformity_id, version)
    _want(result, "result", Wish.SAY_WHAT_WAS_SEEN)
    return move_on(
        deed,
        finding,
        "confirm_ineffective",
        {"result": result.strip()},
        effect="",
        **_because(deed, result),
    )


def confirm_effective(deed: Deed, *, nonconformity_id: int, version: int, result: str) -> Nonconformity:
    """The criterion is met. A minor is closed by it; a major waits for a lead's second signature."""
    finding = to_move(deed, "confirm_effective", nonconformity_id, version)
    _want(result, "result", Wish.SAY_WHAT_WAS_MEASURED)
    said = {"result": result.strip()}
    if graded(finding) is Grade.MINOR:
        return _close(deed, finding, "confirm_effective", said, effect=result.strip())
    signed = deed.uow.change(finding, effect=result.strip(), effect_confirmed_by=deed.by, effect_confirmed_at=deed.at)
    record(deed, signed, "confirm_effective", said)
    show(deed, signed)
    return signed


def co_sign(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The second signature that closes a major."""
    return _close(deed, to_move(deed, "co_sign", nonconformity_id, version), "co_sign")


def _close(
    deed: Deed, finding: Nonconformity, move: str, details: Mapping[str, JSON] | None = None, **values: object
) -> Nonconformity:
    confirmed_by = finding.effect_confirmed_by or deed.by
    return move_on(
        deed,
        finding,
        move,
        details,
        closed_by=deed.by,
        closed_at=deed.at,
        effect_confirmed_by=confirmed_by,
        effect_confirmed_at=finding.effect_confirmed_at or deed.at,
        **values,
    )


def _nothing_in_the_way() -> dict[str, object]:
    return {"reason": "", "reason_by": None, "reason_at": None}


def _because(deed: Deed, reason: str) -> dict[str, object]:
    return {"reason": reason.strip(), "reason_by": deed.by, "reason_at": deed.at}


def _want(text: str, field: str, wish: Wish) -> None:
    if not text.strip():
        raise InputWanted(field, wish)
