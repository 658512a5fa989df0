"""Nonconformities room: the modals behind the buttons of a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from slack_sdk.models.blocks import Block

from messages.evidence.cards import GivenFile, evidence_form, file_lines
from messages.nonconformities.cards import NonconformityCard
from messages.nonconformities.payloads import NonconformityRef
from messages.words import kit
from messages.words.fields import Choice
from messages.words.inputs import Choices, inputs
from messages.words.kit import Modal
from messages.words.payloads import Payload
from messages.words.wording import Phrase, Words, words
from workflows.nonconformities.shapes import Effect, Finding, Grading, Plan, Reason, Verification
from workflows.shapes import Field, answers

ISSUE_FORM = "nc.issue_form"
RESPONSE_FORM = "nc.response_form"
RETURN_PLAN_FORM = "nc.return_plan_form"
REJECT_FORM = "nc.reject_form"
DISCARD_FORM = "nc.discard_form"
EVIDENCE_FORM = "nc.evidence_form"
VERIFY_FORM = "nc.verify_form"
EFFECTIVE_FORM = "nc.effective_form"
INEFFECTIVE_FORM = "nc.ineffective_form"
READ_VIEW = "nc.read_view"

ReasonFor = Literal["return_plan", "reject", "discard"]
EffectKind = Literal["effective", "ineffective"]

_REASON_FORMS: dict[ReasonFor, str] = {
    "return_plan": RETURN_PLAN_FORM,
    "reject": REJECT_FORM,
    "discard": DISCARD_FORM,
}
_EFFECT_FORMS: dict[EffectKind, str] = {"effective": EFFECTIVE_FORM, "ineffective": INEFFECTIVE_FORM}


def _form(
    callback_id: str,
    wording: Words,
    shape: type,
    ref: Payload,
    *before: Block,
    given: Mapping[str, Any] | None = None,
    choices: Mapping[str, Choices] | None = None,
) -> Modal:
    """The form for one shape, with `before` between its introduction and its fields."""
    asked = inputs(shape, wording, given=given, choices=choices)
    blocks = [kit.section(wording.intro), *before, *asked]
    return kit.modal(callback_id, wording.heading, blocks, submit=wording.submit, payload=ref)


def issue_modal(*, ref: NonconformityRef, tests: Sequence[Choice]) -> Modal:
    """The grade, signed by the lead auditor: which tests apply, major or minor, and why."""
    wording = words("nonconformities/issue_modal")
    whole = [words("nonconformities/issue_modal", id=key, test=test).test for key, test in tests]
    choices = {
        "tests": [(key, key) for key, _ in tests],
        "grade": [("major", wording.major.plain), ("minor", wording.minor.plain)],
    }
    return _form(ISSUE_FORM, wording, Grading, ref, kit.lines(whole), choices=choices)


def response_modal(*, ref: NonconformityRef, given: Plan | None = None) -> Modal:
    """The owner's response: correction, cause and corrective action in one form, in whatever order they are found."""
    return _form(RESPONSE_FORM, words("nonconformities/response_modal"), Plan, ref, given=vars(given) if given else {})


def reason_modal(*, ref: NonconformityRef, kind: ReasonFor) -> Modal:
    """Why a plan goes back, a correction is not confirmed, or a draft is discarded."""
    wording = words("nonconformities/reason_modal", kind=kind)
    return kit.modal(
        _REASON_FORMS[kind],
        wording[f"heading_{kind}"],
        [kit.section(wording[kind]), *inputs(Reason, wording)],
        submit=wording.submit,
        payload=ref,
    )


def evidence_modal(*, ref: NonconformityRef, number: int, wanted: str) -> Modal:
    """Files that show that the correction and the corrective action were done; `wanted` says which."""
    return evidence_form(
        EVIDENCE_FORM, ref=ref, title=words("nonconformities/name", number=number).name.plain, wanted=wanted
    )


def verify_modal(*, ref: NonconformityRef, evidence: Sequence[GivenFile]) -> Modal:
    """The verifier confirms that the actions were done, and writes how and on what sample that was checked."""
    wording = words("nonconformities/verify_modal")
    files = kit.lines(file_lines(evidence)) if evidence else kit.section(wording.no_files)
    return _form(VERIFY_FORM, wording, Verification, ref, files)


def effect_modal(*, ref: NonconformityRef, criterion: str, kind: EffectKind) -> Modal:
    """The verifier writes what was measured against the criterion that the owner set."""
    wording = words("nonconformities/effect_modal", criterion=criterion)
    return kit.modal(
        _EFFECT_FORMS[kind],
        wording[f"heading_{kind}"],
        [kit.section(wording[kind]), kit.section(wording.criterion), *inputs(Effect, wording)],
        submit=wording.submit,
        payload=ref,
    )


def reading_modal(card: NonconformityCard) -> Modal:
    """Every word of a finding and of the response to it, whole; the card shows long ones in part.

    Each stands below the term that records use for it.
    """
    wording = words("nonconformities/reading_modal", card=card)
    raised, answered = words("nonconformities/finding"), words("nonconformities/response_modal")
    finding = replace(card.finding, requirement=card.requirement.name)
    response = [kit.divider(), *_said(card.response, answered)] if card.response else []
    return kit.modal(READ_VIEW, wording.heading, [*_said(finding, raised), *response])


def _said(said: Finding | Plan, asked: Words) -> list[Block]:
    return [_quotation(asked[f"{each.name}_term"], each, value) for each, value in answers(said)]


def _quotation(term: Phrase, field: Field, said: str | date) -> Block:
    return kit.section(words("nonconformities/quotation", title=term.mrkdwn, kind=field.kind, said=said).whole)
