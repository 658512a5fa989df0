"""Whether it is a finding, and which grade: contested and decided by somebody else, merged, graded anew."""

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Contest, Grade, Nonconformity, Seat, Signs
from workflows.deed import Deed
from workflows.nonconformities import cases, limits, repeats
from workflows.nonconformities.commands import must_be_a_grade
from workflows.nonconformities.lifecycle import State
from workflows.nonconformities.moving import move_on, to_move
from workflows.nonconformities.saying import because, want
from workflows.nonconformities.shapes import Decision
from workflows.nudges.rules import local_day
from workflows.people import working_days
from workflows.refusals import InputWanted, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish

BOTH_HEARD = {"heard": Wish.SAY_WHAT_BOTH_SAID, "other_side": Wish.SAY_WHAT_BOTH_SAID}


def contest(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """The owner disputes finding or grade, within five working days of its signing, once a grade."""
    finding = to_move(deed, "contest", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    grade = cases.standing(deed.uow, finding).get(Signs.GRADE)
    signed_on = local_day(deed.uow.workspace().zone, grade.signed_at if grade else deed.at)
    owners_days = working_days.of_person(deed.uow, finding.owner_id)
    if deed.today > owners_days.add(signed_on, limits.CONTEST_WORKING_DAYS):
        raise InputWanted("reason", Wish.ASK_FOR_WITHDRAWAL)
    deed.uow.add(
        Contest(nonconformity_id=finding.id, contested_by=deed.by, contested_at=deed.at, reason=reason.strip())
    )
    return move_on(deed, finding, "contest", {"reason": reason.strip()}, **because(deed, reason))


def uphold(
    deed: Deed, *, nonconformity_id: int, version: int, heard: str, other_side: str, reason: str
) -> Nonconformity:
    """Somebody else has heard both sides and lets it stand. The days of the contest are added to the round's limits."""
    finding = to_move(deed, "uphold", nonconformity_id, version)
    _decide(deed, finding, "uphold", Decision(heard, other_side, reason))
    _give_back_the_days(deed, finding)
    return move_on(deed, finding, "uphold", {"reason": reason.strip()}, **because(deed, reason))


def withdraw(
    deed: Deed, *, nonconformity_id: int, version: int, heard: str, other_side: str, reason: str
) -> Nonconformity:
    """It was an error: the requirement was met at the time. That it was repaired since is no ground."""
    finding = to_move(deed, "withdraw", nonconformity_id, version)
    _decide(deed, finding, "withdraw", Decision(heard, other_side, reason))
    return move_on(deed, finding, "withdraw", {"reason": reason.strip()}, **because(deed, reason))


def _decide(deed: Deed, finding: Nonconformity, verb: str, said: Decision) -> None:
    want_all(said, BOTH_HEARD)
    if finding.state is not State.CONTESTED:
        return
    told = values_of(said)
    decision = {"is_upheld": verb == "uphold", "decision": told.pop("reason"), **told}
    mark = cases.filling(deed.uow, finding, Seat.DECIDER, acting=deed.by).mark
    pending = queries.contests(deed.uow, finding.id)[-1]
    deed.uow.change(pending, **decision, mark=mark, decided_by=deed.by, decided_at=deed.at)


def _give_back_the_days(deed: Deed, finding: Nonconformity) -> None:
    present = cases.present_round(deed.uow, finding)
    assert present is not None
    paused = (deed.today - local_day(deed.uow.workspace().zone, finding.moved_at)).days
    deed.uow.change(present, paused_days=present.paused_days + paused)


def may_go_on_instead(uow: UnitOfWork, finding: Nonconformity) -> list[Nonconformity]:
    """The open, graded cases of the same requirement into which a duplicate can go."""
    return [each for each in queries.living_against_the_same(uow, finding) if _may_go_on_instead(each, finding)]


def _may_go_on_instead(survivor: Nonconformity, finding: Nonconformity) -> bool:
    is_another = survivor.id != finding.id and repeats.is_same_requirement(survivor, finding)
    return is_another and survivor.grade is not None and survivor.state not in queries.ENDED


def merge_into(deed: Deed, *, nonconformity_id: int, version: int, survivor: str) -> Nonconformity:
    """The same with the case as it was chosen in a form. Raises as `merge` does."""
    if not survivor:
        raise InputWanted("survivor", Wish.CHOOSE_OPEN_CASE)
    return merge(deed, nonconformity_id=nonconformity_id, version=version, survivor_id=int(survivor))


def merge(deed: Deed, *, nonconformity_id: int, version: int, survivor_id: int) -> Nonconformity:
    """A duplicate goes into an open case of the same requirement, which keeps the higher grade and the earlier day.

    Raises as `regrade` does where it has to become a major.
    """
    finding = to_move(deed, "merge", nonconformity_id, version)
    survivor = deed.uow.get(Nonconformity, survivor_id)
    if not _may_go_on_instead(survivor, finding):
        raise InputWanted("survivor", Wish.CHOOSE_OPEN_CASE)
    _take_up(deed, survivor, finding)
    return move_on(deed, finding, "merge", {"into": survivor.number}, merged_into_id=survivor.id)


def _take_up(deed: Deed, survivor: Nonconformity, duplicate: Nonconformity) -> None:
    """A duplicate that is a major makes a major of the case that goes on, with the signatures that takes."""
    if duplicate.grade is Grade.MAJOR and survivor.grade is Grade.MINOR:
        survivor = regrade(
            deed,
            nonconformity_id=survivor.id,
            version=survivor.version,
            tests=duplicate.grade_tests,
            grade=Grade.MAJOR.value,
            rationale=duplicate.grade_rationale,
        )
    rounds = [cases.present_round(deed.uow, each) for each in (survivor, duplicate)]
    present, began = rounds[0], [each.began_on for each in rounds if each]
    if present:
        deed.uow.change(present, began_on=min(began))
    days = [each.due_on for each in (survivor, duplicate) if each.due_on]
    deed.redraw(deed.uow.change(survivor, due_on=min(days, default=None)))


def regrade(
    deed: Deed, *, nonconformity_id: int, version: int, tests: list[str], grade: str, rationale: str
) -> Nonconformity:
    """The grade is signed anew, or raised to major; to lower it is `downgrade`."""
    finding = to_move(deed, "regrade", nonconformity_id, version)
    must_be_a_grade(tests, grade, rationale)
    if finding.grade is Grade.MAJOR and Grade(grade) is Grade.MINOR:
        raise InputWanted("grade", Wish.CHOOSE_GRADE_UP)
    if queries.of_the_body(deed.uow, finding.id) and Grade(grade) is not finding.grade:
        raise InputWanted("grade", Wish.SAY_WHAT_BODY_WROTE)
    return _signed(deed, finding, "regrade", Grade(grade), tests, rationale)


def downgrade(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """A major becomes a minor, by somebody who neither did the work nor signed the grade."""
    finding = to_move(deed, "downgrade", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHY_THIS_GRADE)
    return _signed(deed, finding, "downgrade", Grade.MINOR, [], reason)


def _signed(
    deed: Deed, finding: Nonconformity, verb: str, grade: Grade, tests: list[str], rationale: str
) -> Nonconformity:
    signed = {"grade": grade, "grade_tests": tests, "grade_rationale": rationale.strip()}
    return move_on(deed, finding, verb, {"grade": grade.value, "rationale": rationale.strip()}, **signed)
