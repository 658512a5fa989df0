"""The fence before every post: whoever may have lost the sender lease, being frozen for a while, says nothing."""

import math
import time
from datetime import timedelta

from bot.slack.gateway import SECONDS_FOR_A_POST

SENDER_LEASE = timedelta(seconds=15)
"""So long after a crash another process begins to send; it is renewed while anything is on its way."""

MARGIN = 5.0
"""Seconds between the latest end of a post and the end of the lease, for a clock that runs fast and a slow network."""


class LeaseOver(Exception):
    """The sender lease may end before what is to be posted now would have ended."""


class Fence:
    """Knows by a steady clock until when the sender lease is good for certain."""

    def __init__(self) -> None:
        self._good_until = -math.inf

    def granted(self, asked: float) -> None:
        """The database has granted the lease, some time after it was `asked` for, in seconds of `steady`."""
        self._good_until = asked + SENDER_LEASE.total_seconds()

    def lost(self) -> None:
        """Another one sends."""
        self._good_until = -math.inf

    def must_hold(self) -> None:
        """Raise `LeaseOver` unless what is begun now ends well before the lease."""
        if self._good_until - steady() <= SECONDS_FOR_A_POST + MARGIN:
            raise LeaseOver


def steady() -> float:
    """Seconds of a clock that nobody sets; on Linux it goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
