"""Nonconformities room at the edge: the finding's card, the buttons on it, the forms behind them, and `/iso nc`."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.case_records import handlers as record_handlers
from bot.concerns import bringing_up
from bot.nonconformities import raising
from bot.nonconformities.facts import card, case_history, item, lines_of, rarer
from bot.slack.calls import Command, Form, Next, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import Route, Routes, form, press, retired, verb
from messages.nonconformities import cards as words
from messages.nonconformities import forms
from messages.nonconformities import history as history_words
from messages.nonconformities.payloads import NonconformityRef
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, Seat
from workflows.deed import Deed
from workflows.nonconformities import (
    answering,
    answers,
    bodies,
    carrying_out,
    cases,
    commands,
    disputes,
    drafts,
    effects,
    history,
    keeping,
    lists,
    moving,
    questions,
    repeats,
    rules,
)
from workflows.nonconformities.refusals import NotYourSeat
from workflows.nonconformities.shapes import (
    BodyLetter,
    ChosenDeed,
    Effect,
    FurtherAction,
    FurtherCause,
    Grading,
    Outsider,
    Plan,
    Reason,
    Verification,
)
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted
from workflows.shapes import of_row, values_of
from workflows.wishes import Wish

A_NUMBER = re.compile(r"(?:nc-?)?(\d{1,9})( +pdf)?", re.IGNORECASE)

MOST_LISTED = 20
STANDS = "stands_because"
"""The field that is asked only where something was asked back."""


async def show(call: Command) -> Reply:
    """`/iso nc` lists what is open, or what its words say; `/iso nc 7` shows one, `/iso nc raise` raises one.

    `/iso nc 7 pdf` is one case on paper, `/iso nc figures` the register in figures, `/iso nc export` a file of it.
    """
    if call.text.strip().lower() == "raise":
        return Open(await call.ask(_raise))
    if told := record_handlers.WORDS.get(call.text.strip().lower()):
        return await told(call)
    asked = A_NUMBER.fullmatch(call.text.strip())
    if asked and asked[2]:
        return await record_handlers.as_pdf(call, int(asked[1]))
    return Tell(await (call.ask(_one, number=int(asked[1])) if asked else call.ask(_listing, text=call.text)))


def _raise(deed: Deed) -> Modal:
    """The form of a finding for those who may raise one; for everybody else, the one to bring something up."""
    return raising.begin(deed) if deed.may(Permission.ISSUE_NONCONFORMITY) else bringing_up.begin(deed)


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


def _listing(deed: Deed, *, text: str) -> Message:
    today, chosen = deed.today, lists.chosen(text)
    found = lists.narrowed_down(deed, chosen=chosen)
    urgent_first = sorted(found, key=lambda each: (each.due_on or date.max, each.grade or "minor", each.number))
    items = [item(deed.uow, each, deed.actor, deed.today) for each in urgent_first[:MOST_LISTED]]
    return words.listing(items=items, today=today, total=len(found), is_narrowed=chosen != lists.Chosen())


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


def _responds(command: Callable[..., Nonconformity | InputWanted], callback_id: str) -> Any:
    """The handler of an answer; where only the reason why it stands is asked, the form comes again with that field."""

    async def responded(call: Form[NonconformityRef]) -> Reply:
        ref, plan = call.payload, filled(call, Plan)
        asked = await call.ask(_asked_back, ref=ref, plan=plan)
        if asked and STANDS not in call.fields:
            return Next(forms.response_modal(ref=ref, given=vars(plan), asked=asked, callback_id=callback_id))
        done = await call.act(command, nonconformity_id=ref.nonconformity, version=ref.version, plan=plan)
        if isinstance(done, InputWanted):
            raise done
        return await _as_it_is_now(call, ref)

    return responded


def _asked_back(deed: Deed, *, ref: NonconformityRef, plan: Plan) -> list[str]:
    asked = answers.asks_for_a_reason(deed, nonconformity_id=ref.nonconformity, plan=plan)
    return [each.value for each in asked]


def _issue_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    suggested = repeats.like(uow, finding).tests
    return forms.issue_modal(ref=ref, tests=list(rules.GRADE_TESTS.items()), suggested=suggested)


def _response_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    before = questions.latest_response(uow, finding)
    sent = vars(of_row(Plan, before)) if before else {}
    return forms.response_modal(ref=ref, given=sent | drafts.written(uow, finding))


def _verify_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    return forms.verify_modal(ref=ref, evidence=lines_of(uow, finding, questions.kept(uow, finding)))


def _reason_modal(kind: forms.ReasonFor) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    return lambda _uow, _finding, ref: forms.reason_modal(ref=ref, kind=kind)


def _effect_modal(kind: forms.EffectKind) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    return lambda uow, finding, ref: forms.effect_modal(
        ref=ref, plan=of_row(Plan, questions.response_of(uow, finding)), kind=kind
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


async def read_history(call: Press[NonconformityRef]) -> Reply:
    """Who did what and when."""
    return Open(await call.ask(_history_modal, nonconformity_id=call.payload.nonconformity))


def _history_modal(deed: Deed, *, nonconformity_id: int) -> Modal:
    return history_words.history_modal(case_history(history.of_case(deed, nonconformity_id=nonconformity_id), deed.at))


def _cause_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    return forms.cause_modal(ref=ref)


def _action_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    kept = [next(reversed(each.steps), "") for each in answers.further_causes(uow, finding)]
    return forms.action_modal(ref=ref, causes=kept)


def _deed_modal(kind: forms.DeedKind) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    return lambda _uow, _finding, ref: forms.deed_modal(ref=ref, kind=kind)


def _merge_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    found = disputes.may_go_on_instead(uow, finding)
    choices = {"survivor": [(str(each.id), f"NC-{each.number}: {each.statement}") for each in found]}
    return forms.deed_modal(ref=ref, kind="merge", choices=choices)


def _decision_modal(kind: forms.DeedKind) -> Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]:
    """What the owner wrote when they disputed it is their side already."""
    return lambda _, finding, ref: forms.deed_modal(ref=ref, kind=kind, given={"heard": finding.reason})


def _change_plan_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    given = vars(of_row(Plan, questions.response_of(uow, finding)))
    return forms.response_modal(ref=ref, given=given, callback_id=forms.CHANGE_PLAN_FORM)


def _regrade_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    tests, suggested = list(rules.GRADE_TESTS.items()), repeats.like(uow, finding).tests
    return forms.issue_modal(ref=ref, tests=tests, suggested=suggested, callback_id=forms.REGRADE_FORM)


def _correction_modal(uow: UnitOfWork, finding: Nonconformity, ref: NonconformityRef) -> Modal:
    given = lines_of(uow, finding, questions.kept(uow, finding))
    return forms.verify_modal(ref=ref, evidence=given, callback_id=forms.CORRECTION_FORM)


RARER: Mapping[str, Callable[[UnitOfWork, Nonconformity, NonconformityRef], Modal]] = {
    "contest": _reason_modal("contest"),
    "change_plan": _change_plan_modal,
    "accept_correction_only": _reason_modal("accept_correction_only"),
    "extend": _deed_modal("extend"),
    "watch_longer": _deed_modal("watch_longer"),
    "recur": _reason_modal("recur"),
    "reopen": _reason_modal("reopen"),
    "reassign_owner": _deed_modal("reassign_owner"),
    "call_outsider": _deed_modal("call_outsider"),
    "reassign_judge": _deed_modal("reassign_judge"),
    "name_manager": _deed_modal("name_manager"),
    "review_anew": _reason_modal("review_anew"),
    "regrade": _regrade_modal,
    "downgrade": _reason_modal("downgrade"),
    "merge": _merge_modal,
    "withdraw": _deed_modal("withdraw"),
    "note_body": _deed_modal("note_body"),
    "record_body": _deed_modal("record_body"),
    "dispute_at_body": _deed_modal("dispute_at_body"),
    "body_rejects": _deed_modal("body_rejects"),
    "body_regrades": _deed_modal("body_regrades"),
    "body_withdraws": _deed_modal("body_withdraws"),
    "body_closes": _deed_modal("body_closes"),
    "close_after_body": _deed_modal("close_after_body"),
}
"""The form behind each deed that stands behind *More*."""


async def more(call: Press[NonconformityRef]) -> Reply:
    """What else this reader may do."""
    return Open(await call.ask(_more_modal, ref=call.payload))


def _more_modal(deed: Deed, *, ref: NonconformityRef) -> Modal:
    finding = questions.to_read(deed, nonconformity_id=ref.nonconformity)
    deeds = rarer(deed.uow, finding, deed.actor)
    if not deeds:
        raise NotYourSeat(number=finding.number, seat=Seat.KEEPER, why=None, people=cases.keepers(deed.uow, finding))
    return forms.more_modal(ref=NonconformityRef(finding.id, finding.version), deeds=deeds)


async def chosen(call: Form[NonconformityRef]) -> Reply:
    """The form of what was chosen; it opens only for whoever may do it."""
    return Next(await call.ask(_rarer_modal, ref=call.payload, name=filled(call, ChosenDeed).deed))


def _rarer_modal(deed: Deed, *, ref: NonconformityRef, name: str) -> Modal:
    if name not in RARER:
        raise InputWanted("deed", Wish.CHOOSE_ONE_OPTION)
    finding = moving.to_see(deed, nonconformity_id=ref.nonconformity, move=name)
    return RARER[name](deed.uow, finding, NonconformityRef(finding.id, finding.version))


def _route(button: str, handler: Any) -> Route:
    return press(button, NonconformityRef, handler)


def _form(callback_id: str, handler: Any) -> Route:
    return form(callback_id, NonconformityRef, handler)


# Forms that ask for a reason, and those of `forms.DEEDS`, by the deed they lead to.
_BY_A_REASON: Mapping[str, Callable[..., Nonconformity]] = {
    "refuse_consent": answering.refuse_consent,
    "accept_correction_only": answering.accept_correction_only,
    "reject_correction": carrying_out.reject_correction,
    "refuse_to_sign": effects.refuse_to_sign,
    "review_anew": answering.review_anew,
    "contest": disputes.contest,
    "recur": effects.recur,
    "reopen": effects.reopen,
    "downgrade": disputes.downgrade,
}
_BY_A_DEED: Mapping[forms.DeedKind, Callable[..., Nonconformity]] = {
    "uphold": disputes.uphold,
    "withdraw": disputes.withdraw,
    "extend": carrying_out.extend,
    "watch_longer": effects.watch_longer,
    "reassign_owner": keeping.reassign_owner,
    "reassign_judge": keeping.reassign_judge,
    "name_manager": keeping.name_manager,
    "merge": disputes.merge_into,
    "record_body": bodies.record_body,
    "dispute_at_body": bodies.dispute_at_body,
    "body_rejects": bodies.body_rejects,
    "body_regrades": bodies.body_regrades,
    "body_withdraws": bodies.body_withdraws,
    "body_closes": bodies.body_closes,
    "close_after_body": bodies.close_after_body,
}

ROUTES: Routes = (
    verb("nc", handler=show, for_all=True),
    retired("nc.raise_form", "findings_have_kinds"),
    *raising.ROUTES,
    _route(words.READ, read),
    _route(words.HISTORY, read_history),
    _route(words.ISSUE, _opens("issue", _issue_modal)),
    _form(forms.ISSUE_FORM, _makes(commands.issue, Grading)),
    _route(words.DISCARD, _opens("discard", _reason_modal("discard"))),
    _form(forms.DISCARD_FORM, _makes(commands.discard, Reason)),
    _route(words.ACKNOWLEDGE, _makes(commands.acknowledge)),
    _route(words.RESPOND, _opens("respond", _response_modal)),
    _form(forms.RESPONSE_FORM, _responds(answering.respond_or_keep, forms.RESPONSE_FORM)),
    _route(words.ACCEPT_PLAN, _makes(answering.accept_plan)),
    _route(words.RETURN_PLAN, _opens("return_plan", _reason_modal("return_plan"))),
    _form(forms.RETURN_PLAN_FORM, _makes(answering.return_plan, Reason)),
    _route(words.ADD_EVIDENCE, _opens("claim_done", _evidence_modal)),
    _route(words.CLAIM_DONE, _makes(carrying_out.claim_done)),
    _route(words.CONFIRM_IMPLEMENTATION, _opens("confirm_implementation", _verify_modal)),
    _form(forms.VERIFY_FORM, _makes(carrying_out.confirm_implementation, Verification)),
    _route(words.REJECT_IMPLEMENTATION, _opens("reject_implementation", _reason_modal("reject"))),
    _form(forms.REJECT_FORM, _makes(carrying_out.reject_implementation, Reason)),
    _route(words.CONFIRM_EFFECTIVE, _opens("confirm_effective", _effect_modal("effective"))),
    _form(forms.EFFECTIVE_FORM, _makes(effects.confirm_effective, Effect)),
    _route(words.CONFIRM_INEFFECTIVE, _opens("confirm_ineffective", _effect_modal("ineffective"))),
    _form(forms.INEFFECTIVE_FORM, _makes(effects.confirm_ineffective, Effect)),
    _route(words.CO_SIGN, _makes(effects.co_sign)),
    _route(words.REFUSE_TO_SIGN, _opens("refuse_to_sign", _reason_modal("refuse_to_sign"))),
    _route(words.CONSENT, _makes(answering.consent)),
    _route(words.REFUSE_CONSENT, _opens("refuse_consent", _reason_modal("refuse_consent"))),
    _route(words.UPHOLD, _opens("uphold", _decision_modal("uphold"))),
    _route(words.WITHDRAW, _opens("withdraw", _decision_modal("withdraw"))),
    _route(words.CONFIRM_CORRECTION, _opens("confirm_correction", _correction_modal)),
    _form(forms.CORRECTION_FORM, _makes(carrying_out.confirm_correction, Verification)),
    _route(words.REJECT_CORRECTION, _opens("reject_correction", _reason_modal("reject_correction"))),
    _route(words.ADD_CAUSE, _opens("respond", _cause_modal)),
    _form(forms.CAUSE_FORM, _makes(answering.add_cause, FurtherCause, named="cause")),
    _route(words.ADD_ACTION, _opens("respond", _action_modal)),
    _form(forms.ACTION_FORM, _makes(answering.add_action, FurtherAction, named="action")),
    _route(words.MORE, more),
    _form(forms.MORE_FORM, chosen),
    _form(forms.CHANGE_PLAN_FORM, _responds(answering.change_plan, forms.CHANGE_PLAN_FORM)),
    _form(forms.REGRADE_FORM, _makes(disputes.regrade, Grading)),
    _form("nc.note_body_form", _makes(bodies.note_body, BodyLetter, named="letter")),
    _form("nc.call_outsider_form", _makes(keeping.call_outsider, Outsider, named="outsider")),
    *(_form(f"nc.{name}_form", _makes(command, Reason)) for name, command in _BY_A_REASON.items()),
    *(_form(f"nc.{name}_form", _makes(command, forms.DEEDS[name])) for name, command in _BY_A_DEED.items()),
)
