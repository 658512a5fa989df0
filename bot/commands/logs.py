"""The log: key and value in a terminal, JSON elsewhere, and never a token in it."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.types import Processor, WrappedLogger

from bot.http.seldom import SeldomFilter
from bot.settings import Settings

HIDDEN = "(hidden)"
TOKENS = r"xox[a-z]-[\w-]+|xapp-[\w-]+"
"""How Slack's tokens look, whoever they belong to."""

TALKATIVE = ("slack", "apscheduler", "aiohttp", "httpx", "httpcore", "alembic")
"""Libraries whose everyday remarks are left out unless everything is to be seen."""

EASILY_PROVOKED = ("aiohttp.server", "asyncio")
"""Loggers to which strangers can make the libraries write as often as they like."""


def configure(settings: Settings, stream: TextIO = sys.stderr) -> None:
    """Send every log line of ours and of the libraries through one renderer that hides secrets."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(stream),
                _hider(_secrets(settings)),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)
    for name in EASILY_PROVOKED:
        logging.getLogger(name).filters = [SeldomFilter()]


def _rendering(stream: TextIO) -> list[Any]:
    if stream.isatty():
        # Plain, since the pretty one prints the values of local variables, and so what people wrote.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _hider(secrets: Iterable[str]) -> Any:
    # On the finished line, so that nothing slips through in an exception's text or a nested value.
    pattern = re.compile("|".join([TOKENS, *(re.escape(secret) for secret in secrets)]))

    def hide(_logger: WrappedLogger, _method: str, line: str) -> str:
        return pattern.sub(HIDDEN, line)

    return hide


def _secrets(settings: Settings) -> list[str]:
    tokens = (settings.bot_token, settings.app_token, settings.signing_secret)
    known = (*tokens, settings.machine_secret, settings.evidence_key)
    return [secret.get_secret_value() for secret in known if secret is not None]
