"""Nonconformities room: the modals behind the buttons of a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from slack_sdk.models.blocks import Block

from messages.case_records.cards import AS_PDF
from messages.evidence.cards import GivenFile, evidence_form, file_lines
from messages.nonconformities.cards import RARER, NonconformityCard
from messages.nonconformities.payloads import NonconformityRef
from messages.words import kit
from messages.words.fields import Choice
from messages.words.inputs import Choices, inputs, named
from messages.words.kit import Modal
from messages.words.payloads import Payload
from messages.words.wording import Phrase, Words, words
from workflows.nonconformities.shapes import (
    BodyGrade,
    BodyLetter,
    BodyNews,
    ChosenDeed,
    Decision,
    DisputeAtBody,
    Effect,
    Extension,
    Finding,
    FurtherAction,
    FurtherCause,
    Grading,
    Letter,
    Merge,
    NewJudge,
    NewOwner,
    Outsider,
    Plan,
    Reason,
    Verification,
)
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
CORRECTION_FORM = "nc.confirm_correction_form"
CHANGE_PLAN_FORM = "nc.change_plan_form"
REGRADE_FORM = "nc.regrade_form"
CAUSE_FORM = "nc.add_cause_form"
ACTION_FORM = "nc.add_action_form"
MORE_FORM = "nc.more_form"
READ_VIEW = "nc.read_view"

ReasonFor = Literal[
    "return_plan",
    "reject",
    "discard",
    "refuse_consent",
    "accept_correction_only",
    "reject_correction",
    "refuse_to_sign",
    "review_anew",
    "contest",
    "recur",
    "reopen",
    "downgrade",
]
DeedKind = Literal[
    "uphold",
    "withdraw",
    "extend",
    "watch_longer",
    "reassign_owner",
    "reassign_judge",
    "name_manager",
    "call_outsider",
    "merge",
    "note_body",
    "record_body",
    "dispute_at_body",
    "body_rejects",
    "body_regrades",
    "body_withdraws",
    "body_closes",
    "close_after_body",
]
EffectKind = Literal["effective", "ineffective"]

_REASON_FORMS: dict[ReasonFor, str] = {
    "return_plan": RETURN_PLAN_FORM,
    "reject": REJECT_FORM,
    "discard": DISCARD_FORM,
    "refuse_consent": "nc.refuse_consent_form",
    "accept_correction_only": "nc.accept_correction_only_form",
    "reject_correction": "nc.reject_correction_form",
    "refuse_to_sign": "nc.refuse_to_sign_form",
    "review_anew": "nc.review_anew_form",
    "contest": "nc.contest_form",
    "recur": "nc.recur_form",
    "reopen": "nc.reopen_form",
    "downgrade": "nc.downgrade_form",
}
DEEDS: Mapping[DeedKind, type] = {
    "uphold": Decision,
    "withdraw": Decision,
    "extend": Extension,
    "watch_longer": Extension,
    "reassign_owner": NewOwner,
    "reassign_judge": NewJudge,
    "name_manager": NewJudge,
    "call_outsider": Outsider,
    "merge": Merge,
    "note_body": BodyLetter,
    "record_body": BodyNews,
    "dispute_at_body": DisputeAtBody,
    "body_rejects": Letter,
    "body_regrades": BodyGrade,
    "body_withdraws": Letter,
    "body_closes": Letter,
    "close_after_body": Letter,
}
"""What each of these forms asks."""

TRACKS = ("plan_sent", "plan_accepted", "reported", "warned", "suspended")
"""How a finding may come to stand at the certification body, as long as that has not closed it."""

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


def issue_modal(
    *, ref: NonconformityRef, tests: Sequence[Choice], suggested: Sequence[str] = (), callback_id: str = ISSUE_FORM
) -> Modal:
    """The grade, signed by somebody: which tests apply, major or minor, and why; at first, or anew.

    `suggested` are tests that what was found before points to: said, and ticked by nobody but the signer.
    """
    wording = words("nonconformities/issue_modal")
    whole = [words("nonconformities/issue_modal", id=key, test=test).test for key, test in tests]
    choices = {
        "tests": [(key, key) for key, _ in tests],
        "grade": [("major", wording.major.plain), ("minor", wording.minor.plain)],
    }
    points_to = words("nonconformities/issue_modal", suggested=suggested).suggested
    before = [kit.lines(whole), *([kit.context(points_to)] if suggested else [])]
    return _form(callback_id, wording, Grading, ref, *before, choices=choices)


def response_modal(
    *,
    ref: NonconformityRef,
    given: Mapping[str, Any] | None = None,
    asked: Sequence[str] = (),
    callback_id: str = RESPONSE_FORM,
) -> Modal:
    """The owner's response: correction, cause and corrective action in one form, in whatever order they are found.

    Why the answer stands is asked only where something was `asked` back about it, which is said above.
    """
    wording = words("nonconformities/response_modal", asked=asked)
    stood = (given or {}).get("stands_because")
    before = [kit.section(wording.asked_back)] if asked else []
    blocks = [
        kit.section(wording.intro),
        *before,
        *inputs(Plan, wording, given=given, without=() if asked or stood else ("stands_because",)),
    ]
    return kit.modal(callback_id, wording.heading, blocks, submit=wording.submit, payload=ref)


def more_modal(*, ref: NonconformityRef, deeds: Sequence[str]) -> Modal:
    """What else the reader may do, to choose one of; its own form comes next."""
    wording, buttons = words("nonconformities/more_modal"), words("nonconformities/buttons")
    choices = {"deed": [(each, buttons[f"menu_{each}"].plain) for each in RARER if each in deeds]}
    blocks = inputs(ChosenDeed, wording, choices=choices)
    return kit.modal(MORE_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def cause_modal(*, ref: NonconformityRef) -> Modal:
    """One more cause, kept until the response is sent."""
    return _form(CAUSE_FORM, words("nonconformities/cause_modal"), FurtherCause, ref)


def action_modal(*, ref: NonconformityRef, causes: Sequence[str]) -> Modal:
    """One more action, kept until the response is sent; `causes` are the further ones that are kept."""
    wording = words("nonconformities/action_modal")
    named = [wording.the_first.plain, *causes]
    choices = {"for_causes": [(str(place), cause) for place, cause in enumerate(named, 1)]}
    return _form(ACTION_FORM, wording, FurtherAction, ref, choices=choices)


def deed_modal(
    *,
    ref: NonconformityRef,
    kind: DeedKind,
    given: Mapping[str, Any] | None = None,
    choices: Mapping[str, Choices] | None = None,
) -> Modal:
    """What is asked for one of the rarer deeds, with what it leads to said above; what is known stands in it."""
    wording = words("nonconformities/deed_modal", kind=kind)
    known = {"track": named(wording, "track", TRACKS), "grade": named(wording, "grade", ("major", "minor"))}
    asked = inputs(DEEDS[kind], wording, given=given, choices={**known, **(choices or {})})
    blocks = [kit.section(wording[kind]), *asked]
    return kit.modal(f"nc.{kind}_form", wording[f"heading_{kind}"], blocks, submit=wording.submit, payload=ref)


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


def verify_modal(*, ref: NonconformityRef, evidence: Sequence[GivenFile], callback_id: str = VERIFY_FORM) -> Modal:
    """The verifier confirms that the actions were done, and writes how and on what sample that was checked."""
    wording = words("nonconformities/verify_modal")
    files = kit.lines(file_lines(evidence)) if evidence else kit.section(wording.no_files)
    return _form(callback_id, wording, Verification, ref, files)


def effect_modal(*, ref: NonconformityRef, plan: Plan, kind: EffectKind) -> Modal:
    """The verifier writes what was measured against the target that the owner chose, which stands beside the value."""
    wording = words("nonconformities/effect_modal", plan=plan)
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
    finding = card.finding if card.finding.criterion else replace(card.finding, requirement=card.requirement.name)
    response = [kit.divider(), *_said(card.response, answered)] if card.response else []
    on_paper = kit.actions([kit.button(words("case_records/asked").button_as_pdf, AS_PDF, card.ref)])
    return kit.modal(READ_VIEW, wording.heading, [*_said(finding, raised), *response, *on_paper])


def _said(said: Finding | Plan, asked: Words) -> list[Block]:
    return [_quotation(asked[f"{each.name}_term"], each, value) for each, value in answers(said)]


def _quotation(term: Phrase, field: Field, said: str | date) -> Block:
    return kit.section(words("nonconformities/quotation", title=term.mrkdwn, kind=field.kind, said=said).whole)
