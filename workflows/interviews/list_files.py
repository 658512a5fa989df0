"""Interviews: a file that came with an answer is there. A list is drawn from; of any other the receipt is said."""

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence
from storage.interviews.tables import Answer, Interview, InterviewState, SampleDraw
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.interviews import lists
from workflows.interviews.asking import ask, ask_next
from workflows.interviews.lists import GivenList, Listed
from workflows.interviews.questions import is_sealed, step_of
from workflows.interviews.rules import OPEN_STATES, Ack, draw_of, is_complete, wants_list
from workflows.interviews.sampling import take
from workflows.question_bank.shapes import AskedQuestion


def answer_with(uow: UnitOfWork, evidence_id: int) -> Answer:
    """The answer that a file was given with. Raises `StopIteration` for a file that was given for something else."""
    uses = evidence_queries.uses_of(uow, evidence_id)
    return uow.get(Answer, next(each.answer_id for each in uses if each.answer_id is not None))


def list_wanted(uow: UnitOfWork, evidence_id: int) -> AskedQuestion | None:
    """The question that wants the list which this file may be, while its interview is open; a note wants none."""
    answer = answer_with(uow, evidence_id)
    if answer.interview_id is None:
        return None
    step = step_of(uow, answer.interview_id)
    question = step.find(answer.question_id)
    return question if wants_list(question) and step.interview.state in OPEN_STATES else None


def take_list(deed: Deed, *, evidence_id: int, listed: Listed) -> None:
    """The rows of a list were counted: say how many there are, and ask what comes next."""
    answer, evidence = answer_with(deed.uow, evidence_id), deed.uow.get(Evidence, evidence_id)
    interview = deed.uow.get(Interview, answer.interview_id or 0)
    if interview.state not in OPEN_STATES or is_sealed(deed.uow, answer):
        _receipt(deed, evidence)
        return
    theirs = deed.in_name_of(interview.person_id)
    ack = take(theirs, answer, GivenList(listed, evidence.sha256 or "", evidence_id=evidence.id))
    _go_on(theirs, deed.uow.get(Interview, interview.id), answer.question_id, ack, evidence)


def not_a_list(deed: Deed, *, evidence_id: int, why: str) -> None:
    """No rows can be drawn from a file: it is kept, and another is asked for."""
    answer, evidence = answer_with(deed.uow, evidence_id), deed.uow.get(Evidence, evidence_id)
    interview = deed.uow.get(Interview, answer.interview_id or 0)
    if interview.state in OPEN_STATES and interview.asking is not None and not is_sealed(deed.uow, answer):
        ask(deed.in_name_of(interview.person_id), interview, answer.question_id, lists.why_not(why), evidence.name)
    else:
        _receipt(deed, evidence)


def file_kept(deed: Deed, *, evidence_id: int) -> None:
    """A file that is no list is kept; one that is the list itself shows nothing of its rows."""
    answer, evidence = answer_with(deed.uow, evidence_id), deed.uow.get(Evidence, evidence_id)
    if answer.interview_id is None:  # of a note of the auditor's own
        _receipt(deed, evidence)
        return
    interview, draw_id = deed.uow.get(Interview, answer.interview_id), draw_of(answer.question_id)
    is_list = draw_id is not None and deed.uow.get(SampleDraw, draw_id).fingerprint == evidence.sha256
    if (
        is_list
        and interview.state in (InterviewState.ANSWERING, InterviewState.CONFIRMING)
        and not is_sealed(deed.uow, answer)
    ):
        ask(deed.in_name_of(interview.person_id), interview, answer.question_id, Ack.LIST_AGAIN)
    else:
        _receipt(deed, evidence)


def _go_on(deed: Deed, interview: Interview, question_id: str, ack: Ack, evidence: Evidence) -> None:
    """Ask what comes next of a list, unless they are elsewhere by now: then it comes in its turn."""
    if interview.asking == question_id or interview.state is InterviewState.CONFIRMING:
        ask_next(deed, interview, question_id, ack)
    elif interview.asking and (ack is not Ack.FIRST or is_complete(interview.asking)):
        ask(deed, interview, interview.asking, ack)
    else:
        _receipt(deed, evidence)


def _receipt(deed: Deed, evidence: Evidence) -> None:
    evidence_commands.answer(deed, evidence, "evidence.receipt")
