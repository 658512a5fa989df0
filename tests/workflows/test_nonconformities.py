"""The lifecycle of a nonconformity: every move from every state by every kind of person, its gates and its timers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse, Verdict
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from storage.nudges.tables import Nudge
from storage.people.tables import RoleGrant
from storage.record import trail
from storage.record.outbox import OutboxRow
from tests.workflows.conftest import MONDAY, actor, deed, owed, the_bot
from tests.workflows.test_desk_audits import confirmed, first_answer
from workflows.dates.workweek import WorkingDays
from workflows.evidence import commands as evidence_commands
from workflows.evidence.refusals import EvidenceMissing
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import commands, independence, registers
from workflows.nonconformities.refusals import OwnCorrection
from workflows.nonconformities.rules import GRADE_TESTS, MOVES, TIMERS, check_day, due_after, implied_grade
from workflows.nonconformities.shapes import Finding, Plan
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale

State = NonconformityState
TODAY = MONDAY.date()
GERMANY = WorkingDays(country="DE")
FINDING = Finding(
    requirement="iso27001-2022:A.5.18",
    evidence="One account of three stayed open for eleven days",
    statement="Access of people who leave is not always removed in time",
    place="Leaver process",
    sample="3 of 3 leavers",
    owner_id="UJONAS",
)
PLAN = Plan(
    correction="The account was closed",
    consequences="Nobody was affected",
    extent="All leavers of the year were compared",
    causes=("Told by hand", "Nothing reminds anybody"),
    corrective_action="A ticket opens by itself",
    action_due_on=TODAY + timedelta(days=14),
    effect_criterion="No late closure in two months",
    check_effect_on=TODAY + timedelta(days=45),
    risk_decision="No change: the risk was rated right",
    system_decision="The checklist names the ticket",
)


def raise_it(uow: UnitOfWork, finding: Finding = FINDING) -> Nonconformity:
    """A draft, raised by Liam."""
    return commands.raise_draft(deed(uow, "ULIAM"), answer_id=first_answer(uow, confirmed(uow)).id, finding=finding)


def put(uow: UnitOfWork, state: State, grade: Grade = Grade.MINOR) -> Nonconformity:
    """A nonconformity brought into a state the way people bring it there."""
    found = raise_it(uow)
    for by, move, values in _way(grade):
        if found.state is state:
            return found
        found = make(uow, move, found, by, **values)
    assert found.state is state
    return found


def _way(grade: Grade) -> list[tuple[str, str, dict[str, Any]]]:
    reviewer, verifier = ("UDAVID", "ULIAM") if grade is Grade.MAJOR else ("ULIAM", "UMIRA")
    return [
        ("ULIAM", "issue", {"grade": grade.value}),
        ("UJONAS", "acknowledge", {}),
        ("UJONAS", "respond", {}),
        (reviewer, "accept_plan", {}),
        ("UJONAS", "claim_done", {}),
        (verifier, "confirm_implementation", {}),
        ("", "check_effect", {}),
        (verifier, "confirm_effective", {}),
    ]


VALUES: dict[str, dict[str, Any]] = {
    "issue": {"tests": [], "grade": "minor", "rationale": "One slip"},
    "discard": {"reason": "Seen twice"},
    "respond": {"plan": PLAN},
    "return_plan": {"reason": "The cause repeats the finding"},
    "reject_implementation": {"reason": "The rule is switched off"},
    "confirm_implementation": {"method_and_sample": "Looked at the rule and one ticket"},
    "confirm_effective": {"result": "None late"},
    "confirm_ineffective": {"result": "Two late"},
}


def make(uow: UnitOfWork, move: str, found: Nonconformity, by: str, **values: Any) -> Nonconformity:
    """Make a move as somebody, with all it needs."""
    if move == "check_effect":
        commands.tick(the_bot(uow, MONDAY + timedelta(days=200)))
        return uow.get(Nonconformity, found.id)
    if move == "claim_done" and found.state is State.IMPLEMENTING and by == "UJONAS":
        give(uow, found)
        found = uow.get(Nonconformity, found.id)
    command: Callable[..., Nonconformity] = getattr(commands, move)
    wanted = {**VALUES.get(move, {}), **values}
    return command(deed(uow, by), nonconformity_id=found.id, version=found.version, **wanted)


def give(uow: UnitOfWork, found: Nonconformity, by: str = "UJONAS") -> Evidence:
    """Evidence of what was done."""
    [taken] = evidence_commands.give_for_nonconformity(
        deed(uow, by),
        nonconformity_id=found.id,
        files=[OfferedFile(f"F{found.id}{uow.count(Evidence)}", "rule.txt", 3, "")],
        place=Place("", ""),
    )
    return evidence_commands.keep(the_bot(uow), evidence_id=taken.id, sha256="1" * 64, size=3, media_type="text/plain")


REACHABLE = [state for state in State if state is not State.VOID]
PERSONS_MOVES = [move for move in MOVES if move != "check_effect"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", REACHABLE)
def test_a_move_begins_in_its_state_and_in_no_other(programme: UnitOfWork, state: State) -> None:
    found = put(programme, state)
    for move in PERSONS_MOVES:
        if MOVES[move][0] is state:
            continue
        for person in ("UJONAS", "ULIAM", "UMIRA"):
            with pytest.raises(AlreadyDecided):
                make(programme, move, found, person)
    assert programme.get(Nonconformity, found.id) == found


WHO_MAY = {
    "issue": {"UMIRA", "UINES", "ULIAM"},
    "discard": {"UMIRA", "UINES", "ULIAM"},
    "acknowledge": {"UJONAS"},
    "respond": {"UJONAS"},
    "return_plan": {"UMIRA", "UINES", "ULIAM"},
    "accept_plan": {"UMIRA", "UINES", "ULIAM"},
    "claim_done": {"UJONAS"},
    "reject_implementation": {"UMIRA", "UINES", "ULIAM"},
    "confirm_implementation": {"UMIRA", "UINES", "ULIAM"},
    "confirm_effective": {"UMIRA", "UINES", "ULIAM"},
    "confirm_ineffective": {"UMIRA", "UINES", "ULIAM"},
}
EVERYBODY = ("UMIRA", "UINES", "ULIAM", "UJONAS", "UDAVID", "UTOM")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("move", WHO_MAY)
def test_who_may_make_a_move_on_a_minor(programme: UnitOfWork, move: str, person: str) -> None:
    found = put(programme, MOVES[move][0])
    shown = independence.moves_for(programme, found, actor(programme, person))
    assert (move in shown) == (person in WHO_MAY[move])
    if person in WHO_MAY[move]:
        assert make(programme, move, found, person).state is MOVES[move][1]
    else:
        with pytest.raises((NotAllowed, OwnCorrection)):
            make(programme, move, found, person)


def test_the_whole_way_of_a_minor(programme: UnitOfWork) -> None:
    closed = put(programme, State.CLOSED)
    assert (closed.closed_by, closed.effect_confirmed_by, closed.grade) == ("UMIRA", "UMIRA", Grade.MINOR)
    entries = programme.all(trail.TrailEntry, col(trail.TrailEntry.subject) == "nonconformity")
    assert [entry.verb.partition(".")[2] for entry in entries] == ["raise", *(move for _, move, _ in _way(Grade.MINOR))]
    assert trail.verify(programme) == []


def test_a_major_takes_managements_consent_and_a_second_signature(programme: UnitOfWork) -> None:
    review = put(programme, State.PLAN_REVIEW, Grade.MAJOR)
    for person in ("ULIAM", "UMIRA"):
        with pytest.raises(NotAllowed):
            make(programme, "accept_plan", review, person)
    waiting = put_on(programme, review, Grade.MAJOR)
    assert (waiting.state, waiting.effect_confirmed_by) == (State.EFFECTIVENESS_REVIEW, "ULIAM")
    assert independence.actors_next(programme, waiting) == ["UMIRA", "UINES"]
    for person in ("ULIAM", "UJONAS"):
        with pytest.raises((NotAllowed, OwnCorrection)):
            make(programme, "co_sign", waiting, person)
    closed = make(programme, "co_sign", waiting, "UINES")
    assert (closed.state, closed.closed_by, closed.effect_confirmed_by) == (State.CLOSED, "UINES", "ULIAM")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("person", EVERYBODY)
def test_whoever_consents_to_the_plan_for_a_major_may_return_it_as_well(programme: UnitOfWork, person: str) -> None:
    review = put(programme, State.PLAN_REVIEW, Grade.MAJOR)
    shown = independence.moves_for(programme, review, actor(programme, person))
    assert ("return_plan" in shown) == (person in {"UMIRA", "UINES", "ULIAM", "UDAVID"})
    if "return_plan" in shown:
        assert make(programme, "return_plan", review, person).state is State.RESPONDING


def test_with_one_lead_who_confirmed_the_effect_management_signs(programme: UnitOfWork) -> None:
    waiting = put_on(programme, put(programme, State.PLAN_REVIEW, Grade.MAJOR), Grade.MAJOR)
    waiting = programme.change(waiting, effect_confirmed_by="UMIRA")
    for grant in programme.all(RoleGrant, col(RoleGrant.person_id) == "UINES"):
        programme.change(grant, ended_at=MONDAY)
    assert independence.actors_next(programme, waiting) == ["UDAVID"]
    with pytest.raises(OwnCorrection):
        make(programme, "co_sign", waiting, "UMIRA")
    assert make(programme, "co_sign", waiting, "UDAVID").state is State.CLOSED


def test_whoever_lets_a_day_pass_is_reminded_once(programme: UnitOfWork) -> None:
    found = put(programme, State.ISSUED)
    for day in range(10):
        commands.tick(the_bot(programme, MONDAY + timedelta(days=day)))
    rows = programme.all(Nudge, col(Nudge.subject_id) == found.id, col(Nudge.subject) == "nonconformity")
    assert [(row.rung, row.person_id) for row in rows] == [("overdue", "UJONAS")]


def put_on(uow: UnitOfWork, found: Nonconformity, grade: Grade) -> Nonconformity:
    """The rest of the way from the review of the plan on."""
    for by, move, values in _way(grade)[3:]:
        found = make(uow, move, found, by, **values)
    return found


def test_a_lead_who_gave_evidence_is_not_independent(programme: UnitOfWork) -> None:
    found = put(programme, State.IMPLEMENTING)
    given = give(programme, found)
    programme.change(given, provided_by="UMIRA")
    verifying = make(programme, "claim_done", programme.get(Nonconformity, found.id), "UJONAS")
    assert independence.actors_next(programme, verifying) == ["UINES"]
    with pytest.raises(OwnCorrection):
        make(programme, "confirm_implementation", verifying, "UMIRA")


def test_done_is_not_claimed_without_evidence(programme: UnitOfWork) -> None:
    found = put(programme, State.IMPLEMENTING)
    with pytest.raises(EvidenceMissing):
        commands.claim_done(deed(programme, "UJONAS"), nonconformity_id=found.id, version=found.version)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(PLAN, correction=" "), "correction"),
        (replace(PLAN, consequences=""), "consequences"),
        (replace(PLAN, extent=""), "extent"),
        (replace(PLAN, causes=("Told by hand",)), "causes_2"),
        (replace(PLAN, causes=("Told by hand", "told BY hand")), "causes_2"),
        (replace(PLAN, causes=("a", "b", FINDING.statement)), "causes_3"),
        (replace(PLAN, corrective_action=""), "corrective_action"),
        (replace(PLAN, action_due_on=TODAY - timedelta(days=1)), "action_due_on"),
        (replace(PLAN, action_due_on=TODAY + timedelta(days=91)), "action_due_on"),
        (replace(PLAN, effect_criterion=""), "effect_criterion"),
        (replace(PLAN, check_effect_on=PLAN.action_due_on), "check_effect_on"),
        (replace(PLAN, risk_decision=""), "risk_decision"),
        (replace(PLAN, system_decision=""), "system_decision"),
    ],
)
def test_a_response_with_a_gap_names_its_field(programme: UnitOfWork, plan: Plan, field: str) -> None:
    found = put(programme, State.RESPONDING)
    with pytest.raises(InputWanted) as refused:
        make(programme, "respond", found, "UJONAS", plan=plan)
    assert refused.value.field == field
    assert programme.get(Nonconformity, found.id) == found


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        (replace(FINDING, evidence=" "), "evidence"),
        (replace(FINDING, statement=""), "statement"),
        (replace(FINDING, place=""), "place"),
        (replace(FINDING, sample=""), "sample"),
        (replace(FINDING, requirement="iso27001-2022:A.99"), "requirement"),
        (replace(FINDING, owner_id="UOTTO"), "owner_id"),
        (replace(FINDING, owner_id="ULIAM"), "owner_id"),
    ],
)
def test_no_evidence_no_finding(programme: UnitOfWork, finding: Finding, field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        raise_it(programme, finding)
    assert refused.value.field == field
    assert programme.count(Nonconformity) == 0


def test_a_draft_that_its_author_owns_waits_for_somebody_else(programme: UnitOfWork) -> None:
    draft = registers.take_over(deed(programme, "ULIAM"), replace(FINDING, owner_id="ULIAM"), number=1, details={})
    assert independence.actors_next(programme, draft) == ["UMIRA", "UINES"]


@pytest.mark.parametrize("values", [{"grade": "huge"}, {"grade": ""}, {"tests": ["M9"]}, {"rationale": " "}])
def test_a_grade_is_signed_with_a_reason(programme: UnitOfWork, values: dict[str, Any]) -> None:
    with pytest.raises(InputWanted):
        make(programme, "issue", raise_it(programme), "ULIAM", **values)


@pytest.mark.parametrize("tests", [[], ["M1"], list(GRADE_TESTS)])
def test_the_tests_imply_a_grade_and_a_person_signs_another(programme: UnitOfWork, tests: list[str]) -> None:
    assert implied_grade(tests) is (Grade.MAJOR if tests else Grade.MINOR)
    signed = make(programme, "issue", raise_it(programme), "ULIAM", tests=tests, grade="minor")
    assert (signed.grade, signed.grade_tests) == (Grade.MINOR, tests)


def test_what_was_not_effective_begins_a_new_round(programme: UnitOfWork) -> None:
    found = put(programme, State.EFFECTIVENESS_REVIEW)
    again = make(programme, "confirm_ineffective", found, "UMIRA")
    assert (again.state, again.reason, again.reason_by) == (State.RESPONDING, "Two late", "UMIRA")
    assert make(programme, "respond", again, "UJONAS").round == 2


def test_what_was_not_effective_is_not_shown_by_the_same_file_without_a_word(programme: UnitOfWork) -> None:
    found = make(programme, "confirm_ineffective", put(programme, State.EFFECTIVENESS_REVIEW), "UMIRA")
    for by, move in (("UJONAS", "respond"), ("ULIAM", "accept_plan")):
        found = make(programme, move, found, by)
    again = give(programme, found)
    assert [use.verdict for use in evidence_queries.uses_of(programme, again.id)] == [None]


def test_a_click_on_an_old_card_is_told_so(programme: UnitOfWork) -> None:
    found = put(programme, State.VERIFYING)
    programme.change(found)
    with pytest.raises(Stale):
        make(programme, "confirm_implementation", found, "UMIRA")


def test_the_owner_goes_on_whatever_the_card_showed(programme: UnitOfWork) -> None:
    found = put(programme, State.IMPLEMENTING)
    give(programme, found)
    done = commands.claim_done(deed(programme, "UJONAS"), nonconformity_id=found.id, version=found.version)
    assert done.state is State.VERIFYING


def test_whoever_must_act_next_is_told_and_at_the_end_the_owner(programme: UnitOfWork) -> None:
    closed = put(programme, State.CLOSED)
    rows = programme.all(OutboxRow, col(OutboxRow.kind) == "nonconformity.card", order_by=col(OutboxRow.id))
    assert {row.subject_id for row in rows} == {closed.id}
    assert [(row.values["what"][0], row.recipient) for row in rows] == [
        ("draft", "ULIAM"),
        ("issued", "UJONAS"),
        ("plan_review", "ULIAM"),
        ("implementing", "UJONAS"),
        ("verifying", "UMIRA"),
        ("verifying", "UINES"),
        ("closed", "UJONAS"),
    ]
    assert owed(programme, "nonconformity", "effectiveness_review", closed.id) == {"UMIRA"}


def test_the_effect_is_not_checked_before_its_day(programme: UnitOfWork) -> None:
    found = put(programme, State.MONITORING)
    assert found.check_effect_on is not None
    days = (found.check_effect_on - TODAY).days
    commands.tick(the_bot(programme, MONDAY + timedelta(days=days - 1)))
    assert programme.get(Nonconformity, found.id).state is State.MONITORING
    commands.tick(the_bot(programme, MONDAY + timedelta(days=days)))
    assert programme.get(Nonconformity, found.id).state is State.EFFECTIVENESS_REVIEW


def test_evidence_is_judged_with_the_implementation(programme: UnitOfWork) -> None:
    found = put(programme, State.VERIFYING)
    make(programme, "reject_implementation", found, "UMIRA")
    assert {each.verdict for each in programme.all(EvidenceUse)} == {Verdict.RETURNED}


@given(st.sampled_from(Grade), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_the_watch_is_never_shorter_or_longer_than_its_grade_allows(grade: Grade, verified: date, days: int) -> None:
    check = check_day(grade, verified + timedelta(days=days), verified)
    assert TIMERS[grade].shortest_watch_days <= (check - verified).days <= TIMERS[grade].longest_watch_days


@given(
    st.sampled_from(Grade), st.sampled_from(State), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 400)
)
def test_nothing_ever_falls_due_in_the_past(grade: Grade, state: State, issued: date, days: int) -> None:
    today = issued + timedelta(days=days)
    due = due_after(state, grade, issued_on=issued, today=today, action_due_on=issued, check_on=today, working=GERMANY)
    assert due is None or due >= today


@pytest.mark.parametrize(
    ("grade", "state", "days"),
    [
        (Grade.MAJOR, State.RESPONDING, 14),
        (Grade.MINOR, State.RESPONDING, 30),
        (Grade.MAJOR, State.IMPLEMENTING, 21),
        (Grade.MINOR, State.IMPLEMENTING, 21),
    ],
)
def test_a_response_is_due_by_grade_and_its_action_on_the_day_it_names(grade: Grade, state: State, days: int) -> None:
    named = TODAY + timedelta(days=21)
    due = due_after(state, grade, issued_on=TODAY, today=TODAY, action_due_on=named, check_on=None, working=GERMANY)
    assert due == GERMANY.on_or_before(TODAY + timedelta(days=days))


def test_a_void_draft_stays_on_record_with_its_reason(programme: UnitOfWork) -> None:
    void = make(programme, "discard", raise_it(programme), "ULIAM")
    assert (void.state, void.reason) == (State.VOID, "Seen twice")
    assert programme.get(Nonconformity, void.id) == void
    assert raise_again(programme, void).number == void.number + 1


def raise_again(uow: UnitOfWork, void: Nonconformity) -> Nonconformity:
    """The same answer once more, after the first draft was dropped."""
    return commands.raise_draft(deed(uow, "ULIAM"), answer_id=void.answer_id, finding=FINDING)
