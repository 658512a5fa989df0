"""Interviews: the rules, as plain functions of values."""

from dataclasses import dataclass

from storage.desk_audits.tables import DeskAudit
from storage.interviews.tables import Answer, Interview
from workflows.desk_audits.question_sets import Question, QuestionSet
from workflows.refusals import InputWanted
from workflows.wishes import Wish

LONGEST_ANSWER = 3000
"""Characters; what one text field of Slack takes."""


@dataclass(frozen=True)
class Step:
    """Where an interview stands: the next question, or none when all are answered. `number` counts from 1."""

    interview: Interview
    audit: DeskAudit
    questions: QuestionSet
    answers: tuple[Answer, ...]
    question: Question | None
    number: int

    @property
    def total(self) -> int:
        """How many questions the interview has."""
        return len(self.interview.question_ids)

    def asked(self, question_id: str) -> tuple[int, Question]:
        """A question of this interview with its number, counted from 1. Raises `InputWanted` if it is none of it."""
        for number, question in enumerate(self.questions.questions, 1):
            if question.id == question_id and question_id in self.interview.question_ids:
                return number, question
        raise InputWanted("answer", Wish.ANSWER_QUESTION_OF_INTERVIEW)

    def text_of(self, question: Question) -> str:
        """What was answered so far; empty when nothing was, or when the person does not know."""
        return next((each.text for each in self.answers if each.question_id == question.id), "")
