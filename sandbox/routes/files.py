"""`/files/…` and `/upload/…`: bytes from and to the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.posting import app_may_read
from sandbox.refusal import Refusal
from sandbox.routes.upload import CHUNK
from sandbox.store import Json
from sandbox.world import World
from sandbox.worlds import Worlds

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
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(file['name'], safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return web.FileResponse(world.files.path(file["id"]), headers=headers, chunk_size=CHUNK)


def login_page() -> web.Response:
    return web.Response(text=_LOGIN_PAGE, content_type="text/html")


class FileRoutes:
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`url_private`: Slack answers whoever may not read with a login page and status 200."""
        file_id, error = request.match_info["file"], None
        clock, log = self._worlds.first.clock, self._worlds.first.log
        started = clock.elapsed()
        try:
            return self._readable(request, file_id)
        except Refusal as refusal:
            error = refusal.error
            return login_page()
        finally:
            log.write("call", "download", started=started, who="app", error=error, detail=file_id)

    async def upload(self, request: web.Request) -> web.Response:
        """The target of files.getUploadURLExternal: a raw body, or one file in a form."""
        try:
            world = self._worlds.of_file(request.match_info["file"])
        except Refusal:
            return web.Response(status=404, text="no such upload")
        file = world.files.get(request.match_info["file"])
        if file["complete"] or file["user"] != world.app.user:
            return web.Response(status=404, text="no such upload")
        size = await world.files.receive(file["id"], _body(request))
        if size != file["size"]:
            world.files.path(file["id"]).unlink()
            return web.Response(status=400, text=f"expected {file['size']} bytes, received {size}")
        return web.Response(text=f"OK - {size}")

    def _readable(self, request: web.Request, file_id: str) -> web.FileResponse:
        """Refuses: not_authed, invalid_auth, missing_scope, file_not_found."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            raise Refusal("not_authed")
        world = self._worlds.of_token(token)
        if "files:read" not in world.app.scopes:
            raise Refusal("missing_scope")
        file = world.files.get(file_id)
        if not file["complete"] or not app_may_read(world, file):
            raise Refusal("file_not_found")
        return file_response(world, file)


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
