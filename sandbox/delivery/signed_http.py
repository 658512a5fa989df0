"""Signed HTTP requests to the manifest's request URLs (Slack reference: "Verifying requests from Slack")."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlencode

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
    TooManyRedirects,
)

from sandbox.clock import Clock
from sandbox.delivery.courier import ACK_SECONDS, NoAnswerError, Parcel
from sandbox.manifest import Manifest
from sandbox.store import Json
from sandbox.tokens import Tokens

# Slack follows two redirects; what aiohttp counts is the one that is too many.
_REDIRECTS = 2
# Slack's reasons (Slack reference: "Events API", error handling), the first that fits.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TooManyRedirects, "too_many_redirects"),
    (ClientSSLError, "ssl_error"),
    (TimeoutError, "http_timeout"),
    (ClientConnectionError, "connection_failed"),
    (InvalidURL, "connection_failed"),
    (ClientError, "unknown_error"),
)


class SignedHttp:
    """Delivers to whatever answers at the URLs; an app that is away is a failed delivery, not a wait."""

    connected = True
    timeout_reason = "http_timeout"

    def __init__(self, *, manifest: Manifest, tokens: Tokens, clock: Clock, ack_seconds: float = ACK_SECONDS) -> None:
        self._manifest = manifest
        self._tokens = tokens
        self._clock = clock
        self._timeout = ClientTimeout(total=ack_seconds)
        self._opened: ClientSession | None = None

    async def wait(self) -> None:
        return

    async def close(self) -> None:
        if self._opened:
            await self._opened.close()

    async def carry(self, parcel: Parcel) -> Json:
        body, content_type = _body(parcel)
        timestamp = str(int(self._clock.real().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._tokens.signing_secret, timestamp, body),
        }
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        return await self._send(parcel, body, headers)

    async def verify(self) -> bool:
        """Ask the events URL for the challenge, as Slack does before it accepts the URL."""
        challenge = secrets.token_urlsafe(24)
        asked = {"type": "url_verification", "token": self._tokens.verification, "challenge": challenge}
        try:
            answer = await self.carry(Parcel("events_api", "url_verification", asked))
        except NoAnswerError:
            return False
        return challenge in (answer.get("challenge"), answer.get("text"))

    def _address(self, parcel: Parcel) -> str:
        if parcel.kind == "events_api":
            return self._manifest.events_url
        if parcel.kind == "slash_commands":
            return str(self._manifest.commands[parcel.payload["command"]].get("url", ""))
        if parcel.payload["type"] == "block_suggestion":
            return self._manifest.options_url
        return self._manifest.interactivity_url

    async def _send(self, parcel: Parcel, body: bytes, headers: dict[str, str]) -> Json:
        session, address = self._session(), self._address(parcel)
        try:
            # A 301 or 302 turns the request into a GET, as with most clients; what Slack does there is not written.
            async with session.post(address, data=body, headers=headers, max_redirects=_REDIRECTS + 1) as response:
                if not _accepted(parcel, response.status):
                    raise NoAnswerError("http_error", final=_wants_no_retry(response))
                return _answer(await response.text(errors="replace"))
        except (TimeoutError, ClientError) as error:
            reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
            raise NoAnswerError(reason) from None

    def _session(self) -> ClientSession:
        # Opened with the first delivery, since it needs a running loop. A new connection for each: one that the app
        # closed meanwhile would look like a failed delivery.
        if self._opened is None:
            connector = TCPConnector(force_close=True, limit=0)
            self._opened = ClientSession(timeout=self._timeout, connector=connector, cookie_jar=DummyCookieJar())
        return self._opened


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `v0=` signature of a raw body."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _accepted(parcel: Parcel, status: int) -> bool:
    """Events are acknowledged with any 2xx, commands and interactions with 200 alone."""
    return 200 <= status < 300 if parcel.kind == "events_api" else status == 200


def _wants_no_retry(response: ClientResponse) -> bool:
    return response.headers.get("X-Slack-No-Retry") == "1"


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    flat = {key: str(value).lower() if isinstance(value, bool) else value or "" for key, value in fields.items()}
    return urlencode(flat).encode(), "application/x-www-form-urlencoded"


def _answer(text: str) -> Json:
    """The app's answer: a JSON object, or anything else as plain text."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return answer
    return {"text": text} if text else {}
