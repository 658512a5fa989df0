"""Bolt by itself, set up as fast as it can be: one listener that acknowledges and does nothing else.

It is given the same settings as the bot, and says in the same way that it is ready.
"""

import asyncio
import json
import logging
import sys

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import settings
from bot.settings import Settings
from messages.interviews import asking
from messages.tasks import cards as words


async def acknowledge(ack: AsyncAck) -> None:
    """Do nothing."""
    await ack()


def bare_bolt(given: Settings) -> AsyncApp:
    """Bolt without a pause before it acknowledges and without a log, either of which would slow it down."""
    logger = logging.getLogger("bare")
    logger.setLevel(logging.ERROR)
    token = given.bot_token.get_secret_value()
    secret = given.signing_secret
    slack = AsyncApp(
        logger=logger,
        token=token,
        client=AsyncWebClient(token=token, base_url=given.slack_api_url),
        signing_secret=secret.get_secret_value() if secret else "",
        process_before_response=True,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    slack.action(words.DONE)(acknowledge)
    slack.action(f"{asking.TAP}.yes")(acknowledge)
    return slack


async def main() -> None:
    """Run until the standard input closes."""
    given = settings.load()
    slack = bare_bolt(given)
    pages = web.AppRunner(slack.server(port=0).web_app, access_log=None)
    await pages.setup()
    await web.TCPSite(pages, "127.0.0.1", 0).start()
    if given.app_token is None:
        await _serve(pages)
    else:
        socket = AsyncSocketModeHandler(slack, given.app_token.get_secret_value(), web_client=slack.client)
        await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await _serve(pages)
        await socket.close_async()  # type: ignore[no-untyped-call]  # likewise
    await pages.cleanup()


async def _serve(pages: web.AppRunner) -> None:
    print(json.dumps({"event": "ready", "port": pages.addresses[0][1]}), file=sys.stderr, flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
