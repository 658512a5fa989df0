"""`/files/…` and `/upload/…`: bytes from and to the app."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from sandbox.people import APP_USER
from sandbox.posting import app_may_read
from sandbox.refusal import Refusal
from sandbox.routes.upload import CHUNK
from sandbox.store import Json
from sandbox.world import World

_LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Sign in to see this file</h1><p>This address needs the token of an app that may read it.</p></body></html>
"""
_SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def file_response(world: World, file: Json) -> web.FileResponse:
    """The bytes. Only pictures are shown in place: what somebody uploaded must not run as a page of the sandbox."""
    place = "inline" if file["mimetype"] in _SHOWN_INLINE else "attachment"
    headers = {
        "Content-Type": file["mimetype"],
        "Content-Disposition": place,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return web.FileResponse(world.files.path(file["id"]), headers=headers, chunk_size=CHUNK)


class FileRoutes:
    def __init__(self, world: World) -> None:
        self._world = world

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`url_private`: Slack answers whoever may not read with a login page and status 200."""
        started = self._world.clock.elapsed()
        error = self._refusal(request)
        file_id = request.match_info["file"]
        self._world.log.write("call", "download", started=started, who="app", error=error, detail=file_id)
        if error:
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        return file_response(self._world, self._world.files.get(file_id))

    async def upload(self, request: web.Request) -> web.Response:
        """The target of files.getUploadURLExternal: a raw body, or one file in a form."""
        try:
            file = self._world.files.get(request.match_info["file"])
        except Refusal:
            return web.Response(status=404, text="no such upload")
        if file["complete"] or file["user"] != APP_USER:
            return web.Response(status=404, text="no such upload")
        size = await self._world.files.receive(file["id"], _body(request))
        if size != file["size"]:
            self._world.files.path(file["id"]).unlink()
            return web.Response(status=400, text=f"expected {file['size']} bytes, received {size}")
        return web.Response(text=f"OK - {size}")

    def _refusal(self, request: web.Request) -> str | None:
        if request.headers.get("Authorization") != f"Bearer {self._world.tokens.bot}":
            return "not_authed"
        if "files:read" not in self._world.manifest.scopes:
            return "missing_scope"
        try:
            file = self._world.files.get(request.match_info["file"])
        except Refusal as refusal:
            return refusal.error
        return None if file["complete"] and app_may_read(self._world, file) else "file_not_found"


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    if not request.content_type.startswith("multipart/"):
        async for chunk in request.content.iter_chunked(CHUNK):
            yield chunk
        return
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            while chunk := await part.read_chunk(CHUNK):
                yield part.decode(chunk)
            return
