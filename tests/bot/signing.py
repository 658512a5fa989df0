"""Requests as Slack signs them (Slack reference: "Verifying requests from Slack")."""

import hashlib
import hmac

from slack_sdk.signature import Clock

from tests.bot.kit import NOON

SECRET = "shh"
FORM = "application/x-www-form-urlencoded"


class FixedTime(Clock):
    """The moment at which signatures are judged: noon of the tests."""

    def now(self) -> float:
        return NOON.timestamp()


def signed(body: bytes, content_type: str = FORM, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """The headers beside this body, signed so many seconds before noon."""
    stamp = str(int(NOON.timestamp()) - age)
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
        "Content-Type": content_type,
    }
