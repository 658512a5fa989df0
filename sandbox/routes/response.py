"""`/response/{team}/{id}`: the `response_url` of an interaction (Slack reference: "Handling user interaction")."""

from __future__ import annotations

from aiohttp import web

from sandbox.acts.interact import answer_command
from sandbox.judge import judged_blocks
from sandbox.refusal import Refusal
from sandbox.routes.answers import body_of
from sandbox.store import Json
from sandbox.triggers import ResponseUrl
from sandbox.world import World
from sandbox.worlds import Worlds


async def respond(worlds: Worlds, request: web.Request) -> web.Response:
    """What an app posts to a `response_url` of any workspace."""
    try:
        world = worlds.of_team(request.match_info["team"])
    except Refusal:
        return web.Response(status=404, text="not_found")
    return await ResponseRoute(world).handle(request)


class ResponseRoute:
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.Response:
        """Five uses in half an hour; a message Slack would refuse is not counted."""
        started = self._world.clock.elapsed()
        error = None
        try:
            target = self._world.responses.check(request.match_info["id"])
            self._answer(target, await body_of(request))
            target.uses += 1
        except Refusal as refusal:
            error = refusal.error
        self._world.log.write("call", "response_url", started=started, who="app", error=error)
        if error in ("not_found", "used_url", "expired_url"):
            return web.Response(status=404, text=error)
        return web.json_response({"ok": False, "error": error}, status=400) if error else web.Response(text="ok")

    def _answer(self, target: ResponseUrl, body: Json) -> None:
        if target.ts and body.get("delete_original"):
            self._delete(target, target.ts)
        elif target.ts and body.get("replace_original"):
            self._replace(target, target.ts, body)
        else:
            thread_ts = target.thread_ts or body.get("thread_ts")
            answer_command(self._world, target.user, target.channel, body, str(thread_ts) if thread_ts else None)

    def _delete(self, target: ResponseUrl, ts: str) -> None:
        if target.ephemeral:
            self._world.messages.drop_whisper(target.user, target.channel, ts)
        else:
            self._world.messages.delete(target.channel, ts)

    def _replace(self, target: ResponseUrl, ts: str, body: Json) -> None:
        content: Json = {"text": str(body.get("text") or "")}
        if body.get("blocks"):
            content["blocks"] = judged_blocks(body["blocks"], "message")
        elif not content["text"]:
            raise Refusal("no_text")
        messages = self._world.messages
        whisper = messages.whispered(target.user, target.channel, ts) if target.ephemeral else None
        original = whisper or messages.get(target.channel, ts)
        kept = {key: value for key, value in original.items() if key not in ("text", "blocks")}
        if whisper:
            messages.change_whisper(target.user, target.channel, kept | content)
        else:
            edited = {"user": original["user"], "ts": self._world.clock.stamp()}
            messages.change(target.channel, ts, {**kept, **content, "edited": edited})
