"""Slack's requests over HTTP: nothing is done with the bytes before it is certain that Slack signed them."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

SECONDS_FOR_BODY = 10.0
MOST_FIELDS = 100
"""In the body of a slash command, which has about fifteen."""

TIMESTAMP_HEADER = "X-Slack-Request-Timestamp"
SIGNATURE_HEADER = "X-Slack-Signature"
TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
"""Slack reference: "Verifying requests from Slack"."""

Json = dict[str, Any]


def page(
    slack: AsyncApp, secret: str, clock: Clock | None = None, seconds_for_body: float = SECONDS_FOR_BODY
) -> web.RouteDef:
    """`POST /slack/events`: what Slack sends. How old a signature is goes by `clock`, without one by the machine's."""
    slack.error(_raised)  # else Bolt answers a failure by itself, without a reference
    verifier = SignatureVerifier(secret, clock or Clock())

    async def events(request: web.Request) -> web.Response:
        body = await _body(request, seconds_for_body)
        if not _is_signed(request, body, verifier):
            raise web.HTTPUnauthorized
        payload = _payload(request.content_type, body.decode())
        # Bolt looks at no signature and parses nothing in this mode: both was done.
        headers: Any = dict(request.headers)
        asked = AsyncBoltRequest(body=payload, headers=headers, mode="socket_mode")
        return await to_aiohttp_response(await slack.async_dispatch(asked))

    return web.post("/slack/events", events)


async def _raised(error: Exception) -> None:
    raise error


async def _body(request: web.Request, seconds: float) -> bytes:
    """The bytes as they came, at most the megabyte that aiohttp takes."""
    try:
        async with asyncio.timeout(seconds):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


def _is_signed(request: web.Request, body: bytes, verifier: SignatureVerifier) -> bool:
    timestamps, signatures = (request.headers.getall(name, []) for name in (TIMESTAMP_HEADER, SIGNATURE_HEADER))
    # The verifier takes for granted that these are what they should be.
    if not (_is_one(timestamps, TIMESTAMP) and _is_one(signatures, SIGNATURE)):
        return False
    try:
        return verifier.is_valid(body, timestamps[0], signatures[0])
    except UnicodeDecodeError:
        return False


def _is_one(found: list[str], form: re.Pattern[str]) -> bool:
    return len(found) == 1 and form.fullmatch(found[0]) is not None


def _payload(content_type: str, text: str) -> Json:
    """What the body says. Raises `HTTPUnsupportedMediaType` or `HTTPBadRequest`."""
    if content_type not in READERS:
        raise web.HTTPUnsupportedMediaType
    try:
        found = READERS[content_type](text)
    except (ValueError, RecursionError) as error:  # also numbers and nestings without end
        raise web.HTTPBadRequest from error
    if not isinstance(found, dict):
        raise web.HTTPBadRequest
    return found


def _fields(text: str) -> Any:
    """Slash commands are fields; interactions are JSON in a field of its own."""
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    return json.loads(fields["payload"]) if "payload" in fields else fields


READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"application/json": json.loads, "application/x-www-form-urlencoded": _fields}
)
