"""`/api/{method}`: who calls, may they, how fast; then the method itself."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.api import METHODS
from sandbox.api.method import Arguments, Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World

BODY_LIMIT = 2 * 1024 * 1024  # bytes


class RateLimitedError(Exception):
    """Too many calls; `seconds` is for the Retry-After header."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WebApi:
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call; refusals come with status 200 as Slack's do, only rate limits with 429."""
        name = request.match_info["method"]
        started = self._world.clock.elapsed()
        arguments = Arguments({})
        try:
            arguments = Arguments(await _values(request))
            answer = self._answer(name, arguments, _token(request, arguments))
        except Refusal as refusal:
            answer = _refused(refusal)
        except RateLimitedError as limited:
            self._note(name, started, arguments, {"ok": False, "error": "ratelimited"})
            headers = {"Retry-After": str(limited.seconds)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        self._note(name, started, arguments, answer)
        return web.json_response(answer, headers=self._headers(name))

    def _answer(self, name: str, arguments: Arguments, token: str) -> Json:
        method = _method(name)
        self._check_token(method, token)
        call = Call(self._world, arguments)
        call.need_scope(*method.scopes)
        self._check_pace(method, name, arguments)
        return {"ok": True, **method.run(call)}

    def _check_token(self, method: Method, token: str) -> None:
        if method.caller == "anybody":
            return
        if not token:
            raise Refusal("not_authed")
        kinds = {self._world.tokens.bot: "bot", self._world.tokens.app: "app"}
        if token not in kinds:
            raise Refusal("invalid_auth")
        if kinds[token] != method.caller:
            raise Refusal("not_allowed_token_type")

    def _check_pace(self, method: Method, name: str, arguments: Arguments) -> None:
        within = arguments.text("channel") if method.pace == "posting" else ""
        seconds = self._world.limits.wait_seconds(method.pace, name, within)
        if seconds:
            raise RateLimitedError(seconds)

    def _headers(self, name: str) -> dict[str, str]:
        accepted = METHODS[name].scopes if name in METHODS else ()
        return {
            "X-OAuth-Scopes": ",".join(self._world.manifest.scopes),
            "X-Accepted-OAuth-Scopes": ",".join(accepted),
        }

    def _note(self, name: str, started: float, arguments: Arguments, answer: Json) -> None:
        error = answer.get("error")
        reasons = answer.get("response_metadata", {}).get("messages", ()) if error else ()
        needed = f"needed: {answer['needed']}" if "needed" in answer else ""
        detail = " ".join([*reasons, needed, arguments.digest()]).strip()
        self._world.log.write("call", name, started=started, who="app", error=error, detail=detail)


def _method(name: str) -> Method:
    if name not in METHODS:
        raise Refusal("unknown_method", req_method=name)
    return METHODS[name]


def _refused(refusal: Refusal) -> Json:
    answer: Json = {"ok": False, "error": refusal.error, **refusal.extra}
    if refusal.reasons:
        answer["response_metadata"] = {"messages": list(refusal.reasons)}
    return answer


async def _values(request: web.Request) -> dict[str, Any]:
    """The arguments of a call from query, form and JSON together."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return values | _object(await request.text())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values |= dict(await request.post())
    return values


def _object(text: str) -> Json:
    """The JSON object in a body. Refuses: invalid_json, json_not_object."""
    try:
        body = json.loads(text or "{}")
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body


def _token(request: web.Request, arguments: Arguments) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else arguments.text("token")
