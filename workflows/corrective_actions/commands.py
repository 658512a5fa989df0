"""Corrective actions: what whoever carries one out does with it, and what becomes of it when they leave."""

from datetime import timedelta

from sqlmodel import col

from storage.nonconformities import queries
from storage.nonconformities.tables import Action, Nonconformity, NonconformityState
from workflows.corrective_actions import questions, rules
from workflows.corrective_actions.rules import STEPS, TO_DO, Move, Who
from workflows.corrective_actions.shapes import HandedBack, NewAssignee, Proof
from workflows.deed import Deed
from workflows.nonconformities import answers
from workflows.nonconformities.carrying_out import ACTION_CARD
from workflows.nonconformities.gates import is_filler
from workflows.people import questions as people_questions
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale, Thing, Tried, WhoMay, want_all
from workflows.wishes import Wish

REMINDED = (7, 1, 0)
"""So many days before its day whoever carries an action out is reminded; after it, every week."""

A_WEEK = timedelta(days=7)


def start(deed: Deed, *, action_id: int, version: int) -> Action:
    """Whoever carries it out has begun. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    return _move(deed, to_move(deed, Move.START, action_id, version), Move.START)


def claim(deed: Deed, *, action_id: int, version: int, proof: Proof) -> Action:
    """It is done, which a file or a sentence shows. Raises as `start` does, and `InputWanted` where neither does."""
    action = to_move(deed, Move.CLAIM, action_id, version)
    said = proof.proof.strip()
    if not said and not questions.files(deed.uow, action):
        raise InputWanted("proof", Wish.SAY_WHERE_TO_LOOK)
    if said and is_filler(said):
        raise InputWanted("proof", Wish.WRITE_A_FEW_WORDS_MORE)
    done = _move(deed, action, Move.CLAIM, proof=said, remark="")
    deed.daily([_case(deed, done).owner_id], done, "claimed")
    return done


def hand_back(deed: Deed, *, action_id: int, version: int, reason: HandedBack) -> Action:
    """They can't, and say why; it is the owner's to do or to give to somebody else. Raises as `start` does."""
    action = to_move(deed, Move.HAND_BACK, action_id, version)
    want_all(reason)
    owner, remark = _case(deed, action).owner_id, reason.reason.strip()
    back = _move(deed, action, Move.HAND_BACK, assignee_id=owner, remark=remark)
    deed.daily([owner], back, "handed_back")
    return back


def give_to(deed: Deed, *, action_id: int, version: int, to: NewAssignee) -> Action:
    """The owner has somebody else carry it out, who gets a card of it. Raises as `start` does, and `InputWanted`."""
    action = to_move(deed, Move.GIVE_TO, action_id, version)
    answers.must_be_an_insider(deed.uow, to.assignee_id, "assignee_id")
    if to.assignee_id == action.assignee_id:
        raise InputWanted("assignee_id", Wish.CHOOSE_SOMEBODY_ELSE)
    given = _move(deed, action, Move.GIVE_TO, assignee_id=to.assignee_id, remark="")
    if given.assignee_id != _case(deed, given).owner_id:
        deed.message([given.assignee_id], given, ACTION_CARD, what=(given.version,))
    return given


def to_move(deed: Deed, move: Move, action_id: int, version: int) -> Action:
    """The action, once it is sure that the actor may do this with it now, as they saw it."""
    action = to_see(deed, move, action_id)
    if action.version != version:
        raise Stale(Thing.NAMED, f"NC-{_case(deed, action).number}")
    return action


def to_see(deed: Deed, move: Move, action_id: int) -> Action:
    """The same, for the form behind a button. Raises `NotAllowed` or `AlreadyDecided`."""
    action = deed.uow.get(Action, action_id)
    case = _case(deed, action)
    whose = {Who.ASSIGNEE: action.assignee_id, Who.OWNER: case.owner_id}[STEPS[move].by]
    if deed.by != whose:
        raise NotAllowed(Tried.DO_THIS, WhoMay.PERSON, whose)
    if not questions.is_under_way(deed.uow, action):
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{case.number}", state=case.state.value, by=None)
    if move not in rules.moves_for(action.state, is_assignee=True, is_owner=deed.by == case.owner_id):
        state = f"action_{action.state.value}"
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{case.number}", state=state, by=None)
    return action


def _move(deed: Deed, action: Action, move: Move, **values: object) -> Action:
    moved = deed.uow.change(action, state=STEPS[move].ends, moved_at=deed.at, **values)
    case = _case(deed, moved)
    deed.record(f"nonconformity_action.{move.value}", moved, number=case.number, state=moved.state.value)
    deed.redraw(moved)
    deed.redraw(case, version=f"action{moved.id}.{moved.version}")
    return moved


def _case(deed: Deed, action: Action) -> Nonconformity:
    return deed.uow.get(Nonconformity, action.nonconformity_id)


# --- the clock ---


def tick(deed: Deed) -> None:
    """Bring back what people who have left were to do, and remind those who are there; twice does nothing twice."""
    cases = deed.uow.all(Nonconformity, col(Nonconformity.state) == NonconformityState.IMPLEMENTING)
    for case in cases:
        for action in queries.sent_actions(deed.uow, case.id):
            if action.state in TO_DO and questions.is_under_way(deed.uow, action):
                _look_after(deed, case, action)


def _look_after(deed: Deed, case: Nonconformity, action: Action) -> None:
    if action.assignee_id == case.owner_id:
        return
    if not people_questions.reachable(deed.uow, action.assignee_id):
        _come_back(deed, case, action)
    elif (day := _reminded_on(deed, action)) is not None:
        deed.daily([action.assignee_id], action, "due", what=f"{action.due_on}.{day}")


def _come_back(deed: Deed, case: Nonconformity, action: Action) -> None:
    """Somebody has left: what they were to do is the owner's again, who hears of it."""
    back = deed.uow.change(action, assignee_id=case.owner_id, moved_at=deed.at)
    deed.record("nonconformity_action.come_back", back, number=case.number, left=action.assignee_id)
    deed.redraw(back)
    deed.redraw(case, version=f"action{back.id}.{back.version}")
    deed.daily([case.owner_id], back, "came_back")


def _reminded_on(deed: Deed, action: Action) -> int | None:
    """The reminder that an action has reached by today, as days before its day; after an outage only the latest."""
    left = (action.due_on - deed.today).days
    if left < 0:
        return -(-left // A_WEEK.days) * A_WEEK.days
    return next((each for each in reversed(REMINDED) if left <= each), None)
