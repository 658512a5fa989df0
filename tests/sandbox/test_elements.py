"""The state of every kind of input, and what Slack's client refuses to submit."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.checks import FILE_LIMIT, complaint
from sandbox.elements import KINDS, chosen_state, initial_state, state_of
from sandbox.judge.elements import ELEMENTS
from sandbox.refusal import Refusal
from tests.sandbox.kit import actions, button, checkboxes, file_input, input_block, option, radio, select, text_input

Json = dict[str, Any]
A, B = option("a"), option("b")

# Element, what a person chooses, and the state that Slack sends for it.
CHOSEN: list[tuple[Json, Any, Json]] = [
    (text_input(), "words", {"value": "words"}),
    ({"type": "email_text_input"}, "a@b.cd", {"value": "a@b.cd"}),
    ({"type": "url_text_input"}, "https://a.b", {"value": "https://a.b"}),
    ({"type": "number_input"}, "7", {"value": "7"}),
    (select(A, B), "b", {"selected_option": B}),
    (radio(A, B), "a", {"selected_option": A}),
    ({"type": "static_select", "option_groups": [{"options": [A]}, {"options": [B]}]}, "b", {"selected_option": B}),
    (checkboxes(A, B), ["a", "b"], {"selected_options": [A, B]}),
    (checkboxes(A, B), "a", {"selected_options": [A]}),
    ({"type": "multi_static_select", "options": [A, B]}, ["b"], {"selected_options": [B]}),
    ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
    ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
    ({"type": "multi_conversations_select"}, ["C1"], {"selected_conversations": ["C1"]}),
    ({"type": "channels_select"}, "C1", {"selected_channel": "C1"}),
    ({"type": "multi_channels_select"}, ["C1"], {"selected_channels": ["C1"]}),
    ({"type": "datepicker"}, "2027-02-28", {"selected_date": "2027-02-28"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, 1800000000, {"selected_date_time": 1800000000}),
    (file_input(), [{"id": "F1"}], {"files": [{"id": "F1"}]}),
]


@pytest.mark.parametrize(("element", "value", "state"), CHOSEN)
def test_what_is_chosen(element: Json, value: Any, state: Json) -> None:
    assert chosen_state(element, value) == {"type": element["type"], **state}
    emptied = chosen_state(element, None)
    assert emptied == initial_state({"type": element["type"]})


def test_every_kind_that_keeps_state_is_known_to_the_judge() -> None:
    assert set(KINDS) | {"button", "image", "overflow", "feedback_buttons", "icon_button", "workflow_button"} == set(
        ELEMENTS
    )


def test_presets_and_untouched_elements_are_in_the_state() -> None:
    blocks = [
        input_block(text_input(initial_value="x"), block_id="one"),
        actions(select(A) | {"initial_option": A}, button(), block_id="two"),
    ]
    assert state_of(blocks, {}) == {
        "values": {
            "one": {"words": {"type": "plain_text_input", "value": "x"}},
            "two": {"choose": {"type": "static_select", "selected_option": A}},
        }
    }


def test_what_cannot_be_chosen() -> None:
    with pytest.raises(Refusal):
        chosen_state(select(A), "z")
    with pytest.raises(Refusal):
        chosen_state(button(), "x")


NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}

# Element, value, whether Slack's client lets it go.
CHECKED: list[tuple[Json, Any, bool]] = [
    (text_input(min_length=3), "abc", True),
    (text_input(min_length=3), "ab", False),
    (text_input(max_length=3), "abc", True),
    (text_input(max_length=3), "abcd", False),
    (text_input(), "x" * 3000, True),
    (text_input(), "x" * 3001, False),
    (NUMBER, "1", True),
    (NUMBER, "9", True),
    (NUMBER, "0", False),
    (NUMBER, "10", False),
    (NUMBER, "1.5", False),
    (NUMBER | {"is_decimal_allowed": True}, "1.5", True),
    (NUMBER | {"is_decimal_allowed": True}, "one", False),
    ({"type": "email_text_input"}, "a@b.cd", True),
    ({"type": "email_text_input"}, "a@b", False),
    ({"type": "url_text_input"}, "https://a.b", True),
    ({"type": "url_text_input"}, "a.b", False),
    ({"type": "datepicker"}, "2027-02-28", True),
    ({"type": "datepicker"}, "28.02.2027", False),
    ({"type": "timepicker"}, "23:59", True),
    ({"type": "timepicker"}, "24:00", False),
    ({"type": "multi_static_select", "options": [A, B], "max_selected_items": 1}, ["a"], True),
    ({"type": "multi_static_select", "options": [A, B], "max_selected_items": 1}, ["a", "b"], False),
    (file_input(), [{"name": "f", "size": FILE_LIMIT, "filetype": "pdf"}], True),
    (file_input(), [{"name": "f", "size": FILE_LIMIT + 1, "filetype": "pdf"}], False),
    (file_input(filetypes=["pdf"]), [{"name": "f", "size": 1, "filetype": "exe"}], False),
    (file_input(max_files=1), [{"name": "f", "size": 1, "filetype": "pdf"}] * 2, False),
    (file_input(), [{"name": "f", "size": 1, "filetype": "pdf"}] * 11, False),
]


@pytest.mark.parametrize(("element", "value", "passes"), CHECKED)
def test_what_may_be_submitted(element: Json, value: Any, passes: bool) -> None:
    said = complaint(element, chosen_state(element, value), optional=False)
    assert (said is None) == passes


@pytest.mark.parametrize("empty", ["", None])
def test_empty_only_where_optional(empty: str | None) -> None:
    state = chosen_state(text_input(), empty)
    assert complaint(text_input(), state, optional=False) == "Please complete this required field."
    assert complaint(text_input(), state, optional=True) is None
