"""Rich text: sections, lists, quotes, preformatted (Slack reference: "Rich text block")."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.judge.shapes import Check, Shape, flag, listed, matching, one_of, text, typed, whole_number

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_ID = text(255)
_MANY = 1000  # Slack names no number; this keeps a runaway payload out


def _inline(kind: str, required: Mapping[str, Check], **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), **required}, {"style": _STYLE, **optional})


_INLINE = typed(
    {
        "text": _inline("text", {"text": text(40_000)}),
        "link": _inline("link", {"url": text(3000)}, text=text(3000, shortest=0), unsafe=flag),
        "emoji": _inline("emoji", {"name": text(100)}, unicode=text(100), skin_tone=whole_number(1, 6)),
        "user": _inline("user", {"user_id": _ID}),
        "usergroup": _inline("usergroup", {"usergroup_id": _ID}),
        "channel": _inline("channel", {"channel_id": _ID}),
        "broadcast": _inline("broadcast", {"range": one_of("here", "channel", "everyone")}),
        "color": _inline("color", {"value": matching(r"#[0-9a-fA-F]{6}", "a colour as #RRGGBB")}),
        "date": _inline(
            "date",
            {"timestamp": whole_number(0, 10**10 - 1), "format": text(1000)},
            url=text(3000),
            fallback=text(1000),
        ),
    }
)
_INLINES = listed(_INLINE, _MANY, least=0)
_BORDER = {"border": whole_number(0, 1)}


def _part(kind: str, elements: Check, **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), "elements": elements}, optional)


_SECTION = _part("rich_text_section", _INLINES)
_PARTS = typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": Shape(
            {
                "type": one_of("rich_text_list"),
                "style": one_of("bullet", "ordered"),
                "elements": listed(typed({"rich_text_section": _SECTION}), _MANY),
            },
            {"indent": whole_number(0, 8), "offset": whole_number(0, 10**6), **_BORDER},
        ),
        "rich_text_preformatted": _part("rich_text_preformatted", _INLINES, language=text(50), **_BORDER),
        "rich_text_quote": _part("rich_text_quote", _INLINES, **_BORDER),
    }
)

RICH_TEXT = Shape(
    {"type": one_of("rich_text"), "elements": listed(_PARTS, _MANY, least=0)},
    {"block_id": _ID},
)
