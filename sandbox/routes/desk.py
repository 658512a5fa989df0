"""`/clock`, `/log` and `/dropped`: the sandbox's own controls, and the page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aiohttp import web

from sandbox.refusal import Refusal
from sandbox.routes.answers import answered, body_of
from sandbox.store import Json
from sandbox.world import World

PAGE = Path(__file__).parent.parent / "page"
_POLL_SECONDS = 25.0
# The page needs nothing from elsewhere; people's files and text must not be able to fetch or run anything.
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


class Desk:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        routes: list[web.RouteDef | web.StaticDef] = [
            web.get("/clock", answered(self._clock)),
            web.post("/clock", answered(self._move)),
            web.get("/log", answered(self._log)),
            web.get("/dropped", answered(self._dropped)),
            web.get("/archives/{channel}/{stamp}", self._permalink),
            web.get("/", self._page),
            web.get("/page/{name:[a-z0-9_.-]+}", self._page),
        ]
        return routes

    async def _clock(self, request: web.Request) -> Json:
        after = request.query.get("after")
        if after is not None:
            await self._world.clock.changed(_number(after, "after"), _POLL_SECONDS)
        return self._world.clock.state()

    async def _move(self, request: web.Request) -> Json:
        body = await body_of(request)
        clock = self._world.clock
        match body:
            case {"advance": int() | float() as seconds}:
                clock.advance(seconds)
            case {"to": str() as text}:
                clock.go_to(_moment(text))
            case {"playing": bool() as playing, "speed": int() | float() as speed}:
                clock.play(playing, speed)
            case {"playing": bool() as playing}:
                clock.play(playing)
            case _:
                raise Refusal("invalid_clock", "Send `advance` in seconds, `to` as ISO date and time, or `playing`.")
        return clock.state()

    async def _log(self, request: web.Request) -> Json:
        return {"entries": self._world.log.after(_number(request.query.get("after", "0"), "after"))}

    async def _dropped(self, request: web.Request) -> Json:
        dropped = self._world.deliveries.dropped
        entries = dropped.after(_number(request.query.get("after", "0"), "after"))
        return {"dropped": entries, "count": dropped.count}

    async def _permalink(self, request: web.Request) -> web.Response:
        stamp = request.match_info["stamp"].removeprefix("p")
        place = f"/?channel={request.match_info['channel']}&ts={stamp[:-6]}.{stamp[-6:]}"
        raise web.HTTPFound(place)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        path = PAGE / request.match_info.get("name", "index.html")
        if not path.is_file():
            return web.Response(status=404, text="The page has no such part.")
        return web.FileResponse(path, headers=_PAGE_HEADERS)


def _number(text: str, name: str) -> int:
    if not text.isdigit():
        raise Refusal("invalid_number", f"`{name}` is a whole number.")
    return int(text)


def _moment(text: str) -> datetime:
    """An aware moment from ISO text. Refuses: invalid_moment (no ISO text, or without time zone)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("invalid_moment", f"{text!r} is no ISO date and time.") from None
    if moment.tzinfo is None:
        raise Refusal("invalid_moment", "The moment needs a time zone, e.g. 2026-03-02T09:00:00+01:00.")
    return moment
