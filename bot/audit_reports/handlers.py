"""Audit reports room at the edge: the draft and its short forms, the signature, a correction, and the files again."""

from bot.audit_reports import facts
from bot.audit_reports.papers import PREVIEW
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.audit_reports import cards as words
from messages.audit_reports.payloads import ReportRef
from messages.desk_audits.payloads import AuditRef
from messages.words.kit import Message, Modal
from workflows.audit_reports import commands, filing, questions
from workflows.audit_reports.shapes import Conclusion, Correction, Limits, Onward
from workflows.deed import Deed
from workflows.shapes import fields_of

Shape = type[Conclusion] | type[Limits] | type[Onward]


async def report(call: Command | Press[AuditRef], audit_id: int) -> Reply:
    """`/iso audit 7 report`, or the desk: the lead auditor goes on with the draft; others read what is signed."""
    shown = await call.act(_report, audit_id=audit_id)
    return Tell(shown) if shown else None


def _report(deed: Deed, *, audit_id: int) -> Message | None:
    if questions.is_to_be_written_by(deed, audit_id=audit_id):
        commands.draft(deed, audit_id=audit_id)
        return None
    return facts.card(deed.uow, questions.to_read(deed, audit_id=audit_id), deed.by)


class _Writing:
    """One of the short forms: the button that opens it, and what was written in it."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    async def open(self, call: Press[ReportRef]) -> Reply:
        return Open(await call.ask(self._modal, report_id=call.payload.report))

    def _modal(self, deed: Deed, *, report_id: int) -> Modal:
        row = commands.to_write_in(deed, report_id=report_id)
        given = {each.name: getattr(row, each.name) for each in fields_of(self._shape)}
        return words.write_modal(ReportRef(row.id, row.version), self._shape, given=given)

    async def written(self, call: Form[ReportRef]) -> Reply:
        await call.act(commands.write, report_id=call.payload.report, said=filled(call, self._shape))
        return None


async def preview(call: Press[ReportRef]) -> Reply:
    """The draft as a PDF, in the thread of its card."""
    channel_id = call.channel_id or await call.services.gateway.open_dm(call.person_id)
    await call.act(_preview, report_id=call.payload.report, place=(channel_id, call.message_ts or ""))
    return None


def _preview(deed: Deed, *, report_id: int, place: tuple[str, str]) -> None:
    row = commands.to_write_in(deed, report_id=report_id)
    deed.errand(
        PREVIEW, values={"of": row.id}, about=words.file_name(facts.report_of(deed.uow, row), "pdf"), place=place
    )


async def ask_to_sign(call: Press[ReportRef]) -> Reply:
    """What the signature means, and what is missing."""
    return Open(await call.ask(_sign_modal, report_id=call.payload.report))


def _sign_modal(deed: Deed, *, report_id: int) -> Modal:
    return words.sign_modal(facts.card_of(deed.uow, commands.to_write_in(deed, report_id=report_id), deed.by))


async def sign(call: Form[ReportRef]) -> Reply:
    """The lead auditor signed."""
    closes = words.CLOSE in call.choices(words.CLOSE)
    ref = call.payload
    await call.act(commands.sign, report_id=ref.report, version=ref.version, close_running=closes)
    return None


async def ask_to_correct(call: Press[ReportRef]) -> Reply:
    """Why is it to be written anew?"""
    await call.ask(commands.to_correct, report_id=call.payload.report)
    return Open(words.correct_modal(call.payload))


async def correct(call: Form[ReportRef]) -> Reply:
    """A new revision begins."""
    await call.act(commands.correct, report_id=call.payload.report, said=filled(call, Correction))
    return None


async def send(call: Press[ReportRef]) -> Reply:
    """The files once more, for somebody who may read the report."""
    await call.act(filing.send_again, report_id=call.payload.report, key=call.key)
    return None


_WRITING = [(shape, _Writing(shape)) for shape in words.WRITE]

ROUTES = (
    *(press(words.WRITE[shape], ReportRef, writing.open) for shape, writing in _WRITING),
    *(form(words.FORMS[shape], ReportRef, writing.written) for shape, writing in _WRITING),
    press(words.PREVIEW, ReportRef, preview),
    press(words.SIGN, ReportRef, ask_to_sign),
    form(words.SIGN_FORM, ReportRef, sign),
    press(words.CORRECT, ReportRef, ask_to_correct),
    form(words.CORRECT_FORM, ReportRef, correct),
    press(words.SEND, ReportRef, send),
)
