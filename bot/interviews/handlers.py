"""Interviews room at the edge: the interview question by question."""

from bot.interviews.facts import question_modal, summary_of
from bot.slack.calls import Form, Next, Open, Press, Reply, Tell
from bot.slack.routes import form, press
from messages.interviews import cards as words
from messages.interviews.payloads import InterviewRef, QuestionRef
from workflows.interviews import commands as interview_commands
from workflows.interviews import questions as interview_questions


async def begin_or_continue(call: Press[InterviewRef]) -> Reply:
    """The next open question."""
    step = await call.ask(interview_questions.step, interview_id=call.payload.interview)
    if step.question is None:
        return Tell(summary_of(step))
    return Open(question_modal(step, step.question, number=step.number))


async def answered(call: Form[QuestionRef]) -> Reply:
    """Save the answer and show the next question in the same modal; after the last one it closes."""
    step = await call.act(
        interview_commands.answer,
        interview_id=call.payload.interview,
        question_id=call.payload.question,
        text=call.text(words.ANSWER_FIELD),
        does_not_know=bool(call.choices(words.DOES_NOT_KNOW)),
    )
    return Next(question_modal(step, step.question, number=step.number)) if step.question else None


async def change(call: Press[QuestionRef]) -> Reply:
    """One answer once more, as it was given, before the summary is confirmed."""
    step = await call.ask(interview_questions.step, interview_id=call.payload.interview)
    number, question = step.asked(call.payload.question)
    return Open(question_modal(step, question, number=number, given=step.text_of(question)))


async def confirm(call: Press[InterviewRef]) -> Reply:
    """The person says that the summary is right."""
    await call.act(interview_commands.confirm, interview_id=call.payload.interview)
    return None


async def decline(call: Press[InterviewRef]) -> Reply:
    """The person does not take part."""
    await call.act(interview_commands.decline, interview_id=call.payload.interview)
    return None


ROUTES = (
    press(words.ANSWER, InterviewRef, begin_or_continue),
    form(words.QUESTION_FORM, QuestionRef, answered),
    press(words.CHANGE, QuestionRef, change),
    press(words.CONFIRM, InterviewRef, confirm),
    press(words.DECLINE, InterviewRef, decline),
)
