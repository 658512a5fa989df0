"""The credentials of the app itself, made at the first start and kept; its bot tokens belong to its installations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sandbox.store import Store


@dataclass(frozen=True)
class Tokens:
    """App-level token, client id and secret for OAuth, signing secret, the legacy verification token in payloads."""

    app: str
    client_id: str
    client_secret: str
    signing_secret: str
    verification: str

    @classmethod
    def of(cls, store: Store) -> Tokens:
        """The tokens of this store; new ones in a new store."""
        shelf = store.shelf("tokens")
        if "app" not in shelf:
            shelf["app"] = {
                "app": f"xapp-1-sandbox-{secrets.token_hex(12)}",
                "client_id": f"{secrets.randbelow(10**12):012}.{secrets.randbelow(10**12):012}",
                "client_secret": secrets.token_hex(16),
                "signing_secret": secrets.token_hex(16),
                "verification": secrets.token_hex(12),
            }
        return cls(**shelf["app"])
