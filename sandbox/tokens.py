"""The app's credentials for this workspace, made at the first start and kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sandbox.store import Store


@dataclass(frozen=True)
class Tokens:
    """Bot token, app-level token, signing secret and the legacy verification token in payloads."""

    bot: str
    app: str
    signing_secret: str
    verification: str

    @classmethod
    def of(cls, store: Store) -> Tokens:
        """The tokens of this store; new ones in a new store."""
        shelf = store.shelf("tokens")
        if "app" not in shelf:
            shelf["app"] = {
                "bot": f"xoxb-sandbox-{secrets.token_hex(12)}",
                "app": f"xapp-1-sandbox-{secrets.token_hex(12)}",
                "signing_secret": secrets.token_hex(16),
                "verification": secrets.token_hex(12),
            }
        return cls(**shelf["app"])
