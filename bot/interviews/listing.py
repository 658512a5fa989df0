"""Interviews: files that came with an answer. Where a list is wanted its rows are counted, in a process of its own."""

from functools import partial

import structlog

from bot.errands import Conclusion, Kind, passes
from bot.services import Services
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.interviews.tables import SampleDraw
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.evidence.commands import GIVEN_WITH_ANSWER
from workflows.files.spreadsheets import MOST_BYTES
from workflows.interviews import drawing_again, list_files, lists
from workflows.interviews.lists import GivenList, Listed
from workflows.question_bank.shapes import AskedQuestion
from workflows.refusals import UnreadableFile

log = structlog.get_logger(__name__)


async def look(services: Services, errand: Errand) -> Conclusion:
    """Count the rows of a list, or say that a file is kept."""
    given, question = await services.database.read(errand.workspace_id, _given, errand.values["of"])
    if question is None:
        return partial(list_files.file_kept, evidence_id=given.id)
    try:
        listed = await _rows(services, given, question)
    except UnreadableFile as fault:
        return partial(list_files.not_a_list, evidence_id=given.id, why=fault.why)
    return partial(list_files.take_list, evidence_id=given.id, listed=listed)


async def give_up(services: Services, errand: Errand, error: Exception) -> Conclusion:
    """The file is kept, but its rows can't be counted: another is asked for."""
    if not passes(error):
        log.error("a list could not be read", evidence=errand.values["of"], exc_info=error)
    return partial(list_files.not_a_list, evidence_id=errand.values["of"], why="broken")


async def draw_again(services: Services, errand: Errand) -> Conclusion:
    """Read a list once more, and draw from it in the name of the auditor who wanted it."""
    said = errand.values
    given = await _given_again(services, errand.workspace_id, said["draw"], anew=said["anew"])
    again = {"draw_id": said["draw"], "given": given, "rows": said["rows"], "anew": said["anew"]}

    def conclude(deed: Deed) -> None:
        drawing_again.drawn_again(deed.in_name_of(errand.person_id), reason=said["reason"], **again)

    return conclude


async def _given_again(services: Services, workspace_id: str, draw_id: int, *, anew: bool) -> GivenList:
    """The list as it was given; a file that came with it and holds no rows is passed over."""
    files, question = await services.database.read(workspace_id, _files_with, draw_id, anew=anew)
    for each in files:
        try:
            rows = await _rows(services, each, question)
        except UnreadableFile:
            continue
        return GivenList(rows, each.sha256 or "", evidence_id=each.id)
    return await services.database.read(workspace_id, _without_file, draw_id, anew=anew)


def _files_with(uow: UnitOfWork, draw_id: int, *, anew: bool) -> tuple[list[Evidence], AskedQuestion]:
    draw = uow.get(SampleDraw, draw_id)
    return drawing_again.files_with(uow, draw, anew=anew), drawing_again.question_of(uow, draw)


def _without_file(uow: UnitOfWork, draw_id: int, *, anew: bool) -> GivenList:
    return drawing_again.without_file(uow, uow.get(SampleDraw, draw_id), anew=anew)


def _given(uow: UnitOfWork, evidence_id: int) -> tuple[Evidence, AskedQuestion | None]:
    return uow.get(Evidence, evidence_id), list_files.list_wanted(uow, evidence_id)


async def _rows(services: Services, given: Evidence, question: AskedQuestion) -> Listed:
    if (given.size or 0) > MOST_BYTES:
        raise UnreadableFile(given.name, "too_large")
    data = b"".join([chunk async for chunk in services.blobs.stream(given.sha256 or "")])
    how = partial(lists.in_file, wanted=question.sample.columns if question.sample else ())
    return await services.reader.read(how, given.name, data)


ERRANDS = {GIVEN_WITH_ANSWER: Kind(look, give_up), drawing_again.DRAW_AGAIN: Kind(draw_again)}
