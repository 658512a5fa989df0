"""Whatever JSON can hold and what only a program can hold, with the words of Block Kit more often than by chance."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_KEYS = st.sampled_from(
    [
        *("type", "text", "elements", "element", "accessory", "options", "option_groups", "initial_option", "block_id"),
        *("action_id", "fields", "rows", "blocks", "title", "child_blocks", "tasks", "chart", "series", "confirm"),
        *("event_subscriptions", "interactivity", "scopes", "bot_events", "slash_commands", "name"),
    ]
)
_KINDS = st.sampled_from(
    [
        *("section", "actions", "input", "table", "data_table", "context", "card", "carousel", "container", "plan"),
        *("data_visualization", "rich_text", "rich_text_section", "static_select", "plain_text", "mrkdwn", "button"),
        *("number_input", "modal", "home", "pie", "bar", "raw_text", "action_cell"),
    ]
)
_SURROGATES = st.sampled_from(["\ud800", "tea\udfff", "\x00"])
_HUGE = st.sampled_from([10**400, -(10**4000), 2**63])
_ODD_NUMBERS = st.sampled_from([float("nan"), float("inf"), -0.0, 1e308])
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | _KINDS
    | _SURROGATES
    | _HUGE
    | _ODD_NUMBERS
)

ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | st.text(max_size=3), inner, max_size=5),
    max_leaves=15,
)


def deep(levels: int) -> Any:
    """Objects and lists in one another, deeper than a program may call itself."""
    value: Any = []
    for _ in range(levels):
        value = [{"type": "section", "text": value, "elements": value}]
    return value


# What is hard to write down, to count or to go through.
NASTY: dict[str, Any] = {
    "deep": deep(10_000),
    "huge": 10**5000,
    "not a number": float("nan"),
    "infinite": float("inf"),
    "half a character": "\ud800",
    "odd key": {"\ud800": 1},
}
