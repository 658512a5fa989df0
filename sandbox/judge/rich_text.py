"""Rich text: sections, lists, quotes, preformatted, and what stands in them.

Slack reference: "Rich text block", and under "Block elements" one page for each kind. The pages name no lengths.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.judge.objects import ID_LIMIT, URL
from sandbox.judge.shapes import Check, Shape, flag, listed, matching, number, one_of, text, typed, whole_number

_DECORATION = dict.fromkeys(("bold", "italic", "strike", "underline", "highlight", "client_highlight"), flag)
_PLAIN_STYLE = Shape({}, _DECORATION)
_STYLE = Shape({}, _DECORATION | {"unlink": flag})
_TEXT_STYLE = Shape({}, _DECORATION | {"unlink": flag, "code": flag})
_ID = _WORDS = text()


def _inline(kind: str, required: Mapping[str, Check], style: Check = _STYLE, **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), **required}, {"style": style, **optional})


_BORDER = {"border": whole_number(0, 1)}
_DETAILS = {
    "file": {"descriptor": _WORDS, "file_id": _ID},
    "external": {"app_name": _WORDS, "app_icon_url": URL},
    "web": {"display_name": _WORDS, "title": _WORDS, "snippet": _WORDS},
    "message": {"channel": _ID, "message_ts": _ID},
    "memory": {"memory_id": _ID},
}
_CITED = Shape(
    {"citation_type": one_of(*_DETAILS)}, {key: part for one in _DETAILS.values() for key, part in one.items()}
)
_COLOURS = ("gray", "brown", "purple", "indigo", "blue", "green", "yellow", "orange", "red")
_WORK_OBJECT = {"icon_url": URL, "full_size_preview_enabled": flag, "product_name": _WORDS}
_ENTITY = {"app_id": _ID, "entity_id": _ID, "icon_name": _WORDS, "reference_object_type": _WORDS}
_SALESFORCE = {
    "salesforce_field_label": _WORDS,
    "salesforce_field_api_name": _WORDS,
    "salesforce_include_field_label": flag,
}

_TEXT: Mapping[str, Check] = {
    "text": _inline("text", {"text": _WORDS}, _TEXT_STYLE),
    "link": _inline(
        "link",
        {"url": URL},
        _TEXT_STYLE,
        text=_WORDS,
        **dict.fromkeys(("unsafe", "from_llm", "is_slack_url", "truncated"), flag),
    ),
}
_INLINE: Mapping[str, Check] = {
    **_TEXT,
    "emoji": _inline("emoji", {"name": _WORDS}, unicode=_WORDS, skin_tone=whole_number(1, 6), url=URL),
    "user": _inline("user", {"user_id": _ID}, from_llm=flag),
    "usergroup": _inline("usergroup", {"usergroup_id": _ID}),
    "team": _inline("team", {"team_id": _ID}),
    "channel": _inline("channel", {"channel_id": _ID}, tab_id=_ID, from_llm=flag),
    "broadcast": _inline("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "color": _inline("color", {"value": matching("#[0-9a-fA-F]{6}", "a colour as #RRGGBB")}, _PLAIN_STYLE),
    "date": _inline(
        "date",
        {"timestamp": whole_number(0, 10**10 - 1), "format": _WORDS},
        _PLAIN_STYLE,
        url=URL,
        fallback=_WORDS,
        timezone=_WORDS,
    ),
    "tag": _inline("tag", {"text": _WORDS}, color=one_of(*_COLOURS)),
    "file": _inline("file", {"file_id": _ID}, _PLAIN_STYLE, text=_WORDS, url=URL, is_skill_invocation=flag),
    "canvas": _inline(
        "canvas",
        {"file_id": _ID},
        text=_WORDS,
        url=URL,
        label=_WORDS,
        hide_title=flag,
        section_id=_ID,
        is_skill_invocation=flag,
    ),
    "canvas_user_mention": _inline("canvas_user_mention", {"user_id": _ID}, thread_id=_ID),
    "canvas_message_unfurl": _inline(
        "canvas_message_unfurl", {"root_message_ts": _ID, "root_message_channel": _ID}, _PLAIN_STYLE
    ),
    "list_record": _inline("list_record", {"file_id": _ID}, record_id=_ID, view_id=_ID, text=_WORDS, url=URL),
    "message_mention": _inline(
        "message_mention",
        {"channel_id": _ID, "message_ts": _ID},
        author_id=_ID,
        thread_ts=_ID,
        text=_WORDS,
        url=URL,
    ),
    "workflow_mention": _inline(
        "workflow_mention",
        {"workflow_id": _ID, "function_trigger_id": _ID, "text": _WORDS},
        url=URL,
        channel_id=_ID,
        ts=_ID,
    ),
    "work_object_mention": _inline(
        "work_object_mention", {"entity_id": _ID, "app_id": _ID, "text": _WORDS, "url": URL}, **_WORK_OBJECT
    ),
    "attachment_mention": _inline(
        "attachment_mention", {"url": URL}, text=_WORDS, channel_id=_ID, ts=_ID, **_ENTITY, **_WORK_OBJECT
    ),
    "salesforce_data_field": _inline("salesforce_data_field", {"salesforce_record_id": _ID}, **_SALESFORCE),
    "citation": Shape(
        {"type": one_of("citation"), "url": URL, "text": _WORDS, "index": number, "details": _CITED},
        {"from_llm": flag, "is_slack_url": flag},
    ),
}


def _part(kind: str, inline: Mapping[str, Check], **optional: Check) -> Shape:
    """Slack accepts a part that holds nothing."""
    return Shape({"type": one_of(kind), "elements": listed(typed(inline), least=0)}, optional)


_SECTION = _part("rich_text_section", _INLINE)
_PARTS = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": listed(typed({"rich_text_section": _SECTION})),
        },
        {"indent": whole_number(0, 8), "offset": whole_number(0), **_BORDER},
    ),
    "rich_text_preformatted": _part("rich_text_preformatted", _TEXT, language=_WORDS, **_BORDER),
    "rich_text_quote": _part("rich_text_quote", _INLINE, **_BORDER),
}

RICH_TEXT = Shape(
    {"type": one_of("rich_text"), "elements": listed(typed(_PARTS), least=0)},
    {"block_id": text(ID_LIMIT)},
)
