"""`/oauth/v2/authorize`: the page on which somebody lets the app into a workspace.

Source: Slack reference "Installing with OAuth". Nobody signs in here: whoever looks chooses who to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World
from sandbox.worlds import Worlds

_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}
_SCOPE = re.compile(r"[a-z][a-z_.:]{0,99}")


@dataclass(frozen=True)
class _Asked:
    """What an app asks for when it sends somebody here; `answer_to` is where the answer goes."""

    scopes: tuple[str, ...]
    redirect_uri: str
    answer_to: str
    state: str
    worlds: tuple[World, ...]


def install_routes(worlds: Worlds) -> list[web.RouteDef]:
    return [
        web.get("/oauth/v2/authorize", partial(_show, worlds)),
        web.post("/oauth/v2/authorize", partial(_decide, worlds)),
    ]


async def _show(worlds: Worlds, request: web.Request) -> web.Response:
    try:
        return _page(worlds, _asked(worlds, request.query))
    except Refusal as refusal:
        return _refused(refusal)


async def _decide(worlds: Worlds, request: web.Request) -> web.Response:
    """Take the answer of the form and send the person back to the app, with a code or with `access_denied`."""
    try:
        asked = _asked(worlds, request.query)
        answer = _answer(worlds, asked, await request.post())
    except Refusal as refusal:
        return _refused(refusal)
    mark = "&" if urlsplit(asked.answer_to).query else "?"
    state = {"state": asked.state} if asked.state else {}
    raise web.HTTPFound(f"{asked.answer_to}{mark}{urlencode(answer | state)}")


def _answer(worlds: Worlds, asked: _Asked, form: Mapping[str, Any]) -> dict[str, str]:
    """Refuses: user_not_found, account_inactive, invalid_team."""
    if form.get("decision") != "allow":
        return {"error": "access_denied"}
    user = str(form.get("user", ""))
    world = worlds.of_user(user)
    world.workspace.employee(user)
    if world not in asked.worlds:
        raise Refusal("invalid_team", "This person belongs to another workspace than the app asks for.")
    return {
        "code": world.authorizations.give(
            team_id=world.workspace.team["id"], user=user, scopes=asked.scopes, redirect_uri=asked.redirect_uri
        )
    }


def _asked(worlds: Worlds, query: Mapping[str, str]) -> _Asked:
    """Refuses: invalid_client_id, no_scopes, invalid_scope, bad_redirect_uri, team_not_found."""
    if query.get("client_id") != worlds.first.tokens.client_id:
        raise Refusal("invalid_client_id", "No app here has this client id.")
    scopes = tuple(scope for scope in re.split(r"[,\s]+", query.get("scope", "")) if scope)
    if not scopes:
        raise Refusal("no_scopes", "The app asks for no scope; name at least one in `scope`.")
    unknown = [scope for scope in scopes if not _SCOPE.fullmatch(scope)]
    if unknown:
        raise Refusal("invalid_scope", f"There is no scope {unknown[0]!r}.")
    team, redirect_uri = query.get("team", ""), query.get("redirect_uri", "")
    return _Asked(
        scopes=scopes,
        redirect_uri=redirect_uri,
        answer_to=_answer_to(worlds.first.manifest.redirect_urls, redirect_uri),
        state=query.get("state", ""),
        worlds=(worlds.of_team(team),) if team else tuple(worlds),
    )


def _answer_to(declared: Iterable[str], redirect_uri: str) -> str:
    """The address to send people back to. Refuses: bad_redirect_uri unless it lies under a declared one."""
    known = list(declared)
    if not redirect_uri and known:
        return known[0]
    wanted = urlsplit(redirect_uri)
    for each in map(urlsplit, known):
        is_below = wanted.path == each.path or wanted.path.startswith(each.path.rstrip("/") + "/")
        if (wanted.scheme, wanted.netloc) == (each.scheme, each.netloc) and is_below:
            return redirect_uri
    raise Refusal("bad_redirect_uri", "The manifest declares no redirect URL that this redirect_uri lies under.")


def _page(worlds: Worlds, asked: _Asked) -> web.Response:
    name = escape(worlds.first.manifest.name)
    people = "".join(_choices(world) for world in asked.worlds)
    scopes = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in asked.scopes)
    return _html(
        f"{name} wants to join a workspace",
        f"""<p>It asks for these rights:</p>
<ul>{scopes}</ul>
<form method="post">
<label for="user">You are</label>
<select id="user" name="user">{people}</select>
<p class="buttons"><button name="decision" value="deny">Cancel</button>
<button name="decision" value="allow" class="primary">Allow</button></p>
</form>""",
    )


def _choices(world: World) -> str:
    accounts = [one for one in world.workspace.people() if not one["deleted"] and world.workspace.is_person(one)]
    options = "".join(_choice(account) for account in accounts)
    return f'<optgroup label="{escape(world.workspace.team["name"])}">{options}</optgroup>'


def _choice(account: Json) -> str:
    return f'<option value="{escape(account["id"])}">{escape(account["profile"]["real_name"])}</option>'


def _refused(refusal: Refusal) -> web.Response:
    sentence = refusal.reasons[0] if refusal.reasons else "This cannot be done."
    body = f"<p>{escape(sentence)}</p><p>Slack's code for this is <code>{escape(refusal.error)}</code>.</p>"
    return _html("The app cannot be installed this way", body, status=400)


def _html(title: str, body: str, status: int = 200) -> web.Response:
    text = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/page/install.css"></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>
"""
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)
