"""Each action of a plan with whoever carries it out: who may do what with it, its proof, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.nonconformities import queries
from storage.nonconformities.tables import Action, ActionState, Nonconformity, NonconformityState
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from tests.workflows.test_nonconformities import PLAN, make, put
from workflows.corrective_actions import commands, questions
from workflows.corrective_actions.rules import STEPS, TO_DO, Move, moves_for
from workflows.corrective_actions.shapes import HandedBack, NewAssignee, Proof
from workflows.evidence import commands as evidence_commands
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import answering, carrying_out
from workflows.nonconformities.carrying_out import ACTION_CARD
from workflows.nonconformities.refusals import NotYet
from workflows.nonconformities.shapes import FurtherAction
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale

State = NonconformityState
BY_A_SENTENCE = Proof("The list of January stands in the folder of HR")
FURTHER = FurtherAction(
    text="Monthly comparison of leavers and accounts",
    for_causes=("1",),
    assignee_id="UPRIYA",
    due_on=MONDAY.date() + timedelta(days=20),
    expected_proof="The list of January",
)


@pytest.fixture
def action(programme: UnitOfWork) -> Action:
    """Priya's action of Jonas' plan, which is being carried out."""
    finding = put(programme, State.RESPONDING)
    jonas = deed(programme, "UJONAS")
    answering.add_action(jonas, nonconformity_id=finding.id, version=finding.version, action=FURTHER)
    sent = answering.respond(jonas, nonconformity_id=finding.id, version=finding.version, plan=PLAN)
    make(programme, "accept_plan", sent, "ULIAM")
    return next(each for each in queries.actions(programme, finding.id) if each.assignee_id == "UPRIYA")


def case_of(uow: UnitOfWork, action: Action) -> Nonconformity:
    return uow.get(Nonconformity, action.nonconformity_id)


def now(uow: UnitOfWork, action: Action) -> dict[str, Any]:
    """An action as it stands now, for a command."""
    return {"action_id": action.id, "version": uow.get(Action, action.id).version}


def told(uow: UnitOfWork, rung: str) -> list[str]:
    """Who is to hear of an action in their message of the day, each as often as they are to."""
    return [each.person_id for each in uow.matching(Nudge, subject="nonconformity_action", rung=rung)]


def cards(uow: UnitOfWork) -> list[str]:
    """Who was told of an action by a card of their own."""
    return [row.recipient for row in uow.matching(OutboxRow, kind=ACTION_CARD)]


def test_whoever_carries_it_out_gets_a_card_once_the_plan_is_accepted(programme: UnitOfWork, action: Action) -> None:
    assert cards(programme) == ["UPRIYA"]


def test_it_is_begun_reported_with_a_sentence_and_accepted_with_the_case(programme: UnitOfWork, action: Action) -> None:
    priya = deed(programme, "UPRIYA")
    assert commands.start(priya, **now(programme, action)).state is ActionState.STARTED
    done = commands.claim(priya, **now(programme, action), proof=BY_A_SENTENCE)
    assert (done.state, done.proof) == (ActionState.CLAIMED, BY_A_SENTENCE.proof)
    claimed = make(programme, "claim_done", case_of(programme, action), "UJONAS")
    make(programme, "confirm_implementation", claimed, "UMIRA")
    assert programme.get(Action, action.id).state is ActionState.ACCEPTED


def test_a_file_in_the_thread_shows_it_without_a_sentence(programme: UnitOfWork, action: Action) -> None:
    priya = deed(programme, "UPRIYA")
    file = OfferedFile("F1", "january.csv", 10, "")
    evidence_commands.give_for_action(priya, action_id=action.id, files=[file], place=Place("D1", "1.0"))
    assert [each.use.action_id for each in questions.files(programme, action)] == [action.id]
    assert commands.claim(priya, **now(programme, action), proof=Proof()).state is ActionState.CLAIMED
    assert [each.name for each in programme.all(Evidence)] == ["january.csv"]


@pytest.mark.parametrize("proof", ["", "done", "ok"])
def test_nothing_shown_is_nothing_done(programme: UnitOfWork, action: Action, proof: str) -> None:
    with pytest.raises(InputWanted):
        commands.claim(deed(programme, "UPRIYA"), **now(programme, action), proof=Proof(proof))
    assert programme.get(Action, action.id).state is ActionState.PLANNED


def test_the_owner_cannot_report_the_case_as_done_before_everybody_has(programme: UnitOfWork, action: Action) -> None:
    evidence_commands.give_for_nonconformity(
        deed(programme, "UJONAS"),
        nonconformity_id=action.nonconformity_id,
        files=[OfferedFile("F2", "rule.pdf", 10, "")],
        place=Place("D1", "1.0"),
    )
    case = case_of(programme, action)
    with pytest.raises(NotYet):
        carrying_out.claim_done(deed(programme, "UJONAS"), nonconformity_id=case.id, version=case.version)


def test_what_somebody_cannot_do_goes_back_to_the_owner_with_the_reason(programme: UnitOfWork, action: Action) -> None:
    reason = HandedBack("I'm on leave until February")
    back = commands.hand_back(deed(programme, "UPRIYA"), **now(programme, action), reason=reason)
    assert (back.assignee_id, back.remark) == ("UJONAS", reason.reason)
    assert owed(programme, "nonconformity_action", "handed_back") == {"UJONAS"}


def test_the_owner_gives_it_to_somebody_else_who_gets_the_card(programme: UnitOfWork, action: Action) -> None:
    given = commands.give_to(deed(programme, "UJONAS"), **now(programme, action), to=NewAssignee("UTOM"))
    assert (given.assignee_id, cards(programme)) == ("UTOM", ["UPRIYA", "UTOM"])


def test_a_guest_carries_nothing_out(programme: UnitOfWork, action: Action) -> None:
    guest = DirectoryEntry("UGRETA", "Greta", "", "Europe/Berlin", is_guest=True)
    people_commands.sync(the_bot(programme), [guest])
    with pytest.raises(InputWanted):
        commands.give_to(deed(programme, "UJONAS"), **now(programme, action), to=NewAssignee("UGRETA"))


def test_what_somebody_who_has_left_was_to_do_comes_back_to_the_owner(programme: UnitOfWork, action: Action) -> None:
    gone = DirectoryEntry("UPRIYA", "Priya", "", "Asia/Singapore", is_deactivated=True)
    people_commands.sync(the_bot(programme), [gone])
    for _ in range(2):
        commands.tick(the_bot(programme))
    assert programme.get(Action, action.id).assignee_id == "UJONAS"
    assert told(programme, "came_back") == ["UJONAS"]


@pytest.mark.parametrize(("days", "reminded"), [(8, 0), (7, 1), (1, 1), (0, 1), (-1, 1), (-7, 1), (-8, 1)])
def test_whoever_carries_it_out_is_reminded_before_its_day_and_after(
    programme: UnitOfWork, action: Action, days: int, reminded: int
) -> None:
    at = MONDAY + (FURTHER.due_on - MONDAY.date()) - timedelta(days=days)
    for _ in range(2):
        commands.tick(the_bot(programme, at))
    assert told(programme, "due") == ["UPRIYA"] * reminded


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UMIRA", "UDAVID", "UTOM"])
@pytest.mark.parametrize("move", [Move.START, Move.CLAIM, Move.HAND_BACK])
def test_nobody_else_does_it_in_their_name(programme: UnitOfWork, action: Action, person: str, move: Move) -> None:
    with pytest.raises(NotAllowed):
        commands.to_move(deed(programme, person), move, action.id, action.version)


@pytest.mark.parametrize("person", ["UPRIYA", "ULIAM", "UMIRA", "UTOM"])
def test_nobody_but_the_owner_gives_it_away(programme: UnitOfWork, action: Action, person: str) -> None:
    with pytest.raises(NotAllowed):
        commands.give_to(deed(programme, person), **now(programme, action), to=NewAssignee("UTOM"))


def test_an_old_card_changes_nothing(programme: UnitOfWork, action: Action) -> None:
    priya = deed(programme, "UPRIYA")
    commands.start(priya, **now(programme, action))
    with pytest.raises(Stale):
        commands.claim(priya, action_id=action.id, version=action.version, proof=BY_A_SENTENCE)
    commands.claim(priya, **now(programme, action), proof=BY_A_SENTENCE)
    with pytest.raises(AlreadyDecided):
        commands.claim(priya, **now(programme, action), proof=BY_A_SENTENCE)


def test_nothing_is_done_for_a_plan_that_has_changed(programme: UnitOfWork, action: Action) -> None:
    case = case_of(programme, action)
    answering.change_plan(deed(programme, "UJONAS"), nonconformity_id=case.id, version=case.version, plan=PLAN)
    with pytest.raises(AlreadyDecided):
        commands.start(deed(programme, "UPRIYA"), **now(programme, action))


@pytest.mark.parametrize("state", ActionState)
def test_what_can_be_done_in_each_state(state: ActionState) -> None:
    everything = moves_for(state, is_assignee=True, is_owner=False) | moves_for(state, is_assignee=False, is_owner=True)
    expected = {move for move, step in STEPS.items() if state in step.begins}
    assert everything == expected
    assert bool(everything) is (state in TO_DO)
    assert moves_for(state, is_assignee=False, is_owner=False) == frozenset()
    assert Move.HAND_BACK not in moves_for(state, is_assignee=True, is_owner=True)


def test_what_the_owner_was_to_do_goes_along_with_the_case(programme: UnitOfWork, action: Action) -> None:
    make(programme, "reassign_owner", case_of(programme, action), "UMIRA", owner_id="UTOM")
    by_place = {each.place: each.assignee_id for each in queries.sent_actions(programme, action.nonconformity_id)}
    assert by_place == {1: "UTOM", 2: "UPRIYA"}
