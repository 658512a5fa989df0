"""How a nonconformity moves: the gate before a move, the row, the trail, the cards, and whoever is told next."""

from collections.abc import Mapping
from datetime import date

from storage.engine.unit_of_work import JSON
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.nonconformities import independence
from workflows.nonconformities.independence import MAY_MOVE
from workflows.nonconformities.questions import graded, latest_response
from workflows.nonconformities.rules import MOVES, OWNERS_MOVES, State, due_after
from workflows.nudges import rules as nudge_rules
from workflows.people import rules as people_rules
from workflows.people import working_days
from workflows.refusals import AlreadyDecided, Stale, Thing


def to_move(deed: Deed, move: str, nonconformity_id: int, version: int) -> Nonconformity:
    """The finding, once it is sure that this person may make this move, and judges what they saw."""
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    begins, _ = MOVES[move]
    if finding.state is not begins:
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{finding.number}", state=finding.state.value, by=None)
    MAY_MOVE[move](deed.uow, finding, deed.actor)
    if finding.version != version and move not in OWNERS_MOVES:
        raise Stale(Thing.NAMED, f"NC-{finding.number}")
    return finding


def to_see(deed: Deed, *, nonconformity_id: int, move: str) -> Nonconformity:
    """The finding for the form in which the actor makes `move`. Raises as the move itself would."""
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    return to_move(deed, move, nonconformity_id, finding.version)


def move_on(
    deed: Deed, finding: Nonconformity, move: str, details: Mapping[str, JSON] | None = None, **values: object
) -> Nonconformity:
    """Make a move: the row, its next due day, the trail, the cards, and whoever must act next."""
    _, ends = MOVES[move]
    moved = deed.uow.change(finding, state=ends, moved_at=deed.at, **values)
    if moved.grade is not None:
        moved = deed.uow.change(moved, due_on=_due_on(deed, moved))
    record(deed, moved, move, details or {})
    show(deed, moved)
    return moved


def _due_on(deed: Deed, finding: Nonconformity) -> date | None:
    zone = deed.uow.workspace().zone
    response = latest_response(deed.uow, finding)
    return due_after(
        finding.state,
        graded(finding),
        issued_on=nudge_rules.local_day(zone, finding.issued_at or deed.at),
        today=deed.today,
        action_due_on=response.action_due_on if response else None,
        check_on=finding.check_effect_on,
        working=working_days.of_person(deed.uow, finding.owner_id),
    )


def record(deed: Deed, finding: Nonconformity, move: str, details: Mapping[str, JSON]) -> None:
    deed.record(f"nonconformity.{move}", finding, number=finding.number, state=finding.state.value, **details)


def show(deed: Deed, finding: Nonconformity) -> None:
    """Bring every card up to date and tell whoever must act next; at the end, the owner.

    Whoever has just acted looks at a card already, so no second one is sent to them.
    """
    deed.redraw(finding)
    next_ones = [finding.owner_id] if finding.state is State.CLOSED else independence.actors_next(deed.uow, finding)
    tell_next(
        deed, finding, [person for person in next_ones if person != deed.by], by_itself=deed.by == people_rules.THE_BOT
    )


def tell_next(deed: Deed, finding: Nonconformity, told: list[str], *, by_itself: bool = False) -> None:
    """The card, as an answer to what somebody did; what comes up by itself waits for the message of the day.

    A finding is a conversation of its own over weeks: its evidence and receipts stand in the thread of its card.
    """
    if by_itself:
        deed.daily(told, finding, finding.state.value)
        return
    deed.message(told, finding, "nonconformity.card", what=(finding.state.value, finding.round, finding.version))
