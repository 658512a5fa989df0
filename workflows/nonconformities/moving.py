"""How a nonconformity moves: the gate before a move, the row, the trail, the cards, and whoever is told next."""

from collections.abc import Mapping
from datetime import date, datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nonconformities.tables import Nonconformity
from workflows.nonconformities import independence
from workflows.nonconformities.independence import MAY_MOVE
from workflows.nonconformities.questions import graded, latest_response
from workflows.nonconformities.rules import MOVES, OWNERS_MOVES, State, due_after
from workflows.nudges import commands as nudge_commands
from workflows.nudges import rules as nudge_rules
from workflows.people import rules as people_rules
from workflows.people import working_days
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, Stale


def to_move(uow: UnitOfWork, actor: Actor, move: str, nonconformity_id: int, version: int) -> Nonconformity:
    """The finding, once it is sure that this person may make this move, and judges what they saw."""
    finding = uow.get(Nonconformity, nonconformity_id)
    begins, _ = MOVES[move]
    if finding.state is not begins:
        raise AlreadyDecided(what=f"NC-{finding.number}", state=finding.state.value, by=None)
    MAY_MOVE[move](uow, finding, actor)
    if finding.version != version and move not in OWNERS_MOVES:
        raise Stale(what=f"NC-{finding.number}")
    return finding


def to_see(uow: UnitOfWork, actor: Actor, *, nonconformity_id: int, move: str, at: datetime) -> Nonconformity:
    """The finding for the form in which the actor makes `move`. Raises as the move itself would."""
    finding = uow.get(Nonconformity, nonconformity_id)
    return to_move(uow, actor, move, nonconformity_id, finding.version)


def move_on(
    uow: UnitOfWork,
    actor: Actor | None,
    finding: Nonconformity,
    move: str,
    at: datetime,
    details: Mapping[str, JSON] | None = None,
    **values: object,
) -> Nonconformity:
    """Make a move: the row, its next due day, the trail, the cards, and whoever must act next."""
    _, ends = MOVES[move]
    moved = uow.change(finding, state=ends, moved_at=at, **values)
    if moved.grade is not None:
        moved = uow.change(moved, due_on=_due_on(uow, moved, at))
    by = actor.person_id if actor else people_rules.THE_BOT
    record(uow, by, moved, move, at, details or {})
    show(uow, moved, by, at)
    return moved


def _due_on(uow: UnitOfWork, finding: Nonconformity, at: datetime) -> date | None:
    zone = uow.workspace().zone
    response = latest_response(uow, finding)
    return due_after(
        finding.state,
        graded(finding),
        issued_on=nudge_rules.local_day(zone, finding.issued_at or at),
        today=nudge_rules.local_day(zone, at),
        action_due_on=response.action_due_on if response else None,
        check_on=finding.check_effect_on,
        working=working_days.of_person(uow, finding.owner_id),
    )


def record(
    uow: UnitOfWork, by: str, finding: Nonconformity, move: str, at: datetime, details: Mapping[str, JSON]
) -> None:
    uow.record(
        actor=by,
        verb=f"nonconformity.{move}",
        subject="nonconformity",
        subject_id=finding.id,
        at=at,
        details={"number": finding.number, "state": finding.state.value, **details},
    )


def show(uow: UnitOfWork, finding: Nonconformity, by: str, at: datetime) -> None:
    """Bring every card up to date and tell whoever must act next; at the end, the owner.

    Whoever has just acted looks at a card already, so no second one is sent to them.
    """
    nudge_commands.refresh(uow, subject="nonconformity", subject_id=finding.id, version=finding.version, at=at)
    next_ones = [finding.owner_id] if finding.state is State.CLOSED else independence.actors_next(uow, finding)
    tell_next(uow, finding, [person for person in next_ones if person != by], at, by_itself=by == people_rules.THE_BOT)


def tell_next(
    uow: UnitOfWork, finding: Nonconformity, told: list[str], at: datetime, *, by_itself: bool = False
) -> None:
    """The card, as an answer to what somebody did; what comes up by itself waits for the message of the day.

    A finding is a conversation of its own over weeks: its evidence and receipts stand in the thread of its card.
    """
    if by_itself:
        nudge_commands.owe(
            uow,
            told,
            subject="nonconformity",
            subject_id=finding.id,
            rung=finding.state.value,
            what=finding.version,
            at=at,
        )
        return
    nudge_commands.tell(
        uow,
        told,
        kind="nonconformity.card",
        subject="nonconformity",
        subject_id=finding.id,
        at=at,
        what=(finding.state.value, finding.round, finding.version),
    )
