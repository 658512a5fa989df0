"""A port: its addresses, what is answered when one of them fails, and the listening itself."""

from collections.abc import Iterable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.http.connections import Connections, Site
from bot.http.seldom import Seldom
from messages.words.wording import words

log = structlog.get_logger(__name__)


def application(pages: Iterable[web.RouteDef]) -> web.Application:
    """These addresses; whatever fails behind one is answered with a reference."""
    served = web.Application(middlewares=[_failures()])
    served.add_routes(pages)
    return served


class Port:
    """One that is listened on. `number` is known once it is open; `connections` are there for tests."""

    def __init__(self, pages: Iterable[web.RouteDef], *, seconds_to_finish: float) -> None:
        self.number = 0
        self._runner = web.AppRunner(application(pages), access_log=None, shutdown_timeout=seconds_to_finish)

    async def open(self, host: str, number: int, connections: Connections | None = None) -> None:
        """Listen; 0 takes any port that is free. Raises `OSError` where somebody else listens."""
        await self._runner.setup()
        await Site(self._runner, host, number, connections).start()
        self.number = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Let nothing more in, and finish what is being answered."""
        await self._runner.cleanup()


def _failures() -> Middleware:
    seldom = Seldom()

    @web.middleware
    async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except web.RequestPayloadError as error:
            raise web.HTTPBadRequest from error
        except Exception as error:
            if request.transport is None:
                raise ConnectionResetError("nobody waits for the answer any more") from error
            return _failed(request, error, seldom)

    return answered


def _failed(request: web.Request, error: Exception, seldom: Seldom) -> web.Response:
    """What whoever asked hears; the reference is that of the line in the log which stands for all of its minute."""
    resource = request.match_info.route.resource
    address = resource.canonical if resource else ""  # and not the path, which may be a secret
    entry = seldom.entry((address, type(error)))
    if entry.is_due:
        log.error(
            "a request failed", address=address, reference=entry.reference, left_out=entry.left_out, exc_info=error
        )
    if request.writer.output_size:
        raise ConnectionResetError("half of the answer is out already") from error
    said = words("words/refusals/unexpected", reference=entry.reference)
    return web.Response(status=500, text=f"{said.what.plain} {said.advice.plain}\n")
