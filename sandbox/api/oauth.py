"""oauth.v2.access, auth.revoke and apps.uninstall: how an app comes to its token, and loses it."""

from __future__ import annotations

from sandbox.acts.install import install, remove
from sandbox.api.method import Call, Method
from sandbox.people import APP_ID
from sandbox.refusal import Refusal
from sandbox.store import Json


def _access(call: Call) -> Json:
    _check_client(call)
    if call.arguments.text("grant_type", "authorization_code") != "authorization_code":
        raise Refusal("invalid_grant_type")
    code = call.arguments.text("code")
    agreed = call.world.authorizations.exchange(code, call.arguments.text("redirect_uri"))
    world = call.worlds.of_team(agreed.team_id)
    install(world, agreed.scopes)
    team = world.workspace.team
    return {
        "access_token": world.app.token,
        "token_type": "bot",
        "scope": ",".join(world.app.scopes),
        "bot_user_id": world.app.user,
        "app_id": APP_ID,
        "team": {"id": team["id"], "name": team["name"]},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": agreed.user},
    }


def _revoke(call: Call) -> Json:
    if call.arguments.flag("test"):
        return {"revoked": False}
    remove(call.world, is_uninstall=False)
    return {"revoked": True}


def _uninstall(call: Call) -> Json:
    _check_client(call)
    remove(call.world, is_uninstall=True)
    return {}


def _check_client(call: Call) -> None:
    tokens = call.world.tokens
    if call.arguments.text("client_id") != tokens.client_id:
        raise Refusal("invalid_client_id")
    if call.arguments.text("client_secret") != tokens.client_secret:
        raise Refusal("bad_client_secret")


METHODS = {
    "oauth.v2.access": Method(_access, caller="anybody", pace="tier4"),
    "auth.revoke": Method(_revoke),
    "apps.uninstall": Method(_uninstall),
}
