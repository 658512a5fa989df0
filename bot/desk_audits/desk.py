"""The auditor's desk at the edge: an audit's card, its answers page by page, notes, ratings and the comparison."""

from bot.desk_audits import cards, facts
from bot.evidence.collecting import IN_A_MODAL, offered
from bot.slack.calls import Command, Form, Next, Open, Press, Reply
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.desk_audits import cards as card_words
from messages.desk_audits import desk as words
from messages.desk_audits import findings as forms
from messages.desk_audits.payloads import AnswerRef, AuditRef, SeatRef, SheetRef
from messages.interviews.payloads import InterviewRef
from messages.words.kit import Modal
from workflows.deed import Deed
from workflows.desk_audits import access, desk, further, living, notes, rating
from workflows.desk_audits.shapes import Assessed, Further, Note
from workflows.refusals import Tried


async def show(call: Command, number: int) -> Reply:
    """`/iso audit 7`: the card of audit 7, in the person's direct messages, where it is kept up."""
    await call.act(living.bring, audit_id=number)
    return None


async def bring(call: Press[AuditRef]) -> Reply:
    """The same from a button."""
    await call.act(living.bring, audit_id=call.payload.audit)
    return None


async def read(call: Press[InterviewRef]) -> Reply:
    """The auditor wants to read an interview of which the message of the day says only that it is confirmed."""
    await call.act(living.read, interview_id=call.payload.interview)
    return None


async def pages(call: Press[SheetRef]) -> Reply:
    """The first page of the answers."""
    return Open(await call.ask(cards.sheet, ref=call.payload))


async def turn(call: Press[SheetRef]) -> Reply:
    """Another page in the place of the one that is open."""
    return Next(await call.ask(cards.sheet, ref=call.payload))


async def read_answer(call: Press[SeatRef]) -> Reply:
    """One answer in the place of its page."""
    return Next(await call.ask(cards.answer, answer_id=call.payload.answer, by=call.payload.by))


async def rate(call: Press[AnswerRef]) -> Reply:
    """The auditor reads the whole answer and is asked for the two scales."""
    return Open(await call.ask(_rate_modal, ref=call.payload))


async def assess(call: Press[SeatRef]) -> Reply:
    """The same on the desk, in the place of the answer."""
    return Next(await call.ask(_rate_modal, ref=call.payload))


def _rate_modal(deed: Deed, *, ref: AnswerRef | SeatRef) -> Modal:
    answer = desk.to_work_on(deed, answer_id=ref.answer, tried=Tried.RATE_ANSWER).answer
    now = (
        SeatRef(answer.id, answer.version, ref.by) if isinstance(ref, SeatRef) else AnswerRef(answer.id, answer.version)
    )
    return card_words.rate_modal(facts.rate_draft(deed.uow, answer), now)


async def rated(call: Form[AnswerRef]) -> Reply:
    """The auditor rated an answer; the card on which they did shows it."""
    ref, said = call.payload, filled(call, Assessed)
    await call.act(rating.rate, answer_id=ref.answer, version=ref.version, said=said)
    return None


async def assessed(call: Form[SeatRef]) -> Reply:
    """The auditor rated an answer on the desk, and reads it again as it is rated now."""
    ref, said = call.payload, filled(call, Assessed)
    await call.act(rating.rate, answer_id=ref.answer, version=ref.version, said=said)
    return Next(await call.ask(cards.answer, answer_id=ref.answer, by=ref.by))


async def begin_further(call: Press[SeatRef]) -> Reply:
    """The auditor wants to know more of whoever gave an answer."""
    return Next(await call.ask(_further_modal, ref=call.payload))


def _further_modal(deed: Deed, *, ref: SeatRef) -> Modal:
    said = further.to_ask(deed, answer_id=ref.answer)
    return forms.further_modal(ref, prompt=said.answer.prompt, person_id=said.person_id)


async def asked_further(call: Form[SeatRef]) -> Reply:
    """The question, and back to the answer after which it is asked."""
    ref = call.payload
    await call.act(further.ask, answer_id=ref.answer, said=filled(call, Further))
    return Next(await call.ask(cards.answer, answer_id=ref.answer, by=ref.by))


async def begin_note(call: Press[AuditRef]) -> Reply:
    """The auditor wants to write down what they read or watched."""
    return Open(await call.ask(_note_modal, ref=call.payload))


def _note_modal(deed: Deed, *, ref: AuditRef) -> Modal:
    audit = access.must_audit(deed, ref.audit, Tried.WRITE_NOTE)
    return forms.note_modal(
        ref=ref,
        prompts=notes.planned(deed.uow, audit),
        requirements=facts.choosable(deed.uow, notes.criteria(deed.uow, audit)),
        files=facts.files_to_choose(notes.at_hand(deed, audit_id=audit.id)),
    )


async def noted(call: Form[AuditRef]) -> Reply:
    """The note."""
    files = [offered(each) for each in call.files(forms.FILES)]
    await call.act(notes.note, audit_id=call.payload.audit, said=filled(call, Note), files=files, place=IN_A_MODAL)
    return None


async def compare(call: Press[AuditRef]) -> Reply:
    """The audit beside the last one of its area."""
    return Open(await call.ask(cards.compared, audit_id=call.payload.audit))


ROUTES = (
    press(card_words.BRING, AuditRef, bring),
    press(card_words.READ, InterviewRef, read),
    press(card_words.RATE, AnswerRef, rate),
    form(card_words.RATE_FORM, AnswerRef, rated),
    press(words.BY_QUESTION, SheetRef, pages),
    press(words.BY_PERSON, SheetRef, pages),
    press(words.PAGE_BACK, SheetRef, turn),
    press(words.PAGE_ON, SheetRef, turn),
    press(words.TO_PAGE, SheetRef, turn),
    press(words.READ_ANSWER, SeatRef, read_answer),
    press(words.ASSESS, SeatRef, assess),
    form(card_words.ASSESS_FORM, SeatRef, assessed),
    press(words.FURTHER, SeatRef, begin_further),
    form(forms.FURTHER_FORM, SeatRef, asked_further),
    press(words.NOTE, AuditRef, begin_note),
    form(forms.NOTE_FORM, AuditRef, noted),
    press(words.COMPARE, AuditRef, compare),
)
