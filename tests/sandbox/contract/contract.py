"""What the rows of the contract tables are made of, and the workspace they are tried in."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.judge import judged_view
from sandbox.server import Sandbox
from tests.sandbox.kit import home, modal
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]

# Arguments that hold the id of something, and an id of nothing.
NOTHING: Mapping[str, Any] = {
    "bot": "B0NONE",
    "channel": "C0NONE",
    "channel_id": "C0NONE",
    "code": "none",
    "email": "nobody@aldermoor.example",
    "file": "F0NONE",
    "files": [{"id": "F0NONE"}],
    "message_ts": "1.000001",
    "scheduled_message_id": "Q0NONE",
    "team": "T0NONE",
    "timestamp": "1.000001",
    "trigger_id": "1.2.none",
    "ts": "1.000001",
    "user": "U0NONE",
    "user_id": "U0NONE",
    "usergroup": "S0NONE",
    "users": "U0NONE",
    "view_id": "V0NONE",
}


@dataclass(frozen=True)
class Contract:
    """One method. Texts that begin with $ stand for something in the scene.

    `right` are the arguments of a call that goes well, `answer` keys that its answer has; `missing` names the error
    without each required argument, `unknown` the one for an id of nothing; `wrong` are changes to the right call
    (None takes an argument away) and their errors. `listed` is the key of a list that comes in pages.
    """

    right: Json = field(default_factory=dict)
    answer: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[tuple[Json, str], ...] = ()
    listed: str = ""
    refused: str = ""  # for the one method that always refuses


def required(*names: str) -> dict[str, str]:
    """Arguments that Slack's validator misses by name."""
    return dict.fromkeys(names, "invalid_arguments")


def full_manifest() -> Json:
    """The manifest of an app that may do everything."""
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"] = {"scopes": {"bot": list(EVERY_SCOPE)}, "redirect_urls": ["https://app.example/done"]}
    return manifest


def scene(sandbox: Sandbox) -> dict[str, Any]:
    """Things to talk about in the first workspace, by the names that the tables use."""
    world = sandbox.world
    app = {**world.app.author, "text": "the app's"}
    view = world.views.open("U0MIRA", judged_view(modal(), "modal"))
    return {
        "$ts": world.messages.post("C0MGMT", app)["ts"],
        "$theirs": world.messages.post("C0MGMT", {"user": "U0MIRA", "text": "hers"})["ts"],
        "$reacted": world.messages.post("C0MGMT", app | {"reactions": _reactions(world.app.user)})["ts"],
        "$pinned": world.messages.post("C0MGMT", app | _pinned(world.app.user))["ts"],
        "$own": world.workspace.create("own-room", world.app.user, private=False)["id"],
        "$dm": world.workspace.direct("U0MIRA")["id"],
        "$whisper": world.messages.whisper("U0MIRA", "C0MGMT", app)["ts"],
        "$soon": world.clock.seconds() + 3600,
        "$past": world.clock.seconds() - 1,
        "$far": world.clock.seconds() + 121 * 24 * 3600,
        "$scheduled": world.scheduled.add("C0MGMT", app, world.clock.seconds() + 3600)["id"],
        "$imminent": world.scheduled.add("C0MGMT", app, world.clock.seconds() + 30)["id"],
        "$file": _file(sandbox, world.app.user),
        "$their_file": _file(sandbox, "U0MIRA"),
        "$upload": [{"id": _upload(sandbox, world.app.user)}],
        "$their_upload": [{"id": _upload(sandbox, "U0MIRA")}],
        "$trigger": world.triggers.make("U0MIRA"),
        "$inner_trigger": world.triggers.make("U0MIRA", view["id"]),
        "$view": view["id"],
        "$home": world.views.publish("U0MIRA", judged_view(home(), "home"))["id"],
        "$client_id": world.tokens.client_id,
        "$client_secret": world.tokens.client_secret,
        "$code": world.authorizations.give(
            team_id="T0ALDER", user="U0MIRA", scopes=("chat:write",), redirect_uri="https://app.example/done"
        ),
    }


def filled(arguments: Json, found: Mapping[str, Any]) -> Json:
    """The arguments with what stands for something in the scene put in."""
    said = {name: found.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()}
    return {name: value for name, value in said.items() if value is not None}


def as_form(arguments: Json) -> dict[str, str]:
    """Query strings and forms hold structures as JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}


def _reactions(user: str) -> list[Json]:
    return [{"name": "tea", "users": [user], "count": 1}]


def _pinned(user: str) -> Json:
    return {"pinned_to": ["C0MGMT"], "pinned_info": {"channel": "C0MGMT", "pinned_by": user, "pinned_ts": 1}}


def _upload(sandbox: Sandbox, user: str) -> str:
    file_id = str(sandbox.world.files.reserve(user, "plan.txt", 4)["id"])
    sandbox.world.files.path(file_id).write_bytes(b"plan")
    return file_id


def _file(sandbox: Sandbox, user: str) -> str:
    file_id = _upload(sandbox, user)
    sandbox.world.files.complete(file_id)
    sandbox.world.files.share(file_id, "C0MGMT")
    return file_id


EVERY_SCOPE = (
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "channels:write.invites",
    "channels:write.topic",
    "chat:write",
    "commands",
    "dnd:read",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "groups:write.invites",
    "groups:write.topic",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
)
