"""What people can ask about nonconformities."""

from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Given
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity, Response
from workflows.evidence import verdicts
from workflows.nonconformities.independence import actors_next
from workflows.nonconformities.rules import State
from workflows.people.rules import Actor
from workflows.refusals import Stale


def graded(finding: Nonconformity) -> Grade:
    """The signed grade; only drafts and void ones have none, and these never get here."""
    assert finding.grade is not None
    return finding.grade


def kept(uow: UnitOfWork, finding: Nonconformity) -> list[Given]:
    """The evidence of what was done whose bytes are in the store and which was not returned."""
    return verdicts.standing_for(uow, finding)


def response_of(uow: UnitOfWork, finding: Nonconformity) -> Response:
    """The response of the present round. Raises `Stale` when none was given yet."""
    given = nonconformity_queries.response(uow, finding.id, finding.round)
    if given is None:
        raise Stale(what=f"NC-{finding.number}")
    return given


def latest_response(uow: UnitOfWork, finding: Nonconformity) -> Response | None:
    """The owner's last response, returned ones included; None before the first."""
    return nonconformity_queries.response(uow, finding.id, finding.round)


def to_read(uow: UnitOfWork, actor: Actor, *, nonconformity_id: int, at: datetime) -> Nonconformity:
    """The finding, for its owner and whoever may see them all. Raises `NotAllowed`."""
    finding = uow.get(Nonconformity, nonconformity_id)
    if actor.person_id != finding.owner_id:
        actor.must("see the nonconformities")
    return finding


def numbered(uow: UnitOfWork, actor: Actor, *, number: int, at: datetime) -> Nonconformity | None:
    """NC-`number`, for those who may see it: its owner, and whoever may see them all. Raises `NotAllowed`."""
    finding = nonconformity_queries.numbered(uow, number)
    return None if finding is None else to_read(uow, actor, nonconformity_id=finding.id, at=at)


def living(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[Nonconformity]:
    """What is neither closed nor void: all of them for those who may see them, else the actor's own."""
    everything = nonconformity_queries.living(uow)
    if actor.may("see the nonconformities"):
        return everything
    return [each for each in everything if each.owner_id == actor.person_id and each.state is not State.DRAFT]


def waiting_for(uow: UnitOfWork, actor: Actor) -> list[Nonconformity]:
    """Those on which this person must act next."""
    return [each for each in nonconformity_queries.living(uow) if actor.person_id in actors_next(uow, each)]
