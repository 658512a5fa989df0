"""What anybody can cause again and again is logged once a minute for each kind, so that nobody fills the disk."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS_BETWEEN = 60.0


@dataclass(frozen=True)
class Entry:
    """The line in the log that stands for what has just happened; `is_due`: it is still to be written.

    `left_out` is how many of the kind have happened without a line of their own since the last one.
    """

    reference: str
    is_due: bool
    left_out: int


@dataclass
class _Kind:
    reference: str
    written_at: float
    left_out: int = 0


class Seldom:
    """Remembers when each kind was logged last. `now` counts seconds and never goes back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kinds: dict[object, _Kind] = {}

    def entry(self, kind: object) -> Entry:
        """The line for what happens now. Kinds are few: no stranger's words are part of one."""
        last, at = self._kinds.get(kind), self._now()
        if last is not None and at - last.written_at < SECONDS_BETWEEN:
            last.left_out += 1
            return Entry(last.reference, is_due=False, left_out=last.left_out)
        self._kinds[kind] = _Kind(secrets.token_hex(4), at)
        return Entry(self._kinds[kind].reference, is_due=True, left_out=last.left_out if last else 0)


class SeldomFilter(logging.Filter):
    """The same for a logger of a library; what is left out is told with the next line of its kind."""

    def __init__(self, seldom: Seldom | None = None) -> None:
        super().__init__()
        self._seldom = seldom or Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        error = record.exc_info[0] if record.exc_info else None
        # Further lines of a message name the socket or the task, which is another one each time.
        entry = self._seldom.entry((record.name, str(record.msg).partition("\n")[0], error))
        if entry.is_due and entry.left_out:
            record.msg = f"{record.msg} ({entry.left_out} more of this kind before)"
        return entry.is_due
