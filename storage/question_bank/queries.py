"""Question bank: questions put to its tables."""

from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.question_bank.tables import OwnQuestion


def own_questions(uow: "UnitOfWork") -> list[OwnQuestion]:
    """Every revision of every own question, the oldest first."""
    return uow.all(OwnQuestion, order_by=col(OwnQuestion.id))


def revisions(uow: "UnitOfWork", key: str) -> list[OwnQuestion]:
    """Every revision of one question, the oldest first."""
    return uow.all(OwnQuestion, col(OwnQuestion.key) == key, order_by=col(OwnQuestion.revision))
