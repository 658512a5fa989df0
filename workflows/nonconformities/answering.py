"""The answer: what the owner sends, what is asked back, and who finds it sound and gives the means for it."""

from collections.abc import Sequence

from storage.nonconformities.tables import Action, Cause, Nonconformity, Response
from workflows.deed import Deed
from workflows.nonconformities import answers, cases, drafts
from workflows.nonconformities.carrying_out import tell_assignees
from workflows.nonconformities.moving import move_on, record, to_move
from workflows.nonconformities.questions import response_of
from workflows.nonconformities.saying import because, nothing_in_the_way, want
from workflows.nonconformities.shapes import FurtherAction, FurtherCause, Plan
from workflows.people import questions as people_questions
from workflows.refusals import InputWanted, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish


def respond(deed: Deed, *, nonconformity_id: int, version: int, plan: Plan) -> Nonconformity:
    """The owner sends the answer, with whatever further causes and actions were kept for it before.

    Raises as every move does, and `InputWanted` for a gap, or for what is asked back.
    """
    finding = to_move(deed, "respond", nonconformity_id, version)
    response = _send(deed, finding, plan)
    return move_on(deed, finding, "respond", {"round": response.round}, round=response.round)


def respond_or_keep(deed: Deed, *, nonconformity_id: int, version: int, plan: Plan) -> Nonconformity | InputWanted:
    """The same from a form: where something is wanted yet, that is the answer, and what was filled in stays a draft."""
    try:
        return respond(deed, nonconformity_id=nonconformity_id, version=version, plan=plan)
    except InputWanted as wanted:
        drafts.keep(deed, deed.uow.get(Nonconformity, nonconformity_id), plan)
        return wanted


def change_plan(deed: Deed, *, nonconformity_id: int, version: int, plan: Plan) -> Nonconformity:
    """The owner wants another plan than the one that was accepted; it is looked at again. Raises as `respond` does."""
    finding = to_move(deed, "change_plan", nonconformity_id, version)
    drafts.carry_forward(deed, finding, response_of(deed.uow, finding))
    response = _send(deed, finding, plan)
    return move_on(deed, finding, "change_plan", {"round": response.round}, round=response.round)


def _send(deed: Deed, finding: Nonconformity, plan: Plan) -> Response:
    answers.must_be_complete(deed, finding, plan)
    present = cases.present_round(deed.uow, finding)
    response = deed.uow.add(
        Response(
            nonconformity_id=finding.id,
            round=finding.round + 1,
            of_round=present.number if present else None,
            **values_of(plan),
            submitted_by=deed.by,
            submitted_at=deed.at,
        )
    )
    drafts.keep_first(deed, finding, plan, response)
    for each in (*answers.further_causes(deed.uow, finding), *answers.further_actions(deed.uow, finding)):
        deed.uow.change(each, response_id=response.id)
    drafts.end(deed, finding)
    return response


def add_cause(deed: Deed, *, nonconformity_id: int, version: int, cause: FurtherCause) -> Nonconformity:
    """The owner keeps one more cause for the answer that is being written. Raises as `respond` does."""
    finding = to_move(deed, "respond", nonconformity_id, version)
    want_all(cause)
    deed.uow.add(
        Cause(
            nonconformity_id=finding.id,
            place=_next_place(drafts.causes(deed.uow, finding)),
            steps=list(cause.causes),
            how_unnoticed=cause.how_unnoticed.strip(),
            written_by=deed.by,
            written_at=deed.at,
        )
    )
    return _kept(deed, finding, "add_cause")


def add_action(deed: Deed, *, nonconformity_id: int, version: int, action: FurtherAction) -> Nonconformity:
    """The owner keeps one more action for the answer that is being written. Raises as `respond` does."""
    finding = to_move(deed, "respond", nonconformity_id, version)
    want_all(action)
    answers.must_be_in_time(deed, finding, action.due_on, "due_on")
    answers.must_be_an_insider(deed.uow, action.assignee_id, "assignee_id")
    deed.uow.add(
        Action(
            nonconformity_id=finding.id,
            place=_next_place(drafts.actions(deed.uow, finding)),
            causes=sorted(int(each) for each in action.for_causes),
            text=action.text.strip(),
            assignee_id=action.assignee_id,
            due_on=action.due_on,
            expected_proof=action.expected_proof.strip(),
            moved_at=deed.at,
        )
    )
    return _kept(deed, finding, "add_action")


def _next_place(kept: Sequence[Cause] | Sequence[Action]) -> int:
    """Behind what is kept; the first place is for what stands in the answer itself."""
    return max((each.place for each in kept), default=1) + 1


def _kept(deed: Deed, finding: Nonconformity, verb: str) -> Nonconformity:
    noted = deed.uow.change(finding)
    record(deed, noted, verb, {})
    deed.redraw(noted)
    return noted


# --- whoever looks at it ---


def return_plan(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Return the answer with what is missing; from the third time in a round on, management hears of it."""
    finding = to_move(deed, "return_plan", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    _judge_plan(deed, finding, reason.strip())
    drafts.carry_forward(deed, finding, response_of(deed.uow, finding))
    returned = move_on(deed, finding, "return_plan", {"reason": reason.strip()}, **because(deed, reason))
    if answers.times_returned(deed.uow, returned) >= answers.TOLD_TO_MANAGEMENT:
        deed.daily(people_questions.holders(deed.uow, answers.MANAGEMENT), returned, "returned_again")
    return returned


def accept_plan(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """Somebody competent finds the plan sound. The owner carries a minor's out; a major's waits for consent."""
    finding = to_move(deed, "accept_plan", nonconformity_id, version)
    _judge_plan(deed, finding, "")
    accepted = move_on(deed, finding, "accept_plan", None, **nothing_in_the_way(), is_correction_only=False)
    tell_assignees(deed, accepted)
    return accepted


def accept_correction_only(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """For a single slip, putting it right is enough; seeing that it was closes the case."""
    finding = to_move(deed, "accept_correction_only", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    if not response_of(deed.uow, finding).extent.strip():
        raise InputWanted("reason", Wish.SAY_WHAT_IS_MISSING)
    _judge_plan(deed, finding, "")
    return move_on(deed, finding, "accept_correction_only", {"reason": reason.strip()}, is_correction_only=True)


def consent(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """Management gives the means for a major's plan that somebody else has found sound."""
    finding = to_move(deed, "consent", nonconformity_id, version)
    given = move_on(deed, finding, "consent", None, **nothing_in_the_way())
    tell_assignees(deed, given)
    return given


def refuse_consent(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Management wants another plan, and says why."""
    finding = to_move(deed, "refuse_consent", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    drafts.carry_forward(deed, finding, response_of(deed.uow, finding))
    return move_on(deed, finding, "refuse_consent", {"reason": reason.strip()}, **because(deed, reason))


def review_anew(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Nobody but the reviewer could consent any more, so somebody else reviews the plan."""
    finding = to_move(deed, "review_anew", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    return move_on(deed, finding, "review_anew", {"reason": reason.strip()}, **because(deed, reason))


def _judge_plan(deed: Deed, finding: Nonconformity, comment: str) -> None:
    deed.uow.change(response_of(deed.uow, finding), reviewed_by=deed.by, reviewed_at=deed.at, review_comment=comment)
