"""`/api/{method}`: who calls, may they, how fast; then the method itself."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.api import METHODS
from sandbox.api.method import Arguments, Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World
from sandbox.worlds import Worlds

BODY_LIMIT = 2 * 1024 * 1024  # bytes


class RateLimitedError(Exception):
    """Too many calls; `seconds` is for the Retry-After header."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WebApi:
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._clock = worlds.first.clock
        self._log = worlds.first.log

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call; refusals come with status 200 as Slack's do, only rate limits with 429."""
        name = request.match_info["method"]
        started = self._clock.elapsed()
        call = Call(self._worlds.first, Arguments({}), self._worlds)
        try:
            call = replace(call, arguments=Arguments(await _values(request, name)))
            method = _method(name)
            call = replace(call, world=self._world_of(method, _token(request, call.arguments)))
            answer = self._answer(method, name, call)
        except Refusal as refusal:
            answer = _refused(refusal)
        except RateLimitedError as limited:
            self._note(name, started, call.arguments, {"ok": False, "error": "ratelimited"})
            headers = {"Retry-After": str(limited.seconds)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        self._note(name, started, call.arguments, answer)
        return web.json_response(answer, headers=_headers(name, call.world))

    def _answer(self, method: Method, name: str, call: Call) -> Json:
        call.need_scope(*method.scopes)
        _check_pace(method, name, call)
        return {"ok": True, **method.run(call)}

    def _world_of(self, method: Method, token: str) -> World:
        """The workspace a token is good for. Refuses: not_authed, invalid_auth, account_inactive and others."""
        if method.caller == "anybody":
            return self._worlds.first
        if not token:
            raise Refusal("not_authed")
        is_app = token == self._worlds.first.tokens.app
        world = self._worlds.first if is_app else self._worlds.of_token(token)
        if is_app != (method.caller == "app"):
            raise Refusal("not_allowed_token_type")
        return world

    def _note(self, name: str, started: float, arguments: Arguments, answer: Json) -> None:
        error = answer.get("error")
        reasons = answer.get("response_metadata", {}).get("messages", ()) if error else ()
        needed = f"needed: {answer['needed']}" if "needed" in answer else ""
        detail = " ".join([*reasons, needed, arguments.digest()]).strip()
        self._log.write("call", name, started=started, who="app", error=error, detail=detail)


def _check_pace(method: Method, name: str, call: Call) -> None:
    within = call.arguments.text("channel") if method.pace == "posting" else ""
    seconds = call.world.limits.wait_seconds(method.pace, name, within)
    if seconds:
        raise RateLimitedError(seconds)


def _headers(name: str, world: World) -> dict[str, str]:
    accepted = METHODS[name].scopes if name in METHODS else ()
    return {"X-OAuth-Scopes": ",".join(world.app.scopes), "X-Accepted-OAuth-Scopes": ",".join(accepted)}


def _method(name: str) -> Method:
    if name not in METHODS:
        raise Refusal("unknown_method", req_method=name)
    return METHODS[name]


def _refused(refusal: Refusal) -> Json:
    answer: Json = {"ok": False, "error": refusal.error, **refusal.extra}
    if refusal.reasons:
        answer["response_metadata"] = {"messages": list(refusal.reasons)}
    return answer


async def _values(request: web.Request, name: str) -> dict[str, Any]:
    """The arguments of a call from query, form and JSON together; an OAuth client may be in the HTTP authentication."""
    values: dict[str, Any] = dict(request.query) | _client(request)
    if request.content_type == "application/json":
        reads_json = name not in METHODS or METHODS[name].json
        return values | _object(await request.read()) if reads_json else values
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= await _form(request)
    return values


async def _form(request: web.Request) -> dict[str, Any]:
    """Refuses: invalid_form_data (no form after all, or in an unknown charset)."""
    try:
        return dict(await request.post())
    except (ValueError, LookupError):
        raise Refusal("invalid_form_data") from None


def _object(raw: bytes) -> Json:
    """The JSON object in a body. Refuses: invalid_json, json_not_object."""
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body


def _token(request: web.Request, arguments: Arguments) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else arguments.text("token")


def _client(request: web.Request) -> dict[str, str]:
    """`client_id` and `client_secret` from HTTP Basic authentication, as Slack recommends it for OAuth."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}
