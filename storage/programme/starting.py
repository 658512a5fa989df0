"""Questions about the setup under way."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Setup


def open_setup(uow: "UnitOfWork") -> Setup | None:
    """The setup that goes on, if there is one."""
    return next(iter(uow.matching(Setup, settled_at=None)), None)
