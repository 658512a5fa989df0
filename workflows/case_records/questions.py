"""Case records: who may have one."""

from storage.nonconformities import queries
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.nonconformities import questions
from workflows.refusals import Stale, Thing


def to_read(deed: Deed, *, number: int) -> Nonconformity:
    """NC-`number`, for those who may read it. Raises `NotAllowed`, or `Stale` where there is none."""
    case = queries.numbered(deed.uow, number)
    if case is None:
        raise Stale(Thing.NAMED, f"NC-{number}")
    return questions.to_read(deed, nonconformity_id=case.id)
