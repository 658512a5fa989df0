"""Interviews room at the edge: every way in which somebody answers, or says that they don't."""

from datetime import timedelta

from bot.evidence.collecting import offered
from bot.interviews import facts
from bot.slack.calls import Form, Next, Open, Press, Reply, Tell, View
from bot.slack.filling import prose
from bot.slack.routes import form, press
from messages.interviews import asking
from messages.interviews import cards as words
from messages.interviews.later import HeldBack
from messages.interviews.payloads import ColleagueRef, HeldRef, InterviewRef, KeptRef, QuestionRef, TapRef, WordsRef
from messages.words.kit import Modal
from storage.evidence.tables import WayIn
from storage.interviews.tables import WayGiven
from workflows.deed import Deed
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, beside, handing_on, kept_already
from workflows.interviews import commands as interview_commands
from workflows.interviews import questions as interview_questions
from workflows.interviews.rules import Reply as Said
from workflows.question_bank.shapes import Tap
from workflows.refusals import LooksLikeSecret

# --- beginning, stopping, ending ---


async def go_on(call: Press[InterviewRef]) -> Reply:
    """Begin or go on: what is next comes in the thread; on Home it is said that it does."""
    await call.act(interview_commands.go_on, interview_id=call.payload.interview)
    return Tell(asking.asked_in_thread()) if _is_home(call.view) else None


def _is_home(view: View | None) -> bool:
    return view is not None and view.type == "home"


async def talk(call: Press[InterviewRef]) -> Reply:
    """They would rather talk."""
    await call.act(interview_commands.want_talk, interview_id=call.payload.interview)
    return None


async def decline(call: Press[InterviewRef]) -> Reply:
    """Not me: why?"""
    await call.ask(interview_questions.step, interview_id=call.payload.interview)
    return Open(words.decline_modal(call.payload))


async def declined(call: Form[InterviewRef]) -> Reply:
    """They take no part."""
    reason = prose(call, words.REASON)
    await call.act(interview_commands.decline, interview_id=call.payload.interview, reason=reason)
    return None


async def not_now(call: Press[InterviewRef]) -> Reply:
    """They stop here for now."""
    await call.act(interview_commands.stop_for_now, interview_id=call.payload.interview)
    return None


async def tomorrow(call: Press[InterviewRef]) -> Reply:
    """They want to go on tomorrow."""
    await call.act(_tomorrow, interview_id=call.payload.interview)
    return None


def _tomorrow(deed: Deed, *, interview_id: int) -> None:
    day = deed.their_today + timedelta(days=1)
    interview_commands.go_on_later(deed, interview_id=interview_id, day=day)


async def another_day(call: Press[InterviewRef]) -> Reply:
    """On which day?"""
    return Open(asking.day_modal(call.payload))


async def day_chosen(call: Form[InterviewRef]) -> Reply:
    """They want to go on on that day."""
    day = call.day(asking.DAY)
    if day is not None:
        await call.act(interview_commands.go_on_later, interview_id=call.payload.interview, day=day)
    return None


async def confirm(call: Press[InterviewRef]) -> Reply:
    """They say that what was understood is right."""
    await call.act(interview_commands.confirm, interview_id=call.payload.interview)
    return None


# --- a question ---


async def tap(call: Press[TapRef]) -> Reply:
    """An answer by a button."""
    ref = call.payload
    reply = Said(WayGiven.TAP, chosen=ref.tap)
    await call.act(answering.answer, interview_id=ref.interview, question_id=ref.question, reply=reply)
    return None


async def use_kept(call: Press[KeptRef]) -> Reply:
    """What is kept already shows it."""
    ref = call.payload
    await call.act(answering.use_kept, interview_id=ref.interview, question_id=ref.question, evidence_id=ref.evidence)
    return None


async def give_another(call: Press[QuestionRef]) -> Reply:
    """What is kept already doesn't show it."""
    await call.act(kept_already.give_another, interview_id=call.payload.interview, question_id=call.payload.question)
    return None


async def leave(call: Press[QuestionRef]) -> Reply:
    """What was asked back stays as it is."""
    await call.act(answering.leave, interview_id=call.payload.interview, question_id=call.payload.question)
    return None


async def back(call: Press[QuestionRef]) -> Reply:
    """The question before."""
    await call.act(interview_commands.back, interview_id=call.payload.interview, question_id=call.payload.question)
    return None


async def use_form(call: Press[QuestionRef]) -> Reply:
    """The question as a form, with what was said so far."""
    return Open(await call.ask(_question_modal, ref=call.payload))


def _asked(deed: Deed, ref: QuestionRef) -> asking.AskedQuestion:
    step = interview_questions.step(deed, interview_id=ref.interview)
    return facts.asked(deed.uow, step, step.find(ref.question))


def _question_modal(deed: Deed, *, ref: QuestionRef, no: LooksLikeSecret | None = None, text: str = "") -> Modal:
    held = HeldBack(HeldRef(0), no.kind.value, no.line) if no else None
    return asking.question_modal(_asked(deed, ref), held=held, text=text)


async def answered(call: Form[QuestionRef]) -> Reply:
    """An answer by a form, perhaps with files."""
    reply = Said(
        WayGiven.FORM,
        text=call.text(asking.ANSWER_FIELD),
        chosen=call.choice(asking.CHOSEN) or "",
        day=call.day(asking.DAY),
        is_no_secret=bool(call.choices(asking.NO_SECRET)),
    )
    try:
        await _take(call, reply)
    except LooksLikeSecret as no:
        return Next(await call.ask(_question_modal, ref=call.payload, no=no, text=reply.text))
    return None


async def _take(call: Form[QuestionRef], reply: Said) -> None:
    ref, files = call.payload, [offered(each, "") for each in call.files(asking.FILES)]
    if files:
        await call.act(_give_files, ref=ref, files=files, reply=reply)
    else:
        await call.act(answering.answer, interview_id=ref.interview, question_id=ref.question, reply=reply)


def _give_files(deed: Deed, *, ref: QuestionRef, files: list[OfferedFile], reply: Said) -> None:
    interview = interview_questions.own_interview(deed, ref.interview)
    place = Place(interview.channel_id or "", interview.thread_ts or "", way_in=WayIn.MODAL)
    answering.give_files(
        deed,
        interview_id=ref.interview,
        question_id=ref.question,
        files=files,
        place=place,
        reply=reply,
    )


async def skip(call: Press[QuestionRef]) -> Reply:
    """Why is it skipped?"""
    return Open(await call.ask(_skip_modal, ref=call.payload))


def _skip_modal(deed: Deed, *, ref: QuestionRef) -> Modal:
    return asking.skip_modal(_asked(deed, ref))


async def skipped(call: Form[QuestionRef]) -> Reply:
    """The question is skipped for a reason."""
    ref, reply = call.payload, Said(WayGiven.FORM, call.text(asking.REASON), chosen=Tap.SKIP)
    await call.act(answering.answer, interview_id=ref.interview, question_id=ref.question, reply=reply)
    return None


async def colleague(call: Press[QuestionRef]) -> Reply:
    """Whom to ask instead?"""
    return Open(await call.ask(_colleague_modal, ref=call.payload))


def _colleague_modal(deed: Deed, *, ref: QuestionRef) -> Modal:
    return asking.colleague_modal(_asked(deed, ref))


async def colleague_chosen(call: Form[QuestionRef]) -> Reply:
    """A colleague is asked instead."""
    ref, person_id = call.payload, call.person(asking.PERSON) or ""
    await call.act(handing_on.hand_on, interview_id=ref.interview, question_id=ref.question, person_id=person_id)
    return None


async def ask_colleague(call: Press[ColleagueRef]) -> Reply:
    """The colleague who was mentioned is meant to be asked."""
    ref = call.payload
    await call.act(handing_on.hand_on, interview_id=ref.interview, question_id=ref.question, person_id=ref.person)
    return None


async def take_words(call: Press[WordsRef]) -> Reply:
    """They say which question their words beside any thread are the answer to."""
    await call.act(beside.take_words, dropped_id=call.payload.dropped, interview_id=call.payload.interview)
    return None


ROUTES = (
    press(words.GO_ON, InterviewRef, go_on),
    press(words.TALK, InterviewRef, talk),
    press(words.DECLINE, InterviewRef, decline),
    form(words.DECLINE_FORM, InterviewRef, declined),
    press(asking.NOT_NOW, InterviewRef, not_now),
    press(asking.TOMORROW, InterviewRef, tomorrow),
    press(asking.ANOTHER_DAY, InterviewRef, another_day),
    form(asking.DAY_FORM, InterviewRef, day_chosen),
    press(words.CONFIRM, InterviewRef, confirm),
    *(press(f"{asking.TAP}.{name}", TapRef, tap) for name in asking.TAPS),
    press(asking.USE_KEPT, KeptRef, use_kept),
    press(asking.GIVE_ANOTHER, QuestionRef, give_another),
    press(asking.LEAVE, QuestionRef, leave),
    press(asking.BACK, QuestionRef, back),
    press(words.CHANGE, QuestionRef, use_form),
    press(asking.FORM, QuestionRef, use_form),
    form(asking.QUESTION_FORM, QuestionRef, answered),
    press(asking.SKIP, QuestionRef, skip),
    form(asking.SKIP_FORM, QuestionRef, skipped),
    press(asking.COLLEAGUE, QuestionRef, colleague),
    form(asking.COLLEAGUE_FORM, QuestionRef, colleague_chosen),
    press(asking.ASK_COLLEAGUE, ColleagueRef, ask_colleague),
    *(press(f"{asking.TAKE_WORDS}.{number}", WordsRef, take_words) for number in range(asking.MOST_INTERVIEWS)),
)
