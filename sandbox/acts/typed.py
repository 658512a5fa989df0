"""What a person types, as Slack stores it (Slack reference: "Formatting message text")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sandbox.world import World

_BROADCASTS = {f"@{who}": f"<!{who}>" for who in ("here", "channel", "everyone")}
# Code stays as it is, and so does what stands in angle brackets already.
_KEPT = re.compile(r"(```.*?```|`[^`\n]+`|<[^<>]*>)", re.DOTALL)
_ADDRESS = re.compile(
    r"(?P<web>https?://(?:(?!&[lg]t;)[^\s<>])*[^\s<>&.,;:!?)'\"\]])|(?<![\w.+-])(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


def escaped(text: str) -> str:
    """The three characters that have a meaning to Slack, encoded."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_ids(world: World, text: str) -> str:
    """Names typed as @name or #channel, as `<@U…|name>` and `<#C…|channel>`.

    Source: Slack reference "Implementing slash commands", escaping of users, channels and links.
    """
    return _replaced(text, _channels(world) | _people(world, labelled=True))


def stored(world: World, text: str) -> str:
    """A message: escaped, addresses and names as links and mentions, people's without a label (`<@U…>`)."""
    linked = _outside_kept(escaped(text), lambda part: _ADDRESS.sub(_link, part))
    if not {"@", "#"} & set(linked):
        return linked  # spares looking at everybody in a large company
    named = _channels(world) | _people(world, labelled=False) | _BROADCASTS
    return _outside_kept(linked, lambda part: _replaced(part, named))


def _outside_kept(text: str, change: Callable[[str], str]) -> str:
    parts = _KEPT.split(text)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


def _link(found: re.Match[str]) -> str:
    return f"<{found['web']}>" if found["web"] else f"<mailto:{found['mail']}|{found['mail']}>"


def _channels(world: World) -> dict[str, str]:
    named = (one for one in world.workspace.conversations() if "name" in one)
    return {f"#{one['name']}": f"<#{one['id']}|{one['name']}>" for one in named}


def _people(world: World, *, labelled: bool) -> dict[str, str]:
    named: dict[str, str] = {}
    for account in world.workspace.people():
        profile = account["profile"]
        label = f"|{account['name']}" if labelled else ""
        for name in (account["name"], profile["display_name"], profile["real_name"]):
            named[f"@{name.lower()}"] = f"<@{account['id']}{label}>"
    return named


def _replaced(text: str, named: Mapping[str, str]) -> str:
    longest_first = sorted(named, key=len, reverse=True)  # "@mira lindqvist" before "@mira"
    pattern = rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)"
    return re.sub(pattern, lambda found: named[found[0].lower()], text, flags=re.IGNORECASE)
