"""Desk audits: what an auditor still wants to know when they have read an answer."""

from storage.interviews.tables import Interview
from workflows.deed import Deed
from workflows.desk_audits import desk
from workflows.desk_audits.shapes import Further
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import FURTHER
from workflows.question_bank.plain import plain
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, ForAuditor, Mode, Question
from workflows.refusals import Stale, Thing, Tried, want_all

MINUTES = 2
"""What one question more takes whoever answers it."""


def ask(deed: Deed, *, answer_id: int, said: Further) -> Interview:
    """Ask whoever gave an answer one question more, in their own thread. Raises as `to_ask` and `ask_further` do."""
    interview = to_ask(deed, answer_id=answer_id).interview
    assert interview is not None  # somebody said it in an interview
    want_all(said)
    asked: AskedQuestion = Question(
        id=f"{FURTHER}{answer_id}",
        text=said.question.strip(),
        mode=Mode.INTERVIEW,
        kind=AnswerKind.OPEN,
        audience=(),
        requirements={},
        minutes=MINUTES,
        for_auditor=ForAuditor(""),
    )
    return interview_commands.ask_further(deed, interview_id=interview.id, questions=[plain(asked)])


def to_ask(deed: Deed, *, answer_id: int) -> desk.Said:
    """The answer after which more is asked. Raises as `desk.to_work_on` does, or `Stale` for a note."""
    said = desk.to_work_on(deed, answer_id=answer_id, tried=Tried.ASK_IN_AUDIT)
    if said.interview is None:
        raise Stale(Thing.THIS_ANSWER)
    return said
