"""reactions.*: the app's emoji under a message."""

from __future__ import annotations

import re

from sandbox.api.method import Call, Method
from sandbox.refusal import Refusal
from sandbox.store import Json

_NAME = re.compile(r"[a-z0-9_'+-]{1,100}(::skin-tone-[2-6])?")


def _add(call: Call) -> Json:
    name = call.arguments.required("name")
    if not _NAME.fullmatch(name):
        raise Refusal("invalid_name")
    channel = call.world.workspace.conversation(call.arguments.required("channel"))["id"]
    message = call.world.messages.get(channel, call.arguments.required("timestamp"))
    reactions = message.get("reactions", [])
    mine = next((one for one in reactions if one["name"] == name), None)
    if mine and call.world.app.user in mine["users"]:
        raise Refusal("already_reacted")
    others = [one for one in reactions if one["name"] != name]
    users = [*(mine["users"] if mine else ()), call.world.app.user]
    added = {"name": name, "users": users, "count": len(users)}
    call.world.messages.annotate(channel, message["ts"], {"reactions": [*others, added]})
    return {}


METHODS = {"reactions.add": Method(_add, ("reactions:write",))}
