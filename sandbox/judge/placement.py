"""What may stand where.

Slack reference: "Blocks" (column Surfaces, and on the page of each block its compatible elements) and "Block elements"
(columns Blocks and Surfaces). Where the page of a block and the page of an element differ, the narrower one counts.
"""

from __future__ import annotations

from collections.abc import Mapping

SURFACES = ("message", "modal", "home")
_EVERYWHERE = "message modal home"

# fmt: off
BLOCKS: Mapping[str, str] = {
    # block                surfaces
    "actions":            _EVERYWHERE,
    "alert":              "modal",
    "card":               _EVERYWHERE,
    "carousel":           "message home",
    "container":          "message",
    "context":            _EVERYWHERE,
    "context_actions":    "message",
    "data_table":         "message home",
    "data_visualization": "message",
    "divider":            _EVERYWHERE,
    "file":               "",  # Slack shows it in messages it returns; an app cannot send it
    "header":             _EVERYWHERE,
    "image":              _EVERYWHERE,
    "input":              _EVERYWHERE,
    "layout":             _EVERYWHERE,
    "markdown":           "message",
    "plan":               "message",
    "rich_text":          _EVERYWHERE,
    "section":            _EVERYWHERE,
    "table":              "message home",
    "task_card":          "message",
    "video":              _EVERYWHERE,
}
IN_CONTAINERS = "actions context divider header image input rich_text section table video"
# Slack's changelog of the layout block says "section, image, actions, table, and other blocks"; taken for those of a
# container, and the input left out.
IN_LAYOUTS = "actions context divider header image rich_text section table video"

ELEMENTS: Mapping[str, tuple[str, str]] = {
    # element                      surfaces        blocks
    "button":                     (_EVERYWHERE,    "section actions card data_table"),
    "workflow_button":            ("message",      "section actions"),
    "icon_button":                ("message",      "context_actions"),
    "feedback_buttons":           ("message",      "context_actions"),
    "image":                      (_EVERYWHERE,    "section context"),
    "overflow":                   (_EVERYWHERE,    "section actions"),
    "checkboxes":                 (_EVERYWHERE,    "section actions input"),
    "radio_buttons":              (_EVERYWHERE,    "section actions input"),
    "datepicker":                 (_EVERYWHERE,    "section actions input"),
    "timepicker":                 (_EVERYWHERE,    "section actions input"),
    "datetimepicker":             ("message modal", "actions input"),
    "static_select":              (_EVERYWHERE,    "section actions input"),
    "external_select":            (_EVERYWHERE,    "section actions input"),
    "users_select":               (_EVERYWHERE,    "section actions input"),
    "conversations_select":       (_EVERYWHERE,    "section actions input"),
    "channels_select":            (_EVERYWHERE,    "section actions input"),
    "multi_static_select":        (_EVERYWHERE,    "section actions input"),
    "multi_external_select":      (_EVERYWHERE,    "section actions input"),
    "multi_users_select":         (_EVERYWHERE,    "section actions input"),
    "multi_conversations_select": (_EVERYWHERE,    "section actions input"),
    "multi_channels_select":      (_EVERYWHERE,    "section actions input"),
    "plain_text_input":           (_EVERYWHERE,    "input"),
    "email_text_input":           ("modal",        "input"),
    "url_text_input":             ("modal",        "input"),
    "number_input":               ("modal",        "input"),
    "rich_text_input":            ("modal home",   "input"),
    "file_input":                 ("modal",        "input"),
}

KEYS: Mapping[str, tuple[str, str]] = {
    # key of an element      surfaces   blocks
    "response_url_enabled": ("modal",   "input"),
}
# fmt: on


def blocks_on(surface: str) -> list[str]:
    """The kinds of block that a surface takes."""
    return [kind for kind, surfaces in BLOCKS.items() if surface in surfaces.split()]


def elements_in(block: str, surface: str) -> list[str]:
    """The kinds of element that a block takes on this surface."""
    return [kind for kind, places in ELEMENTS.items() if _fits(places, block, surface)]


def keys_out_of_place(block: str, surface: str) -> list[str]:
    """The keys that no element may have in this block on this surface."""
    return [key for key, places in KEYS.items() if not _fits(places, block, surface)]


def _fits(places: tuple[str, str], block: str, surface: str) -> bool:
    surfaces, blocks = places
    return surface in surfaces.split() and block in blocks.split()
