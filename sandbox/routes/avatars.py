"""`/avatars/…`: the pictures of accounts, which are their initials."""

from __future__ import annotations

from html import escape

from aiohttp import web

from sandbox.worlds import Worlds

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 48 48">\
<rect width="48" height="48" fill="#{colour}"/><text x="24" y="31" font-family="sans-serif" font-size="20" \
text-anchor="middle" fill="#fff">{initials}</text></svg>"""
_GREY = "757575"


async def avatar(worlds: Worlds, request: web.Request) -> web.Response:
    """The picture of one account in a size. Refuses: user_not_found."""
    user = request.match_info["user"]
    account = worlds.of_user(user).workspace.person(user)
    initials = "".join(word[0] for word in account["profile"]["real_name"].split()[:2]).upper()
    picture = _PICTURE.format(
        size=request.match_info["size"], colour=account.get("color", _GREY), initials=escape(initials)
    )
    return web.Response(text=picture, content_type="image/svg+xml")
