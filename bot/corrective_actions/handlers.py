"""Corrective actions room at the edge: the buttons on an action's card, and the forms behind them."""

from collections.abc import Awaitable, Callable

from bot.slack.calls import Form, Open, Press, Reply
from bot.slack.filling import filled
from bot.slack.routes import Routes, form, press
from messages.corrective_actions import cards as words
from messages.corrective_actions.payloads import ActionRef
from messages.words.kit import Modal
from storage.nonconformities.tables import Nonconformity
from workflows.corrective_actions import commands
from workflows.corrective_actions.rules import Move
from workflows.corrective_actions.shapes import HandedBack, NewAssignee, Proof
from workflows.deed import Deed


async def start(call: Press[ActionRef]) -> Reply:
    """They have begun."""
    await call.act(commands.start, action_id=call.payload.action, version=call.payload.version)
    return None


def _opens(move: Move) -> Callable[[Press[ActionRef]], Awaitable[Reply]]:
    async def pressed(call: Press[ActionRef]) -> Reply:
        return Open(await call.ask(_form, ref=call.payload, move=move))

    return pressed


def _form(deed: Deed, *, ref: ActionRef, move: Move) -> Modal:
    action = commands.to_see(deed, move, ref.action)
    number = deed.uow.get(Nonconformity, action.nonconformity_id).number
    return words.form(ActionRef(action.id, action.version), move=move.value, number=number, text=action.text)


async def claimed(call: Form[ActionRef]) -> Reply:
    """It is done."""
    ref, proof = call.payload, filled(call, Proof)
    await call.act(commands.claim, action_id=ref.action, version=ref.version, proof=proof)
    return None


async def handed_back(call: Form[ActionRef]) -> Reply:
    """They can't."""
    ref, reason = call.payload, filled(call, HandedBack)
    await call.act(commands.hand_back, action_id=ref.action, version=ref.version, reason=reason)
    return None


async def given(call: Form[ActionRef]) -> Reply:
    """Somebody else carries it out."""
    ref, to = call.payload, filled(call, NewAssignee)
    await call.act(commands.give_to, action_id=ref.action, version=ref.version, to=to)
    return None


ROUTES: Routes = (
    press(words.START, ActionRef, start),
    press(words.CLAIM, ActionRef, _opens(Move.CLAIM)),
    form(words.CLAIM_FORM, ActionRef, claimed),
    press(words.HAND_BACK, ActionRef, _opens(Move.HAND_BACK)),
    form(words.HAND_BACK_FORM, ActionRef, handed_back),
    press(words.GIVE_TO, ActionRef, _opens(Move.GIVE_TO)),
    form(words.GIVE_TO_FORM, ActionRef, given),
)
