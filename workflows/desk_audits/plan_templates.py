"""Desk audits: what an audit can be planned from, and whom questions are for.

A template names its audiences; how people of one are found says `find`, best way first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from workflows.desk_audits.question_sets import QuestionSet, question_sets

ALL, ABOUT_THE_ROOT = "all", "sqrt"
"""How many people are asked where that is no number."""


@dataclass(frozen=True)
class WayToFind:
    """One way to find people. `words` are compared whole and without case; `group` is a field of work with an owner."""

    by: str
    within_days: int = 0
    words: tuple[str, ...] = ()
    role: str = ""
    group: str = ""
    editions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Whom questions are for."""

    id: str
    label: str
    find: tuple[WayToFind, ...]


@dataclass(frozen=True)
class Slice:
    """What people of one audience are asked. `people` is a number, `ALL`, or `ABOUT_THE_ROOT`."""

    audience: str
    people: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class PlanTemplate:
    """An audit that can be planned as it stands. `criteria` are the numbers of requirements by edition."""

    id: str
    name: str
    objective: str
    scope: str
    criteria: Mapping[str, tuple[str, ...]]
    ask: tuple[Slice, ...]
    minutes_per_person: float

    def references(self, editions: Sequence[str]) -> list[str]:
        """The criteria as rows refer to them; of standards that the programme doesn't run, none."""
        return [
            f"{edition}:{each}" for edition, numbers in self.criteria.items() if edition in editions for each in numbers
        ]


def plan_templates(editions: Sequence[str]) -> dict[str, PlanTemplate]:
    """Those with at least one criterion among the editions, by their ids."""
    return {key: each for key, each in _shipped().items() if each.references(editions)}


@cache
def audiences() -> Mapping[str, Audience]:
    """Every audience, by its id."""
    return {each.id: each for each in _AUDIENCES}


# Until the bank of questions brings both: the question sets, each asked of those who answer for the work and of others.


@cache
def _shipped() -> dict[str, PlanTemplate]:
    return {key: _of_set(each) for key, each in question_sets().items()}


def _of_set(questions: QuestionSet) -> PlanTemplate:
    ids = tuple(each.id for each in questions.questions)
    numbers = dict.fromkeys(each.partition(":")[2] for every in questions.questions for each in every.requirements)
    return PlanTemplate(
        id=questions.key,
        name=questions.title,
        objective="Find out whether what was agreed is done, and whether it works.",
        scope="The last twelve months",
        criteria={questions.edition: tuple(numbers)},
        ask=(Slice("process_owner", "2", ids[:8]), Slice("everyone", ABOUT_THE_ROOT, ids[:8])),
        minutes_per_person=min(questions.minutes, 12),
    )


_AUDIENCES = (
    Audience("process_owner", "People who answer for a piece of work", (WayToFind("owner_of_obligation"),)),
    Audience("everyone", "Everybody", (WayToFind("directory"),)),
)
