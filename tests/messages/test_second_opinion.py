"""Every message before two other judges: another Block Kit library, and the sandbox that stands in for Slack."""

from collections.abc import Callable
from typing import Any

import blockkit as bk
import pytest

from messages.words.kit import Message
from sandbox.judge import faults_of_blocks, faults_of_view
from tests.messages.samples import every_sample

Json = dict[str, Any]
KINDS: dict[str, Callable[..., Any]] = {
    "modal": bk.Modal,
    "home": bk.Home,
    "section": bk.Section,
    "header": bk.Header,
    "context": bk.Context,
    "actions": bk.Actions,
    "divider": bk.Divider,
    "input": bk.Input,
    "button": bk.Button,
    "static_select": bk.StaticSelect,
    "users_select": bk.UsersSelect,
    "multi_static_select": bk.MultiStaticSelect,
    "multi_users_select": bk.MultiUsersSelect,
    "conversations_select": bk.ConversationsSelect,
    "overflow": bk.Overflow,
    "checkboxes": bk.Checkboxes,
    "radio_buttons": bk.RadioButtons,
    "datepicker": bk.DatePicker,
    "file_input": bk.FileInput,
    "plain_text_input": bk.PlainTextInput,
}
UNTYPED: dict[str, Callable[..., Any]] = {
    "confirm": bk.Confirm,
    "filter": bk.ConversationFilter,
    "options": bk.Option,
    "initial_option": bk.Option,
    "initial_options": bk.Option,
    "option_groups": bk.OptionGroup,
}

UNKNOWN_TO_IT = {"table"}
"""Blocks that are younger than the other library; the sandbox alone judges those."""


def rebuilt(value: Any, under: str = "") -> Any:
    """`value` as objects of the other library; objects without a type are known by the key they stand under."""
    if isinstance(value, list | tuple):
        return [rebuilt(each, under) for each in value if not _is_unknown(each)]
    if not isinstance(value, dict):
        return value
    if value.get("type") in ("plain_text", "mrkdwn"):
        return bk.Text(**value)
    make = KINDS[value["type"]] if "type" in value else UNTYPED[under]
    # it compares initial options with the groups themselves, never with the options in them
    unjudged = {"type", "initial_option", "initial_options"} if "option_groups" in value else {"type"}
    return make(**{key: rebuilt(part, key) for key, part in value.items() if key not in unjudged})


def _is_unknown(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in UNKNOWN_TO_IT


@pytest.mark.parametrize("name", every_sample())
def test_another_library_accepts_what_we_built(name: str) -> None:
    surface = every_sample()[name](str)
    if isinstance(surface, Message):
        opinion: Any = bk.Message(text=surface.text, blocks=rebuilt(surface.blocks))
    else:
        opinion = rebuilt(surface.to_dict())
    opinion.build()


@pytest.mark.parametrize("words", ["plain words", "", '*bold* <!channel> :tada: \n> "quote" & ' * 4_000])
def test_the_sandbox_accepts_what_we_built(words: str) -> None:
    for name, sample in every_sample().items():
        surface = sample(lambda _: words)
        if isinstance(surface, Message):
            assert faults_of_blocks(list(surface.blocks), "message", "/blocks") == [], name
        else:
            assert faults_of_view(surface.to_dict()) == [], name
