"""Nonconformities room: the modals behind the buttons of a finding."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from slack_sdk.models.blocks import Block

from messages.desk_audits.payloads import AnswerRef
from messages.evidence import cards as evidence
from messages.evidence.cards import GivenFile, evidence_form, file_lines
from messages.nonconformities.cards import GivenResponse, NonconformityCard
from messages.nonconformities.payloads import NonconformityRef
from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Modal
from messages.words.payloads import Nothing
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, Words, words

RAISE_FORM = "nc.raise_form"
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

REQUIREMENT = "requirement"
EVIDENCE = "evidence"
STATEMENT = "statement"
PLACE = "place"
SAMPLE = "sample"
OWNER = "owner"
GRADE_TESTS = "grade_tests"
GRADE = "grade"
RATIONALE = "rationale"
CORRECTION = "correction"
CONSEQUENCES = "consequences"
EXTENT = "extent"
CAUSES = ("cause_1", "cause_2", "cause_3")
CORRECTIVE_ACTION = "corrective_action"
ACTION_DUE_ON = "action_due_on"
EFFECT_CRITERION = "effect_criterion"
CHECK_EFFECT_ON = "check_effect_on"
RISK_DECISION = "risk_decision"
SYSTEM_DECISION = "system_decision"
REASON = "reason"
METHOD_AND_SAMPLE = "method_and_sample"
RESULT = "result"
FILES = evidence.FILES

ReasonFor = Literal["return_plan", "reject", "discard"]
EffectKind = Literal["effective", "ineffective"]

_REASON_FORMS: dict[ReasonFor, str] = {
    "return_plan": RETURN_PLAN_FORM,
    "reject": REJECT_FORM,
    "discard": DISCARD_FORM,
}
_EFFECT_FORMS: dict[EffectKind, str] = {"effective": EFFECTIVE_FORM, "ineffective": INEFFECTIVE_FORM}


def raise_modal(
    *,
    ref: AnswerRef | Nothing,
    requirements: Sequence[tuple[str, Requirement]],
    requirement: str | None = None,
    evidence: str = "",
    statement: str = "",
    owner_id: str | None = None,
) -> Modal:
    """A new finding, prefilled from the interview answer `ref` if it comes from one.

    `requirements` pairs what comes back with the requirement it stands for; `requirement` is chosen already.
    """
    wording = words("nonconformities/raise_modal")
    return kit.modal(
        RAISE_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.one_of_groups(REQUIREMENT, wording.requirement, _by_standard(requirements), given=requirement),
            fields.text(EVIDENCE, wording.evidence, wording.evidence_hint, given=evidence),
            fields.text(STATEMENT, wording.statement, wording.statement_hint, given=statement),
            fields.text(PLACE, wording.place, wording.place_hint, long=False),
            fields.text(SAMPLE, wording.sample, wording.sample_hint, long=False),
            fields.person(OWNER, wording.owner, wording.owner_hint, given=owner_id),
        ],
        submit=wording.submit,
        payload=ref,
    )


def _by_standard(requirements: Sequence[tuple[str, Requirement]]) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for value, each in requirements:
        groups.setdefault(each.standard, []).append((value, f"{each.number} {each.title}".strip()))
    return list(groups.items())


def issue_modal(*, ref: NonconformityRef, tests: Sequence[Choice]) -> Modal:
    """The grade, signed by the lead auditor: which tests apply, major or minor, and why."""
    wording = words("nonconformities/issue_modal")
    whole = [words("nonconformities/issue_modal", id=key, test=test).test for key, test in tests]
    short = [(key, key) for key, _ in tests]
    return kit.modal(
        ISSUE_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            kit.lines(whole),
            fields.ticks(GRADE_TESTS, wording.grade_tests, short, optional=True),
            fields.radio(GRADE, wording.grade, [("major", wording.major.plain), ("minor", wording.minor.plain)]),
            fields.text(RATIONALE, wording.rationale, wording.rationale_hint),
        ],
        submit=wording.submit,
        payload=ref,
    )


def response_modal(*, ref: NonconformityRef, given: GivenResponse | None = None) -> Modal:
    """The owner's response: correction, cause and corrective action in one form, in whatever order they are found."""
    wording = words("nonconformities/response_modal")
    return kit.modal(
        RESPONSE_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            *_what_was_done(wording, given),
            *_why_it_happened(wording, given),
            *_what_will_be_done(wording, given),
        ],
        submit=wording.submit,
        payload=ref,
    )


def _what_was_done(wording: Words, given: GivenResponse | None) -> list[Block]:
    return [
        _words_field(wording, CORRECTION, given.correction if given else ""),
        _words_field(wording, CONSEQUENCES, given.consequences if given else ""),
        _words_field(wording, EXTENT, given.extent if given else ""),
    ]


def _why_it_happened(wording: Words, given: GivenResponse | None) -> list[Block]:
    """Three steps of asking why; the third may already be answered by the second."""
    before = [*(given.causes if given else ()), "", "", ""]
    first, second, third = CAUSES
    return [
        _words_field(wording, first, before[0]),
        _words_field(wording, second, before[1]),
        _words_field(wording, third, before[2], optional=True),
    ]


def _what_will_be_done(wording: Words, given: GivenResponse | None) -> list[Block]:
    return [
        _words_field(wording, CORRECTIVE_ACTION, given.corrective_action if given else ""),
        _date_field(wording, ACTION_DUE_ON, given.action_due_on if given else None),
        _words_field(wording, EFFECT_CRITERION, given.effect_criterion if given else ""),
        _date_field(wording, CHECK_EFFECT_ON, given.check_effect_on if given else None),
        _words_field(wording, RISK_DECISION, given.risk_decision if given else ""),
        _words_field(wording, SYSTEM_DECISION, given.system_decision if given else ""),
    ]


def _words_field(wording: Words, name: str, given: str, *, optional: bool = False) -> Block:
    return fields.text(name, wording[name], wording[f"{name}_hint"], given=given, optional=optional)


def _date_field(wording: Words, name: str, given: date | None) -> Block:
    return fields.day(name, wording[name], wording[f"{name}_hint"], given=given)


def reason_modal(*, ref: NonconformityRef, kind: ReasonFor) -> Modal:
    """Why a plan goes back, a correction is not confirmed, or a draft is discarded."""
    wording = words("nonconformities/reason_modal")
    return kit.modal(
        _REASON_FORMS[kind],
        wording[f"heading_{kind}"],
        [kit.section(wording[kind]), fields.text(REASON, wording.reason, wording.reason_hint)],
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
    return kit.modal(
        VERIFY_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            files,
            fields.text(METHOD_AND_SAMPLE, wording.method_and_sample, wording.method_and_sample_hint),
        ],
        submit=wording.submit,
        payload=ref,
    )


def effect_modal(*, ref: NonconformityRef, criterion: str, kind: EffectKind) -> Modal:
    """The verifier writes what was measured against the criterion that the owner set."""
    wording = words("nonconformities/effect_modal", criterion=criterion)
    return kit.modal(
        _EFFECT_FORMS[kind],
        wording[f"heading_{kind}"],
        [
            kit.section(wording[kind]),
            kit.section(wording.criterion),
            fields.text(RESULT, wording.result, wording.result_hint),
        ],
        submit=wording.submit,
        payload=ref,
    )


def reading_modal(card: NonconformityCard) -> Modal:
    """Every word of a finding and of the response to it, whole; the card shows long ones in part."""
    wording = words("nonconformities/reading_modal", card=card)
    said = [_quotation(wording[name], getattr(card, name)) for name in (STATEMENT, EVIDENCE, PLACE, SAMPLE)]
    answered = [] if card.response is None else _response_in_full(wording, card.response)
    return kit.modal(READ_VIEW, wording.heading, [*said, *answered])


def _response_in_full(wording: Words, response: GivenResponse) -> list[Block]:
    steps = [_quotation(wording.cause, each) for each in response.causes]
    return [
        kit.divider(),
        _quotation(wording.correction, response.correction),
        _quotation(wording.consequences, response.consequences),
        _quotation(wording.extent, response.extent),
        *steps,
        _quotation(wording.corrective_action, response.corrective_action),
        _quotation(wording.effect_criterion, response.effect_criterion),
        kit.section(wording.dates),
        _quotation(wording.risk_decision, response.risk_decision),
        _quotation(wording.system_decision, response.system_decision),
    ]


def _quotation(title: Phrase, text: str) -> Block:
    return kit.section(words("nonconformities/quotation", title=title.mrkdwn, text=text).whole)
