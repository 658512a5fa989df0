"""`/hands/…`: what a person can do, as HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from sandbox.acts import install, interact, membership, modal, react, talk
from sandbox.acts.interact import Press
from sandbox.people import APP_ID
from sandbox.posting import person_may_read
from sandbox.refusal import Refusal
from sandbox.routes.answers import answered, body_of, required
from sandbox.routes.files import file_response
from sandbox.routes.upload import receive_form
from sandbox.store import Json
from sandbox.world import World
from sandbox.worlds import Worlds

Hand = Callable[[World, str, web.Request], Awaitable[Json]]

MOST_MESSAGES = 500


async def _workspaces(worlds: Worlds, _: web.Request) -> Json:
    return {"workspaces": [world.workspace.team | {"installed": world.app.installed} for world in worlds]}


async def _workspace(worlds: Worlds, request: web.Request) -> Json:
    team = request.query.get("team")
    world = worlds.of_team(team) if team else worlds.first
    manifest = world.manifest
    app = {
        "id": APP_ID,
        "installed": world.app.installed,
        "user": world.app.user,
        "bot_id": world.app.bot_id,
        "name": manifest.bot_name,
        "description": manifest.description,
        "commands": [_told(entry, "command", "description", "usage_hint") for entry in world.app.commands.values()],
        "shortcuts": [
            _told(entry, "name", "type", "callback_id", "description") for entry in world.app.shortcuts.values()
        ],
        "home_tab": manifest.home_tab,
        "connected": world.app.installed and world.deliveries.connected,
    }
    return {"team": world.workspace.team, "people": world.workspace.people(), "app": app, "clock": world.clock.state()}


def _told(entry: Json, *names: str) -> Json:
    return {name: entry.get(name, "") for name in names}


async def _conversations(world: World, user: str, _: web.Request) -> Json:
    return {"conversations": talk.conversations(world, user)}


async def _messages(world: World, user: str, request: web.Request) -> Json:
    limit = request.query.get("limit", "100")
    if not limit.isdigit() or not 0 < int(limit) <= MOST_MESSAGES:
        raise Refusal("invalid_limit", f"`limit` is a number from 1 to {MOST_MESSAGES}.")
    channel, before = request.match_info["channel"], request.query.get("before")
    messages, has_more = talk.messages(world, user, channel, before, int(limit))
    return {"messages": messages, "has_more": has_more}


async def _thread(world: World, user: str, request: web.Request) -> Json:
    where = request.match_info
    return {"messages": talk.thread(world, user, where["channel"], where["ts"])}


async def _say(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    posted = talk.say(world, user, required(body, "channel"), str(body.get("text", "")), body.get("thread_ts"))
    return {"ts": posted["ts"]}


async def _upload(world: World, user: str, request: web.Request) -> Json:
    fields, file_ids = await receive_form(world, user, request)
    thread_ts = fields.get("thread_ts") or None
    posted = talk.share(world, user, required(fields, "channel"), file_ids, fields.get("text", ""), thread_ts)
    return {"ts": posted["ts"], "files": [world.files.shown(file_id) for file_id in file_ids]}


async def _stage(world: World, user: str, request: web.Request) -> Json:
    _, file_ids = await receive_form(world, user, request)
    if len(file_ids) != 1:
        raise Refusal("no_file", "Send one file in the field `file`.")
    file = world.files.get(file_ids[0])
    return {"file": {key: file[key] for key in ("id", "name", "size", "mimetype")}}


async def _command(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    channel, command = required(body, "channel"), required(body, "command")
    await interact.run_command(world, user, channel, command, str(body.get("text", "")))
    return {}


async def _press(world: World, user: str, request: web.Request) -> Json:
    await interact.press(world, user, _press_of(await body_of(request)))
    return {}


def _press_of(body: Json) -> Press:
    return Press(
        action_id=required(body, "action_id"),
        block_id=body.get("block_id"),
        channel=str(body.get("channel", "")),
        ts=str(body.get("ts", "")),
        view_id=str(body.get("view_id") or ""),
        selected=body.get("selected", body.get("value")),
        typing=bool(body.get("typing")),
    )


async def _shortcut(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    callback_id = required(body, "callback_id")
    await interact.take_shortcut(world, user, callback_id, str(body.get("channel", "")), str(body.get("ts", "")))
    return {}


async def _suggest(world: World, user: str, request: web.Request) -> Json:
    return await interact.suggest(world, user, _press_of(await body_of(request)))


async def _react(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    channel = world.workspace.visible(user, required(body, "channel"))["id"]
    act = react.take_back if body.get("gone") else react.react
    act(world, user, channel, required(body, "ts"), required(body, "name"))
    return {}


async def _home(world: World, user: str, request: web.Request) -> Json:
    return {"view": interact.open_home(world, user, request.query.get("tab", "home"))}


async def _views(world: World, user: str, _: web.Request) -> Json:
    stack = world.views.stack(user)
    return {"views": stack, "errors": world.views.errors.get(stack[-1]["id"], {}) if stack else {}}


async def _submit(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    values = body.get("values") or {}
    if not isinstance(values, dict):
        raise Refusal("invalid_values", "`values` is an object: block_id to value.")
    return await modal.submit(world, user, required(body, "view_id"), values)


async def _close(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    modal.close(world, user, required(body, "view_id"))
    return {}


async def _read(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    channel = world.workspace.visible(user, required(body, "channel"))
    world.workspace.mark_read(user, channel["id"])
    return {}


async def _edit(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    channel, ts = required(body, "channel"), required(body, "ts")
    talk.edit(world, user, channel, ts, str(body.get("text", "")))
    return {}


async def _delete(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    talk.delete(world, user, required(body, "channel"), required(body, "ts"))
    return {}


async def _invite(world: World, user: str, request: web.Request) -> Json:
    body = await body_of(request)
    membership.invite(world, user, required(body, "channel"), required(body, "user"))
    return {}


async def _deactivate(world: World, user: str, request: web.Request) -> Json:
    membership.deactivate(world, user, required(await body_of(request), "user"))
    return {}


async def _reactivate(world: World, user: str, request: web.Request) -> Json:
    membership.reactivate(world, user, required(await body_of(request), "user"))
    return {}


async def _uninstall(world: World, user: str, _: web.Request) -> Json:
    install.uninstall_by(world, user)
    return {}


async def _file_content(worlds: Worlds, request: web.Request) -> web.StreamResponse:
    world = worlds.of_user(request.match_info["user"])
    user = world.workspace.employee(request.match_info["user"])["id"]
    file = world.files.get(request.match_info["file"])
    if not person_may_read(world, user, file):
        raise Refusal("file_not_found", "There is no such file.")
    return file_response(world, file)


_GET: dict[str, Hand] = {
    "conversations": _conversations,
    "conversations/{channel}/messages": _messages,
    "conversations/{channel}/threads/{ts}": _thread,
    "home": _home,
    "views": _views,
}
DEEDS: dict[str, Hand] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "upload": _upload,
    "command": _command,
    "press": _press,
    "suggest": _suggest,
    "react": _react,
    "shortcut": _shortcut,
    "submit": _submit,
    "close": _close,
    "files": _stage,
    "read": _read,
    "invite": _invite,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "uninstall": _uninstall,
}


def hands_routes(worlds: Worlds) -> list[web.RouteDef]:
    """The routes of every hand; `{user}` must be somebody who can use the client."""
    return [
        web.get("/hands/workspace", answered(partial(_workspace, worlds))),
        web.get("/hands/workspaces", answered(partial(_workspaces, worlds))),
        web.get("/hands/{user}/files/{file}/content", answered(partial(_file_content, worlds))),
        *(web.get(f"/hands/{{user}}/{path}", answered(_by_person(worlds, hand))) for path, hand in _GET.items()),
        *(web.post(f"/hands/{{user}}/{path}", answered(_by_person(worlds, hand))) for path, hand in DEEDS.items()),
    ]


def _by_person(worlds: Worlds, hand: Hand) -> Callable[[web.Request], Awaitable[Json]]:
    async def handle(request: web.Request) -> Json:
        world = worlds.of_user(request.match_info["user"])
        user = world.workspace.employee(request.match_info["user"])["id"]
        return await hand(world, user, request)

    return handle
