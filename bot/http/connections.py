"""The connections of a port: how many there may be, and how long a request may take to arrive.

Whoever opens connections and says nothing keeps nobody else out: when there are too many, the one whose request is not
complete and that was silent for longest gives way.
"""

import asyncio

from aiohttp import web

MOST_CONNECTIONS = 100
"""With those that asyncio accepts in one go, below the number of files a process may have open: 256 on some systems."""

SECONDS_FOR_HEAD = 10.0
SECONDS_IDLE = 75.0
"""Between two requests: longer than proxies keep a connection, so that none of them sends into one that is closing."""


class Connections:
    """Those that are open, the one that was silent for longest first, and the limits for them."""

    def __init__(self, most: int = MOST_CONNECTIONS, seconds_for_head: float = SECONDS_FOR_HEAD) -> None:
        self.seconds_for_head = seconds_for_head
        self._most = most
        self._open: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def heard(self, connection: "Connection") -> None:
        """It was opened, or something came by it."""
        self._open.pop(connection, None)
        self._open[connection] = None

    def lost(self, connection: "Connection") -> None:
        """It is closed."""
        self._open.pop(connection, None)

    def make_room(self) -> bool:
        """Close one if there are too many for another; False when each is being answered."""
        if len(self._open) < self._most:
            return True
        idle = next((each for each in self._open if not each.has_asked), None)
        if idle is None:
            return False
        self.lost(idle)
        idle.force_close()
        return True


class Connection(web.RequestHandler):
    """One connection, as aiohttp handles it, within our limits."""

    __slots__ = ("_among", "_too_late")

    def __init__(self, among: Connections, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=SECONDS_IDLE,
            access_log=None,  # type: ignore[arg-type]  # aiohttp takes None for no log
            auto_decompress=False,  # the bytes that were signed are those that came
        )
        self._among = among
        self._too_late: asyncio.TimerHandle | None = None

    @property
    def has_asked(self) -> bool:
        """Whether a whole request is here and waits for its answer."""
        return self._current_request is not None and self._current_request.content.is_eof()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it, unless there is no room."""
        if not self._among.make_room():
            transport.close()
            return
        self._among.heard(self)
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """It is over."""
        self._among.lost(self)
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came; a head that begins has to end in time."""
        self._among.heard(self)
        heads = self._request_count
        super().data_received(data)
        if self._request_count != heads:
            self._stop_waiting()
        elif self._current_request is None and self._too_late is None:
            self._expect_head()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP. It is not logged: the fault is not ours. Raises what broke an answer off."""
        if exc is not None and status >= web.HTTPInternalServerError.status_code:
            raise exc
        answer = web.Response(status=status, text="This is not a request that can be answered here.\n")
        answer.force_close()
        return answer

    def _expect_head(self) -> None:
        self._too_late = asyncio.get_running_loop().call_later(self._among.seconds_for_head, self._give_up)

    def _stop_waiting(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None

    def _give_up(self) -> None:
        self._too_late = None
        if self._current_request is None:
            self.force_close()


class Site(web.BaseSite):
    """A place to listen at; `connections` are those of it."""

    def __init__(self, runner: web.BaseRunner, host: str, port: int, connections: Connections | None = None) -> None:
        super().__init__(runner)
        self._host, self._port = host, port
        self._connections = Connections() if connections is None else connections

    @property
    def name(self) -> str:
        """Where it is."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Begin to listen. Raises `OSError` where somebody else does."""
        await super().start()
        server = self._runner.server
        assert isinstance(server, web.Server)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self._connections, server), self._host, self._port, backlog=self._backlog
        )
