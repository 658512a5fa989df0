"""Concerns room at the edge: the ways in which somebody brings something up, and what leads and auditors make of it."""

from bot.concerns import bringing_up
from bot.evidence.collecting import IN_A_MODAL, offered
from bot.evidence.saved_messages import slack_message
from bot.nonconformities import raising
from bot.slack.calls import Command, Form, Open, Press, Reply, Shortcut, Tell
from bot.slack.filling import filled
from bot.slack.routes import Routes, form, press, shortcut, verb
from messages.concerns import cards as words
from messages.concerns import forms
from messages.concerns.payloads import ConcernRef, NoticedIn
from messages.words.kit import Modal
from messages.words.payloads import Nothing
from storage.concerns.tables import Concern
from storage.evidence import queries as evidence_queries
from workflows.concerns import commands
from workflows.concerns.shapes import Improvement, Noticed, SetAside
from workflows.deed import Deed
from workflows.nonconformities.shapes import Raised

# --- bringing it up ---


async def begin(call: Command) -> Reply:
    """`/iso raise`, perhaps with the sentence itself."""
    return Open(await call.ask(bringing_up.begin, text=call.text))


async def begin_at_home(call: Press[Nothing]) -> Reply:
    """The button on everybody's Home."""
    return Open(await call.ask(bringing_up.begin))


async def begin_from_message(call: Shortcut) -> Reply:
    """The shortcut on a message: its words stand in the form, and its files come along."""
    return Open(await call.act(bringing_up.from_message, message=slack_message(call)))


async def brought_up(call: Form[NoticedIn]) -> Reply:
    """It was said. Whoever gave no name is answered here and nowhere else."""
    noticed = filled(call, Noticed)
    concern: Concern = await call.act(
        commands.bring_up,
        noticed=noticed,
        files=[offered(each) for each in call.files(forms.FILES)],
        place=IN_A_MODAL,
        message_id=call.payload.message,
    )
    return Tell(words.kept_without_name(number=concern.number)) if concern.reporter_id is None else None


# --- what is made of it ---


async def ask_what_is_not_met(call: Press[ConcernRef]) -> Reply:
    """Somebody makes a nonconformity of it, and is asked for the parts of a finding."""
    return Open(await call.ask(_nonconformity_modal, ref=call.payload))


def _nonconformity_modal(deed: Deed, *, ref: ConcernRef) -> Modal:
    concern = commands.to_decide(deed, concern_id=ref.concern, version=ref.version)
    files = [each.evidence for each in evidence_queries.for_concern(deed.uow, concern.id)]
    known = {
        "statement": concern.words,
        "evidence": raising.seen(concern.words, files),
        "place": concern.place,
        "process": concern.process,
    }
    return raising.modal(deed, forms.NONCONFORMITY_FORM, ref, given=known, source=commands.source_of(concern))


async def made_nonconformity(call: Form[ConcernRef]) -> Reply:
    """The parts were written down."""
    ref, said = call.payload, filled(call, Raised)
    await call.act(commands.make_nonconformity, concern_id=ref.concern, version=ref.version, said=said)
    return None


async def ask_who_improves(call: Press[ConcernRef]) -> Reply:
    """Somebody makes an improvement of it."""
    concern = await call.ask(commands.to_decide, concern_id=call.payload.concern, version=call.payload.version)
    return Open(forms.improvement_modal(ref=call.payload, text=concern.words))


async def made_improvement(call: Form[ConcernRef]) -> Reply:
    """Who does it by when was said."""
    ref, said = call.payload, filled(call, Improvement)
    await call.act(commands.make_improvement, concern_id=ref.concern, version=ref.version, said=said)
    return None


async def ask_why(call: Press[ConcernRef]) -> Reply:
    """Somebody sets it aside, and is asked why."""
    concern = await call.ask(commands.to_decide, concern_id=call.payload.concern, version=call.payload.version)
    return Open(forms.set_aside_modal(ref=call.payload, has_name=concern.reporter_id is not None))


async def set_aside(call: Form[ConcernRef]) -> Reply:
    """The reason was given."""
    ref, said = call.payload, filled(call, SetAside)
    await call.act(commands.set_aside, concern_id=ref.concern, version=ref.version, said=said)
    return None


ROUTES: Routes = (
    verb("raise", handler=begin, for_all=True),
    press(words.BRING_UP, Nothing, begin_at_home),
    shortcut(
        forms.MESSAGE_SHORTCUT,
        "Raise with compliance",
        "Brings up what a message says, and its files, with the compliance leads",
        "message",
        begin_from_message,
    ),
    form(forms.NOTICED_FORM, NoticedIn, brought_up),
    press(words.NONCONFORMITY, ConcernRef, ask_what_is_not_met),
    form(forms.NONCONFORMITY_FORM, ConcernRef, made_nonconformity),
    press(words.IMPROVEMENT, ConcernRef, ask_who_improves),
    form(forms.IMPROVEMENT_FORM, ConcernRef, made_improvement),
    press(words.SET_ASIDE, ConcernRef, ask_why),
    form(forms.SET_ASIDE_FORM, ConcernRef, set_aside),
)
