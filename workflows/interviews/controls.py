"""Interviews: applicable controls are rows that the bot holds itself; they are drawn when their question is asked."""

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.interviews.tables import Answer, AnswerKind, Interview, WayGiven
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.interviews.lists import GivenList, Listed
from workflows.interviews.questions import step_at
from workflows.interviews.rules import holds_rows
from workflows.interviews.sampling import put_draw
from workflows.interviews.sealing import digest_of_words
from workflows.interviews.widening import put_in, row_questions
from workflows.question_bank.shapes import AskedQuestion


def draw_held(deed: Deed, interview: Interview, question_id: str) -> str:
    """Draw what a question needs that is asked for the first time; the id of what is asked in its place, or its own."""
    step = step_at(deed.uow, interview)
    question = step.find(question_id)
    given = applicable(deed.uow, question) if holds_rows(question) and question_id not in step.given else None
    if given is None or not given.rows.labels:
        return question_id
    answer = _answered_by_the_bot(deed, interview, question, len(given.rows.labels))
    draw = put_draw(deed.by_itself, answer, given)
    rows = row_questions(question, draw)
    put_in(deed, interview, rows, behind=question_id)
    return str(rows[0]["id"])


def applicable(uow: UnitOfWork, question: AskedQuestion) -> GivenList:
    """The controls that apply by the Statement of Applicability as it is decided now, in the order of the standard."""
    decided = framework_queries.applicabilities(uow)
    left_out = {reference for reference, each in decided.items() if not each.applies}
    held = [
        each
        for edition in question.requirements
        for each in framework_questions.catalogue_of(uow, edition).requirements.values()
        if each.may_be_left_out and each.reference not in left_out
    ]
    return of_numbers("\n".join(each.number for each in held))


def of_numbers(text: str) -> GivenList:
    """Numbers, one a line, which stand for a list that nobody gave; its fingerprint is the SHA-256 of them."""
    return GivenList(Listed((), tuple(text.splitlines())), digest_of_words(text), text=text)


def _answered_by_the_bot(deed: Deed, interview: Interview, question: AskedQuestion, rows: int) -> Answer:
    return deed.uow.add(
        Answer(
            interview_id=interview.id,
            question_id=question.id,
            requirements=list(question.references),
            prompt=question.text,
            kind=AnswerKind.GIVEN,
            value={"rows": rows},
            way=WayGiven.TAP,
            round=interview.round or 1,
            answered_at=deed.at,
        )
    )
