"""Desk audits room: what earlier versions asked together, by the key that a row names it with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from workflows.files.data import read_data
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, ForAuditor, Mode
from workflows.question_bank.shapes import Question as BankQuestion


@dataclass(frozen=True)
class Question:
    """One question of a set."""

    id: str
    requirements: tuple[str, ...]
    prompt: str


@dataclass(frozen=True)
class QuestionSet:
    """Questions asked together. `minutes` is what it takes the person who answers."""

    key: str
    edition: str
    title: str
    minutes: int
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[AskedQuestion, ...]:
        """The questions as an interview asks them."""
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
    """Every set that shipped with earlier versions, by its key; interviews that were begun then still ask it."""
    earlier = [
        each for edition, data in read_data("question_bank/earlier.yaml").items() for each in _sets(edition, data)
    ]
    return {each.key: each for each in earlier}


def _sets(edition: str, data: Mapping[str, Any]) -> Iterator[QuestionSet]:
    questions = {
        name: Question(name, tuple(f"{edition}:{number}" for number in row["requirements"]), row["prompt"])
        for name, row in data["questions"].items()
    }
    for row in data["sets"]:
        asked_ = tuple(questions[each] for each in row["questions"])
        yield QuestionSet(row["key"], edition, row["title"], row["minutes"], asked_)
