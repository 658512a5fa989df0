"""How a case begins: a draft, its grade, its owner who takes it on; and what the clock does with all of them.

What comes after stands in `answering`, `carrying_out`, `effects`, `disputes`, `keeping` and `bodies`.
"""

from dataclasses import replace
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity, Seat
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import cases, earlier_versions, independence, limits, reminding, repeats
from workflows.nonconformities.moving import begin_round, move_on, record, tell_next, to_move
from workflows.nonconformities.origins import UNKNOWN, Origin
from workflows.nonconformities.rules import GRADE_TESTS, WISHES, implied_grade
from workflows.nonconformities.saying import because, want
from workflows.nonconformities.shapes import Finding
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish


def raise_draft(
    deed: Deed, *, finding: Finding, answer_id: int | None = None, origin: Origin = UNKNOWN
) -> Nonconformity:
    """Raise a draft, from an answer or a note of an audit or from wherever `origin` says.

    Raises `NotAllowed`, or `InputWanted` when a part is missing.
    """
    deed.must(Permission.ISSUE_NONCONFORMITY)
    _check_parts(deed.uow, finding, origin)
    if finding.owner_id == deed.by:  # nobody issues what they own, so it would never get on
        raise InputWanted("owner_id", Wish.CHOOSE_SOMEONE_ELSE_AS_OWNER)
    raised = deed.uow.add(
        Nonconformity(
            number=nonconformity_queries.latest_number(deed.uow) + 1,
            answer_id=answer_id,
            **values_of(finding),
            **vars(origin),
            raised_by=deed.by,
            raised_at=deed.at,
            moved_at=deed.at,
        )
    )
    raised = deed.uow.change(raised, due_on=day_of_draft(deed, raised))
    record(deed, raised, "raise", {"answer": answer_id, "requirement": finding.requirement, **origin.told})
    tell_next(deed, raised, independence.actors_next(deed.uow, raised))
    return raised


def day_of_draft(deed: Deed, draft: Nonconformity) -> date:
    """By when somebody should have graded a draft, in the working days of whoever is asked."""
    asked = next(iter(cases.asked_next(deed.uow, draft)), draft.raised_by)
    return limits.day_of_draft(working_days.of_person(deed.uow, asked), deed.today)


def _check_parts(uow: UnitOfWork, finding: Finding, origin: Origin) -> None:
    if origin.is_against_a_standard:
        want_all(finding, WISHES)
        _must_be_known(uow, finding.requirement)
    elif not finding.criterion.strip():
        raise InputWanted("criterion", Wish.NAME_CRITERION)
    else:
        want_all(replace(finding, requirement=finding.criterion), WISHES)
    people_questions.must_be_an_owner(uow, finding.owner_id)


def _must_be_known(uow: UnitOfWork, requirement: str) -> None:
    try:
        framework_questions.find(uow, requirement)
    except KeyError:
        raise InputWanted("requirement", WISHES["requirement"]) from None


def issue(
    deed: Deed, *, nonconformity_id: int, version: int, tests: list[str], grade: str, rationale: str
) -> Nonconformity:
    """Issue a draft with a signed grade; the owner is told, and the first round begins.

    Raises as every move does, and `InputWanted`.
    """
    finding = to_move(deed, "issue", nonconformity_id, version)
    must_be_a_grade(tests, grade, rationale)
    people_questions.must_be_an_owner(deed.uow, finding.owner_id)
    begin_round(deed, finding, "issue")
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


def must_be_a_grade(tests: list[str], grade: str, rationale: str) -> None:
    """A grade as it is signed: with tests that there are, and with a reason. Raises `InputWanted`."""
    if grade not in {each.value for each in Grade} or not set(tests) <= set(GRADE_TESTS):
        raise InputWanted("grade", Wish.CHOOSE_MINOR_OR_MAJOR)
    want(rationale, "rationale", Wish.SAY_WHY_THIS_GRADE)


def discard(deed: Deed, *, nonconformity_id: int, version: int, reason: str) -> Nonconformity:
    """Drop a draft; it stays on record as void, with the reason."""
    finding = to_move(deed, "discard", nonconformity_id, version)
    want(reason, "reason", Wish.SAY_WHY_DROPPED)
    return move_on(deed, finding, "discard", {"reason": reason.strip()}, **because(deed, reason))


def acknowledge(deed: Deed, *, nonconformity_id: int, version: int) -> Nonconformity:
    """The owner has read it and takes it on."""
    finding = to_move(deed, "acknowledge", nonconformity_id, version)
    return move_on(deed, finding, "acknowledge")


# --- the clock ---


def tick(deed: Deed) -> None:
    """Everything about cases that goes by the clock; called twice, it does nothing twice."""
    for finding in nonconformity_queries.without_round(deed.uow):
        earlier_versions.take_over(deed, finding)
    open_and_close_accesses(deed)
    for draft in nonconformity_queries.drafts_without_day(deed.uow):
        deed.uow.change(draft, due_on=day_of_draft(deed, draft))
    for finding in nonconformity_queries.to_check(deed.uow, deed.today):
        move_on(deed, finding, "check_effect")
    reminding.tick(deed)
    ask_for_somebody(deed)
    have_grades_looked_at(deed)


def open_and_close_accesses(deed: Deed) -> None:
    """Let those from outside in on their first day, and out after their last."""
    for access in nonconformity_queries.every_access(deed.uow):
        is_open = access.starts_on <= deed.today <= access.ends_on
        if access.is_open is not is_open:
            deed.uow.change(access, is_open=is_open)
            deed.by_itself.record("case_access.open" if is_open else "case_access.close", access)


def ask_for_somebody(deed: Deed) -> None:
    """Where nobody may act, tell whoever looks after the seats, at once and then every week."""
    for finding in nonconformity_queries.living(deed.uow):
        if cases.is_stuck(deed.uow, finding):
            weeks = (deed.today - deed.today.min).days // 7
            deed.daily(cases.keepers(deed.uow, finding), finding, "nobody", what=f"{finding.version}.{weeks}")


def have_grades_looked_at(deed: Deed) -> None:
    """Where a minor has been overdue for long, ask whoever may sign the grade whether it still holds: once."""
    for finding in nonconformity_queries.due_by(deed.uow, deed.today):
        if repeats.is_overdue_minor(finding, deed.today):
            graders = cases.filling(deed.uow, finding, Seat.GRADER).people
            deed.daily(graders, finding, "regrade", what=finding.due_on)
