"""Desk audits: what an audit can be planned from, and whom questions are for."""

from collections.abc import Mapping, Sequence
from functools import cache

from workflows.desk_audits.question_sets import QuestionSet, question_sets
from workflows.question_bank import bank
from workflows.question_bank.freezing import ENGLISH
from workflows.question_bank.shapes import ABOUT_THE_ROOT, Audience, Minutes, PlanTemplate, Slice

MOST_QUESTIONS, MOST_MINUTES = 8, 12.0
"""What one person may be asked in an audit."""


def plan_templates(editions: Sequence[str]) -> dict[str, PlanTemplate]:
    """Those with at least one criterion among the editions, by their ids."""
    # `bank.plan_templates()` instead of `_of_sets()` once interviews ask the questions of the bank.
    return {key: each for key, each in _of_sets().items() if references(each, editions)}


def audiences() -> Mapping[str, Audience]:
    """Every audience, by its id."""
    return bank.audiences()


def references(template: PlanTemplate, editions: Sequence[str]) -> list[str]:
    """A template's criteria as rows refer to them; of standards that the programme doesn't run, none."""
    followed = [(edition, numbers) for edition, numbers in template.criteria.items() if edition in editions]
    return [f"{edition}:{number}" for edition, numbers in followed for number in numbers]


@cache
def _of_sets() -> dict[str, PlanTemplate]:
    return {key: _of_set(each) for key, each in question_sets().items()}


def _of_set(questions: QuestionSet) -> PlanTemplate:
    """A set of questions as a template: asked of those who answer for the work, and of others drawn from everybody."""
    ids = tuple(each.id for each in questions.questions)[:MOST_QUESTIONS]
    numbers = dict.fromkeys(each.partition(":")[2] for every in questions.questions for each in every.requirements)
    return PlanTemplate(
        id=questions.key,
        name={ENGLISH: questions.title},
        objective={ENGLISH: "Find out whether what was agreed is done, and whether it works."},
        scope={ENGLISH: "The last twelve months"},
        criteria={questions.edition: tuple(numbers)},
        ask=(Slice("process_owner", "2", ids), Slice("everyone", ABOUT_THE_ROOT, ids)),
        notes=(),
        documents=(),
        minutes=Minutes(min(questions.minutes, MOST_MINUTES), 0),
    )
