"""Interviews: what the words need to know, looked up in rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from messages.interviews import asking, cards
from messages.interviews import later as later_words
from messages.interviews.payloads import EditRef, HeldRef, InterviewRef, KeptRef, QuestionRef, WordsRef
from messages.words.kit import Message
from storage.audit_reports import queries as stored_reports
from storage.desk_audits.tables import AuditPlan
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import DroppedMessage
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, HeldBack, Interview, InterviewState, SampleDraw, WayGiven
from workflows.audit_reports.letting_go import months_kept
from workflows.desk_audits import access
from workflows.interviews import later
from workflows.interviews import questions as interview_questions
from workflows.interviews.handing_on import ASKED_BY, FOLLOWS
from workflows.interviews.kept_already import offered
from workflows.interviews.questions import step_of
from workflows.interviews.rules import (
    ASKED_BACK,
    OPEN_STATES,
    Ack,
    Pause,
    Step,
    complete_id,
    draw_of,
    followed_by,
    is_complete,
    is_open,
    row_of,
)
from workflows.interviews.sampling import handed_together
from workflows.question_bank.checking import ROWS
from workflows.question_bank.shapes import AskedQuestion


def card(uow: UnitOfWork, step: Step) -> cards.InterviewCard:
    """Everything the interviewee's card shows, as it stands now."""
    interview, plan = step.interview, next(iter(uow.matching(AuditPlan, desk_audit_id=step.audit.id)), None)
    return cards.InterviewCard(
        ref=InterviewRef(interview.id),
        audit_title=step.audit.title,
        person_id=interview.person_id,
        auditor_id=step.audit.auditor_id,
        minutes=step.minutes,
        answered=step.done,
        total=step.total,
        state=interview.state.value,
        confirmed_at=interview.confirmed_at,
        purpose=plan.objective if plan else "",
        readers=access.readers(uow, step.audit),
        kept_months=months_kept(uow),
        due_on=interview.due_on,
        asked_by=_asked_by(step),
        reason=interview.reason or "",
        resumes_on=interview.resumes_on,
        talk_wanted=interview.talk_wanted_at is not None,
        has_confirmed=interview.digest is not None,
        reported_at=_reported_at(uow, step),
    )


def _reported_at(uow: UnitOfWork, step: Step) -> datetime | None:
    """When the report of the audit was signed, for whoever confirmed; nobody else waits for it."""
    signed = stored_reports.signed(uow, step.audit.id) if step.interview.digest else []
    return signed[0].signed_at if signed else None


def _asked_by(step: Step) -> str:
    """The colleague who handed on all that is asked, if one did."""
    people = {str(each.get(ASKED_BY, "")) for each in step.interview.questions or ()}
    return people.pop() if len(people) == 1 else ""


def item(step: Step) -> cards.InterviewItem:
    """An interview as a line in a list."""
    return cards.InterviewItem(
        ref=InterviewRef(step.interview.id),
        audit_title=step.audit.title,
        auditor_id=step.audit.auditor_id,
        answered=step.done,
        total=step.total,
        state=step.interview.state.value,
    )


def given(uow: UnitOfWork, step: Step | None, answer: Answer) -> cards.GivenAnswer:
    """An answer as whoever gave it reads it; of a note, which answers nobody's question, there is no step."""
    value, asked_of = answer.value or {}, step.asked if step else ()
    question = next((each for each in asked_of if each.id == answer.question_id), None)
    labels = {each.id: each.label for each in question.options} if question else {}
    chosen = str(value.get("chosen", ""))
    return cards.GivenAnswer(
        ref=QuestionRef(answer.interview_id or 0, answer.question_id),
        prompt=answer.prompt,
        text=answer.text,
        kind="open" if is_open(answer) else kind_of(answer).value,
        chosen=labels.get(chosen) or asking.label_of(chosen),
        number=value.get("number"),
        day=date.fromisoformat(value["day"]) if "day" in value else None,
        handed_to=answer.handed_to or "",
        files=[each.evidence.name for each in evidence_queries.for_answer(uow, answer.id)],
        draws=drawn_for(uow, answer),
        marks=marks(answer),
        is_row=draw_of(answer.question_id) is not None,
    )


def marks(answer: Answer) -> cards.Marks:
    """What became of an answer after it was given, and whether an auditor noted it in a talk."""
    return cards.Marks(
        noted_by=(answer.written_by or "") if answer.interview_id else "",
        redaction=answer.redaction or "",
        redacted_by=answer.redacted_by or "",
        redacted_at=answer.redacted_at,
        is_edited=answer.edited_text is not None or answer.edited_at is not None,
        deleted_at=answer.deleted_at,
        let_go_at=answer.let_go_at,
    )


def held_back(held: HeldBack) -> later_words.HeldBack:
    """A message of which nothing was kept."""
    settled_as = held.settled_as.value if held.settled_as else ""
    return later_words.HeldBack(HeldRef(held.id), held.looks_like, held.line, settled_as=settled_as)


def later_edit(uow: UnitOfWork, answer: Answer, what: str) -> later_words.LaterEdit:
    """What was done in Slack to the message of an answer, as it stands now."""
    interview = uow.get(Interview, answer.interview_id or 0)
    return later_words.LaterEdit(
        EditRef(answer.id),
        what,
        text=answer.edited_text or "",
        waits=later.waits(uow, answer),
        is_taken=answer.edited_text is None and answer.edited_at is None,
        is_open=interview.state in OPEN_STATES and not interview_questions.is_sealed(uow, answer),
    )


def drawn_for(uow: UnitOfWork, answer: Answer) -> list[cards.Drawn]:
    """What was drawn from the lists given with an answer."""
    return [drawn(each) for each in interview_queries.draws_for(uow, answer.id)]


def kind_of(answer: Answer) -> AnswerKind:
    """What somebody did with a question; answers of earlier versions were given where they have a text."""
    return answer.kind or (AnswerKind.GIVEN if answer.text else AnswerKind.UNKNOWN)


def asked(
    uow: UnitOfWork,
    step: Step,
    question: AskedQuestion,
    ack: Ack = Ack.FIRST,
    about: str = "",
    *,
    is_asked: bool = True,
) -> asking.AskedQuestion:
    """A question as it stands in a conversation."""
    answer = step.given.get(question.id)
    return asking.AskedQuestion(
        ref=QuestionRef(step.interview.id, question.id),
        audit_title=step.audit.title,
        auditor_id=step.audit.auditor_id,
        number=step.number_of(question.id),
        total=step.total,
        prompt=question.text,
        kind=question.kind.value,
        ack=ack.value,
        options=[(each.id, each.label) for each in question.options],
        about=about,
        is_follow_up=step.is_child(question.id),
        counted=_counted(uow, question),
        drawn=_introduced(uow, step, question),
        is_row=draw_of(question.id) is not None,
        none_possible=question.none_possible,
        has_before=step.before(question.id) is not None,
        is_asked=is_asked,
        follows=str(_frozen(step, question.id).get(FOLLOWS, "")),
        together=_together(uow, step, question),
        may_leave=ack in ASKED_BACK and answer is not None,
        given=given(uow, step, answer) if answer else None,
        stands_in_thread=answer is not None and answer.way in (WayGiven.THREAD, WayGiven.FILE),
    )


def _frozen(step: Step, question_id: str) -> Mapping[str, Any]:
    return next((each for each in step.interview.questions or () if each["id"] == question_id), {})


def _together(uow: UnitOfWork, step: Step, question: AskedQuestion) -> list[str]:
    """The rows that go to a colleague together, by their labels, if it asks for one of several."""
    draw_id = draw_of(question.id)
    if draw_id is None:
        return []
    rows = {row_of(each.id) for each in handed_together(step, question)}
    return list(drawn(uow.get(SampleDraw, draw_id), among=rows).labels)


def _counted(uow: UnitOfWork, question: AskedQuestion) -> cards.Drawn | None:
    """The list, where it is asked whether it is complete."""
    draws = interview_queries.draws_for(uow, followed_by(question.id) or 0) if is_complete(question.id) else []
    return drawn(draws[-1]) if draws else None


def _introduced(uow: UnitOfWork, step: Step, question: AskedQuestion) -> cards.Drawn | None:
    """What was drawn, where the first of its rows is asked for; the rows that a colleague got, if not all."""
    rows = [each for each in step.asked if draw_of(each.id) == draw_of(question.id)]
    if draw_of(question.id) is None or rows[0].id != question.id:
        return None
    draw = uow.get(SampleDraw, draw_of(question.id) or 0)
    mine = {row_of(each.id) for each in rows}
    shown = drawn(draw, among=mine)
    return replace(shown, asks=asked_of(question, shown.labels), was_counted=_was_counted(step, draw))


def asked_of(row: AskedQuestion, labels: Sequence[str]) -> str:
    """What is asked of rows: all behind the sentence that names them, else the whole with them in it."""
    text = (row.sample.for_each if row.sample else None) or ""
    return text.partition(f"{ROWS}. ")[2] or text.replace(ROWS, ", ".join(labels))


def _was_counted(step: Step, draw: SampleDraw) -> bool:
    """Whether the rows were counted for whoever reads it: nothing was asked of the list, and it is theirs."""
    ids = {each.id for each in step.asked}
    is_theirs = draw.answer_id in {each.id for each in step.given.values()}
    return is_theirs and draw.evidence_id is not None and complete_id(draw.answer_id) not in ids


def drawn(draw: SampleDraw, among: Collection[int] = ()) -> cards.Drawn:
    """What was drawn from a list; only the rows `among` these numbers where some are given."""
    rows = [each for each in draw.drawn if not among or each["row"] in among]
    return cards.Drawn(
        draw.population, draw.fingerprint, draw.seed, [str(each.get("label") or each["row"]) for each in rows]
    )


def kept(uow: UnitOfWork, step: Step, question: AskedQuestion, at: datetime) -> asking.KeptFile | None:
    """What is kept already and may show what a question asks for, if anything is."""
    found = offered(uow, step, question, at)
    if found is None:
        return None
    return asking.KeptFile(KeptRef(step.interview.id, question.id, found.id), found.name, found.collected_on)


def paused(step: Step, why: Pause, about: str, rows: int = 0) -> asking.Paused:
    """The conversation at rest."""
    coming, interview = step.after(""), step.interview
    rests = interview.state is InterviewState.ANSWERING and interview.asking is None
    return asking.Paused(
        ref=InterviewRef(interview.id),
        audit_title=step.audit.title,
        why=why.value,
        number=step.number_of(coming.id) if coming else step.total,
        total=step.total,
        about=about,
        rows=rows,
        resumes_on=interview.resumes_on if rests else None,
        waits=rests,
    )


def summary_of(uow: UnitOfWork, step: Step) -> Message:
    """What was understood, to be corrected or confirmed."""
    ref = InterviewRef(step.interview.id)
    return cards.summary(ref=ref, audit_title=step.audit.title, answers=_all_given(uow, step, _of_this_round(step)))


def _of_this_round(step: Step) -> list[Answer]:
    return [each for each in step.answers if (each.round or 1) == (step.interview.round or 1)]


def sealed_copy(uow: UnitOfWork, step: Step) -> Message:
    """The copy of the round that was confirmed last."""
    interview = step.interview
    assert interview.confirmed_at is not None  # both are set by confirming, which nothing takes back
    assert interview.digest is not None
    return cards.sealed(
        cards.Sealed(
            audit_title=step.audit.title,
            auditor_id=step.audit.auditor_id,
            sealed_at=interview.confirmed_at,
            digest=interview.digest,
            answers=_all_given(uow, step, _of_this_round(step)),
        )
    )


def which(uow: UnitOfWork, kept: DroppedMessage) -> Message:
    """Words beside any thread, and the interviews that they may be for."""
    titles = {each: step_of(uow, each).audit.title for _, each in kept.choices}
    chosen = "" if kept.chosen is None else titles[kept.choices[kept.chosen][1]]
    refs = [(WordsRef(each, kept.id), title) for each, title in titles.items()]
    return asking.which(interviews=[] if chosen else refs, text=kept.note, chosen=chosen)


def _all_given(uow: UnitOfWork, step: Step, answers: Sequence[Answer]) -> list[cards.GivenAnswer]:
    return [given(uow, step, each) for each in answers]
