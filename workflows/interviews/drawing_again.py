"""Interviews: an auditor has rows drawn again, with a reason that stays; whoever gave the list is asked further."""

from collections.abc import Mapping

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, InterviewState, SampleDraw
from workflows.deed import Deed
from workflows.interviews import controls, drawing
from workflows.interviews.commands import ask_further
from workflows.interviews.lists import GivenList
from workflows.interviews.questions import must_be_of_the_team, step_of
from workflows.interviews.refusals import InterviewOver, NothingDrawn
from workflows.interviews.rules import OPEN_STATES, holds_rows
from workflows.interviews.sampling import is_shown, latest_draw, record, rows_drawn, typed_list
from workflows.interviews.shapes import OTHERS, DrawAgain
from workflows.interviews.widening import row_questions
from workflows.question_bank.shapes import AskedQuestion
from workflows.refusals import InputWanted
from workflows.wishes import Wish

DRAW_AGAIN = "interview.draw_again"
"""The errand of reading a list once more and drawing from it."""


def draw_again(deed: Deed, *, answer_id: int, said: DrawAgain) -> None:
    """An auditor of the team wants other rows, by another seed, or another number by the same one.

    Other rows are drawn from the list as it was given last, another number from the very list that was drawn from. Only
    rows that weren't asked for before are asked for now. Raises as `to_draw_again` does, or `InputWanted`.
    """
    draw = to_draw_again(deed, answer_id=answer_id)
    if not said.reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_DRAWN_AGAIN)
    wanted = int(said.rows) if said.rows.strip().isascii() and said.rows.strip().isdigit() else 0
    if not 0 < wanted <= draw.population:
        raise InputWanted("rows", Wish.ENTER_ROWS_UP_TO, {"most": draw.population})
    values: Mapping[str, JSON] = {
        "draw": draw.id,
        "rows": wanted,
        "anew": said.how == OTHERS,
        "reason": said.reason.strip(),
    }
    deed.errand(DRAW_AGAIN, values=values, about=question_of(deed.uow, draw).text)


def to_draw_again(deed: Deed, *, answer_id: int) -> SampleDraw:
    """What was drawn last of an answer, for an auditor of the team. Raises `NotAllowed`, `NothingDrawn` or
    `InterviewOver`.
    """
    answer, draw = deed.uow.get(Answer, answer_id), latest_draw(deed.uow, answer_id)
    interview, audit = must_be_of_the_team(deed, answer.interview_id or 0)
    if draw is None or not is_shown(step_of(deed.uow, interview.id), draw):
        raise NothingDrawn
    if interview.state not in (*OPEN_STATES, InterviewState.CONFIRMED):
        raise InterviewOver(interview.state.value, audit.auditor_id)
    return draw


def question_of(uow: UnitOfWork, draw: SampleDraw) -> AskedQuestion:
    """The question whose list was drawn from."""
    answer = uow.get(Answer, draw.answer_id)
    return step_of(uow, answer.interview_id or 0).find(answer.question_id)


def files_with(uow: UnitOfWork, draw: SampleDraw, *, anew: bool) -> list[Evidence]:
    """The files that may be the list to draw from, the one to read first at the head; none where none was given."""
    given = [each.evidence for each in evidence_queries.for_answer(uow, draw.answer_id)]
    kept = [each for each in reversed(given) if each.state is EvidenceState.KEPT]
    return kept if anew else [each for each in kept if each.id == draw.evidence_id]


def without_file(uow: UnitOfWork, draw: SampleDraw, *, anew: bool) -> GivenList:
    """The list where no file holds it: it was typed, or the bot holds its rows. Raises `NothingDrawn` if it is gone."""
    question, given = question_of(uow, draw), uow.get(Answer, draw.answer_id)
    if holds_rows(question):
        return controls.applicable(uow, question) if anew or not draw.listed else controls.of_numbers(draw.listed)
    texts = [given.text, draw.listed] if anew else [draw.listed or given.text]
    found = next(filter(None, (typed_list(question, each) for each in texts if each)), None)
    if found is None:
        raise NothingDrawn
    return found


def drawn_again(deed: Deed, *, draw_id: int, given: GivenList, rows: int, anew: bool, reason: str) -> SampleDraw:
    """The list was read once more: draw from it, and ask for the rows that weren't asked for before.

    What was drawn earlier stays as it is, also where it was drawn from another list.
    """
    before, question = deed.uow.get(SampleDraw, draw_id), question_of(deed.uow, deed.uow.get(SampleDraw, draw_id))
    draws = interview_queries.draws_for(deed.uow, before.answer_id)
    seed = drawing.seed_of(deed.today, len(draws)) if anew else before.seed
    draw = deed.uow.add(
        SampleDraw(
            answer_id=before.answer_id,
            completeness=before.completeness,
            reason=reason,
            drawn_at=deed.at,
            **rows_drawn(given, rows, seed),
        )
    )
    record(deed, draw)
    same_list = [earlier for earlier in draws if earlier.fingerprint == draw.fingerprint]
    known = {each["row"] for earlier in same_list for each in earlier.drawn}
    asked = [each for each in row_questions(question, draw) if int(each["id"].rpartition(":")[2]) not in known]
    if asked:
        answer = deed.uow.get(Answer, before.answer_id)
        ask_further(deed, interview_id=answer.interview_id or 0, questions=asked)
    return draw
