"""When people are not to be disturbed (Slack reference: "dnd.info")."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.company import Company
from sandbox.store import Json

_NEVER = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def quiet_hours(company: Company, user: str, zone: str, at: datetime) -> Json:
    """The window that lasts or comes next, in Unix seconds; for whoever keeps none, the ones that Slack writes."""
    window = next((person.quiet for person in company.people if person.id == user), None)
    if window is None:
        return _NEVER
    first, last = (time.fromisoformat(text) for text in window)
    today = at.astimezone(ZoneInfo(zone)).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        begins = datetime.combine(day, first, ZoneInfo(zone))
        ends = datetime.combine(day + timedelta(days=int(last <= first)), last, ZoneInfo(zone))
        if ends > at:
            break
    stamps = {"next_dnd_start_ts": int(begins.timestamp()), "next_dnd_end_ts": int(ends.timestamp())}
    return {"dnd_enabled": True, **stamps}
