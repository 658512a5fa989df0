"""Requirements as every room names them: what the words need to know, looked up in rows."""

from collections.abc import Iterable

from messages.words.requirements import Requirement
from storage.engine.unit_of_work import UnitOfWork
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules


def requirements(uow: UnitOfWork, references: Iterable[str]) -> tuple[Requirement, ...]:
    """What each reference points at: edition, number and short title."""
    return tuple(requirement(uow, reference) for reference in references)


def requirement(uow: UnitOfWork, reference: str) -> Requirement:
    """What a reference points at; without the title where the workspace has switched the standards' titles off."""
    found = framework_questions.find(uow, reference)
    return Requirement(found.standard, found.number, framework_rules.title(uow, found))


def served(uow: UnitOfWork, references: Iterable[str]) -> tuple[Requirement, ...]:
    """The requirements themselves, and what else in scope is met with them through harmonised clauses."""
    given = tuple(references)
    return requirements(uow, dict.fromkeys((*given, *overlap.serves(given, framework_questions.scope(uow)))))
