"""Interviews: what an auditor does with one: notes of a talk, words taken out, rows drawn again, others asked."""

from bot.interviews import facts
from bot.slack.calls import Form, Open, Press, Reply
from bot.slack.filling import filled, prose
from bot.slack.routes import form, press
from messages.interviews import auditing as words
from messages.interviews import cards
from messages.interviews.payloads import DrawRef, InterviewRef, RedactRef
from messages.words.kit import Modal
from workflows.deed import Deed
from workflows.interviews import drawing_again, people, redacting, talks
from workflows.interviews.questions import step_at
from workflows.interviews.shapes import DrawAgain

# --- words taken out ---


async def redact(call: Press[RedactRef]) -> Reply:
    """An auditor wants to take words out of an answer."""
    return Open(await call.ask(_redact_modal, ref=call.payload))


def _redact_modal(deed: Deed, *, ref: RedactRef) -> Modal:
    given = redacting.to_redact(deed, answer_id=ref.answer)
    return words.redact_modal(RedactRef(given.id, given.version), prompt=given.prompt, text=given.text)


async def redacted(call: Form[RedactRef]) -> Reply:
    """Words go, and the reason stays."""
    out, reason = call.text(words.WORDS), prose(call, words.REASON)
    await call.act(_redact, ref=call.payload, out=out, reason=reason)
    return None


def _redact(deed: Deed, *, ref: RedactRef, out: str, reason: str) -> None:
    kept = redacting.without(redacting.to_redact(deed, answer_id=ref.answer).text, out)
    redacting.redact(deed, answer_id=ref.answer, version=ref.version, reason=reason, kept_text=kept)


# --- rows drawn again ---


async def ask_to_draw(call: Press[DrawRef]) -> Reply:
    """An auditor wants other rows, or more."""
    return Open(await call.ask(_draw_modal, ref=call.payload))


def _draw_modal(deed: Deed, *, ref: DrawRef) -> Modal:
    return words.draw_again_modal(ref, drawn=facts.drawn(drawing_again.to_draw_again(deed, answer_id=ref.answer)))


async def draw(call: Form[DrawRef]) -> Reply:
    """Whoever gave the list is asked for what is drawn now."""
    await call.act(drawing_again.draw_again, answer_id=call.payload.answer, said=filled(call, DrawAgain))
    return None


# --- a talk ---


async def note_talk(call: Press[InterviewRef]) -> Reply:
    """An auditor wants to write down what somebody told them."""
    return Open(await call.ask(_talk_modal, ref=call.payload))


def _talk_modal(deed: Deed, *, ref: InterviewRef) -> Modal:
    step = talks.to_note(deed, interview_id=ref.interview)
    questions = [(each.id, each.text) for each in talks.open_questions(step)]
    return words.talk_modal(ref, person_id=step.interview.person_id, questions=questions)


async def noted_talk(call: Form[InterviewRef]) -> Reply:
    """The notes are there; the person gets them read back."""
    notes = {name: call.text(name) for name in call.fields}
    await call.act(talks.write_notes, interview_id=call.payload.interview, notes=notes)
    return None


# --- somebody else ---


async def ask_instead(call: Press[InterviewRef]) -> Reply:
    """Who is asked instead of somebody who didn't answer?"""
    return Open(await call.ask(_instead_modal, ref=call.payload))


def _instead_modal(deed: Deed, *, ref: InterviewRef) -> Modal:
    step = step_at(deed.uow, people.to_ask_instead(deed, interview_id=ref.interview))
    return words.instead_modal(ref, person_id=step.interview.person_id, audit_title=step.audit.title)


async def asked_instead(call: Form[InterviewRef]) -> Reply:
    """Somebody else gets the questions."""
    person_id = call.person(words.PERSON) or ""
    await call.act(people.ask_instead, interview_id=call.payload.interview, person_id=person_id)
    return None


ROUTES = (
    press(words.REDACT, RedactRef, redact),
    form(words.REDACT_FORM, RedactRef, redacted),
    press(words.DRAW_AGAIN, DrawRef, ask_to_draw),
    form(words.DRAW_AGAIN_FORM, DrawRef, draw),
    press(cards.NOTE_TALK, InterviewRef, note_talk),
    form(words.TALK_FORM, InterviewRef, noted_talk),
    press(cards.ASK_INSTEAD, InterviewRef, ask_instead),
    form(words.INSTEAD_FORM, InterviewRef, asked_instead),
)
