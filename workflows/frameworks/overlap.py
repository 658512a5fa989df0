"""Frameworks: what several standards share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from workflows.files.data import read_data
from workflows.frameworks.rules import in_scope

MET_REMEMBERED = 1024
"""Sets of requirements, of which a programme has about as many as obligations."""


@dataclass(frozen=True)
class SharedClause:
    """A clause of the harmonised structure: the references under which each edition asks for it."""

    clause: str
    title: str
    references: Mapping[str, tuple[str, ...]]

    def is_shown_by(self, references: frozenset[str]) -> bool:
        """Whether everything that one edition asks for under this clause is among the references."""
        return any(references.issuperset(asked) for asked in self.references.values())


@cache
def shared_clauses() -> tuple[SharedClause, ...]:
    """The harmonised structure of management system standards (Annex SL)."""
    return tuple(
        SharedClause(row["clause"], row["title"], {each: _under(each, row["numbers"][each]) for each in row["numbers"]})
        for row in read_data("frameworks/catalogues/harmonised.yaml")["clauses"]
    )


def _under(edition: str, numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{edition}:{number}" for number in numbers)


@cache
def _clauses_of() -> Mapping[str, tuple[SharedClause, ...]]:
    listed = [
        (reference, each) for each in shared_clauses() for asked in each.references.values() for reference in asked
    ]
    return {reference: tuple(each for name, each in listed if name == reference) for reference, _ in listed}


def harmonised(reference: str) -> tuple[str, ...]:
    """What other editions ask for under the same clause of the harmonised structure; nothing for what is one's own."""
    own, _, _ = reference.partition(":")
    others = (
        other
        for each in _clauses_of().get(reference, ())
        for edition, asked in each.references.items()
        if edition != own
        for other in asked
    )
    return tuple(dict.fromkeys(others))


def serves(references: Iterable[str], editions: Iterable[str]) -> tuple[str, ...]:
    """Everything in the chosen editions that is met where `references` are: they themselves, and what corresponds.

    A requirement corresponds when every shared clause it stands under is shown. The inputs of the management review
    alone (ISO/IEC 27001 9.3.2) do not show the whole of it (ISO 14001 9.3), while the whole shows each of its parts.
    """
    return tuple(in_scope(_met_with(tuple(references)), editions))


@lru_cache(maxsize=MET_REMEMBERED)
def _met_with(references: tuple[str, ...]) -> tuple[str, ...]:
    shown = {each.clause for each in shared_clauses() if each.is_shown_by(frozenset(references))}
    corresponding = (
        other
        for reference in references
        for other in harmonised(reference)
        if all(each.clause in shown for each in _clauses_of()[other])
    )
    return tuple(dict.fromkeys((*references, *corresponding)))
