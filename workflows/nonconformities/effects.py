"""The effect: judged by a value against the target chosen before, signed, or found wanting; and what came back."""

from datetime import date

from storage.nonconformities.tables import EffectCheck, Nonconformity
from storage.people.tables import Role
from workflows.deed import Deed
from workflows.nonconformities import cases, gates, limits
from workflows.nonconformities.moving import move_on, to_move
from workflows.nonconformities.questions import graded
from workflows.nonconformities.saying import because, want
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.refusals import InputWanted, must_be_none, together
from workflows.wishes import Wish

INEFFECTIVE_ROUNDS = 2
"""After so many rounds that did not work, management hears of it."""


def confirm_effective(deed: Deed, *, nonconformity_id: int, version: int, value: str, result: str) -> Nonconformity:
    """The target is met. A minor is closed by it; a major waits for a second signature."""
    finding = to_move(deed, "confirm_effective", nonconformity_id, version)
    _judge(deed, finding, value, result, is_met=True)
    said = {"value": value.strip(), "result": result.strip()}
    judged = {"effect": result.strip(), "effect_confirmed_by": deed.by, "effect_confirmed_at": deed.at}
    return move_on(deed, finding, "confirm_effective", said, **judged)


def confirm_ineffective(deed: Deed, *, nonconformity_id: int, version: int, value: str, result: str) -> Nonconformity:
    """It did not work: a new round begins with the owner, with limits of its own."""
    finding = to_move(deed, "confirm_ineffective", nonconformity_id, version)
    _judge(deed, finding, value, result, is_met=False)
    said = {"value": value.strip(), "result": result.strip()}
    again = move_on(deed, finding, "confirm_ineffective", said, **_unproven(), **because(deed, result))
    present = cases.present_round(deed.uow, again)
    if present and present.number > INEFFECTIVE_ROUNDS:
        management = people_questions.holders(deed.uow, Role.MANAGEMENT)
        deed.daily(management, again, "ineffective_again", what=present.number)
    return again


def _judge(deed: Deed, finding: Nonconformity, value: str, result: str, *, is_met: bool) -> None:
    _must_be_a_measurement(value, result, is_met=is_met)
    present = cases.present_round(deed.uow, finding)
    deed.uow.add(
        EffectCheck(
            nonconformity_id=finding.id,
            round=present.number if present else 1,
            value=value.strip(),
            result=result.strip(),
            is_met=is_met,
            watched_days=_watched(deed, finding),
            judged_by=deed.by,
            judged_at=deed.at,
        )
    )


def _must_be_a_measurement(value: str, result: str, *, is_met: bool) -> None:
    """Raise `InputWanted` for a value without a number, or for a result like "fine"."""
    wish = Wish.SAY_WHAT_WAS_MEASURED if is_met else Wish.SAY_WHAT_WAS_SEEN
    together(
        lambda: want(value, "value", Wish.SAY_WHAT_WAS_MEASURED),
        lambda: want(result, "result", wish),
        lambda: must_be_none([] if gates.is_measured(value) else [InputWanted("value", Wish.GIVE_NUMBER)]),
        lambda: must_be_none([InputWanted("result", wish)] if _says_nothing(result) else []),
    )


def _says_nothing(result: str) -> bool:
    return gates.is_filler(result) and not gates.is_measured(result)


def _watched(deed: Deed, finding: Nonconformity) -> int:
    verified = finding.verified_at or deed.at
    return (deed.today - local_day(deed.uow.workspace().zone, verified)).days


def _unproven() -> dict[str, object]:
    return {"effect": "", "effect_confirmed_by": None, "effect_confirmed_at": None, "is_correction_only": False}


def watch_longer(deed: Deed, *, nonconformity_id: int, version: int, until: date, reason: str) -> Nonconformity:
    """It has not run often enough to judge, so it is watched longer, within the longest watch."""
    finding = to_move(deed, "watch_longer", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    verified = local_day(deed.uow.workspace().zone, finding.verified_at or deed.at)
    latest = limits.longest_watch(graded(finding), verified)
    if not deed.today < until <= latest:
        raise InputWanted("until", Wish.CHOOSE_DATE_UNTIL, {"latest": latest})
    said = {"until": until.isoformat(), "reason": reason.strip()}
    return move_on(deed, finding, "watch_longer", said, check_effect_on=until)


def co_sign(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The second signature that closes a major."""
    return move_on(deed, to_move(deed, "co_sign", nonconformity_id, version), "co_sign")


def refuse_to_sign(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """The second person is not convinced; the effect is judged again."""
    finding = to_move(deed, "refuse_to_sign", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_IS_MISSING)
    values = {**_unproven(), **because(deed, reason)}
    return move_on(deed, finding, "refuse_to_sign", {"reason": reason.strip()}, **values)


def recur(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """It happened again while it was watched: a new round begins."""
    finding = to_move(deed, "recur", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_CAME_BACK)
    return move_on(deed, finding, "recur", {"reason": reason.strip()}, **_unproven(), **because(deed, reason))


def reopen(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """It came back after the case was closed, or its record was false; later than a year it is raised anew."""
    finding = to_move(deed, "reopen", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHAT_CAME_BACK)
    closed_on = local_day(deed.uow.workspace().zone, finding.closed_at or deed.at)
    if deed.today - closed_on > limits.REOPEN_WITHIN:
        raise InputWanted("reason", Wish.RAISE_IT_ANEW)
    return move_on(deed, finding, "reopen", {"reason": reason.strip()}, **_unproven(), **because(deed, reason))
