"""Desk audits room: what can be asked together, by the key that a row names it with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from workflows.files.data import read_data
from workflows.question_bank.bank import plan_templates, shipped_questions
from workflows.question_bank.freezing import ENGLISH, asked, in_language
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, ForAuditor, Mode, PlanTemplate
from workflows.question_bank.shapes import Question as BankQuestion


@dataclass(frozen=True)
class Question:
    """One question of a set."""

    id: str
    requirements: tuple[str, ...]
    prompt: str


@dataclass(frozen=True)
class QuestionSet:
    """Questions asked together. `minutes` is what it takes the person who answers.

    `plan` is the template that they come from, and `first` the questions of its first part; sets of earlier versions
    have none, and are asked no more.
    """

    key: str
    edition: str
    title: str
    minutes: int
    questions: tuple[Question, ...]
    plan: str = ""
    first: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[AskedQuestion, ...]:
        """The questions as an interview asks them."""
        if self.plan:
            return tuple(asked(shipped_questions()[each.id], ENGLISH, [self.edition]) for each in self.questions)
        return tuple(_of_earlier(each, self.minutes / len(self.questions)) for each in self.questions)


def _of_earlier(question: Question, minutes: float) -> AskedQuestion:
    """Before there was a bank, everything was asked openly and followed up by nothing."""
    references = [each.partition(":") for each in question.requirements]
    return BankQuestion(
        id=question.id,
        text=question.prompt,
        mode=Mode.INTERVIEW,
        kind=AnswerKind.OPEN,
        audience=(),
        requirements={references[0][0]: tuple(number for _, _, number in references)},
        minutes=minutes,
        for_auditor=ForAuditor(""),
    )


@cache
def question_sets() -> dict[str, QuestionSet]:
    """Every set that ships with the product, or did, by key: each plan for each standard that it is about."""
    earlier = [
        each for edition, data in read_data("question_bank/earlier.yaml").items() for each in _sets(edition, data)
    ]
    planned = [_planned(plan, edition) for plan in plan_templates().values() for edition in plan.criteria]
    return {each.key: each for each in (*earlier, *planned) if each.questions}


def _planned(plan: PlanTemplate, edition: str) -> QuestionSet:
    """Everything a plan asks that is about the standard; whoever is asked gets a part of it."""
    wanted = dict.fromkeys(each for part in plan.ask for each in part.questions)
    found = [asked(shipped_questions()[each], ENGLISH, [edition]) for each in wanted]
    questions = [each for each in found if each.references]
    return QuestionSet(
        key=f"{edition}:{plan.id}",
        edition=edition,
        title=in_language(plan.name, ENGLISH),
        minutes=ceil(plan.minutes.per_person),
        questions=tuple(Question(each.id, each.references, each.text) for each in questions),
        plan=plan.id,
        first=plan.ask[0].questions,
    )


def _sets(edition: str, data: Mapping[str, Any]) -> Iterator[QuestionSet]:
    questions = {
        name: Question(name, tuple(f"{edition}:{number}" for number in row["requirements"]), row["prompt"])
        for name, row in data["questions"].items()
    }
    for row in data["sets"]:
        asked_ = tuple(questions[each] for each in row["questions"])
        yield QuestionSet(row["key"], edition, row["title"], row["minutes"], asked_)
