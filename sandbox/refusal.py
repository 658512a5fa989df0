"""What the sandbox says no with, to apps and to people alike."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request is refused with one of Slack's error codes, the reasons in words, and what else the answer carries."""

    def __init__(self, error: str, *reasons: str, **extra: Any) -> None:
        super().__init__(error, *reasons)
        self.error = error
        self.reasons = reasons
        self.extra = extra
