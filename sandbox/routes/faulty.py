"""The app's addresses with the faults of the moment: each fault is a function around what would have been answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

from sandbox.faults import Fault, Faults
from sandbox.routes.answers import Handler
from sandbox.routes.files import login_page
from sandbox.routes.upload import CHUNK
from sandbox.worlds import Worlds

Around = Callable[[Fault, web.Request, Handler], Awaitable[web.StreamResponse]]


def faulty_call(faults: Faults, handle: Handler, name: str = "") -> Handler:
    """A call of the app, which faults know by `name`, or by the method in its address."""

    async def answer(request: web.Request) -> web.StreamResponse:
        fault = faults.strike("call", name or request.match_info["method"])
        return await (_CALLS[fault.kind.name](fault, request, handle) if fault else handle(request))

    return answer


def faulty_download(worlds: Worlds, handle: Handler) -> Handler:
    """A download, where it is allowed: a refused one is a login page already."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await handle(request)
        if not isinstance(response, web.FileResponse):
            return response
        files = worlds.of_file(request.match_info["file"]).files
        file = files.get(request.match_info["file"])
        fault = worlds.first.faults.strike("download", file["name"])
        return await _Download(fault, request, response, files.path(file["id"])).answer() if fault else response

    return answer


async def _storm(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    headers = {"Retry-After": str(int(fault["retry_after"]))}
    if fault["empty"]:
        return web.Response(status=429, headers=headers)
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


async def _server_error(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    status = int(fault["status"])
    page = f"<html><head><title>{status}</title></head><body><h1>{status} from a proxy</h1></body></html>"
    return web.Response(status=status, text=page, content_type="text/html")


async def _slow(fault: Fault, request: web.Request, handle: Handler) -> web.StreamResponse:
    await fault.hold(fault["seconds"])
    return await handle(request)


async def _lost(fault: Fault, request: web.Request, handle: Handler) -> web.StreamResponse:
    response = await handle(request)
    await fault.hold(fault["seconds"])
    _cut(request)
    return response


_CALLS: Mapping[str, Around] = {
    "429_storm": _storm,
    "server_error": _server_error,
    "slow_answer": _slow,
    "lost_answer": _lost,
}


class _Download:
    """A download that goes wrong: fewer bytes than there are, or none."""

    def __init__(self, fault: Fault, request: web.Request, whole: web.FileResponse, path: Path) -> None:
        self._fault = fault
        self._request = request
        self._whole = whole
        self._path = path

    async def answer(self) -> web.StreamResponse:
        acts = {"stalled_download": self._stalled, "cut_download": self._cut, "short_download": self._short}
        act = acts.get(self._fault.kind.name)
        return await act() if act else login_page()

    async def _stalled(self) -> web.StreamResponse:
        response = await self._part(told=self._size)
        await self._fault.hold(self._fault["seconds"])
        _cut(self._request)
        return response

    async def _cut(self) -> web.StreamResponse:
        response = await self._part(told=self._size)
        if self._request.transport:
            self._request.transport.close()
        return response

    async def _short(self) -> web.StreamResponse:
        return await self._part(told=self._sent)

    @property
    def _size(self) -> int:
        return self._path.stat().st_size

    @property
    def _sent(self) -> int:
        asked = self._fault["bytes"]
        return min(self._size // 2 if asked is None else int(asked), max(0, self._size - 1))

    async def _part(self, told: int) -> web.StreamResponse:
        response = web.StreamResponse(headers=self._whole.headers)
        response.content_length = told
        await response.prepare(self._request)
        left = self._sent
        with self._path.open("rb") as source:
            while left and (chunk := source.read(min(CHUNK, left))):
                await response.write(chunk)
                left -= len(chunk)
        return response


def _cut(request: web.Request) -> None:
    """End the connection as a failing network does."""
    if request.transport:
        request.transport.abort()
