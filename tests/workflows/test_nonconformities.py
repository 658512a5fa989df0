"""The lifecycle of a nonconformity: every move from every state by every kind of person, its gates and its timers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse, Verdict
from storage.nonconformities import queries
from storage.nonconformities.tables import Grade, Mark, Nonconformity, NonconformityState, Signs
from storage.people.tables import RoleGrant
from storage.record import trail
from storage.record.outbox import OutboxRow
from tests.conftest import WORKSPACE
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from tests.workflows.test_desk_audits import confirmed, first_answer
from workflows.evidence import commands as evidence_commands
from workflows.evidence.refusals import EvidenceMissing
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import (
    answering,
    bodies,
    carrying_out,
    cases,
    commands,
    disputes,
    effects,
    exceptions,
    independence,
    keeping,
    questions,
    registers,
)
from workflows.nonconformities.lifecycle import EVENTS
from workflows.nonconformities.refusals import NotYourSeat, OwnCorrection
from workflows.nonconformities.rules import GRADE_TESTS, implied_grade
from workflows.nonconformities.shapes import BodyLetter, Finding, Plan
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.refusals import InputWanted, NotAllowed, Stale
from workflows.wishes import Wish

State = NonconformityState
TODAY = MONDAY.date()
FINDING = Finding(
    requirement="iso27001-2022:A.5.18",
    evidence="One account of three stayed open for eleven days",
    statement="Access of people who leave is not always removed in time",
    place="Leaver process",
    sample="3 of 3 leavers",
    owner_id="UJONAS",
)
PLAN = Plan(
    contained="The account was locked the same hour",
    correction="The account was closed on 11 October",
    consequences="Nobody was affected by it",
    extent="All leavers of the year were compared",
    causes=("IT is told by a mail", "Nothing reminds anybody of it", "Two teams each think the other does it"),
    how_unnoticed="No list of leavers is compared with the accounts",
    corrective_action="The HR system opens a ticket by itself",
    action_due_on=TODAY + timedelta(days=14),
    expected_proof="The rule, and the first ticket",
    effect_criterion="Leavers whose access closed on the last day",
    effect_target="100 %",
    effect_source="The list of leavers",
    effect_period="January and February",
    check_effect_on=TODAY + timedelta(days=45),
    risk_decision="No change: the risk was rated right",
    system_decision="The checklist names the ticket",
)


LETTER = BodyLetter(
    body="Certo", body_number="2026-7", body_text="Access stayed open", audit="Stage 2", letter="Of 20 November"
)


def raise_it(uow: UnitOfWork, finding: Finding = FINDING) -> Nonconformity:
    """A draft, raised by Liam."""
    return commands.raise_draft(deed(uow, "ULIAM"), answer_id=first_answer(uow, confirmed(uow)).id, finding=finding)


def put(uow: UnitOfWork, state: State, grade: Grade = Grade.MINOR) -> Nonconformity:
    """A nonconformity brought into a state the way people bring it there; into some of them only a major comes."""
    if state in (State.CONSENTING, State.SECOND_SIGNATURE):
        grade = Grade.MAJOR
    found = raise_it(uow)
    if state is State.AWAITING_BODY:
        found = make(uow, "note_body", found, "UMIRA", letter=LETTER)
    if state is State.CONTESTED:
        found = make(uow, "contest", make(uow, "issue", found, "ULIAM", grade=grade.value), "UJONAS")
    for by, move, values in _way(grade):
        if found.state is state:
            return found
        found = make(uow, move, found, by, **values)
    assert found.state is state
    return found


def _way(grade: Grade) -> list[tuple[str, str, dict[str, Any]]]:
    consent: list[tuple[str, str, dict[str, Any]]] = [("UDAVID", "consent", {})] if grade is Grade.MAJOR else []
    second: list[tuple[str, str, dict[str, Any]]] = [("UINES", "co_sign", {})] if grade is Grade.MAJOR else []
    return [
        ("ULIAM", "issue", {"grade": grade.value}),
        ("UJONAS", "acknowledge", {}),
        ("UJONAS", "respond", {}),
        ("ULIAM", "accept_plan", {}),
        *consent,
        ("UJONAS", "claim_done", {}),
        ("UMIRA", "confirm_implementation", {}),
        ("", "check_effect", {}),
        ("UMIRA", "confirm_effective", {}),
        *second,
    ]


MODULES = (commands, answering, carrying_out, effects, disputes, keeping, bodies)


def command_of(verb: str) -> Callable[..., Nonconformity]:
    """The command behind an event."""
    found: Callable[..., Nonconformity] = next(vars(module)[verb] for module in MODULES if verb in vars(module))
    return found


VALUES: dict[str, dict[str, Any]] = {
    "issue": {"tests": [], "grade": "minor", "rationale": "One slip"},
    "discard": {"reason": "Seen twice"},
    "respond": {"plan": PLAN},
    "return_plan": {"reason": "The cause repeats the finding"},
    "reject_implementation": {"reason": "The rule is switched off"},
    "confirm_implementation": {"method_and_sample": "Looked at the rule and one ticket"},
    "confirm_effective": {"value": "100 %", "result": "None was late in January"},
    "confirm_ineffective": {"value": "80 %", "result": "Two of ten were late"},
    "accept_correction_only": {"reason": "A single slip"},
    "refuse_consent": {"reason": "No money for it this year"},
    "review_anew": {"reason": "David is the only manager now"},
    "change_plan": {"plan": PLAN},
    "extend": {"until": TODAY + timedelta(days=20), "reason": "The vendor is late"},
    "reject_correction": {"reason": "The account is open still"},
    "confirm_correction": {"method_and_sample": "Looked at the account"},
    "watch_longer": {"until": TODAY + timedelta(days=150), "reason": "It ran once"},
    "refuse_to_sign": {"reason": "One month is not enough"},
    "recur": {"reason": "Another account on 3 January"},
    "reopen": {"reason": "Another account on 3 January"},
    "contest": {"reason": "The rule asks for eleven days"},
    "uphold": {"heard": "It was by the rule", "other_side": "The rule is ours", "reason": "The standard says in time"},
    "withdraw": {"heard": "Jonas, on Monday", "other_side": "Liam, too", "reason": "It was closed on the day"},
    "regrade": {"tests": [], "grade": "major", "rationale": "It came up in three teams"},
    "downgrade": {"reason": "One slip after all"},
    "reassign_owner": {"owner_id": "UPRIYA", "reason": "Jonas asked"},
}


def make(uow: UnitOfWork, move: str, found: Nonconformity, by: str, **values: Any) -> Nonconformity:
    """Make a move as somebody, with all it needs."""
    if move == "check_effect":
        commands.tick(the_bot(uow, MONDAY + timedelta(days=200)))
        return uow.get(Nonconformity, found.id)
    if move == "claim_done" and found.state is State.IMPLEMENTING and by == "UJONAS":
        give(uow, found)
        found = uow.get(Nonconformity, found.id)
    wanted = {**VALUES.get(move, {}), **values}
    return command_of(move)(deed(uow, by), nonconformity_id=found.id, version=found.version, **wanted)


def give(uow: UnitOfWork, found: Nonconformity, by: str = "UJONAS", at: datetime = MONDAY) -> Evidence:
    """Evidence of what was done."""
    [taken] = evidence_commands.give_for_nonconformity(
        deed(uow, by, at),
        nonconformity_id=found.id,
        files=[OfferedFile(f"F{found.id}{uow.count(Evidence)}", "rule.txt", 3, "")],
        place=Place("", ""),
    )
    return evidence_commands.keep(the_bot(uow), evidence_id=taken.id, sha256="1" * 64, size=3, media_type="text/plain")


def test_the_whole_way_of_a_minor(programme: UnitOfWork) -> None:
    closed = put(programme, State.CLOSED)
    assert (closed.closed_by, closed.effect_confirmed_by, closed.grade) == ("UMIRA", "UMIRA", Grade.MINOR)
    entries = programme.all(trail.TrailEntry, col(trail.TrailEntry.subject) == "nonconformity")
    assert [entry.verb.partition(".")[2] for entry in entries] == ["raise", *(move for _, move, _ in _way(Grade.MINOR))]
    assert trail.verify(programme) == []


def test_a_major_is_reviewed_then_consented_to_and_signed_by_two(programme: UnitOfWork) -> None:
    review = put(programme, State.PLAN_REVIEW, Grade.MAJOR)
    consenting = make(programme, "accept_plan", review, "ULIAM")
    assert (consenting.state, independence.actors_next(programme, consenting)) == (State.CONSENTING, ["UDAVID"])
    closed = put_on(programme, consenting, Grade.MAJOR)
    signed = {signs: each.person_id for signs, each in cases.standing(programme, closed).items()}
    assert (closed.state, closed.closed_by) == (State.CLOSED, "UINES")
    assert signed == {
        Signs.GRADE: "ULIAM",
        Signs.REVIEW: "ULIAM",
        Signs.CONSENT: "UDAVID",
        Signs.IMPLEMENTATION: "UMIRA",
        Signs.EFFECT: "UMIRA",
        Signs.SECOND: "UINES",
    }
    assert exceptions.of_case(programme, closed, TODAY) == [Mark.SHORT_WATCH]  # all of it on one day


def test_the_second_signature_is_not_of_whoever_consented_while_others_are_there(programme: UnitOfWork) -> None:
    waiting = put(programme, State.SECOND_SIGNATURE, Grade.MAJOR)
    with pytest.raises(NotYourSeat):
        make(programme, "co_sign", waiting, "UDAVID")
    for grant in programme.all(RoleGrant, col(RoleGrant.person_id).in_(["UINES", "ULIAM"])):
        programme.change(grant, ended_at=MONDAY)
    closed = make(programme, "co_sign", waiting, "UDAVID")
    assert exceptions.of_case(programme, closed, TODAY) == [Mark.CONSENT_SIGNER, Mark.SHORT_WATCH]


def put_on(uow: UnitOfWork, found: Nonconformity, grade: Grade) -> Nonconformity:
    """The rest of the way from the review of the plan on."""
    for by, move, values in _way(grade):
        if found.state in EVENTS[move].begins:
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
        carrying_out.claim_done(deed(programme, "UJONAS"), nonconformity_id=found.id, version=found.version)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(PLAN, correction=" "), "correction"),
        (replace(PLAN, consequences=""), "consequences"),
        (replace(PLAN, extent=""), "extent"),
        (replace(PLAN, causes=("IT is told by a mail",)), "causes_2"),
        (replace(PLAN, causes=("IT is told by a mail", "by a mail IT is TOLD")), "causes_2"),
        (replace(PLAN, causes=("IT is told by mail", "Nothing reminds anybody", FINDING.statement)), "causes_3"),
        (replace(PLAN, corrective_action=""), "corrective_action"),
        (replace(PLAN, action_due_on=TODAY - timedelta(days=1)), "action_due_on"),
        (replace(PLAN, action_due_on=TODAY + timedelta(days=91)), "action_due_on"),
        (replace(PLAN, effect_criterion=""), "effect_criterion"),
        (replace(PLAN, check_effect_on=PLAN.action_due_on), "check_effect_on"),
        (replace(PLAN, risk_decision=""), "risk_decision"),
        (replace(PLAN, system_decision=""), "system_decision"),
        (replace(PLAN, effect_target="better"), "effect_target"),
        (replace(PLAN, expected_proof=""), "expected_proof"),
        (replace(PLAN, assignee_id="UOTTO"), "assignee_id"),
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


def test_a_major_merged_into_a_minor_makes_a_major_of_it_with_the_earlier_days(programme: UnitOfWork) -> None:
    major, raised = put(programme, State.ISSUED, Grade.MAJOR), TODAY - timedelta(days=3)
    present = cases.present_round(programme, major)
    assert present is not None
    programme.change(present, began_on=raised)
    minor = make(programme, "issue", commands.raise_draft(deed(programme, "ULIAM"), finding=FINDING), "ULIAM")
    disputes.merge(deed(programme, "ULIAM"), nonconformity_id=major.id, version=major.version, survivor_id=minor.id)
    goes_on = programme.get(Nonconformity, minor.id)
    present = cases.present_round(programme, goes_on)
    assert (goes_on.grade, goes_on.due_on, present and present.began_on) == (Grade.MAJOR, major.due_on, raised)
    assert make(programme, "acknowledge", goes_on, "UJONAS").state is State.RESPONDING
    answered = make(programme, "respond", programme.get(Nonconformity, minor.id), "UJONAS")
    assert make(programme, "accept_plan", answered, "ULIAM").state is State.CONSENTING


def test_whoever_was_told_of_a_case_may_read_it(programme: UnitOfWork) -> None:
    found = put(programme, State.ISSUED)
    with pytest.raises(NotAllowed):
        questions.to_read(deed(programme, "UPRIYA"), nonconformity_id=found.id)
    deed(programme, "ULIAM").daily(["UPRIYA"], found, "late")
    assert questions.to_read(deed(programme, "UPRIYA"), nonconformity_id=found.id) == found


def test_nothing_is_merged_into_a_draft(programme: UnitOfWork) -> None:
    found = put(programme, State.ISSUED, Grade.MAJOR)
    draft = commands.raise_draft(deed(programme, "ULIAM"), finding=FINDING)
    with pytest.raises(InputWanted):
        disputes.merge(deed(programme, "ULIAM"), nonconformity_id=found.id, version=found.version, survivor_id=draft.id)


@pytest.mark.parametrize(("value", "result"), [("better", "None was late in January"), ("100 %", "fine")])
def test_an_empty_phrase_proves_no_effect(programme: UnitOfWork, value: str, result: str) -> None:
    found = put(programme, State.EFFECTIVENESS_REVIEW)
    with pytest.raises(InputWanted):
        make(programme, "confirm_effective", found, "UMIRA", value=value, result=result)


def test_what_was_not_effective_begins_a_new_round(programme: UnitOfWork) -> None:
    found = put(programme, State.EFFECTIVENESS_REVIEW)
    again = make(programme, "confirm_ineffective", found, "UMIRA")
    assert (again.state, again.reason, again.reason_by) == (State.RESPONDING, "Two of ten were late", "UMIRA")
    other = replace(PLAN, corrective_action="Access ends with the contract, without a mail")
    assert make(programme, "respond", again, "UJONAS", plan=other).round == 2
    assert [(each.number, each.begun_by) for each in queries.rounds(programme, found.id)] == [
        (1, "issue"),
        (2, "confirm_ineffective"),
    ]


def test_what_did_not_work_is_not_tried_again_in_the_same_words(programme: UnitOfWork) -> None:
    again = make(programme, "confirm_ineffective", put(programme, State.EFFECTIVENESS_REVIEW), "UMIRA")
    with pytest.raises(InputWanted) as refused:
        make(programme, "respond", again, "UJONAS")
    assert (refused.value.field, refused.value.wish) == ("corrective_action", Wish.SAY_WHAT_IS_DIFFERENT_NOW)


def test_what_was_not_effective_is_not_shown_by_the_same_file_without_a_word(programme: UnitOfWork) -> None:
    found = make(programme, "confirm_ineffective", put(programme, State.EFFECTIVENESS_REVIEW), "UMIRA")
    other = replace(PLAN, corrective_action="Access ends with the contract, without a mail")
    found = make(programme, "respond", found, "UJONAS", plan=other)
    found = make(programme, "accept_plan", found, "ULIAM")
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
    done = carrying_out.claim_done(deed(programme, "UJONAS"), nonconformity_id=found.id, version=found.version)
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


def test_a_void_draft_stays_on_record_with_its_reason(programme: UnitOfWork) -> None:
    void = make(programme, "discard", raise_it(programme), "ULIAM")
    assert (void.state, void.reason) == (State.VOID, "Seen twice")
    assert programme.get(Nonconformity, void.id) == void
    assert raise_again(programme, void).number == void.number + 1


def raise_again(uow: UnitOfWork, void: Nonconformity) -> Nonconformity:
    """The same answer once more, after the first draft was dropped."""
    return commands.raise_draft(deed(uow, "ULIAM"), answer_id=void.answer_id, finding=FINDING)


def test_where_nobody_may_act_whoever_looks_after_the_seats_is_asked_for_somebody(programme: UnitOfWork) -> None:
    found = put(programme, State.RESPONDING)
    people_commands.sync(the_bot(programme), [DirectoryEntry("UJONAS", "Jonas", "", "UTC", is_deactivated=True)])
    assert cases.is_stuck(programme, found)
    commands.tick(the_bot(programme))
    assert owed(programme, "nonconformity", "nobody", found.id) == {"UMIRA", "UINES", "UDAVID"}
    given_on = make(programme, "reassign_owner", found, "UMIRA")
    assert (given_on.owner_id, given_on.earlier_owners, given_on.due_on) == ("UPRIYA", ["UJONAS"], found.due_on)
    assert independence.actors_next(programme, given_on) == ["UPRIYA"]


def test_a_case_of_an_earlier_version_goes_on_with_the_signatures_its_row_tells_of(programme: UnitOfWork) -> None:
    found = put(programme, State.EFFECTIVENESS_REVIEW, Grade.MAJOR)
    for row in (*queries.rounds(programme, found.id), *queries.signatures(programme, found.id)):
        programme.connection.execute(text(f"DELETE FROM {row.__tablename__} WHERE id = {row.id}"))  # as it was then
    programme.change(found, effect="None was late in January", effect_confirmed_by="UMIRA", effect_confirmed_at=MONDAY)
    fresh = UnitOfWork(programme.connection, WORKSPACE)
    commands.tick(the_bot(fresh))
    waiting = fresh.get(Nonconformity, found.id)
    signed = {signs: each.person_id for signs, each in cases.standing(fresh, waiting).items()}
    assert (waiting.state, signed[Signs.REVIEW], signed[Signs.EFFECT]) == (State.SECOND_SIGNATURE, "ULIAM", "UMIRA")
    assert make(fresh, "co_sign", waiting, "UINES").state is State.CLOSED
