"""`/faults`: what is injected now, and what could be."""

from __future__ import annotations

from aiohttp import web

from sandbox.routes.answers import answered, body_of
from sandbox.store import Json
from sandbox.world import World


class FaultRoutes:
    def __init__(self, world: World) -> None:
        self._world = world
        self._faults = world.faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/faults", answered(self._state)),
            web.post("/faults", answered(self._inject)),
            web.delete("/faults", answered(self._take_back_all)),
            web.delete("/faults/{id}", answered(self._take_back)),
            web.post("/faults/seed", answered(self._sow)),
        ]

    async def _state(self, _: web.Request) -> Json:
        return self._faults.state()

    async def _inject(self, request: web.Request) -> Json:
        fault = self._faults.inject(await body_of(request))
        await self._world.sockets.strike()
        return fault

    async def _take_back(self, request: web.Request) -> Json:
        self._faults.take_back(request.match_info["id"])
        return {}

    async def _take_back_all(self, _: web.Request) -> Json:
        self._faults.take_back_all()
        return {}

    async def _sow(self, request: web.Request) -> Json:
        self._faults.sow((await body_of(request)).get("seed"))
        return {}
