"""Nonconformities room at the edge: the finding's card, the buttons on it, the forms behind them, and `/iso nc`."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.evidence.facts import file_line
from bot.nonconformities.facts import card, item
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import AnyRoute, Route, form, press, retired, verb
from messages.nonconformities import cards as words
from messages.nonconformities import forms
from messages.nonconformities.payloads import NonconformityRef
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.nonconformities import commands, moving, questions, rules
from workflows.nonconformities.shapes import Effect, Grading, Plan, Reason, Verification
from workflows.shapes import of_row, values_of

A_NUMBER = re.compile(r"(?:nc-?)?(\d{1,9})", re.IGNORECASE)


MOST_LISTED = 20


async def show(call: Command) -> Reply:
    """`/iso nc` lists what is open; `/iso nc 7` shows one."""
    asked = A_NUMBER.fullmatch(call.text.strip())
    return Tell(await (call.ask(_one, number=int(asked[1])) if asked else call.ask(_listing)))


def _one(deed: Deed, *, number: int) -> Message:
    finding = questions.numbered(deed, number=number)
    return _card(deed, nonconformity_id=finding.id) if finding else words.unknown(number=number)


def _card(deed: Deed, *, nonconformity_id: int) -> Message:
    finding = questions.to_read(deed, nonconformity_id=nonconformity_id)
    return words.card(card(deed.uow, finding, deed.actor, deed.at), "reader")


async def _as_it_is_now(call: Press[NonconformityRef] | Form[NonconformityRef], ref: NonconformityRef) -> Reply:
    """The card after a move where only this person sees it; all others are drawn anew by the outbox."""
    if call.origin is None:
        return None
    return Tell(await call.ask(_card, nonconformity_id=ref.nonconformity), replace=True)


def _listing(deed: Deed) -> Message:
    today = deed.today
    found = questions.living(deed)
    urgent_first = sorted(found, key=lambda each: (each.due_on or date.max, each.grade or "minor", each.number))
    items = [item(deed.uow, each, deed.actor) for each in urgent_first[:MOST_LISTED]]
    return words.listing(items=items, today=today, total=len(found))


def _opens(move: str, modal: Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]) -> Any:
    """The handler of a button behind which a form stands: the form opens only for whoever may make the move."""

    def ask(deed: Deed, *, ref: NonconformityRef) -> Modal:
        finding = moving.to_see(deed, nonconformity_id=ref.nonconformity, move=move)
        return modal(deed.uow, finding, NonconformityRef(finding.id, finding.version))

    async def pressed(call: Press[NonconformityRef]) -> Reply:
        return Open(await call.ask(ask, ref=call.payload))

    return pressed


def _makes(command: Callable[..., Nonconformity], shape: type | None = None, *, named: str = "") -> Any:
    """The handler that makes a move with what stands in a form of this shape, or with nothing for a plain button.

    The command takes the shape as it is by the name it has there, or each of its fields by its own.
    """

    async def made(call: Any) -> Reply:
        ref: NonconformityRef = call.payload
        said = filled(call, shape) if shape else None
        values = {named: said} if named else values_of(said) if said else {}
        await call.act(command, nonconformity_id=ref.nonconformity, version=ref.version, **values)
        return await _as_it_is_now(call, ref)

    return made


def _issue_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    return forms.issue_modal(ref=ref, tests=list(rules.GRADE_TESTS.items()))


def _response_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    before = questions.latest_response(uow, finding)
    return forms.response_modal(ref=ref, given=of_row(Plan, before) if before else None)


def _verify_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    return forms.verify_modal(ref=ref, evidence=[file_line(each) for each in questions.kept(uow, finding)])


def _reason_modal(kind: forms.ReasonFor) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    return lambda _uow, _finding, ref: forms.reason_modal(ref=ref, kind=kind)


def _effect_modal(kind: forms.EffectKind) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    return lambda uow, finding, ref: forms.effect_modal(
        ref=ref, criterion=questions.response_of(uow, finding).effect_criterion, kind=kind
    )


def _evidence_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    wanted = questions.response_of(uow, finding).corrective_action
    return forms.evidence_modal(ref=ref, number=finding.number, wanted=wanted)


async def read(call: Press[NonconformityRef]) -> Reply:
    """Every word of a finding."""
    return Open(await call.ask(_reading_modal, nonconformity_id=call.payload.nonconformity))


def _reading_modal(deed: Deed, *, nonconformity_id: int) -> Modal:
    finding = questions.to_read(deed, nonconformity_id=nonconformity_id)
    return forms.reading_modal(card(deed.uow, finding, deed.actor, deed.at))


def _route(button: str, handler: Any) -> Route:
    return press(button, NonconformityRef, handler)


def _form(callback_id: str, handler: Any) -> Route:
    return form(callback_id, NonconformityRef, handler)


ROUTES: tuple[AnyRoute, ...] = (
    verb("nc", handler=show, for_all=True),
    retired("nc.raise_form", "findings_have_kinds"),
    _route(words.READ, read),
    _route(words.ISSUE, _opens("issue", _issue_modal)),
    _form(forms.ISSUE_FORM, _makes(commands.issue, Grading)),
    _route(words.DISCARD, _opens("discard", _reason_modal("discard"))),
    _form(forms.DISCARD_FORM, _makes(commands.discard, Reason)),
    _route(words.ACKNOWLEDGE, _makes(commands.acknowledge)),
    _route(words.RESPOND, _opens("respond", _response_modal)),
    _form(forms.RESPONSE_FORM, _makes(commands.respond, Plan, named="plan")),
    _route(words.ACCEPT_PLAN, _makes(commands.accept_plan)),
    _route(words.RETURN_PLAN, _opens("return_plan", _reason_modal("return_plan"))),
    _form(forms.RETURN_PLAN_FORM, _makes(commands.return_plan, Reason)),
    _route(words.ADD_EVIDENCE, _opens("claim_done", _evidence_modal)),
    _route(words.CLAIM_DONE, _makes(commands.claim_done)),
    _route(words.CONFIRM_IMPLEMENTATION, _opens("confirm_implementation", _verify_modal)),
    _form(forms.VERIFY_FORM, _makes(commands.confirm_implementation, Verification)),
    _route(words.REJECT_IMPLEMENTATION, _opens("reject_implementation", _reason_modal("reject"))),
    _form(forms.REJECT_FORM, _makes(commands.reject_implementation, Reason)),
    _route(words.CONFIRM_EFFECTIVE, _opens("confirm_effective", _effect_modal("effective"))),
    _form(forms.EFFECTIVE_FORM, _makes(commands.confirm_effective, Effect)),
    _route(words.CONFIRM_INEFFECTIVE, _opens("confirm_ineffective", _effect_modal("ineffective"))),
    _form(forms.INEFFECTIVE_FORM, _makes(commands.confirm_ineffective, Effect)),
    _route(words.CO_SIGN, _makes(commands.co_sign)),
)
