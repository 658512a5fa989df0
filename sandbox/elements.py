"""Interactive elements: what a choice in each kind looks like in `state.values` and in `actions`.

Source: Slack reference "Block elements" and "view_submission payload"; kinds not in the table keep no state (buttons,
overflow menus).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.judge import walk
from sandbox.refusal import Refusal
from sandbox.store import Json

Choices = dict[str, dict[str, Json]]  # by block_id, then action_id: the state object chosen there


@dataclass(frozen=True)
class Kind:
    """`key` holds the choice in the state object, `initial` names the element's preset; options are whole objects."""

    key: str
    initial: str
    many: bool = False
    options: bool = False


KINDS: Mapping[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "static_select": Kind("selected_option", "initial_option", options=True),
    "external_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option", options=True),
    "multi_static_select": Kind("selected_options", "initial_options", many=True, options=True),
    "multi_external_select": Kind("selected_options", "initial_options", many=True),
    "checkboxes": Kind("selected_options", "initial_options", many=True, options=True),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "file_input": Kind("files", "initial_files", many=True),
}
_STRUCTURES = ("rich_text_value", "files")


def elements_of(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element with an `action_id`, with the block it stands in, which may itself stand in another block."""
    for block, at in walk.every_block(blocks, ""):
        yield from ((block, part) for part, _ in walk.elements_of(block, at) if "action_id" in part)


def find_element(blocks: Iterable[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and element a person acts on. Refuses: element_not_found."""
    for block, element in elements_of(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise Refusal("element_not_found", "This button or field is not shown here any more.")


def options_of(element: Json) -> list[Json]:
    """The options of a select, groups flattened."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def option_named(element: Json, value: object) -> Json:
    """The option with this value. Refuses: option_not_found."""
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise Refusal("option_not_found", f"{value!r} is not among the options.")


def initial_state(element: Json) -> Json:
    """The state of an untouched element; a select nobody touched arrives as null, a multi-select as an empty list."""
    kind = KINDS[element["type"]]
    return {"type": element["type"], kind.key: element.get(kind.initial, [] if kind.many else None)}


def chosen_state(element: Json, value: Any, offered: Sequence[Json] = ()) -> Json:
    """The state after a person chose `value` (text, option value, id, date, or a list of them); None empties it.

    `offered` is what the app suggested in an external select; a program that did not ask for it may name any value.
    Refuses: option_not_found, invalid_value, no_choice_here (the element keeps no state).
    """
    kind = KINDS.get(element["type"])
    if kind is None:
        raise Refusal("no_choice_here", f"A {element['type']} is pressed, not filled in.")
    if value is None or value == "":
        return {"type": element["type"], kind.key: [] if kind.many else None}
    values = value if kind.many and isinstance(value, list) else [value]
    if offered and kind.key.startswith("selected_option"):
        element, kind = {"type": element["type"], "options": list(offered)}, replace(kind, options=True)
    found = [_choice(element, kind, one) for one in values]
    return {"type": element["type"], kind.key: found if kind.many else found[0]}


def current_state(block: Json, element: Json, choices: Choices) -> Json:
    """What was chosen in an element, or its preset. A choice made in another kind of element of that name is gone."""
    chosen = choices.get(block["block_id"], {}).get(element["action_id"])
    return chosen if chosen and chosen["type"] == element["type"] else initial_state(element)


def state_of(blocks: Iterable[Json], choices: Choices) -> Json:
    """Slack's `state`: every stateful element of the surface, as chosen or as preset."""
    values: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] in KINDS:
            state = current_state(block, element, choices)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return {"values": values}


def _choice(element: Json, kind: Kind, value: Any) -> Any:
    if kind.options:
        return option_named(element, value)
    if kind.key in _STRUCTURES:
        if not isinstance(value, dict):
            raise Refusal("invalid_value", f"A {element['type']} does not hold {value!r}.")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal("invalid_value", f"A {element['type']} does not hold {value!r}.")
    if kind.key.startswith("selected_option"):
        return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
    return value if kind.key == "selected_date_time" else str(value)
