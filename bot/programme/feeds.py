"""Feeds at the edge: what a calendar program gets, and the address of it in Slack."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time

from aiohttp import web

from bot.errands import Conclusion, Kind, nothing, share_once
from bot.services import Services
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import press
from messages.programme import feeds as words
from messages.programme.payloads import FeedRef
from messages.tasks import cards as task_words
from messages.tasks.payloads import TaskRef
from messages.words import ics
from messages.words.ics import DatedEvent
from messages.words.payloads import UnreadablePayload
from storage.engine.unit_of_work import UnitOfWork
from storage.engine.workspace import Workspace
from storage.programme.tables import FeedScope
from storage.record.errands import Errand
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.programme import feeds

CALENDAR_FILE_NAME = "audit.ics"

# --- what calendar programs get ---


def read(uow: UnitOfWork, secret: str, at: datetime) -> bytes | None:
    """The calendar of a secret, or None where there is none."""
    found = feeds.content(uow, secret, at=at)
    if found is None:
        return None
    name = words.name(scope=found.scope.value, organisation=found.workspace.name)
    return ics.calendar(name, [event(found.workspace, each) for each in found.tasks])


def event(workspace: Workspace, task: Task) -> DatedEvent:
    """A task as an event."""
    known = [each for each in (task.opened_at, task.submitted_at, task.decided_at) if each is not None]
    written = datetime.combine(workspace.programme_started_on or task.opens_on, time(), UTC)
    return DatedEvent(
        uid=f"task-{task.id}@{workspace.id.lower()}.deskaudit",
        title=task.title,
        day=task.due_on,
        sequence=task.version - 1,
        is_called_off=task.state is TaskState.WAIVED,
        changed_at=max(known, default=written),
    )


def page(services: Services, workspace_id: str) -> web.RouteDef:
    """`GET /calendar/<secret>.ics`: the calendar of a feed."""

    async def content(secret: str) -> bytes | None:
        return await services.database.read(workspace_id, read, secret, services.clock.now())

    return served(content)


def served(content: Callable[[str], Awaitable[bytes | None]]) -> web.RouteDef:
    """The address of calendars; `content` gives that of a secret, or None where there is none."""

    async def calendar(request: web.Request) -> web.Response:
        body = await content(request.match_info["secret"])
        if body is None:
            raise web.HTTPNotFound
        tag = hashlib.sha256(body).hexdigest()
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
        if tag in {each.value for each in request.if_none_match or ()}:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers, content_type="text/calendar", charset="utf-8")

    return web.get(r"/calendar/{secret:[0-9a-f]{1,128}}.ics", calendar)


# --- what people do ---


async def show(call: Command, scope: FeedScope) -> Reply:
    """The address, if there is none yet; else since when there is one."""
    found = await call.ask(feeds.standing, scope=scope)
    if found.made_at is not None:
        return Tell(words.standing(made_at=found.made_at, scope=scope.value))
    return await _new(call, scope)


async def renew(call: Press[FeedRef]) -> Reply:
    """A new address; the one before ends."""
    return await _new(call, _scope(call.payload))


async def revoke(call: Press[FeedRef]) -> Reply:
    """No address any more."""
    scope = _scope(call.payload)
    await call.act(feeds.revoke, scope=scope)
    return Tell(words.revoked(scope=scope.value), replace=True)


async def _new(call: Command | Press[FeedRef], scope: FeedScope) -> Reply:
    secret = await call.act(feeds.renew, scope=scope)
    url = f"{call.services.settings.reached_at}calendar/{secret}.ics"
    return Tell(words.address(url=url, scope=scope.value), replace=True)  # the address before is dead


async def calendar_file(call: Press[TaskRef]) -> Reply:
    """Somebody wants an audit in a calendar: the file comes into the thread of its card."""
    channel = call.channel_id or await call.services.gateway.open_dm(call.person_id)
    await call.act(_calendar_wanted, task_id=call.payload.task, place=(channel, call.message_ts or ""))
    return None


def _calendar_wanted(deed: Deed, *, task_id: int, place: tuple[str, str]) -> None:
    feeds.to_put_down(deed, task_id=task_id)
    deed.errand(ONE_DATE, values={"task": task_id}, about=CALENDAR_FILE_NAME, place=place)


async def send_calendar_file(services: Services, errand: Errand) -> Conclusion:
    """The date as it is by now."""
    task_id, person_id = errand.values["task"], errand.person_id
    body = await services.database.read(errand.workspace_id, _one_date, person_id, task_id, services.clock.now())
    await share_once(services, errand, errand.channel_id, errand.thread_ts or None, CALENDAR_FILE_NAME, body)
    return nothing


def _one_date(uow: UnitOfWork, person_id: str, task_id: int, at: datetime) -> bytes:
    task, workspace = feeds.to_put_down(Deed.of(uow, person_id, at), task_id=task_id), uow.workspace()
    return ics.calendar(words.name(scope="", organisation=workspace.name), [event(workspace, task)])


ONE_DATE = "calendar.one_date"
ERRANDS = {ONE_DATE: Kind(send_calendar_file)}


def _scope(ref: FeedRef) -> FeedScope:
    if ref.scope not in set(FeedScope):
        raise UnreadablePayload(ref.scope)
    return FeedScope(ref.scope)


ROUTES = (
    press(words.RENEW, FeedRef, renew),
    press(words.REVOKE, FeedRef, revoke),
    press(task_words.CALENDAR_FILE, TaskRef, calendar_file),
)
