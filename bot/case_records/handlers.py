"""Case records at the edge: a case as a PDF, asked for by a word or a button."""

from bot.case_records.papers import PAPER
from bot.slack.calls import Call, Press, Reply, Tell
from bot.slack.routes import press
from messages.case_records import cards as words
from messages.nonconformities.payloads import NonconformityRef
from storage.nonconformities.tables import Nonconformity
from workflows.case_records import questions
from workflows.deed import Deed
from workflows.nonconformities import questions as case_questions


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


ROUTES = (press(words.AS_PDF, NonconformityRef, press_as_pdf),)
