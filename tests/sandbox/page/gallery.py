"""One of everything that can stand in a message or a modal, each in the smallest honest form."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PICTURE = "https://pictures.example/kettle.png"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def button(action_id: str, text: str, **rest: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": text, **rest}


def number(value: float) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def words(*elements: Json | str) -> Json:
    parts = [{"type": "text", "text": part} if isinstance(part, str) else part for part in elements]
    return {"type": "rich_text_section", "elements": parts}


RICH_TEXT: Json = {
    "type": "rich_text",
    "elements": [
        words(
            "Rich ",
            {"type": "text", "text": "bold", "style": {"bold": True}},
            {"type": "text", "text": "marked", "style": {"highlight": True}},
            {"type": "user", "user_id": "U0TOM"},
            {"type": "channel", "channel_id": "C0GENERAL"},
            {"type": "broadcast", "range": "here"},
            {"type": "emoji", "name": "no_such_name", "unicode": "1f9ed"},
            {"type": "color", "value": "#0a6e5c"},
            {"type": "link", "url": "https://tea.example", "text": "the shop"},
            {"type": "date", "timestamp": 1774625400, "format": "{date_num}", "fallback": "soon"},
        ),
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [words("third"), words("fourth")]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "border": 1, "elements": [words("inner")]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}
CARD: Json = {
    "type": "card",
    "block_id": "card",
    "icon": {"type": "image", "image_url": PICTURE, "alt_text": "Kettle"},
    "title": mrkdwn("*Oolong*"),
    "subtitle": mrkdwn("From Taiwan"),
    "body": mrkdwn("Half fermented"),
    "actions": [button("take", "Take it")],
}
POINTS = [{"label": "Autumn", "value": -5.5}, {"label": "Spring", "value": 3}]
AXES: Json = {"categories": ["Spring", "Autumn"], "x_label": "Season", "y_label": "Cups"}
SERIES = [{"name": "Green", "data": POINTS}, {"name": "Black", "data": POINTS}]
CHARTS: list[Json] = [
    {"type": "pie", "segments": [{"label": "Green", "value": 3}, {"label": "Black", "value": 1}]},
    *({"type": kind, "series": SERIES, "axis_config": AXES} for kind in ("bar", "line", "area")),
]

MESSAGE_BLOCKS: list[Json] = [
    {"type": "header", "text": plain("A header :tea:")},
    {
        "type": "section",
        "text": mrkdwn("*Words* with <https://tea.example|a link>\n• one\n• two\n> quoted\n```code <b>```"),
        "fields": [mrkdwn("*Field*"), plain("plain field")],
        "accessory": {"type": "image", "image_url": PICTURE, "alt_text": "A kettle"},
    },
    {"type": "divider"},
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": PICTURE, "alt_text": "Small"}, mrkdwn("_in small_")],
    },
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            button("plain", "Plain"),
            button("first", "First", style="primary"),
            button("risky", "Risky", style="danger"),
            button("elsewhere", "Elsewhere", url="https://tea.example"),
            button("private", "Only Tom sees me", visible_to_user_ids=["U0TOM"]),
            {"type": "overflow", "action_id": "more", "options": options("Rinse", "Dry")},
            {"type": "static_select", "action_id": "one", "placeholder": plain("Pick"), "options": options("Oolong")},
            {"type": "external_select", "action_id": "ask", "placeholder": plain("Find a leaf"), "min_query_length": 2},
            {"type": "users_select", "action_id": "who", "placeholder": plain("Pick a person")},
            {"type": "multi_channels_select", "action_id": "rooms", "placeholder": plain("Pick rooms")},
            {"type": "datepicker", "action_id": "day", "placeholder": plain("Pick a day")},
        ],
    },
    {"type": "image", "image_url": PICTURE, "alt_text": "A whole kettle", "title": plain("The kettle")},
    RICH_TEXT,
    {
        "type": "video",
        "title": plain("How to brew"),
        "video_url": "https://tea.example/v",
        "thumbnail_url": PICTURE,
        "alt_text": "Somebody pours water",
        "author_name": "Mei",
    },
    {
        "type": "markdown",
        "text": "## Heading\n\n**bold** and [link](https://tea.example)\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    },
    {
        "type": "table",
        "column_settings": [None, {"align": "right"}],
        "rows": [[raw("Leaf"), raw("Cups")], [raw("Oolong"), number(3)]],
    },
    {
        "type": "data_table",
        "caption": "All leaves",
        "page_size": 2,
        "row_header_column_index": 0,
        "rows": [[raw("Leaf"), raw("Cups")], *([raw(f"Leaf {n}"), number(n)] for n in range(5))],
    },
    *({"type": "data_visualization", "title": f"Cups as {chart['type']}", "chart": chart} for chart in CHARTS),
    {
        "type": "context_actions",
        "block_id": "thumbs",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "liked",
                "positive_button": {"text": plain("Good tea"), "value": "good"},
                "negative_button": {"text": plain("Bad tea"), "value": "bad"},
            },
            {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Throw away"), "value": "away"},
        ],
    },
    CARD,
    {"type": "carousel", "elements": [{**CARD, "block_id": "card-1"}, {**CARD, "block_id": "card-2"}]},
    {
        "type": "layout",
        "label": "A layout",
        "is_label_visible": True,
        "grid_lines": "rows",
        "rows": [
            {
                "items": [
                    {"width": "narrow", "blocks": [{"type": "section", "text": mrkdwn("*Leaves*\n12 kg")}]},
                    {"blocks": [{"type": "section", "text": mrkdwn("*Cups*\n3,000")}, {"type": "divider"}]},
                ]
            },
            {"items": [{"width": "wide", "blocks": [{"type": "actions", "elements": [button("refill", "Refill")]}]}]},
        ],
        "fallback": [{"type": "section", "text": mrkdwn("12 kg of leaves, 3,000 cups")}],
    },
]

MESSAGES: list[list[Json]] = [MESSAGE_BLOCKS[:8], MESSAGE_BLOCKS[8:11], MESSAGE_BLOCKS[11:13], MESSAGE_BLOCKS[13:]]
"""As Slack takes them: no more than two charts in a message."""

TASK: Json = {"task_id": "t", "title": "Boil water", "status": "in_progress", "details": RICH_TEXT}
ONLY_SHOWN: list[Json] = [
    {"type": "header", "level": 3, "text": plain("A small header")},
    {
        "type": "container",
        "title": plain("A container"),
        "is_collapsible": True,
        "child_blocks": [{"type": "divider"}, {"type": "section", "text": plain("inside")}],
    },
    {"type": "plan", "title": "A plan", "tasks": [TASK]},
    {"type": "task_card", **TASK, "sources": [{"type": "url", "url": "https://tea.example", "text": "a source"}]},
    {
        "type": "actions",
        "elements": [
            {"type": "workflow_button", "action_id": "flow", "text": plain("Start"), "workflow": {}},
            {"type": "datetimepicker", "action_id": "moment"},
        ],
    },
    {
        "type": "data_table",
        "caption": "With buttons",
        "rows": [[raw("Do")], [{"type": "action_cell", "element": button("do", "Do it")}]],
    },
]
"""Kinds that no sandbox has to take for these tests: they are only drawn."""


def field(label: str, element: Json, **rest: Any) -> Json:
    name = label.lower().replace(" ", "-")
    return {"type": "input", "block_id": name, "label": plain(label), "element": {**element, "action_id": name}, **rest}


FIELDS: list[Json] = [
    field("Short text", {"type": "plain_text_input"}, hint=plain("A few words")),
    field("Long text", {"type": "plain_text_input", "multiline": True}, optional=True),
    field("Rich", {"type": "rich_text_input"}, optional=True),
    field("Mail", {"type": "email_text_input"}, optional=True),
    field("Address", {"type": "url_text_input"}, optional=True),
    field("How many", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
    field("Leaf", {"type": "static_select", "options": options("Oolong", "Sencha")}, optional=True),
    field("Shop", {"type": "external_select", "min_query_length": 1}, optional=True),
    field("Shops", {"type": "multi_external_select", "min_query_length": 1}, optional=True),
    field("Leaves", {"type": "multi_static_select", "options": options("Oolong", "Sencha")}, optional=True),
    field("Guest", {"type": "users_select"}, optional=True),
    field("Guests", {"type": "multi_users_select"}, optional=True),
    field("Where", {"type": "conversations_select", "filter": {"include": ["public"]}}, optional=True),
    field("Wheres", {"type": "multi_conversations_select"}, optional=True),
    field("Rooms", {"type": "multi_channels_select"}, optional=True),
    field("Room", {"type": "channels_select"}, optional=True),
    field("Strength", {"type": "radio_buttons", "options": options("Weak", "Strong")}, optional=True),
    field("Extras", {"type": "checkboxes", "options": options("Milk", "Sugar")}, optional=True),
    field("Day", {"type": "datepicker"}, optional=True),
    field("Hour", {"type": "timepicker"}, optional=True),
    field("Moment", {"type": "datetimepicker"}, optional=True),
    field("Receipt", {"type": "file_input"}, optional=True),
]
MODAL: Json = {
    "type": "modal",
    "callback_id": "everything",
    "title": plain("Everything"),
    "submit": plain("Send"),
    "close": plain("Leave"),
    "blocks": [{"type": "alert", "level": "warning", "text": mrkdwn("*Hot* water")}, *FIELDS],
}
