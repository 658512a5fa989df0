"""The work: more time, the claim that it is done, and somebody independent who has seen it."""

from datetime import date

from storage.evidence.tables import Verdict
from storage.nonconformities import queries
from storage.nonconformities.tables import Action, ActionState, Nonconformity, NonconformityState
from workflows.deed import Deed
from workflows.evidence import verdicts
from workflows.evidence.refusals import EvidenceMissing
from workflows.nonconformities import cases, drafts, limits, needs
from workflows.nonconformities.lifecycle import Need
from workflows.nonconformities.moving import clock, move_on, to_move
from workflows.nonconformities.questions import graded, kept, latest_response, response_of
from workflows.nonconformities.refusals import NotYet
from workflows.nonconformities.saying import because, nothing_in_the_way, want
from workflows.refusals import InputWanted
from workflows.wishes import Wish

ACTION_CARD = "nonconformity_action.card"
"""The message that tells somebody of an action that is theirs."""

ENDED = (ActionState.ACCEPTED, ActionState.CANCELLED)


def extend(deed: Deed, *, nonconformity_id: int, version: int, until: date, reason: str) -> Nonconformity:
    """Somebody other than the doers gives more time: once a round, before the day, never past a date from outside."""
    finding = to_move(deed, "extend", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    due = finding.due_on or deed.today
    if due < deed.today:
        raise InputWanted("until", Wish.ASK_BEFORE_IT_IS_DUE)
    latest = limits.extended_until(graded(finding), due, clock(deed, finding).outside_by)
    if not due < until <= latest:
        raise InputWanted("until", Wish.CHOOSE_DATE_UNTIL, {"latest": latest})
    present = cases.present_round(deed.uow, finding)
    assert present is not None
    given = {"extended_to": until, "extended_by": deed.by, "extended_at": deed.at, "extension_reason": reason.strip()}
    deed.uow.change(present, **given)
    return move_on(deed, finding, "extend", {"until": until.isoformat(), "reason": reason.strip()}, due_on=until)


def tell_assignees(deed: Deed, finding: Nonconformity) -> None:
    """Whoever carries out an action of a plan that may begin gets a card of it; the owner has that of the case."""
    if finding.state is not NonconformityState.IMPLEMENTING:
        return
    for each in planned(deed, finding):
        if each.assignee_id != finding.owner_id and each.state not in ENDED:
            deed.message([each.assignee_id], each, ACTION_CARD, what=(each.version,))


def claim_done(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The owner says that correction and every action are done, with evidence of this round.

    Raises `EvidenceMissing`, or `NotYet` where somebody else hasn't done an action yet.
    """
    finding = to_move(deed, "claim_done", nonconformity_id, version)
    if not needs.HOLDS[Need.ACTIONS_FINISHED](deed.uow, finding):
        raise NotYet(number=finding.number, need=Need.ACTIONS_FINISHED)
    if not kept(deed.uow, finding):
        raise EvidenceMissing(title=f"NC-{finding.number}", wanted=None)
    if not needs.has_proof_of_this_round(deed.uow, finding):
        raise NotYet(number=finding.number, need=Need.PROOF_OF_THIS_ROUND)
    _move_actions(deed, finding, ActionState.CLAIMED)
    return move_on(deed, finding, "claim_done")


def reject_implementation(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """The verifier does not find it done; the owner goes on."""
    finding = to_move(deed, "reject_implementation", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    verdicts.judge(deed, kept(deed.uow, finding), Verdict.RETURNED, reason=reason.strip())
    _move_actions(deed, finding, ActionState.RETURNED)
    said = {"reason": reason.strip()}
    rejected = move_on(deed, finding, "reject_implementation", said, **because(deed, reason))
    tell_assignees(deed, rejected)
    return rejected


def reject_correction(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """It is not put right; the owner answers again, and the short way is open no more by itself."""
    finding = to_move(deed, "reject_correction", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    drafts.carry_forward(deed, finding, response_of(deed.uow, finding))
    values = {**because(deed, reason), "is_correction_only": False}
    return move_on(deed, finding, "reject_correction", {"reason": reason.strip()}, **values)


def confirm_implementation(deed: Deed, *, nonconformity_id: int, version: int, method_and_sample: str) -> Nonconformity:
    """The verifier has seen that it was done, and how; the effect is watched from now on.

    The check falls on the day the owner proposed, but not before the shortest time in which effect can show.
    """
    finding = to_move(deed, "confirm_implementation", nonconformity_id, version)
    want(method_and_sample, "method_and_sample", Wish.SAY_WHAT_YOU_LOOKED_AT)
    verdicts.judge(deed, kept(deed.uow, finding), Verdict.ACCEPTED)
    _move_actions(deed, finding, ActionState.ACCEPTED)
    proposed = response_of(deed.uow, finding).check_effect_on
    return move_on(
        deed,
        finding,
        "confirm_implementation",
        {"method_and_sample": method_and_sample.strip()},
        **_verified(deed, method_and_sample),
        check_effect_on=limits.check_day(clock(deed, finding), proposed, deed.today),
        **nothing_in_the_way(),
    )


def confirm_correction(deed: Deed, *, nonconformity_id: int, version: int, method_and_sample: str) -> Nonconformity:
    """Where only putting right was wanted, seeing it done closes the case."""
    finding = to_move(deed, "confirm_correction", nonconformity_id, version)
    want(method_and_sample, "method_and_sample", Wish.SAY_WHAT_YOU_LOOKED_AT)
    verdicts.judge(deed, kept(deed.uow, finding), Verdict.ACCEPTED)
    said = {"method_and_sample": method_and_sample.strip()}
    return move_on(deed, finding, "confirm_correction", said, **_verified(deed, method_and_sample))


def _verified(deed: Deed, method_and_sample: str) -> dict[str, object]:
    return {"verified_by": deed.by, "verified_at": deed.at, "verification": method_and_sample.strip()}


def _move_actions(deed: Deed, finding: Nonconformity, state: ActionState) -> None:
    for each in planned(deed, finding):
        if each.state not in ENDED:
            deed.redraw(deed.uow.change(each, state=state, moved_at=deed.at))


def planned(deed: Deed, finding: Nonconformity) -> list[Action]:
    """The actions of the plan that counts now."""
    return queries.actions_of(deed.uow, latest_response(deed.uow, finding))
