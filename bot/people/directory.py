"""People: the directory, read from Slack every night."""

import structlog

from bot.services import Services
from bot.slack.errors import CursorGone, SlackError
from bot.slack.objects import PeoplePage
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import as_the_bot
from workflows.people import commands as people_commands
from workflows.people import leaving
from workflows.people.rules import DirectoryEntry, GroupEntry

log = structlog.get_logger(__name__)


async def sync_directory(services: Services, workspace_id: str) -> None:
    """Bring the directory up to date and appoint the first leads named in the settings.

    Page by page: each is stored with the place where the next one begins, so that a break costs one page at most.
    """
    workspace = await services.database.read(workspace_id, UnitOfWork.workspace)
    cursor = workspace.directory_cursor
    while True:
        page = await _page(services, cursor)
        entries = [DirectoryEntry(**vars(person)) for person in page.people]
        cursor, at = page.next_cursor, services.clock.now()
        await services.database.run(workspace_id, as_the_bot(leaving.follow_page, at), entries, next_cursor=cursor)
        if not cursor:
            break
    await services.database.run(
        workspace_id, as_the_bot(people_commands.appoint_first_leads, services.clock.now()), services.settings.leads
    )
    await _sync_groups(services, workspace_id)


async def _sync_groups(services: Services, workspace_id: str) -> None:
    try:
        found = await services.gateway.user_groups()
    except SlackError as error:  # not every plan has user groups, and an app installed earlier may lack the scope
        log.info("Slack's user groups could not be read; those known are kept", error=str(error))
        return
    entries = [GroupEntry(**vars(group)) for group in found]
    await services.database.run(workspace_id, as_the_bot(people_commands.sync_groups, services.clock.now()), entries)


async def _page(services: Services, cursor: str) -> PeoplePage:
    try:
        return await services.gateway.people(cursor)
    except CursorGone:
        return await services.gateway.people()
