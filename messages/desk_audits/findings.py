"""Desk audits: what was found, for the auditor and for whoever answers for it, and the forms behind the buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from messages.desk_audits.payloads import AuditRef, FindingRef, FindRef, SeatRef
from messages.nudges.day import DayItem
from messages.words import fields, inputs, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, words
from workflows.desk_audits.shapes import Found, Further, Note, OtherView, Withdrawal

AGREE = "finding.agree"
DIFFER = "finding.differ"
WITHDRAW = "finding.withdraw"

FIND_FORM = "finding.form"
DIFFER_FORM = "finding.differ_form"
WITHDRAW_FORM = "finding.withdraw_form"
FURTHER_FORM = "answer.further_form"
NOTE_FORM = "audit.note_form"
FINDINGS_VIEW = "audit.findings_view"

FILES = "files"


@dataclass(frozen=True)
class FindingItem:
    """A finding. `kind` and the rest are as raised; `case` is the number of the nonconformity that follows it.

    `state`: raised, shown, agreed, differs or withdrawn. `may_withdraw`: its reader may say that it doesn't stand.
    `is_closed`: the report is signed, or the audit was withdrawn, so that nobody says anything to it any more.
    """

    ref: FindingRef
    number: int
    kind: str
    statement: str
    evidence: str
    place: str
    sample: str
    owner_id: str
    state: str
    requirement: Requirement | None = None
    case: int | None = None
    owner_view: str = ""
    reason: str = ""
    may_withdraw: bool = False
    is_closed: bool = False

    @property
    def line(self) -> Phrase:
        """It in a list."""
        return words("desk_audits/finding", item=self).line


def findings(items: Sequence[FindingItem]) -> Modal:
    """Everything that an audit found, whole, for its team."""
    wording = words("desk_audits/finding")
    groups = [_whole(each) for each in items]
    return kit.modal(FINDINGS_VIEW, wording.heading, kit.fitting(groups, len(groups), blocks=90, characters=60_000))


def _whole(item: FindingItem) -> list[Block]:
    wording = words("desk_audits/finding", item=item)
    button = kit.button(wording.button_withdraw, WITHDRAW, item.ref) if item.may_withdraw else None
    return [kit.section(wording.line, button=button), kit.section(wording.whole)]


def found(*, ref: AuditRef, title: str, auditor_id: str, items: Sequence[FindingItem]) -> Message:
    """What was found, for whoever answers for it, before the report: on what evidence, and not from whom."""
    wording = words("desk_audits/found", ref=ref, title=title, auditor_id=auditor_id, items=items)
    groups = [_to_be_seen(each) for each in items]
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording.intro),
            *kit.fitting(groups, len(groups)),
            kit.context(wording.closed if any(each.is_closed for each in items) else wording.after),
        ],
    )


def _to_be_seen(item: FindingItem) -> list[Block]:
    wording = words("desk_audits/found", item=item)
    if item.state != "shown":
        return [kit.section(wording.finding), kit.context(wording[item.state])]
    if item.is_closed:
        return [kit.section(wording.finding)]
    buttons = [
        kit.button(wording.button_agree, AGREE, item.ref, style="primary"),
        kit.button(wording.button_differ, DIFFER, item.ref),
    ]
    return [kit.section(wording.finding), *kit.actions(buttons)]


def differs(item: FindingItem, title: str) -> DayItem:
    """That whoever answers for it sees a finding differently, for the auditor who raised it."""
    wording = words("desk_audits/differs", item=item, title=title)
    blocks: list[Block] = [kit.section(wording.body)]
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def differ_modal(item: FindingItem) -> Modal:
    """The owner's own words about a finding."""
    wording = words("desk_audits/differ_modal", item=item)
    blocks = [kit.section(wording.finding), *inputs.inputs(OtherView, wording)]
    return kit.modal(DIFFER_FORM, wording.heading, blocks, submit=wording.submit, payload=item.ref)


def further_modal(ref: SeatRef, *, prompt: str, person_id: str) -> Modal:
    """A further question to whoever gave an answer."""
    wording = words("desk_audits/further_modal", prompt=prompt, person_id=person_id)
    blocks = [kit.section(wording.intro), *inputs.inputs(Further, wording)]
    return kit.modal(FURTHER_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def withdraw_modal(item: FindingItem) -> Modal:
    """Why a finding doesn't stand."""
    wording = words("desk_audits/withdraw_modal", item=item)
    blocks = [kit.section(wording.intro), *inputs.inputs(Withdrawal, wording)]
    return kit.modal(WITHDRAW_FORM, wording.heading, blocks, submit=wording.submit, payload=item.ref)


@dataclass(frozen=True)
class Choosable:
    """A requirement to choose, by what comes back."""

    reference: str
    requirement: Requirement


@dataclass(frozen=True)
class Sampled:
    """What a finding rests on: `drawn` rows of a list of `population` by `seed`, or answers of so many people."""

    population: int
    drawn: Sequence[str] = ()
    seed: int = 0
    people: int = 0


def finding_modal(
    *, ref: FindRef, requirements: Sequence[Choosable], given: Mapping[str, Any], sampled: Sequence[Sampled]
) -> Modal:
    """A new finding; what is known already stands in it, the sample in words."""
    wording = words("desk_audits/finding_modal")
    sample = "\n".join(words("desk_audits/finding_modal", sampled=each).sampled.plain for each in sampled)
    return kit.modal(
        FIND_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            *inputs.inputs(
                Found,
                wording,
                given={**given, "sample": sample},
                choices={
                    "kind": inputs.named(wording, "kind", _KINDS),
                    "requirement": by_standard(requirements),
                },
            ),
        ],
        submit=wording.submit,
        payload=ref,
    )


_KINDS = ("conformity", "good_practice", "opportunity", "observation", "nonconformity")


def by_standard(requirements: Sequence[Choosable]) -> Mapping[str, Sequence[Choice]]:
    """Requirements under the names of their standards."""
    groups: dict[str, list[Choice]] = {}
    for each in requirements:
        shown = each.requirement
        groups.setdefault(shown.standard, []).append((each.reference, f"{shown.number} {shown.title}".strip()))
    return groups


def note_modal(
    *,
    ref: AuditRef,
    prompts: Sequence[str],
    requirements: Sequence[Choosable],
    files: Sequence[Choice],
) -> Modal:
    """What the auditor read or watched; `prompts` are what the plan wants looked at."""
    wording = words("desk_audits/note_modal", prompts=prompts)
    return kit.modal(
        NOTE_FORM,
        wording.heading,
        [
            *([kit.section(wording.planned)] if prompts else []),
            *inputs.inputs(
                Note,
                wording,
                given={"mode": "document_review"},
                choices={
                    "mode": inputs.named(wording, "mode", ("document_review", "observation")),
                    "requirements": by_standard(requirements),
                    "evidence": {wording.kept.plain: files},
                },
                without=() if files else ("evidence",),
            ),
            fields.files(FILES, wording.files, optional=True),
        ],
        submit=wording.submit,
        payload=ref,
    )
