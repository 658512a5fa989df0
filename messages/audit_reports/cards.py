"""Audit reports room: the draft as it is written, the report as a message, and what became of somebody's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.audit_reports.paper import Report, Told
from messages.audit_reports.payloads import ReportRef
from messages.nudges.day import DayItem
from messages.words import fields, inputs, kit
from messages.words.kit import Message, Modal
from messages.words.wording import Phrase, words
from workflows.audit_reports.shapes import Conclusion, Correction, Limits, Onward

WRITE = {Conclusion: "audit_report.conclude", Limits: "audit_report.limit", Onward: "audit_report.onward"}
FORMS = {
    Conclusion: "audit_report.conclude_form",
    Limits: "audit_report.limit_form",
    Onward: "audit_report.onward_form",
}
"""The button and the form of each part that the lead auditor writes."""

PREVIEW = "audit_report.preview"
SIGN = "audit_report.sign"
SIGN_FORM = "audit_report.sign_form"
CORRECT = "audit_report.correct"
CORRECT_FORM = "audit_report.correct_form"
SEND = "audit_report.send"

CLOSE = "close"
FINDINGS_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class ReportCard:
    """A report as its card shows it. `gaps` is what it lacks, by the key of its words, and of how many things.

    `deeds`: what the reader may do: write, sign, correct, send. `has_papers`: PDF and workbook are made.
    """

    ref: ReportRef
    report: Report
    lead_id: str
    gaps: Mapping[str, int]
    deeds: frozenset[str] = frozenset()
    has_papers: bool = False


@dataclass(frozen=True)
class LedTo:
    """A finding that rests on what its reader said; `kind` is one of `paper.j2`, `prompts` what they were asked."""

    kind: str
    statement: str
    prompts: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What became of what somebody said in an audit; nothing in it is about anybody else."""

    title: str
    auditor_id: str
    signed_at: datetime
    led_to: Sequence[LedTo]


def card(shown: ReportCard) -> Message:
    """The draft for its lead auditor, or the signed report for its readers: what matters first."""
    return _signed(shown) if shown.report.signed_at else _draft(shown)


def _draft(shown: ReportCard) -> Message:
    report, wording = shown.report, words("audit_reports/card", card=shown, report=shown.report)
    told = Told(report)
    return kit.message(
        wording.draft_summary,
        [
            kit.header(wording.title),
            kit.section(words("audit_reports/card", card=shown, found=told.found()).draft),
            *[kit.section(words("audit_reports/card", name=name, text=getattr(report, name)).part) for name in WRITTEN],
            kit.section(wording.readers),
            *_gaps(shown),
            *kit.actions(_writing(shown) if "write" in shown.deeds else []),
        ],
    )


WRITTEN = ("conclusion", "summary", "obstacles", "not_covered", "follow_up")
"""What the lead auditor writes, in the order in which the card shows it."""


def _gaps(shown: ReportCard) -> list[Block]:
    if not shown.gaps:
        return []
    missing = [words("audit_reports/card", gap=gap, count=count).missing for gap, count in shown.gaps.items()]
    return [kit.section(words("audit_reports/card").gaps), kit.lines(missing)]


def _writing(shown: ReportCard) -> list[ButtonElement]:
    wording = words("audit_reports/card")
    write = [kit.button(wording[f"button_{shape.__name__.lower()}"], WRITE[shape], shown.ref) for shape in WRITE]
    sign = kit.button(wording.button_sign, SIGN, shown.ref, style="primary")
    return [*write, kit.button(wording.button_preview, PREVIEW, shown.ref), sign]


def _signed(shown: ReportCard) -> Message:
    report, told = shown.report, Told(shown.report)
    wording = words("audit_reports/card", card=shown, report=report, found=told.found())
    said = [kit.section(wording.conclusion), *_listed(told)]
    weak = [words("audit_reports/card", line=each).line for each in told.weak()]
    read_first = [kit.section(wording.weak), kit.lines(weak)] if weak else []
    return kit.message(
        wording.signed_summary,
        [
            kit.header(wording.title),
            kit.section(wording.signed),
            *said,
            *read_first,
            kit.context(wording.papers if shown.has_papers else wording.papers_to_come, wording.fingerprint),
            *kit.actions(_after_signing(shown)),
        ],
    )


def _listed(told: Told) -> list[Block]:
    findings = [words("audit_reports/card", finding=told.finding(each)).finding for each in told.standing]
    return [kit.lines(findings, most=FINDINGS_SHOWN)] if findings else []


def _after_signing(shown: ReportCard) -> list[ButtonElement]:
    wording = words("audit_reports/card")
    buttons = {
        "send": kit.button(wording.button_send, SEND, shown.ref),
        "correct": kit.button(wording.button_correct, CORRECT, shown.ref),
    }
    return [button for deed, button in buttons.items() if deed in shown.deeds]


def write_modal(ref: ReportRef, shape: type, *, given: Mapping[str, object]) -> Modal:
    """One of the short forms; what was written before stands in it."""
    wording = words("audit_reports/forms")
    blocks = [kit.section(wording[f"intro_{shape.__name__.lower()}"]), *inputs.inputs(shape, wording, given=given)]
    heading = wording[f"heading_{shape.__name__.lower()}"]
    return kit.modal(FORMS[shape], heading, blocks, submit=wording.submit, payload=ref)


def sign_modal(shown: ReportCard) -> Modal:
    """What the signature means, what is missing, and whether interviews that still run are to be closed."""
    wording = words("audit_reports/forms", running=shown.gaps.get("running", 0), readers=shown.report.distribution)
    close = fields.ticks(CLOSE, wording.close, [(CLOSE, wording.close_yes.plain)], wording.close_hint, optional=True)
    asked = [close] if "running" in shown.gaps else []
    blocks = [kit.section(wording.intro_sign), *_gaps(shown), *asked]
    return kit.modal(SIGN_FORM, wording.heading_sign, blocks, submit=wording.submit_sign, payload=shown.ref)


def correct_modal(ref: ReportRef) -> Modal:
    """Why a signed report is written anew."""
    wording = words("audit_reports/forms")
    blocks = [kit.section(wording.intro_correct), *inputs.inputs(Correction, wording)]
    return kit.modal(CORRECT_FORM, wording.heading_correct, blocks, submit=wording.submit_correct, payload=ref)


def outcome(shown: Outcome) -> DayItem:
    """What became of what somebody said, in their message of the day."""
    wording = words("audit_reports/outcome", outcome=shown)
    blocks: list[Block] = [kit.section(wording.led if shown.led_to else wording.backed)]
    if shown.led_to:
        blocks.append(kit.lines([_one_outcome(each) for each in shown.led_to]))
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def _one_outcome(each: LedTo) -> Phrase:
    called = words("audit_reports/paper", kind=each.kind).kind.plain
    return words("audit_reports/outcome", each=each, called=called).line


def file_name(report: Report, kind: str, *, draft: int = 0) -> str:
    """What a paper is called where it is laid before people; `kind`: pdf or xlsx, `draft` tells one from another."""
    revision = f"-revision-{report.revision}" if report.revision > 1 else ""
    return f"audit-{report.audit_id}-report{revision}{f'-draft-{draft}' if draft else ''}.{kind}"
