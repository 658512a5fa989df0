"""Audit reports room: how long what people said is kept, what is past its day, and the two people who let it go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.audit_reports.payloads import AnswersRef
from messages.nudges.day import DayItem, Group
from messages.words import inputs, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import Phrase, words
from workflows.audit_reports.shapes import KeepingTime

PROPOSE = "answers.propose"
APPROVE = "answers.approve"
DECLINE = "answers.decline"
KEEP_FOR = "answers.keep_for"
KEEP_FOR_FORM = "answers.keep_for_form"

AUDITS_SHOWN = 20


@dataclass(frozen=True)
class DueAnswers:
    """An audit whose answers are past their day; `until` was the last day on which they had to be kept."""

    audit_id: int
    title: str
    answers: int
    until: date | None


@dataclass(frozen=True)
class AnswersCard:
    """A proposal to let go of what people said in some audits. `state`: proposed, approved or declined.

    `deeds` are those that its reader may do about it: approve, decline.
    """

    ref: AnswersRef
    state: str
    proposed_by: str
    audits: Sequence[DueAnswers]
    approved_by: str | None = None
    deeds: frozenset[str] = frozenset()


def overview(
    due: Sequence[DueAnswers], proposals: Sequence[AnswersCard], *, months: int, may_propose: bool, may_set: bool
) -> list[Block]:
    """What `/iso retention` says of answers, below what it says of evidence."""
    wording = words("audit_reports/letting_go", total=len(due), months=months)
    propose = [kit.button(wording.button_propose, PROPOSE, Nothing(), style="primary")] if due and may_propose else []
    keep_for = [kit.button(wording.button_keep_for, KEEP_FOR, Nothing())] if may_set else []
    return [
        kit.divider(),
        kit.section(wording.headline if due else wording.nothing),
        *_listed(due),
        *kit.actions([*propose, *keep_for]),
        *(block for each in proposals for block in _card(each)),
    ]


def day_item(shown: AnswersCard) -> DayItem:
    """A proposal, for those who decide about it; redrawn with the decision."""
    summary = words("audit_reports/letting_go", card=shown).summary
    group: Group = "decide" if shown.state == "proposed" else "settled"
    return DayItem(group, summary.plain, _card(shown), lambda: kit.message(summary, _card(shown)))


def decided(shown: AnswersCard) -> Message:
    """How a proposal stands, for whoever has just made it or decided."""
    return kit.message(words("audit_reports/letting_go", card=shown)[shown.state], _card(shown))


def keep_for_modal(*, months: int, least: int, most: int) -> Modal:
    """For how long are answers to be kept?"""
    wording = words("audit_reports/forms", least=least, most=most)
    asked = inputs.inputs(KeepingTime, wording, given={"months": str(months)})
    blocks = [kit.section(wording.intro_months), *asked]
    return kit.modal(KEEP_FOR_FORM, wording.heading_months, blocks, submit=wording.submit, payload=Nothing())


def kept_for(months: int) -> Message:
    """For how long they are kept from now on."""
    wording = words("audit_reports/letting_go", months=months)
    return kit.message(wording.kept_for, [kit.section(wording.kept_for)])


def _card(shown: AnswersCard) -> list[Block]:
    wording = words("audit_reports/letting_go", card=shown)
    sure = kit.ask_first(wording.sure_title, wording.sure_text, yes=wording.sure_yes, no=wording.sure_no)
    buttons = {
        "approve": kit.button(wording.button_approve, APPROVE, shown.ref, style="danger", confirm=sure),
        "decline": kit.button(wording.button_decline, DECLINE, shown.ref),
    }
    offered = [button for deed, button in buttons.items() if deed in shown.deeds]
    return [kit.section(wording[shown.state]), *_listed(shown.audits), *kit.actions(offered)]


def _listed(audits: Sequence[DueAnswers]) -> list[Block]:
    return [kit.lines(_lines(audits), most=AUDITS_SHOWN)] if audits else []


def _lines(audits: Sequence[DueAnswers]) -> list[Phrase]:
    return [words("audit_reports/letting_go", due=each).line for each in audits]
