"""Responses room at the edge: the buttons and forms of the conversation that leads to an answer."""

from datetime import date

from bot.responses import facts
from bot.slack.calls import Form, Next, Open, Press, Reply, Tell
from bot.slack.filling import prose
from bot.slack.routes import Routes, form, press
from messages.nonconformities import cards as case_words
from messages.nonconformities import forms as case_forms
from messages.nonconformities.payloads import NonconformityRef
from messages.responses import asking as words
from messages.responses.payloads import DayRef, TapRef, TurnRef
from messages.words.kit import Modal
from storage.nonconformities.tables import Asking, Nonconformity
from workflows.deed import Deed
from workflows.nonconformities import drafts
from workflows.refusals import InputWanted
from workflows.responses import commands, questions
from workflows.responses.rules import Tap
from workflows.wishes import Wish


async def find_out_why(call: Press[NonconformityRef]) -> Reply:
    """Begin the conversation, or go on; where it was pressed elsewhere, it is said where it goes on."""
    await call.act(commands.find_out_why, nonconformity_id=call.payload.nonconformity)
    return Tell(words.goes_on_in_thread()) if call.view or call.origin else None


async def tap(call: Press[TapRef]) -> Reply:
    """An answer by a button."""
    ref = call.payload
    await call.act(commands.tap, draft_id=ref.draft, number=ref.number, tap=Tap(ref.tap))
    return None


async def day(call: Press[DayRef]) -> Reply:
    """One of the days that were proposed."""
    ref = call.payload
    await call.act(commands.choose_day, draft_id=ref.draft, number=ref.number, day=date.fromisoformat(ref.day))
    return None


async def somebody_else(call: Press[TurnRef]) -> Reply:
    """Who carries it out?"""
    return Open(await call.ask(_person_modal, ref=call.payload))


def _person_modal(deed: Deed, *, ref: TurnRef) -> Modal:
    _, draft = questions.to_answer(deed, ref.draft, ref.number)
    return words.person_modal(ref, action=(draft.values.get("action") or {}).get("text", ""))


async def person_chosen(call: Form[TurnRef]) -> Reply:
    """Somebody else carries it out."""
    person_id = call.person(words.PERSON_FIELD) or ""
    await call.act(commands.choose_person, draft_id=call.payload.draft, number=call.payload.number, person_id=person_id)
    return None


async def another_day(call: Press[TurnRef]) -> Reply:
    """On which day?"""
    return Open(await call.ask(_day_modal, ref=call.payload))


def _day_modal(deed: Deed, *, ref: TurnRef) -> Modal:
    finding, draft = questions.to_answer(deed, ref.draft, ref.number)
    is_of_action = draft.asking is Asking.ACTION_DUE
    latest = questions.latest_for_action(deed, finding) if is_of_action else None
    given = latest or questions.proposed_check(deed.uow, finding, deed.today)
    return words.day_modal(ref, given=given, latest=latest)


async def day_chosen(call: Form[TurnRef]) -> Reply:
    """On that day."""
    chosen = call.day(words.DAY_FIELD)
    if chosen is None:
        raise InputWanted(words.DAY_FIELD, Wish.CHOOSE_DAY)
    await call.act(commands.choose_day, draft_id=call.payload.draft, number=call.payload.number, day=chosen)
    return None


async def example(call: Press[TurnRef]) -> Reply:
    """Which of the examples comes nearest?"""
    return Open(await call.ask(_example_modal, ref=call.payload))


def _example_modal(deed: Deed, *, ref: TurnRef) -> Modal:
    finding, draft = questions.to_answer(deed, ref.draft, ref.number)
    assert draft.asking is not None
    shown = facts.examples(finding, draft.asking.value)
    return words.example_modal(ref, asking=draft.asking.value, examples=shown)


async def example_chosen(call: Form[TurnRef]) -> Reply:
    """It stands in a field now, to be made their own."""
    return Next(await call.ask(_words_modal, ref=call.payload, chosen=call.choice(words.EXAMPLE_FIELD) or ""))


def _words_modal(deed: Deed, *, ref: TurnRef, chosen: str) -> Modal:
    finding, draft = questions.to_answer(deed, ref.draft, ref.number)
    assert draft.asking is not None
    shown = facts.examples(finding, draft.asking.value)
    if not chosen.isdecimal() or int(chosen) >= len(shown):
        raise InputWanted(words.EXAMPLE_FIELD, Wish.CHOOSE_ONE_OPTION)
    return words.words_modal(ref, asking=draft.asking.value, given=shown[int(chosen)])


async def words_given(call: Form[TurnRef]) -> Reply:
    """What they made of an example."""
    text = prose(call, words.ANSWER_FIELD)
    await call.act(commands.write, draft_id=call.payload.draft, number=call.payload.number, text=text)
    return None


async def send(call: Press[TurnRef]) -> Reply:
    """The answer as it was read back."""
    await call.act(commands.send, draft_id=call.payload.draft, number=call.payload.number)
    return None


async def change(call: Press[TurnRef]) -> Reply:
    """The whole answer in a form, as it was said."""
    return Open(await call.ask(_response_modal, ref=call.payload))


def _response_modal(deed: Deed, *, ref: TurnRef) -> Modal:
    finding, _ = questions.to_answer(deed, ref.draft, ref.number)
    given = drafts.written(deed.uow, deed.uow.get(Nonconformity, finding.id))
    return case_forms.response_modal(ref=NonconformityRef(finding.id, finding.version), given=given)


ROUTES: Routes = (
    press(case_words.FIND_OUT_WHY, NonconformityRef, find_out_why),
    *(press(f"{words.TAP}.{each}", TapRef, tap) for each in Tap),
    *(press(f"{words.DAY}.{place}", DayRef, day) for place in range(words.MOST_DAYS)),
    press(words.SOMEBODY_ELSE, TurnRef, somebody_else),
    form(words.PERSON_FORM, TurnRef, person_chosen),
    press(words.ANOTHER_DAY, TurnRef, another_day),
    form(words.DAY_FORM, TurnRef, day_chosen),
    press(words.EXAMPLE, TurnRef, example),
    form(words.EXAMPLE_FORM, TurnRef, example_chosen),
    form(words.WORDS_FORM, TurnRef, words_given),
    press(words.SEND, TurnRef, send),
    press(words.CHANGE, TurnRef, change),
)
