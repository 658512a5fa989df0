"""The rich text that a client sends beside a person's text (Slack reference: "Rich text block")."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from sandbox.store import Json

_FENCE = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
_BULLET = re.compile(r"( *)([•◦▪*-]|\d{1,6}[.)]) +(.*)")
_QUOTE = re.compile(r"&gt; ?(.*)")
_SPACES_PER_INDENT = 4


def _wrapped(mark: str, name: str) -> str:
    """A format mark counts at the edge of a word only, and may span a <…> marker but not a line."""
    inner = rf"(?P<{name}>(?![\s{mark}])(?:<[^<>\n]*>|[^{mark}<\n])+(?<!\s))"
    return rf"(?<![^\W_])(?<!{mark}){mark}{inner}{mark}(?![^\W_])(?!{mark})"


_TOKEN = re.compile(
    "|".join(
        (
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<marker>[^<>\n]+)>",
            _wrapped(r"\*", "bold"),
            _wrapped("_", "italic"),
            _wrapped("~", "strike"),
            r"(?<![\w:]):(?P<emoji>[+-]1|[a-z][a-z0-9_+'-]*)(?:::skin-tone-(?P<tone>[2-6]))?:(?!\w)",
        )
    )
)
_STYLES = ("bold", "italic", "strike")


def rich_text_of(text: str) -> Json:
    """The block for a text as Slack stores it: escaped, with its mentions and links in angle brackets."""
    parts = _FENCE.split(text)
    elements = [
        element
        for number, part in enumerate(parts)
        for element in ([_preformatted(part)] if number % 2 else _paragraphs(part))
    ]
    return {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": elements}


def decoded(text: str) -> str:
    """Slack escapes exactly three characters (Slack reference: "Formatting message text")."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _preformatted(text: str) -> Json:
    return {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": decoded(text)}]}


def _paragraphs(text: str) -> Iterator[Json]:
    """Neighbouring lines of one kind belong together."""
    if not text:
        return
    for (kind, indent), group in groupby(text.split("\n"), _kind_of_line):
        yield _MAKERS[kind](list(group), indent)


def _kind_of_line(line: str) -> tuple[str, int]:
    bullet = _BULLET.fullmatch(line)
    if bullet:
        return "ordered" if bullet[2][0].isdigit() else "bullet", len(bullet[1]) // _SPACES_PER_INDENT
    return ("quote" if _QUOTE.fullmatch(line) else "section"), 0


def _section(lines: list[str], _: int) -> Json:
    return {"type": "rich_text_section", "elements": list(_leaves("\n".join(lines), {}))}


def _quote(lines: list[str], _: int) -> Json:
    said = "\n".join(_QUOTE.sub(r"\1", line) for line in lines)
    return {"type": "rich_text_quote", "elements": list(_leaves(said, {}))}


def _bullets(lines: list[str], indent: int) -> Json:
    points = [_section([_BULLET.sub(r"\3", line)], 0) for line in lines]
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "border": 0, "elements": points}


def _numbers(lines: list[str], indent: int) -> Json:
    first = int(re.sub(r"\D", "", _BULLET.sub(r"\2", lines[0])))
    counted_from = {"offset": first - 1} if first > 1 else {}
    return _bullets(lines, indent) | {"style": "ordered"} | counted_from


_MAKERS: Mapping[str, Callable[[list[str], int], Json]] = {
    "section": _section,
    "quote": _quote,
    "bullet": _bullets,
    "ordered": _numbers,
}


def _leaves(text: str, style: Json) -> Iterator[Json]:
    end = 0
    for found in _TOKEN.finditer(text):
        yield from _words(text[end : found.start()], style)
        yield from _token(found, style)
        end = found.end()
    yield from _words(text[end:], style)


def _words(text: str, style: Json) -> Iterator[Json]:
    if text:
        yield _styled({"type": "text", "text": decoded(text)}, style)


def _token(found: re.Match[str], style: Json) -> Iterator[Json]:
    kind = str(found.lastgroup)
    if kind == "tone" or found["emoji"]:
        tone = {"skin_tone": int(found["tone"])} if found["tone"] else {}
        yield _styled({"type": "emoji", "name": found["emoji"], **tone}, style)
    elif kind in _STYLES:
        yield from _leaves(found[kind], {**style, kind: True})
    elif kind == "code":
        yield from _words(found["code"], {**style, "code": True})
    else:
        yield _styled(_marker(found["marker"]), style)


def _marker(marker: str) -> Json:
    target, _, label = marker.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": decoded(target)} | ({"text": decoded(label)} if label else {})


def _styled(leaf: Json, style: Json) -> Json:
    return leaf | {"style": style} if style else leaf
