"""Interviews: questions that come in on the way, such as one for each row that was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from storage.interviews.tables import Interview, SampleDraw
from workflows.deed import Deed
from workflows.interviews.questions import step_at
from workflows.interviews.rules import complete_id, row_id
from workflows.question_bank.plain import plain
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, SampleSource

MINUTES_PER_ROW = 1


def put_in(deed: Deed, interview: Interview, questions: Sequence[Mapping[str, Any]], behind: str = "") -> Interview:
    """Put frozen questions into an interview: behind one of its questions, or at the end."""
    known = [*(interview.questions or map(plain, step_at(deed.uow, interview).asked))]
    ids = [each["id"] for each in known]
    place = ids.index(behind) + 1 if behind else len(known)
    asked = [*known[:place], *map(dict, questions), *known[place:]]
    return deed.uow.change(interview, questions=asked, question_ids=[each["id"] for each in asked])


def renamed(question: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    """A frozen question under an id that isn't `taken` yet, which it then is."""
    name, number = str(question["id"]), 2
    while name in taken:
        name, number = f"{str(question['id'])[:34]}-{number}", number + 1
    taken.add(name)
    return {**question, "id": name}


def complete_question(of: AskedQuestion, answer_id: int) -> Mapping[str, Any]:
    """The question whether a list is complete, as it is frozen."""
    text = of.sample.complete if of.sample else None
    asked: Mapping[str, Any] = plain(_child(of, complete_id(answer_id), text or "", AnswerKind.OPEN, minutes=0))
    return asked


def row_questions(of: AskedQuestion, draw: SampleDraw) -> list[Mapping[str, Any]]:
    """One question for each row of a draw, as they are frozen: what shows it?"""
    return [plain(_row(of, draw, each["row"], each["label"])) for each in draw.drawn]


def _row(of: AskedQuestion, draw: SampleDraw, row: int, label: str) -> AskedQuestion:
    show = of.sample.show if of.sample else ()
    text = f"{label}: {', '.join(show)}" if show else label
    key = row_id(draw.answer_id, draw.id, row)
    return replace(_child(of, key, text, AnswerKind.SHOW_ME, minutes=MINUTES_PER_ROW), sample=_of_row(of))


def _of_row(of: AskedQuestion) -> Any:
    """What is asked of the rows goes with each, also to a colleague who gets them alone."""
    if of.sample is None or of.sample.source is SampleSource.GIVEN_LIST:
        return of.sample
    return replace(of.sample, for_each=of.text)


def _child(of: AskedQuestion, key: str, text: str, kind: AnswerKind, *, minutes: float) -> AskedQuestion:
    return replace(
        of,
        id=key,
        text=text,
        kind=kind,
        minutes=minutes,
        options=(),
        none_possible=False,
        wanted_evidence=(),
        follow_ups=(),
        sample=None,
    )
