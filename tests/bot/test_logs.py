"""The log: no token in it, wherever one might slip in."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import settings
from bot.commands import logs
from tests.bot.conftest import TOKENS


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is the process's own: leave it to the other tests as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logs.EASILY_PROVOKED:
        logging.getLogger(name).filters.clear()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[io.StringIO, Terminal])
def stream(request: pytest.FixtureRequest) -> io.StringIO:
    written: io.StringIO = request.param()
    return written


def test_no_secret_reaches_the_log(stream: io.StringIO) -> None:
    logs.configure(settings.load(TOKENS), stream)
    log = structlog.get_logger("bot.test")
    log.info("told", nested={"deep": ["xoxb-12-ab-cd", "xapp-1-A0-12"]}, secret="shh")
    logging.getLogger("some.library").error("Authorization: Bearer xoxp-99-zz")
    try:
        int("xoxb-1-secret")
    except ValueError:
        log.exception("failed")
    written = stream.getvalue()
    for secret in ("xoxb-12", "xapp-1", "xoxp-99", "xoxb-1-secret", "shh"):
        assert secret not in written
    assert written.count("(hidden)") >= 5


def test_what_strangers_can_provoke_is_logged_once_a_minute() -> None:
    stream = io.StringIO()
    logs.configure(settings.load(TOKENS), stream)
    for _ in range(1000):
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: 7")
        logging.getLogger("aiohttp.server").error("Unhandled exception")
    assert len(stream.getvalue().splitlines()) == 2


def test_outside_a_terminal_every_line_is_json() -> None:
    stream = io.StringIO()
    logs.configure(settings.load(TOKENS), stream)
    structlog.get_logger("bot.test").info("ready", port=8080)
    logging.getLogger("some.library").warning("careful")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["port"], first["level"]) == ("ready", 8080, "info")
    assert (second["event"], second["logger"]) == ("careful", "some.library")


def test_libraries_keep_their_everyday_remarks_to_themselves() -> None:
    stream = io.StringIO()
    logs.configure(settings.load(TOKENS), stream)
    logging.getLogger("apscheduler.executors").info("running a job")
    logging.getLogger("slack.socket").info("a new session")
    assert stream.getvalue() == ""
