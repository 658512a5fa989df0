"""Accounts as Slack shows them (Slack reference: "User object")."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.company import Company, Employee, OtherBot
from sandbox.installation import Installation
from sandbox.store import Json

APP_ID = "A0SANDBOX"
SLACKBOT = "USLACKBOT"
_COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836")
_NO_STATUS = {"status_text": "", "status_emoji": "", "status_expiration": 0}
IMAGE_SIZES = (24, 32, 48, 72, 192, 512)
_ICON_SIZES = (36, 48, 72)
# What a person loses together with the account.
_LOST = (
    *("color", "real_name", "tz", "locale", "is_email_confirmed", "is_admin", "is_owner", "is_primary_owner"),
    *("is_restricted", "is_ultra_restricted"),
)


def employee_account(employee: Employee, company: Company, number: int, updated: int) -> Json:
    """The user object of an employee, with all that the account has while it is not deactivated."""
    handle = employee.name.split()[0].lower()
    return {
        "id": employee.id,
        "team_id": company.team_id,
        "name": handle,
        "deleted": employee.deactivated,
        "profile": {
            "title": employee.title,
            "real_name": employee.name,
            "real_name_normalized": employee.name,
            "display_name": employee.name.split()[0],
            "display_name_normalized": employee.name.split()[0],
            "email": f"{handle}@{company.domain}.example",
            **_NO_STATUS,
            **(employee.status or {}),
            "team": company.team_id,
        },
        "is_bot": False,
        "is_app_user": False,
        "updated": updated,
        "color": _COLOURS[number % len(_COLOURS)],
        "real_name": employee.name,
        "tz": employee.zone,
        "is_admin": employee.admin or employee.owner,
        "is_owner": employee.owner,
        "is_primary_owner": employee.owner,
        "is_restricted": bool(employee.guest),  # any guest; those of a single channel are ultra-restricted, too
        "is_ultra_restricted": employee.guest == "single",
        "is_email_confirmed": True,
        "locale": employee.locale,
    }


def app_account(app: Installation, name: str, team_id: str, updated: int) -> Json:
    """The app's own bot user, deactivated where the app is not installed any more."""
    account = _machine_account(app.user, name, team_id, updated) | {"deleted": not app.installed}
    account["profile"] |= {"api_app_id": APP_ID, "bot_id": app.bot_id, "always_active": True}
    return account | {"is_bot": True, "is_app_user": False}


def other_bot_account(bot: OtherBot, team_id: str) -> Json:
    """The bot user of somebody else's app."""
    account = _machine_account(bot.id, bot.name, team_id, 0)
    account["profile"] |= {"api_app_id": bot.app_id, "bot_id": bot.bot_id, "always_active": False}
    return account | {"is_bot": True}


def slackbot_account(team_id: str) -> Json:
    """Slackbot, which famously is no bot by its own `is_bot`."""
    return _machine_account(SLACKBOT, "Slackbot", team_id, 0)


def _machine_account(user: str, name: str, team_id: str, updated: int) -> Json:
    return {
        "id": user,
        "team_id": team_id,
        "name": name.lower().replace(" ", "_"),
        "deleted": False,
        "color": "757575",
        "real_name": name,
        "tz": "America/Los_Angeles",
        "profile": {"real_name": name, "display_name": name, "team": team_id, "title": ""},
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": updated,
    }


def shown_account(account: Json, at: datetime, base_url: str) -> Json:
    """The account as it is at that moment: offsets move with daylight saving, pictures with the sandbox's address.

    A deactivated person has neither time zone nor roles, as in Slack.
    """
    shown = account | {"profile": account["profile"] | _names(account) | _images(account, base_url)}
    if account["deleted"] and not account["is_bot"]:
        return {key: value for key, value in shown.items() if key not in _LOST}
    local = at.astimezone(ZoneInfo(account["tz"]))
    offset = local.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return shown | {"tz_label": local.tzname() or account["tz"], "tz_offset": seconds}


def bot_profile(account: Json) -> Json:
    """What stands beside each message of an app (Slack reference: "bot_message")."""
    profile = account["profile"]
    return {
        "id": profile["bot_id"],
        "app_id": profile["api_app_id"],
        "user_id": account["id"],
        "name": profile["real_name"],
        "icons": icons(account),
        "deleted": account["deleted"],
        "updated": account["updated"],
        "team_id": account["team_id"],
    }


def icons(account: Json) -> Json:
    """The pictures of an app, of an account as it is shown."""
    return {f"image_{size}": account["profile"]["image_48"] for size in _ICON_SIZES}


def _names(account: Json) -> Json:
    first, _, last = account["profile"]["real_name"].partition(" ")
    return {"first_name": first, "last_name": last, "phone": "", "skype": ""}


def _images(account: Json, base_url: str) -> Json:
    addresses = {f"image_{size}": f"{base_url}/avatars/{account['id']}/{size}.svg" for size in IMAGE_SIZES}
    return {"avatar_hash": f"g{hashlib.sha256(account['id'].encode()).hexdigest()[:11]}", **addresses}
