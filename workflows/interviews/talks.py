"""Interviews: of a talk the auditor writes notes, and whoever was asked confirms them like any answer."""

from collections.abc import Mapping

from storage.interviews.tables import Answer, AnswerKind, Interview, WayGiven
from workflows.deed import Deed
from workflows.interviews.asking import pause, put_down
from workflows.interviews.questions import must_be_of_the_team, step_at
from workflows.interviews.refusals import InterviewOver
from workflows.interviews.rules import LONGEST_ANSWER, OPEN_STATES, Pause, Step, is_open
from workflows.pasted_secrets import must_hold_none
from workflows.question_bank.shapes import AskedQuestion
from workflows.refusals import InputWanted
from workflows.wishes import Wish

# --- commands ---


def write_notes(deed: Deed, *, interview_id: int, notes: Mapping[str, str]) -> Step:
    """An auditor of the team writes down what somebody said, by the ids of questions that are still open.

    The person gets it read back, and confirms or changes it; what is left open they are asked in writing. Raises
    `NotAllowed`, `InterviewOver`, `LooksLikeSecret`, or `InputWanted` where nothing was noted or too much.
    """
    step = to_note(deed, interview_id=interview_id)
    questions = {each.id: each for each in open_questions(step)}
    said = {name: text.strip() for name, text in notes.items() if text.strip() and name in questions}
    if not said:
        raise InputWanted(next(iter(questions), "answer"), Wish.WRITE_ANSWER)
    for name, text in said.items():
        _note(deed, step, questions[name], text)
    noted = deed.uow.change(step.interview, started_at=step.interview.started_at or deed.at)
    deed.record("interview.note_talk", noted, questions=list(said))
    pause(deed, deed.uow.get(Interview, noted.id), Pause.TALKED, deed.by)
    return step_at(deed.uow, deed.uow.get(Interview, noted.id))


# --- questions ---


def to_note(deed: Deed, *, interview_id: int) -> Step:
    """Where an interview stands that an auditor of the team takes notes in. Raises `NotAllowed` or `InterviewOver`."""
    interview, audit = must_be_of_the_team(deed, interview_id)
    if interview.state not in OPEN_STATES:
        raise InterviewOver(interview.state.value, audit.auditor_id)
    return step_at(deed.uow, interview)


def open_questions(step: Step) -> list[AskedQuestion]:
    """What nobody has answered yet; what the person wrote themselves is never written over."""
    return [each for each in step.asked if is_open(step.given.get(each.id))]


def _note(deed: Deed, step: Step, question: AskedQuestion, text: str) -> Answer:
    if len(text) > LONGEST_ANSWER:
        raise InputWanted(question.id, Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_ANSWER})
    must_hold_none(text, question.id)
    said = {"kind": AnswerKind.GIVEN, "text": text, "value": None, "handed_to": None}
    return put_down(deed, step, question, **said, way=WayGiven.TALK, written_by=deed.by)
