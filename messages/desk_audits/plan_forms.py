"""Desk audits room: the forms in which an audit is planned, its days settled, and its team changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from messages.desk_audits.payloads import BeginRef, PlanRef
from messages.desk_audits.plans import Asked, Failed
from messages.words import fields, inputs, kit
from messages.words.fields import Choice
from messages.words.kit import Modal
from messages.words.payloads import Payload
from messages.words.wording import Words, words
from workflows.desk_audits.shapes import LANGUAGES, Agreed, Basics, NewLead, OtherDays

BASICS_FORM = "audit_plan.basics_form"
BASICS_AGAIN_FORM = "audit_plan.basics_again_form"
AGREED_FORM = "audit_plan.agreed_form"
PEOPLE_FORM = "audit_plan.people_form"
REOPEN_FORM = "audit_plan.reopen_form"
WITHDRAW_FORM = "audit_plan.withdraw_form"
OTHER_DAYS_FORM = "audit_plan.other_days_form"
LEAD_FORM = "audit_plan.lead_form"
GO_ON = "audit_plan.go_on"

WANTED, PEOPLE, REASON, EXCEPTION = "wanted", "people", "reason", "exception"
MOST_DRAFTS = 5


@dataclass(frozen=True)
class Draft:
    """A plan that was begun and not sent."""

    ref: PlanRef
    title: str


@dataclass(frozen=True)
class AskedForm:
    """One slice in the form: its id, what is shown of it, and who stands in the field."""

    id: int
    shown: Asked


@dataclass(frozen=True)
class Excepted:
    """Somebody who doesn't pass every check, and what is written down of it so far."""

    person_id: str
    name: str
    failed: Sequence[Failed]
    exception: str = ""


def basics_modal(
    ref: BeginRef, *, templates: Sequence[Choice], drafts: Sequence[Draft], given: Mapping[str, Any], task: str = ""
) -> Modal:
    """The first step of a new plan. Drafts that lie there can be gone on with."""
    wording = words("desk_audits/plan_basics_modal", task=task)
    return kit.modal(
        BASICS_FORM,
        wording.heading,
        [
            *([kit.section(wording.for_task)] if task else []),
            *_drafts(drafts),
            *inputs.inputs(
                Basics,
                wording,
                given={"language": LANGUAGES[0], **given},
                choices={"template": templates, **_languages(wording)},
            ),
        ],
        submit=wording.submit,
        payload=ref,
    )


def _languages(wording: Words) -> Mapping[str, Sequence[Choice]]:
    return {"language": inputs.named(wording, "language", LANGUAGES)}


def _drafts(drafts: Sequence[Draft]) -> list[Block]:
    return [_draft(each) for each in drafts[:MOST_DRAFTS]]


def _draft(draft: Draft) -> Block:
    wording = words("desk_audits/plan_basics_modal", draft=draft)
    return kit.section(wording.draft, button=kit.button(wording.button_go_on, GO_ON, draft.ref))


def basics_again_modal(ref: PlanRef, *, given: Mapping[str, Any]) -> Modal:
    """The first step once more; the template stays what it was."""
    wording = words("desk_audits/plan_basics_modal")
    fields_again = inputs.inputs(Basics, wording, given=given, choices=_languages(wording), without=("template",))
    return kit.modal(BASICS_AGAIN_FORM, wording.heading, fields_again, submit=wording.submit, payload=ref)


def agreed_modal(
    ref: PlanRef,
    *,
    given: Mapping[str, Any],
    modes: Sequence[str],
    parties: Sequence[str],
    approaches: Sequence[str],
) -> Modal:
    """The second step: what the audit is for, what it covers, and against what."""
    wording = words("desk_audits/plan_agreed_modal")
    choices = {
        "modes": inputs.named(wording, "modes", modes),
        "party": inputs.named(wording, "party", parties),
        "approach": inputs.named(wording, "approach", approaches),
    }
    agreed = inputs.inputs(Agreed, wording, given=given, choices=choices)
    return kit.modal(AGREED_FORM, wording.heading, agreed, submit=wording.submit, payload=ref)


def people_modal(ref: PlanRef, *, asked: Sequence[AskedForm], excepted: Sequence[Excepted]) -> Modal:
    """The third: whom to ask, as drawn, and why somebody audits though a check speaks against them."""
    wording = words("desk_audits/plan_people_modal", asked=asked)
    reason = [fields.text(REASON, wording.reason, wording.reason_hint, long=False, optional=True)] if asked else []
    blocks = [
        kit.section(wording.intro),
        *(block for each in asked for block in _asked(each, ref)),
        *reason,
        *(block for each in excepted for block in _excepted(each)),
    ]
    return kit.modal(PEOPLE_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def _asked(each: AskedForm, ref: PlanRef) -> list[Block]:
    """The fields of a slice. Where another number was drawn, they are new ones, so that Slack shows what was drawn."""
    wording = words("desk_audits/plan_people_modal", slice=each.shown)
    wanted, people = f"{WANTED}_{each.id}", f"{PEOPLE}_{each.id}"
    once = str(ref.version)
    return [
        kit.section(wording.slice),
        fields.people(
            fields.about(people, once), wording.people, wording.people_hint, given=each.shown.people, optional=True
        ),
        fields.text(
            fields.about(wanted, once), wording.wanted, wording.wanted_hint, given=str(each.shown.wanted), long=False
        ),
    ]


def _excepted(each: Excepted) -> list[Block]:
    wording = words("desk_audits/plan_people_modal", member=each)
    name = f"{EXCEPTION}_{each.person_id}"
    return [
        kit.section(wording.against),
        fields.text(name, wording.exception, wording.exception_hint, given=each.exception),
    ]


def reopen_modal(ref: PlanRef) -> Modal:
    """Why a plan that was sent is changed."""
    return _reason_modal(REOPEN_FORM, "desk_audits/plan_reopen_modal", ref)


def withdraw_modal(ref: PlanRef, *, title: str) -> Modal:
    """Why an audit is called off."""
    return _reason_modal(WITHDRAW_FORM, "desk_audits/plan_withdraw_modal", ref, title=title)


def _reason_modal(callback_id: str, template: str, ref: Payload, **values: Any) -> Modal:
    wording = words(template, **values)
    asked = [kit.section(wording.intro), fields.text(REASON, wording.reason, wording.reason_hint)]
    return kit.modal(callback_id, wording.heading, asked, submit=wording.submit, payload=ref)


def other_days_modal(ref: PlanRef, *, given: Mapping[str, Any]) -> Modal:
    """Which days would suit the auditee better, and why."""
    wording = words("desk_audits/other_days_modal")
    asked = inputs.inputs(OtherDays, wording, given=given)
    return kit.modal(OTHER_DAYS_FORM, wording.heading, asked, submit=wording.submit, payload=ref)


def lead_modal(ref: PlanRef) -> Modal:
    """Who leads from now on."""
    wording = words("desk_audits/plan_lead_modal")
    return kit.modal(LEAD_FORM, wording.heading, inputs.inputs(NewLead, wording), submit=wording.submit, payload=ref)
