"""Audit reports: figures of what was rated, in which nobody can be recognised and nobody is scored.

Each answer counts once, under the first requirement that it serves, so that no two figures overlap and none can be
taken from another. What fewer than three people answered is not broken down, and then there is no total either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.engine.unit_of_work import JSON
from storage.interviews.tables import Answer
from workflows.desk_audits.scales import CORROBORATIONS, RATINGS

FEWEST_PEOPLE = 3
"""Fewer than so many could be recognised in a figure, by whoever knows who was asked."""


@dataclass(frozen=True)
class Rated:
    """An answer that was rated, and by whom it was given."""

    answer: Answer
    person_id: str


def figures(rated: Sequence[Rated], notes: Sequence[Answer]) -> dict[str, JSON]:
    """How often each rating was given, by requirement, of interviews and of own notes apart; and what backs both up."""
    said, noted = _by_requirement(rated), _by_reference(notes)
    shown = {each: group for each, group in said.items() if _people(group) >= FEWEST_PEOPLE}
    rows = [_row(each, shown.get(each, ()), noted.get(each, ())) for each in sorted({*shown, *noted})]
    hidden = len(said) - len(shown)
    total = _row("", rated, notes) if rated and not hidden else None
    return {"rows": rows, "too_few_people": hidden, "total": total}


def _by_requirement(rated: Iterable[Rated]) -> Mapping[str, list[Rated]]:
    groups: dict[str, list[Rated]] = {}
    for each in rated:
        groups.setdefault(_first(each.answer), []).append(each)
    return groups


def _by_reference(notes: Iterable[Answer]) -> Mapping[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for each in notes:
        if each.rated_at:
            groups.setdefault(_first(each), []).append(each)
    return groups


def _first(answer: Answer) -> str:
    return next(iter(answer.requirements), "")


def _people(group: Iterable[Rated]) -> int:
    return len({each.person_id for each in group})


def _row(reference: str, rated: Sequence[Rated], notes: Sequence[Answer]) -> dict[str, JSON]:
    return {
        "requirement": reference,
        "people": _people(rated),
        "answers": _counted([each.answer for each in rated]),
        "notes": _counted(notes),
        "corroboration": _backed_up([*(each.answer for each in rated), *notes]),
    }


def _backed_up(answers: Sequence[Answer]) -> dict[str, JSON]:
    """How often each step of corroboration was given: what stands behind what was said or noted."""
    return {str(step): sum(each.corroboration == step for each in answers) for step in CORROBORATIONS}


def _counted(answers: Sequence[Answer]) -> dict[str, JSON]:
    ratings = {str(rating): sum(each.rating == rating for each in answers) for rating in RATINGS}
    return {**ratings, "not_applicable": sum(bool(each.not_applicable) for each in answers)}
