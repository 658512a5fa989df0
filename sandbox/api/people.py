"""users.* and team.*: the directory."""

from __future__ import annotations

from sandbox.api.method import Call, Method, page_of
from sandbox.refusal import Refusal
from sandbox.store import Json


def _list(call: Call) -> Json:
    page, more = page_of(call.world.workspace.people(), call, default=200)
    members = [_as_granted(call, account) for account in page]
    return {"members": members, "cache_ts": call.world.clock.seconds(), **more}


def _info(call: Call) -> Json:
    return {"user": _as_granted(call, call.world.workspace.person(call.arguments.required("user")))}


def _by_email(call: Call) -> Json:
    email = call.arguments.required("email")
    for account in call.world.workspace.people():
        if account["profile"].get("email") == email and not account["deleted"]:
            return {"user": account}
    raise Refusal("users_not_found")


def _team(call: Call) -> Json:
    return {"team": {**call.world.workspace.team, "url": f"{call.world.base_url()}/", "email_domain": "", "icon": {}}}


def _as_granted(call: Call, account: Json) -> Json:
    """Without `users:read.email` Slack leaves the address out."""
    if "users:read.email" in call.world.app.scopes:
        return account
    profile = {key: value for key, value in account["profile"].items() if key != "email"}
    return account | {"profile": profile}


METHODS = {
    "users.list": Method(_list, ("users:read",), pace="tier2"),
    "users.info": Method(_info, ("users:read",), pace="tier4"),
    "users.lookupByEmail": Method(_by_email, ("users:read.email",)),
    "team.info": Method(_team, ("team:read",)),
}
