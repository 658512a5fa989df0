"""OAuth: what somebody agreed to on the install page, until the app exchanges its code.

Source: Slack reference "Installing with OAuth".
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.refusal import Refusal

CODE_SECONDS = 10 * 60.0


@dataclass(frozen=True)
class Authorization:
    """`redirect_uri` is empty if the app gave none and left it to the manifest."""

    team_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    made: float


class Authorizations:
    """Codes: good once and for ten real minutes; they die with the process."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._by_code: dict[str, Authorization] = {}

    def give(self, *, team_id: str, user: str, scopes: tuple[str, ...], redirect_uri: str) -> str:
        """The code for what was agreed to."""
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._by_code[code] = Authorization(team_id, user, scopes, redirect_uri, self._elapsed())
        return code

    def exchange(self, code: str, redirect_uri: str) -> Authorization:
        """What a code stands for. Refuses: invalid_code (unknown, used or too old), bad_redirect_uri."""
        authorization = self._by_code.get(code)
        if authorization is None or self._elapsed() - authorization.made > CODE_SECONDS:
            raise Refusal("invalid_code")
        if authorization.redirect_uri != redirect_uri:
            raise Refusal("bad_redirect_uri")
        del self._by_code[code]
        return authorization
