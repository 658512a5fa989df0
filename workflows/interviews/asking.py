"""Interviews: what is asked next, and where. Nobody's answer passes here."""

from collections.abc import Mapping
from typing import Any

from storage.interviews.queries import INVITATION
from storage.interviews.tables import Answer, Interview, InterviewState
from storage.record.outbox import OutboxRow, OutboxState
from workflows.deed import Deed
from workflows.interviews.controls import draw_held
from workflows.interviews.questions import PAUSED, QUESTION, SUMMARY, must_be_unsealed, step_at
from workflows.interviews.rules import FOLLOW_UP, Ack, Pause, Step, followed_by
from workflows.interviews.widening import put_in
from workflows.question_bank.follow_ups import follow_up_for
from workflows.question_bank.plain import plain
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, ForAuditor, Said
from workflows.question_bank.shapes import Question as BankQuestion


def ask(deed: Deed, interview: Interview, question_id: str, ack: Ack, about: str = "") -> Interview:
    """Ask a question in the thread of the interview, at once if it is the person's own doing.

    `about` is what the words of `ack` need: a person, or the name of a file. Where rows are drawn that the bot holds
    itself, the first of them is asked for.
    """
    question_id = draw_held(deed, interview, question_id)
    asked = deed.uow.change(
        deed.uow.get(Interview, interview.id),
        state=InterviewState.ANSWERING,
        asking=question_id,
        resumes_on=None,
        started_at=interview.started_at or deed.at,
        **_thread(deed, interview),
    )
    _say(deed, asked, QUESTION, question_id, ack, about)
    return asked


def ask_next(deed: Deed, interview: Interview, after: str, ack: Ack) -> Interview:
    """Ask what comes after a question, or read everything back where nothing is left."""
    coming = step_at(deed.uow, interview).after(after)
    return ask(deed, interview, coming.id, ack) if coming else read_back(deed, interview)


def read_back(deed: Deed, interview: Interview) -> Interview:
    """Nothing is left to ask: everything is read back, to be confirmed."""
    read = deed.uow.change(interview, state=InterviewState.CONFIRMING, asking=None, **_thread(deed, interview))
    _say(deed, read, SUMMARY, "summary")
    return read


def pause(deed: Deed, interview: Interview, why: Pause, about: str = "", rows: int = 0) -> Interview:
    """Ask nothing for now; where nothing is left to ask, everything is read back.

    `about` is the colleague who is asked instead, for so many `rows` of a list.
    """
    if step_at(deed.uow, interview).after("") is None:
        return read_back(deed, interview)
    paused = deed.uow.change(interview, state=InterviewState.ANSWERING, asking=None, **_thread(deed, interview))
    _say(deed, paused, PAUSED, why, about, rows)
    return paused


def _say(deed: Deed, interview: Interview, kind: str, *what: str | int) -> None:
    is_theirs = deed.by == interview.person_id
    deed.message([interview.person_id], interview, kind, what=(*what, interview.version), at_once=is_theirs)
    deed.redraw(interview)


def _thread(deed: Deed, interview: Interview) -> Mapping[str, str]:
    """Where the invitation stands, from the first time on that it does."""
    if interview.thread_ts:
        return {}
    sent = deed.uow.matching(OutboxRow, kind=INVITATION, subject_id=interview.id, state=OutboxState.SENT)
    return {"channel_id": sent[0].channel_id, "thread_ts": sent[0].ts} if sent else {}


def put_down(deed: Deed, step: Step, question: AskedQuestion, **said: Any) -> Answer:
    """Write down what was said to a question, in the place of what was said before."""
    before = step.given.get(question.id)
    if before is not None:
        return write_over(deed, before, answered_at=deed.at, **said)
    return deed.uow.add(
        Answer(
            interview_id=step.interview.id,
            question_id=question.id,
            requirements=list(question.references),
            prompt=question.text,
            round=step.interview.round or 1,
            follows_id=followed_by(question.id),
            answered_at=deed.at,
            **said,
        )
    )


def write_over(deed: Deed, before: Answer, **said: Any) -> Answer:
    """The one way in which what was said changes. Raises `AlreadyDecided` for what was confirmed."""
    must_be_unsealed(deed.uow, before)
    return deed.uow.change(before, **said)


def follow_up(deed: Deed, step: Step, question: AskedQuestion, answer: Answer, said: Said) -> AskedQuestion | None:
    """The follow-up that an answer gets, put into the interview; at most one, and none to a follow-up's own."""
    found = follow_up_for(question, said)
    key = f"{FOLLOW_UP}{answer.id}"
    if found is None or key in {each.id for each in step.asked}:
        return None
    asked = BankQuestion(
        id=key,
        text=found.text,
        mode=question.mode,
        kind=AnswerKind.OPEN,
        audience=(),
        requirements=question.requirements,
        minutes=0,
        for_auditor=ForAuditor(question.for_auditor.intent),
    )
    put_in(deed, step.interview, [plain(asked)], behind=question.id)
    return asked
