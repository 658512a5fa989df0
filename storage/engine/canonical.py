"""One text for one value: the forms in which moments and details are written where their bytes matter."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]
"""What JSON can say."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: JSON) -> str:
    """JSON with sorted keys, no spaces and nothing escaped without need. Raises ValueError for NaN and infinities."""
    return _CANONICAL.encode(value)


def utc_text(at: datetime) -> str:
    """A moment like `2026-11-22T09:30:00.000000Z`, which sorts as text. Raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError(f"a moment without a time zone was about to be stored: {at.isoformat()}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
