"""One right sample of every kind of block and element, with every key that Slack knows for it, and its places."""

from __future__ import annotations

from typing import Any

from tests.sandbox.kit import plain

Json = dict[str, Any]

MRKDWN = {"type": "mrkdwn", "text": "*Tea*", "verbatim": True}
PLAIN = {"type": "plain_text", "text": "Tea", "emoji": True}
CONFIRM = {
    "title": plain("Sure?"),
    "text": MRKDWN,
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
OPTION = {"text": PLAIN, "value": "green", "description": plain("Sencha")}
OTHER = {"text": plain("Black"), "value": "black"}
GROUP = {"label": plain("Kinds"), "options": [OPTION, OTHER]}
RICH_WORDS = {"type": "text", "text": "Tea", "style": {"bold": True, "italic": True, "strike": False, "code": False}}
RICH_SECTION = {
    "type": "rich_text_section",
    "elements": [
        RICH_WORDS,
        {"type": "link", "url": "https://example.org", "text": "here", "unsafe": True, "style": {"bold": True}},
        {"type": "emoji", "name": "tea", "unicode": "1f375"},
        {"type": "user", "user_id": "U1", "style": {"highlight": True, "unlink": True}},
        {"type": "usergroup", "usergroup_id": "S1", "style": {"client_highlight": True}},
        {"type": "channel", "channel_id": "C1", "style": {"bold": True}},
        {"type": "broadcast", "range": "here"},
        {"type": "color", "value": "#A1B2C3"},
        {"type": "date", "timestamp": 1720710212, "format": "{date}", "url": "https://example.org", "fallback": "then"},
    ],
}
RICH_TEXT = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        RICH_SECTION,
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [RICH_SECTION],
            "indent": 1,
            "offset": 2,
            "border": 0,
        },
        {"type": "rich_text_preformatted", "elements": [RICH_WORDS], "border": 1},
        {"type": "rich_text_quote", "elements": [RICH_WORDS], "border": 1},
    ],
}
NEWER_RICH_TEXT = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "team", "team_id": "T1", "style": {"underline": True}},
                {"type": "tag", "text": "In progress", "color": "green"},
                {"type": "file", "file_id": "F1", "text": "Menu", "url": "https://example.org"},
                {"type": "canvas", "file_id": "F1", "label": "Menu", "hide_title": True, "section_id": "s"},
                {"type": "canvas_user_mention", "user_id": "U1", "thread_id": "t"},
                {"type": "canvas_message_unfurl", "root_message_ts": "1.0", "root_message_channel": "C1"},
                {"type": "list_record", "file_id": "F1", "record_id": "R1", "view_id": "V1"},
                {"type": "message_mention", "channel_id": "C1", "message_ts": "1.0", "author_id": "U1"},
                {"type": "workflow_mention", "workflow_id": "W", "function_trigger_id": "F", "text": "Run"},
                {"type": "work_object_mention", "entity_id": "E", "app_id": "A", "text": "T", "url": "https://e.org"},
                {"type": "attachment_mention", "url": "https://example.org", "product_name": "Docs"},
                {"type": "salesforce_data_field", "salesforce_record_id": "1", "salesforce_field_label": "L"},
                {
                    "type": "citation",
                    "url": "https://example.org",
                    "text": "Source",
                    "index": 1,
                    "details": {"citation_type": "file", "descriptor": "Menu", "file_id": "F1"},
                },
            ],
        },
        {"type": "rich_text_preformatted", "elements": [RICH_WORDS], "language": "python"},
    ],
}
IMAGE = {"type": "image", "image_url": "https://example.org/tea.png", "alt_text": "Tea"}
FILE_IMAGE = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Tea"}
_FEEDBACK = {"text": plain("Good"), "value": "good", "accessibility_label": "A good answer"}
_WORKFLOW = {
    "trigger": {
        "url": "https://slack.com/shortcuts/Ft1/x",
        "customizable_input_parameters": [{"name": "n", "value": "v"}],
    }
}
_PROMPTING = {"placeholder": plain("Choose"), "focus_on_load": True}
_MENU = {**_PROMPTING, "confirm": CONFIRM}
_TYPING = {**_PROMPTING, "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}}
_FILTER = {"include": ["im", "public"], "exclude_external_shared_channels": True, "exclude_bot_users": True}

_ELEMENTS: dict[str, Json] = {
    "button": {
        "text": PLAIN,
        "url": "https://example.org",
        "value": "v",
        "style": "primary",
        "confirm": CONFIRM,
        "accessibility_label": "Go on",
    },
    "workflow_button": {"text": PLAIN, "workflow": _WORKFLOW, "style": "danger", "accessibility_label": "Run it"},
    "icon_button": {
        "icon": "trash",
        "text": PLAIN,
        "value": "v",
        "confirm": CONFIRM,
        "accessibility_label": "Throw away",
        "visible_to_user_ids": ["U1"],
    },
    "feedback_buttons": {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    "overflow": {"options": [{**OPTION, "url": "https://example.org"}, OTHER], "confirm": CONFIRM},
    "checkboxes": {"options": [OPTION, OTHER], "initial_options": [OPTION], "confirm": CONFIRM, "focus_on_load": True},
    "radio_buttons": {"options": [OPTION, OTHER], "initial_option": OTHER, "confirm": CONFIRM, "focus_on_load": True},
    "datepicker": {"initial_date": "2026-11-22", **_MENU},
    "timepicker": {"initial_time": "22:25", "timezone": "Europe/Amsterdam", **_MENU},
    "datetimepicker": {"initial_date_time": 1628633820, "confirm": CONFIRM, "focus_on_load": True},
    "static_select": {"options": [OPTION, OTHER], "initial_option": OPTION, **_MENU},
    "external_select": {"initial_option": OPTION, "min_query_length": 3, **_MENU},
    "users_select": {"initial_user": "U1", **_MENU},
    "conversations_select": {
        "initial_conversation": "C1",
        "default_to_current_conversation": True,
        "filter": _FILTER,
        **_MENU,
    },
    "channels_select": {"initial_channel": "C1", **_MENU},
    "multi_static_select": {
        "option_groups": [GROUP],
        "initial_options": [OPTION, OTHER],
        "max_selected_items": 2,
        **_MENU,
    },
    "multi_external_select": {"initial_options": [OPTION], "min_query_length": 1, "max_selected_items": 2, **_MENU},
    "multi_users_select": {"initial_users": ["U1", "U2"], "max_selected_items": 2, **_MENU},
    "multi_conversations_select": {
        "initial_conversations": ["C1"],
        "default_to_current_conversation": True,
        "max_selected_items": 2,
        "filter": _FILTER,
        **_MENU,
    },
    "multi_channels_select": {"initial_channels": ["C1"], "max_selected_items": 2, **_MENU},
    "plain_text_input": {"initial_value": "Tea", "multiline": True, "min_length": 1, "max_length": 100, **_TYPING},
    "email_text_input": {"initial_value": "tea@example.org", **_TYPING},
    "url_text_input": {"initial_value": "https://example.org", **_TYPING},
    "number_input": {
        "is_decimal_allowed": True,
        "initial_value": "5.5",
        "min_value": "-10",
        "max_value": "100",
        **_TYPING,
    },
    "rich_text_input": {"initial_value": RICH_TEXT, **_TYPING},
    "file_input": {"filetypes": ["pdf", "png"], "max_files": 5},
}
ELEMENTS: dict[str, Json] = {kind: {"type": kind, "action_id": "a", **keys} for kind, keys in _ELEMENTS.items()}
ELEMENTS["image"] = IMAGE


def holding(kind: str, block: str) -> Json:
    """A block of that kind with this element in it."""
    element = ELEMENTS[kind]
    if block == "section":
        return {"type": block, "text": MRKDWN, "accessory": element}
    if block == "input":
        return {"type": block, "label": PLAIN, "element": element}
    if block == "card":
        return {"type": block, "actions": [element]}
    if block == "data_table":
        head, cell = {"type": "raw_text", "text": "Tea"}, {"type": "action_cell", "element": element}
        return {"type": block, "caption": "Teas", "rows": [[head], [cell]]}
    return {"type": block, "elements": [element]}


_TASK = {
    "task_id": "t1",
    "title": "Brew",
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": [{"type": "url", "url": "https://example.org", "text": "Tea"}],
    "status": "complete",
}
_CARD = {
    "hero_image": IMAGE,
    "icon": FILE_IMAGE,
    "title": MRKDWN,
    "subtitle": PLAIN,
    "body": MRKDWN,
    "subtext": MRKDWN,
    "actions": [ELEMENTS["button"]],
}
_CELLS = [
    [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Cups"}],
    [{"type": "rich_text", "elements": [RICH_SECTION]}, {"type": "raw_number", "value": 2.5, "text": "2½"}],
]
_AXES = {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Cups"}
_SERIES = [{"name": "Green", "data": [{"label": "Mon", "value": 1}, {"label": "Tue", "value": -0.5}]}]

# The blocks of every kind; some kinds have keys that exclude one another, so they have two samples.
_BLOCKS: dict[str, list[Json]] = {
    "actions": [{"elements": [{**ELEMENTS["button"], "action_id": "x"}, {**ELEMENTS["datepicker"], "action_id": "y"}]}],
    "alert": [{"text": MRKDWN, "level": "warning"}],
    "card": [_CARD, {"title": PLAIN, "slack_icon": {"type": "icon", "name": "sparkle"}}],
    "carousel": [{"elements": [{"type": "card", "block_id": "c1", **_CARD}]}],
    "container": [
        {
            "title": PLAIN,
            "rich_text_title": {**RICH_TEXT, "block_id": "title"},
            "subtitle": MRKDWN,
            "width": "wide",
            "icon": IMAGE,
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [{"type": "divider", "block_id": "inner"}],
        },
        {"title": PLAIN, "has_header_divider": True, "child_blocks": [{"type": "section", "text": MRKDWN}]},
    ],
    "context": [{"elements": [IMAGE, PLAIN, MRKDWN]}],
    "context_actions": [
        {
            "elements": [
                {**ELEMENTS["feedback_buttons"], "action_id": "x"},
                {**ELEMENTS["icon_button"], "action_id": "y"},
            ]
        }
    ],
    "data_table": [
        {"rows": _CELLS, "caption": "Teas", "page_size": 10, "row_header_column_index": 1},
        holding("button", "data_table"),
    ],
    "data_visualization": [
        {"title": "Teas", "chart": {"type": "pie", "segments": [{"label": "Green", "value": 45}]}},
        {"title": "Teas", "chart": {"type": "bar", "series": _SERIES, "axis_config": _AXES}},
    ],
    "divider": [{}],
    "header": [{"text": PLAIN, "level": 2}],
    "image": [
        {"image_url": "https://example.org/tea.png", "alt_text": "Tea", "title": PLAIN},
        {"slack_file": {"url": "https://files.slack.com/tea.png"}, "alt_text": "Tea"},
    ],
    "input": [
        {
            "label": PLAIN,
            "element": ELEMENTS["plain_text_input"],
            "hint": PLAIN,
            "optional": True,
            "dispatch_action": True,
        }
    ],
    "layout": [
        {
            "label": "Teas",
            "is_label_visible": True,
            "grid_lines": "outer",
            "rows": [
                {
                    "items": [
                        {"blocks": [{"type": "divider"}], "width": "narrow"},
                        {"blocks": [{"type": "section", "text": MRKDWN, "accessory": ELEMENTS["button"]}]},
                    ]
                }
            ],
            "fallback": [{"type": "section", "text": MRKDWN}],
        }
    ],
    "markdown": [{"text": "**Tea**"}],
    "plan": [
        {
            "title": "Tea",
            "tasks": [{**_TASK, "status": "pending"}, {"type": "task_card", "task_id": "t2", "title": "Pour"}],
        }
    ],
    "rich_text": [RICH_TEXT, NEWER_RICH_TEXT],
    "section": [{"text": MRKDWN, "fields": [MRKDWN, PLAIN], "accessory": ELEMENTS["button"], "expand": True}],
    "table": [{"rows": _CELLS, "column_settings": [None, {"align": "right", "is_wrapped": True}]}],
    "task_card": [_TASK, {**_TASK, "status": "pending"}],
    "video": [
        {
            "title": PLAIN,
            "title_url": "https://example.org",
            "description": PLAIN,
            "video_url": "https://example.org/tea",
            "thumbnail_url": "https://example.org/tea.png",
            "alt_text": "Tea",
            "author_name": "Tom",
            "provider_name": "Tube",
            "provider_icon_url": "https://example.org/icon.png",
        }
    ],
}
BLOCKS: dict[str, list[Json]] = {
    kind: [{"type": kind, "block_id": "b", **keys} for keys in samples] for kind, samples in _BLOCKS.items()
}
MODAL: Json = {
    "type": "modal",
    "title": PLAIN,
    "submit": PLAIN,
    "close": PLAIN,
    "private_metadata": "{}",
    "callback_id": "c",
    "external_id": "e",
    "clear_on_close": True,
    "notify_on_close": True,
    "blocks": [{"type": "divider"}],
}
HOME: Json = {
    "type": "home",
    "private_metadata": "{}",
    "callback_id": "c",
    "external_id": "e",
    "blocks": [{"type": "divider"}],
}

SURFACES = ("message", "modal", "home")
EVERYWHERE = {"message", "modal", "home"}

# Slack reference: "Blocks" and "Block elements", written down here a second time. What is not named stands everywhere.
SURFACES_OF_BLOCKS: dict[str, set[str]] = {
    "alert": {"modal"},
    "carousel": {"message", "home"},
    "container": {"message"},
    "context_actions": {"message"},
    "data_table": {"message", "home"},
    "data_visualization": {"message"},
    "markdown": {"message"},
    "plan": {"message"},
    "table": {"message", "home"},
    "task_card": {"message"},
}
SURFACES_OF_ELEMENTS: dict[str, set[str]] = {
    "datetimepicker": {"message", "modal"},
    "email_text_input": {"modal"},
    "feedback_buttons": {"message"},
    "file_input": {"modal"},
    "icon_button": {"message"},
    "number_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "url_text_input": {"modal"},
    "workflow_button": {"message"},
}
BLOCKS_OF_ELEMENTS: dict[str, set[str]] = {
    "button": {"section", "actions", "card", "data_table"},
    "workflow_button": {"section", "actions"},
    "overflow": {"section", "actions"},
    "image": {"section", "context"},
    "icon_button": {"context_actions"},
    "feedback_buttons": {"context_actions"},
    "datetimepicker": {"actions", "input"},
    "plain_text_input": {"input"},
    "email_text_input": {"input"},
    "url_text_input": {"input"},
    "number_input": {"input"},
    "rich_text_input": {"input"},
    "file_input": {"input"},
}
HOLDERS = ("section", "actions", "input", "context", "context_actions", "card", "data_table")


def surface_of(kind: str) -> str:
    surfaces = SURFACES_OF_BLOCKS.get(kind, EVERYWHERE)
    return "message" if "message" in surfaces else min(surfaces)


def place_of(kind: str) -> tuple[str, str]:
    """A surface and a block in which this element may stand."""
    blocks = BLOCKS_OF_ELEMENTS.get(kind, {"section", "actions", "input"})
    return max(SURFACES_OF_ELEMENTS.get(kind, {"message"})), min(blocks)
