"""What people can ask about nonconformities."""

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Given
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState, Response
from storage.nudges.tables import Nudge
from workflows.deed import Deed
from workflows.evidence import verdicts
from workflows.nonconformities import cases
from workflows.people.permissions import Permission
from workflows.refusals import Stale, Thing


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
        raise Stale(Thing.NAMED, f"NC-{finding.number}")
    return given


def latest_response(uow: UnitOfWork, finding: Nonconformity) -> Response | None:
    """The owner's last response, returned ones included; None before the first."""
    return nonconformity_queries.response(uow, finding.id, finding.round)


def to_read(deed: Deed, *, nonconformity_id: int) -> Nonconformity:
    """The finding, for those who work on it or were told of it, whoever may see them all, and who was let in.

    Raises `NotAllowed`.
    """
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    has_part = deed.by in cases.doers(deed.uow, finding) or deed.by in cases.let_in(deed.uow, finding)
    if not has_part and not _was_told(deed, finding):
        deed.must(Permission.SEE_NONCONFORMITIES)
    return finding


def _was_told(deed: Deed, finding: Nonconformity) -> bool:
    """Managers hear of a case that nobody moves on; somebody from outside reads only while they are let in."""
    about = {"subject": "nonconformity", "subject_id": finding.id, "person_id": deed.by}
    return not deed.actor.is_outsider and bool(deed.uow.matching(Nudge, **about))


def numbered(deed: Deed, *, number: int) -> Nonconformity | None:
    """NC-`number`, for those who may read it. Raises `NotAllowed`."""
    finding = nonconformity_queries.numbered(deed.uow, number)
    return None if finding is None else to_read(deed, nonconformity_id=finding.id)


def may_see(deed: Deed, finding: Nonconformity) -> bool:
    """Whether it stands in the actor's lists: those who may see them all have every one, others have their own."""
    is_theirs = finding.owner_id == deed.by and finding.state is not NonconformityState.DRAFT
    return is_theirs or deed.may(Permission.SEE_NONCONFORMITIES)


def waiting_for(deed: Deed) -> list[Nonconformity]:
    """Those on which this person must act next."""
    return [each for each in nonconformity_queries.living(deed.uow) if deed.by in cases.asked_next(deed.uow, each)]
