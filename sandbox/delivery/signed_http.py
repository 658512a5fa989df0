"""Signed HTTP requests to the manifest's request URLs (Slack reference: "Verifying requests from Slack")."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.clock import Clock
from sandbox.delivery.courier import ACK_SECONDS, NoAnswerError, Parcel
from sandbox.manifest import Manifest
from sandbox.store import Json
from sandbox.tokens import Tokens


class SignedHttp:
    """Delivers to whatever answers at the URLs; an app that is away is a failed delivery, not a wait."""

    connected = True

    def __init__(self, *, manifest: Manifest, tokens: Tokens, clock: Clock, ack_seconds: float = ACK_SECONDS) -> None:
        self._manifest = manifest
        self._tokens = tokens
        self._clock = clock
        self._timeout = ClientTimeout(total=ack_seconds)

    async def wait(self) -> None:
        return

    async def carry(self, parcel: Parcel) -> Json:
        body, content_type = _body(parcel)
        timestamp = str(int(self._clock.real().timestamp()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._tokens.signing_secret, timestamp, body),
        }
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        return await self._send(self._address(parcel), body, headers)

    async def verify(self) -> bool:
        """Ask the events URL for the challenge, as Slack does before it accepts the URL."""
        challenge = {"type": "url_verification", "token": self._tokens.verification, "challenge": "sandbox"}
        answer = await self.carry(Parcel("events_api", challenge))
        return "sandbox" in (answer.get("challenge"), answer.get("text"))

    def _address(self, parcel: Parcel) -> str:
        if parcel.kind == "events_api":
            return self._manifest.events_url
        if parcel.kind == "slash_commands":
            return str(self._manifest.commands[parcel.payload["command"]].get("url", ""))
        return self._manifest.interactivity_url

    async def _send(self, address: str, body: bytes, headers: dict[str, str]) -> Json:
        try:
            async with (
                ClientSession(timeout=self._timeout) as session,
                session.post(address, data=body, headers=headers) as response,
            ):
                if response.status != 200:
                    raise NoAnswerError("http_error")
                return _answer(await response.text())
        except TimeoutError:
            raise NoAnswerError("http_timeout") from None
        except ClientError:
            raise NoAnswerError("connection_failed") from None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `v0=` signature of a raw body."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    flat = {key: str(value).lower() if isinstance(value, bool) else value or "" for key, value in fields.items()}
    return urlencode(flat).encode(), "application/x-www-form-urlencoded"


def _answer(text: str) -> Json:
    if not text.startswith("{"):
        return {"text": text} if text else {}
    answer: Json = json.loads(text)
    return answer
