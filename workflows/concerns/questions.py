"""What can be asked of concerns; nothing is written."""

from storage.concerns import queries
from storage.concerns.tables import Concern
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import NotAllowed, Tried, WhoMay


def must_be_free_to(deed: Deed) -> None:
    """Raise `NotAllowed` for guests without a role: everybody else may bring something up."""
    if deed.actor.is_outsider:
        raise NotAllowed(Tried.RAISE_CONCERN, WhoMay.EMPLOYEE)


def may_be_without_name(uow: UnitOfWork) -> bool:
    """Whether the programme allows people to bring something up without their name; not unless somebody said so."""
    return bool(uow.workspace().concerns_without_name)


def deciders(uow: UnitOfWork) -> list[str]:
    """Who decides what is made of a concern; nobody else but whoever brought it up hears of it."""
    return people_questions.allowed(uow, Permission.DECIDE_ON_CONCERN)


def waiting(deed: Deed) -> list[Concern]:
    """What nobody has decided about, oldest first, for those who may; nothing for everybody else."""
    return queries.open_ones(deed.uow) if deed.may(Permission.DECIDE_ON_CONCERN) else []
