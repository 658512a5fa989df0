"""Case records at the edge: a case as a PDF, asked for by a word or a button."""

from bot.case_records.papers import EXPORT, PAPER
from bot.slack.calls import Call, Command, Press, Reply, Tell
from bot.slack.routes import press
from messages.case_records import cards as words
from messages.case_records import register
from messages.case_records.register import RegisterFigures
from messages.nonconformities.payloads import NonconformityRef
from messages.words.kit import Message
from storage.nonconformities.tables import Nonconformity
from workflows.case_records import exporting, questions
from workflows.case_records import figures as register_figures
from workflows.deed import Deed
from workflows.nonconformities import questions as case_questions
from workflows.people.permissions import Permission


async def as_pdf(call: Call, number: int) -> Reply:
    """`/iso nc 12 pdf`: the whole case on paper, for those who may read it."""
    return Tell(words.making(file=await call.act(_promise, number=number)))


async def press_as_pdf(call: Press[NonconformityRef]) -> Reply:
    """The same by the button above every word of a case."""
    number = await call.ask(_number, nonconformity_id=call.payload.nonconformity)
    return await as_pdf(call, number)


def _promise(deed: Deed, *, number: int) -> str:
    case: Nonconformity = questions.to_read(deed, number=number)
    file = words.file_name(case.number, deed.today)
    deed.errand(PAPER, values={"number": case.number}, about=file)
    return file


def _number(deed: Deed, *, nonconformity_id: int) -> int:
    return case_questions.to_read(deed, nonconformity_id=nonconformity_id).number


async def figures(call: Command) -> Reply:
    """`/iso nc figures`: the register in figures."""
    return Tell(await call.ask(_figures))


def _figures(deed: Deed) -> Message:
    found = RegisterFigures(register_figures.figures(deed))
    return register.figures(found, may_export=deed.may(Permission.EXPORT_REGISTER))


async def export(call: Command) -> Reply:
    """`/iso nc export`: the register as a spreadsheet and as CSV."""
    return Tell(words.making(file=await call.act(_export)))


def _export(deed: Deed) -> str:
    exporting.may_export(deed)
    files = [words.register_name(deed.today, kind) for kind in register.KINDS]
    for kind, file in zip(register.KINDS, files, strict=True):
        deed.errand(EXPORT, values={"kind": kind}, about=file)
    return files[0]


WORDS = {"figures": figures, "export": export}
"""What else follows `/iso nc`."""

ROUTES = (press(words.AS_PDF, NonconformityRef, press_as_pdf),)
