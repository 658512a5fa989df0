"""usergroups.*: groups of people that can be mentioned together."""

from __future__ import annotations

from sandbox.api.method import Call, Method
from sandbox.company import UserGroup
from sandbox.people import SLACKBOT
from sandbox.refusal import Refusal
from sandbox.store import Json


def _list(call: Call) -> Json:
    return {"usergroups": [_shown(call, group) for group in call.world.company.groups]}


def _members(call: Call) -> Json:
    wanted = call.arguments.required("usergroup")
    for group in call.world.company.groups:
        if group.id == wanted:
            return {"users": _present(call, group)}
    raise Refusal("no_such_subteam")


def _present(call: Call, group: UserGroup) -> list[str]:
    """The members whose accounts are not deactivated."""
    return [user for user in group.members if not call.world.workspace.person(user)["deleted"]]


def _shown(call: Call, group: UserGroup) -> Json:
    users = _present(call, group)
    counted = {"user_count": len(users)} if call.arguments.flag("include_count") else {}
    listed = {"users": users} if call.arguments.flag("include_users") else {}
    return {
        "id": group.id,
        "team_id": call.world.company.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "created_by": SLACKBOT,
        "updated_by": SLACKBOT,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        **counted,
        **listed,
    }


METHODS = {
    "usergroups.list": Method(_list, ("usergroups:read",), pace="tier2", json=False),
    "usergroups.users.list": Method(_members, ("usergroups:read",), pace="tier2", json=False),
}
