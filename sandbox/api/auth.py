"""api.*, apps.* and auth.*: who one is, and where the sockets are."""

from __future__ import annotations

from sandbox.api.method import Call, Method
from sandbox.people import APP_ID
from sandbox.refusal import Refusal
from sandbox.store import Json


def _api_test(call: Call) -> Json:
    args = call.arguments.all()
    error = call.arguments.text("error")
    if error:
        raise Refusal(error, args=args)
    return {"args": args}


def _auth_test(call: Call) -> Json:
    team = call.world.workspace.team
    return {
        "url": f"{call.world.base_url()}/",
        "team": team["name"],
        "user": call.world.workspace.person(call.world.app.user)["name"],
        "team_id": team["id"],
        "user_id": call.world.app.user,
        "bot_id": call.world.app.bot_id,
        "is_enterprise_install": False,
    }


def _open_connection(call: Call) -> Json:
    if not call.world.manifest.socket_mode:
        raise Refusal("forbidden_token", "[ERROR] Socket Mode is not enabled in the manifest")
    base = call.world.base_url().replace("http", "ws", 1)
    return {"url": f"{base}/socket?ticket={call.world.sockets.ticket()}&app_id={APP_ID}"}


METHODS = {
    "api.test": Method(_api_test, caller="anybody", pace="tier4"),
    "auth.test": Method(_auth_test, pace="unlimited"),  # Slack: hundreds a minute
    "apps.connections.open": Method(_open_connection, caller="app", pace="tier2"),
}
