"""How the sandbox's own addresses answer: `{"ok": true, …}`, or an error code with a sentence."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.refusal import Refusal
from sandbox.store import Json

_BAD_REQUEST = ("invalid", "missing", "no_", "bad_json")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answered(act: Callable[[web.Request], Awaitable[Json | web.StreamResponse]]) -> Handler:
    """A handler that turns what an act gives, or refuses, into a response."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            answer = await act(request)
        except Refusal as refusal:
            return refused(refusal)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response({"ok": True, **answer})

    return handle


def refused(refusal: Refusal) -> web.Response:
    """404 for what is not there, 400 for what was asked wrongly, 409 for what cannot be done now."""
    sentence = refusal.reasons[0] if refusal.reasons else f"This was refused: {refusal.error.replace('_', ' ')}."
    return web.json_response({"ok": False, "error": refusal.error, "message": sentence}, status=_status(refusal.error))


async def body_of(request: web.Request) -> Json:
    """The JSON object in the body; none is an empty one. Refuses: bad_json."""
    if not request.can_read_body:
        return {}
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refusal("bad_json", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refusal("bad_json", "The body is no JSON object.")
    return body


def required(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Refuses: missing_argument."""
    value = body.get(name)
    if not value:
        raise Refusal("missing_argument", f"`{name}` is missing.")
    return str(value)


def _status(error: str) -> int:
    if error.endswith("not_found"):
        return 404
    return 400 if error.startswith(_BAD_REQUEST) else 409
