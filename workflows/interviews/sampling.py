"""Interviews: a list is counted, rows are drawn from it by a seed that is kept, and exactly these are asked for.

Here questions are only put in; they are asked in their turn. Whoever answers can't have it drawn anew: once they have
seen which rows were drawn, another list changes nothing, and neither does another text in the place of a typed one.
"""

from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import EvidenceState
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, Interview, SampleDraw
from workflows.deed import Deed
from workflows.interviews import drawing, lists
from workflows.interviews.lists import GivenList
from workflows.interviews.questions import is_sealed, step_at
from workflows.interviews.rules import (
    OPEN_STATES,
    Ack,
    Step,
    complete_id,
    draw_of,
    followed_by,
    is_complete,
    is_open,
    wants_list,
)
from workflows.interviews.sealing import digest_of_words
from workflows.interviews.widening import complete_question, put_in, row_questions
from workflows.question_bank.rules import rows_to_draw
from workflows.question_bank.shapes import AskedQuestion

# --- questions ---


def latest_draw(uow: UnitOfWork, answer_id: int) -> SampleDraw | None:
    """What was drawn last from the list of an answer."""
    return next(reversed(interview_queries.draws_for(uow, answer_id)), None)


def has_file(uow: UnitOfWork, step: Step, question: AskedQuestion) -> bool:
    """Whether the list that a question wants is there as a file, or on its way; then lines of text are words."""
    answer = step.given.get(question.id)
    if answer is None or not wants_list(question):
        return False
    files = [each.evidence.state for each in evidence_queries.for_answer(uow, answer.id)]
    return any(each is not EvidenceState.REFUSED for each in files)


def typed_list(question: AskedQuestion, text: str) -> GivenList | None:
    """A list that was typed, one row a line; None for what is a sentence."""
    rows = lists.typed(text, wanted=question.sample.columns if question.sample else ())
    return GivenList(rows, digest_of_words(text), text=text) if rows else None


def takes_files_of(uow: UnitOfWork, question_id: str) -> str:
    """The question that a file is for: while it is asked whether a list is complete, a file is another list."""
    answer_id = followed_by(question_id)
    if answer_id is None or not is_complete(question_id):
        return question_id
    return uow.get(Answer, answer_id).question_id


def handed_together(step: Step, question: AskedQuestion) -> list[AskedQuestion]:
    """A row goes to a colleague with all rows of its draw that wait for their answer; any other question alone."""
    draw = draw_of(question.id)
    if draw is None:
        return [question]
    rows = [each for each in step.asked if draw_of(each.id) == draw]
    return [each for each in rows if each.id == question.id or is_open(step.given.get(each.id))]


# --- what is put in ---


def take(deed: Deed, answer: Answer, given: GivenList) -> Ack:
    """Draw from a list, and put in what is asked of it; or say why nothing changes. The interview is open."""
    interview = deed.uow.get(Interview, answer.interview_id or 0)
    step, before = step_at(deed.uow, interview), latest_draw(deed.uow, answer.id)
    if before is not None and before.fingerprint == given.fingerprint:
        return Ack.LIST_AGAIN
    if before is not None and is_shown(step, before):
        return Ack.OTHER_LIST
    question = step.find(answer.question_id)
    draw = put_draw(deed, answer, given, before)
    if question.sample is None or not question.sample.complete:
        _show(deed, interview, question, draw, behind=question.id)
    elif before is None:
        put_in(deed, interview, [complete_question(question, answer.id)], behind=question.id)
    return Ack.FIRST


def is_shown(step: Step, draw: SampleDraw) -> bool:
    """Whether it was said already which rows were drawn."""
    return any(draw_of(each.id) == draw.id for each in step.asked)


def put_draw(deed: Deed, answer: Answer, given: GivenList, before: SampleDraw | None = None) -> SampleDraw:
    """Draw as many rows as is usual by the seed of the day; in place of a draw that nobody has seen."""
    values = rows_drawn(given, rows_to_draw(len(given.rows.labels)), drawing.seed_of(deed.today))
    if before is not None:
        draw = deed.uow.change(before, drawn_at=deed.at, **values)
    else:
        draw = deed.uow.add(SampleDraw(answer_id=answer.id, drawn_at=deed.at, **values))
    record(deed, draw)
    return draw


def rows_drawn(given: GivenList, wanted: int, seed: int) -> dict[str, Any]:
    """What a draw keeps of the list and of the rows drawn from it."""
    labels = given.rows.labels
    rows = drawing.drawn(len(labels), wanted, seed=seed, fingerprint=given.fingerprint)
    return {
        "evidence_id": given.evidence_id,
        "listed": given.text,
        "fingerprint": given.fingerprint,
        "population": len(labels),
        "columns": list(given.rows.columns),
        "seed": seed,
        "drawn": [{"row": each, "label": labels[each - 1]} for each in rows],
    }


def record(deed: Deed, draw: SampleDraw) -> None:
    """Write down what was drawn, from what."""
    rows = [each["row"] for each in draw.drawn]
    deed.record(
        "interview.draw",
        draw,
        answer=draw.answer_id,
        list=draw.fingerprint,
        population=draw.population,
        seed=draw.seed,
        rows=rows,
        reason=draw.reason,
    )


def show_rows(deed: Deed, question_id: str, said: str) -> None:
    """This was `said` of a list's being complete, or a colleague is asked: the rows drawn are asked for now."""
    answer = deed.uow.get(Answer, followed_by(question_id) or 0)
    interview = deed.uow.get(Interview, answer.interview_id or 0)
    draw = latest_draw(deed.uow, answer.id)
    if draw is None or interview.state not in OPEN_STATES:
        return
    if not is_sealed(deed.uow, answer):
        draw = deed.uow.change(draw, completeness=said)
    step = step_at(deed.uow, interview)
    if not is_shown(step, draw):
        _show(deed, interview, step.find(answer.question_id), draw, behind=complete_id(answer.id))


def _show(deed: Deed, interview: Interview, question: AskedQuestion, draw: SampleDraw, *, behind: str) -> None:
    put_in(deed, interview, row_questions(question, draw), behind=behind)


def after(deed: Deed, question: AskedQuestion, answer: Answer) -> Ack | None:
    """What an answer about a list puts in, and what is said before the next question; such an answer gets no follow-up.

    None for an answer that is about no list.
    """
    if is_complete(question.id):
        show_rows(deed, question.id, answer.text)
        return Ack.FIRST
    if not wants_list(question) or answer.kind is not AnswerKind.GIVEN:
        return None
    given = typed_list(question, answer.text) if (answer.value or {}).get("rows") else None
    return take(deed, answer, given) if given else Ack.FIRST
