"""users.*, bots.info, team.info, emoji.list: the directory."""

from __future__ import annotations

from sandbox.api.conversations import READ, chosen, shown_conversation
from sandbox.api.method import Call, Method, page_of
from sandbox.people import SLACKBOT, icons
from sandbox.refusal import Refusal
from sandbox.store import Json

EVERYBODY = 10_000


def _list(call: Call) -> Json:
    # Without a limit Slack tries to give out everybody.
    page, more = page_of(call.world.workspace.people(), call, default=EVERYBODY, lowest=0, highest=EVERYBODY)
    members = [_as_granted(call, account) for account in page]
    return {"members": members, "cache_ts": call.world.clock.seconds(), **more}


def _info(call: Call) -> Json:
    return {"user": _as_granted(call, call.world.workspace.person(call.arguments.required("user")))}


def _by_email(call: Call) -> Json:
    email = call.arguments.required("email").lower()
    for account in call.world.workspace.people():
        if account["profile"].get("email") == email and not account["deleted"]:
            return {"user": _as_granted(call, account)}
    raise Refusal("users_not_found")


def _profile(call: Call) -> Json:
    user = call.arguments.text("user") or call.world.app.user
    return {"profile": _as_granted(call, call.world.workspace.person(user))["profile"]}


def _presence(call: Call) -> Json:
    """Somebody is active while a page of theirs is open; the app itself is while it is connected."""
    user = call.arguments.text("user") or call.world.app.user
    call.world.workspace.person(user)
    if user != call.world.app.user:
        return {"presence": "active" if call.world.live.watched_by(user) else "away"}
    online = call.world.deliveries.connected
    mine = {"online": online, "auto_away": False, "manual_away": False, "connection_count": int(online)}
    return {"presence": "active" if online else "away", **mine}


def _conversations(call: Call) -> Json:
    user = call.arguments.text("user") or call.world.app.user
    call.world.workspace.person(user)
    found = [one for one in chosen(call) if user in one["members"] and call.sees(one)]
    page, more = page_of([_without_membership(call, one) for one in found], call, default=100, highest=999)
    return {"channels": page, **more}


def _without_membership(call: Call, conversation: Json) -> Json:
    shown = shown_conversation(call, conversation)
    return {key: value for key, value in shown.items() if key != "is_member"}


def _bot(call: Call) -> Json:
    bot_id = call.arguments.text("bot")
    if not bot_id:
        return {}
    for account in call.world.workspace.people():
        if account["is_bot"] and account["profile"]["bot_id"] == bot_id:
            profile = account["profile"]
            told = {"deleted": account["deleted"], "name": profile["real_name"], "updated": account["updated"]}
            app = {"app_id": profile["api_app_id"], "user_id": account["id"], "icons": icons(account)}
            return {"bot": {"id": bot_id, **told, **app}}
    raise Refusal("bot_not_found")


def _team(call: Call) -> Json:
    named = call.arguments.text("team")
    if named and named != call.world.workspace.team["id"]:
        raise Refusal("team_not_found")
    return {"team": {**call.world.workspace.team, "url": f"{call.world.base_url()}/", "email_domain": "", "icon": {}}}


def _emoji(call: Call) -> Json:
    """Custom emoji: there are none here, the usual ones need no list."""
    return {"emoji": {}, "cache_ts": str(call.world.clock.seconds())}


def _as_granted(call: Call, account: Json) -> Json:
    """Without `users:read.email` Slack leaves the address out, and without `include_locale` the locale."""
    hidden = () if "users:read.email" in call.world.app.scopes else ("email",)
    profile = {key: value for key, value in account["profile"].items() if key not in hidden}
    if call.arguments.flag("include_locale") and account["id"] != SLACKBOT:
        return account | {"profile": profile}
    return {key: value for key, value in account.items() if key != "locale"} | {"profile": profile}


METHODS = {
    "users.list": Method(_list, ("users:read",), pace="tier2", json=False),
    "users.info": Method(_info, ("users:read",), pace="tier4", json=False),
    "users.lookupByEmail": Method(_by_email, ("users:read.email",), json=False),
    "users.profile.get": Method(_profile, ("users.profile:read",), pace="tier4", json=False),
    "users.getPresence": Method(_presence, ("users:read",), json=False),
    "users.conversations": Method(_conversations, READ, json=False),
    "bots.info": Method(_bot, ("users:read",), json=False),
    "team.info": Method(_team, ("team:read",), json=False),
    "emoji.list": Method(_emoji, ("emoji:read",), pace="tier2", json=False),
}
