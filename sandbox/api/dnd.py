"""dnd.*: whom not to disturb, and when. What a person snoozes for a while only that person's own apps are told."""

from __future__ import annotations

from sandbox.api.method import Call, Method
from sandbox.quiet import quiet_hours
from sandbox.refusal import Refusal
from sandbox.store import Json

MOST_USERS = 50


def _info(call: Call) -> Json:
    return _hours(call, call.arguments.text("user") or call.world.app.user)


def _team_info(call: Call) -> Json:
    users = call.arguments.items("users")
    if not users:
        raise Refusal("no_users_provided")
    if len(users) > MOST_USERS:
        raise Refusal("invalid_arguments", f"[ERROR] at most {MOST_USERS} users [json-pointer:/users]")
    # Whoever is not there is left out: the page of the method knows no error for it.
    known = [user for user in users if call.world.workspace.has(user)]
    return {"users": {user: _hours(call, user) for user in known}}


def _hours(call: Call, user: str) -> Json:
    account = call.world.workspace.person(user)
    return quiet_hours(call.world.company, user, account.get("tz", "Etc/UTC"), call.world.clock.now())


METHODS = {
    "dnd.info": Method(_info, ("dnd:read",), json=False),
    "dnd.teamInfo": Method(_team_info, ("dnd:read",), pace="tier2", json=False),
}
