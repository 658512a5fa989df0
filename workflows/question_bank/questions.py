"""Question bank: what can be asked of it; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.question_bank import queries
from storage.question_bank.tables import OwnQuestion
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.own_frameworks import OWN
from workflows.frameworks.rules import EDITIONS
from workflows.people.permissions import Permission
from workflows.question_bank.bank import shipped_questions, shipped_rows
from workflows.question_bank.checking import Ground
from workflows.question_bank.reading import Reading
from workflows.question_bank.refusals import NoSuchQuestion
from workflows.question_bank.shapes import BankQuestion


@dataclass(frozen=True)
class Kept:
    """A question as it counts now. `revision` is 0 for one that ships, `added_by` and `added_at` are None for it."""

    question: BankQuestion
    revision: int = 0
    added_by: str | None = None
    added_at: datetime | None = None
    retired_by: str | None = None
    retired_at: datetime | None = None


def in_use(uow: UnitOfWork) -> Mapping[str, BankQuestion]:
    """The questions that can be asked, by id: those that ship, and those of the organisation's own."""
    return {key: each.question for key, each in bank_of(uow).items() if each.retired_at is None}


def bank_of(uow: UnitOfWork) -> Mapping[str, Kept]:
    """Every question in its newest version, by id, those that were retired included."""
    own = {row.key: _kept(row) for row in queries.own_questions(uow)}
    return {**{key: Kept(each) for key, each in shipped_questions().items()}, **own}


def _kept(row: OwnQuestion) -> Kept:
    question = Reading().question({**row.definition, "version": str(row.revision)}, ())
    if question is None:  # checked before it was kept
        raise ValueError(row.key)
    return Kept(question, row.revision, row.added_by, row.added_at, row.retired_by, row.retired_at)


def definition(uow: UnitOfWork, key: str) -> Mapping[str, Any]:
    """A question as the bank's files write one, in its newest version. Raises `NoSuchQuestion`."""
    kept = queries.revisions(uow, key)
    found = kept[-1].definition if kept else shipped_rows().get(key)
    if found is None:
        raise NoSuchQuestion(key)
    return found


def ground(uow: UnitOfWork) -> Ground:
    """What own questions may refer to here: what ships, the frameworks that were brought, and each other."""
    editions = [*EDITIONS, *(each.edition for each in framework_queries.own_frameworks(uow))]
    numbers = {each: framework_questions.catalogue_of(uow, each).requirements for each in editions}
    return Ground(numbers, in_use(uow), OWN, of_own=True)


def may_see(deed: Deed) -> None:
    """Raise `NotAllowed` unless the actor audits: a question says what auditors listen for."""
    deed.must(Permission.SEE_QUESTIONS)


def one(deed: Deed, *, key: str) -> Kept:
    """A question with all that auditors know of it. Raises `NotAllowed` or `NoSuchQuestion`."""
    may_see(deed)
    found = bank_of(deed.uow).get(key)
    if found is None:
        raise NoSuchQuestion(key)
    return found


def search(deed: Deed, *, words: str) -> Sequence[Kept]:
    """The questions that each of the words fits: a standard, an audience, or something in id or text.

    Without words that is all in use. Raises `NotAllowed`.
    """
    may_see(deed)
    wanted = words.casefold().split()
    found = [each for each in bank_of(deed.uow).values() if each.retired_at is None]
    return [each for each in found if all(_fits(each.question, word) for word in wanted)]


def _fits(question: BankQuestion, word: str) -> bool:
    said = (question.id, *question.requirements, *question.audience, *question.text.values())
    return any(word in each.casefold() for each in said)
