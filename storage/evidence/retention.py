"""Questions about disposals."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Disposal, DisposalState


def proposed(uow: "UnitOfWork") -> list[Disposal]:
    """The proposals that nobody has decided about yet, oldest first."""
    return uow.matching(Disposal, state=DisposalState.PROPOSED)
