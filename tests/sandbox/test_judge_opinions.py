"""The judge beside other judges, on payloads nobody wrote: right samples with something left out, put in or changed.

`blockkit` builds payloads and refuses wrong ones, and so do the models of Slack's own SDK. Where they refuse, the judge
refuses, and where blockkit accepts, the judge accepts; the tables below are all the differences there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import blockkit as bk
import pytest
from blockkit.core import ColumnSettings, RawText, Table
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from sandbox.judge import (
    Objection,
    faults_of_blocks,
    faults_of_view,
    judged_attachments,
    judged_blocks,
    judged_view,
)
from sandbox.refusal import Refusal
from tests.sandbox.judge_samples import BLOCKS, ELEMENTS, HOME, MODAL, SURFACES, holding, place_of, surface_of
from tests.sandbox.nonsense import ANY_JSON, NASTY
from tests.sandbox.test_judge_kinds import SAMPLES, copied, objects_in

Json = dict[str, Any]

# Kinds and keys that Slack has and blockkit 2.1 does not.
NEWER_BLOCKS = {
    *("alert", "card", "carousel", "container", "context_actions", "data_table", "data_visualization"),
    *("layout", "plan", "task_card"),
}
NEWER_ELEMENTS = {"feedback_buttons", "icon_button"}
NEWER_KEYS = {"level", "agent_prompt", "visible_to_user_ids"}

KINDS: dict[str, Callable[..., Any]] = {
    "actions": bk.Actions,
    "context": bk.Context,
    "divider": bk.Divider,
    "header": bk.Header,
    "input": bk.Input,
    "markdown": bk.Markdown,
    "rich_text": bk.RichText,
    "section": bk.Section,
    "table": Table,
    "video": bk.Video,
    "button": bk.Button,
    "workflow_button": bk.WorkflowButton,
    "overflow": bk.Overflow,
    "checkboxes": bk.Checkboxes,
    "radio_buttons": bk.RadioButtons,
    "datepicker": bk.DatePicker,
    "timepicker": bk.TimePicker,
    "datetimepicker": bk.DatetimePicker,
    "static_select": bk.StaticSelect,
    "external_select": bk.ExternalSelect,
    "users_select": bk.UsersSelect,
    "conversations_select": bk.ConversationsSelect,
    "channels_select": bk.ChannelsSelect,
    "multi_static_select": bk.MultiStaticSelect,
    "multi_external_select": bk.MultiExternalSelect,
    "multi_users_select": bk.MultiUsersSelect,
    "multi_conversations_select": bk.MultiConversationsSelect,
    "multi_channels_select": bk.MultiChannelsSelect,
    "plain_text_input": bk.PlainTextInput,
    "email_text_input": bk.EmailInput,
    "url_text_input": bk.UrlInput,
    "number_input": bk.NumberInput,
    "rich_text_input": bk.RichTextInput,
    "file_input": bk.FileInput,
    "raw_text": RawText,
    "rich_text_section": bk.RichTextSection,
    "rich_text_list": bk.RichTextList,
    "rich_text_preformatted": bk.RichTextPreformatted,
    "rich_text_quote": bk.RichTextQuote,
    "text": bk.RichTextEl,
    "link": bk.RichLinkEl,
    "emoji": bk.RichEmojiEl,
    "user": bk.RichUserEl,
    "usergroup": bk.RichUserGroupEl,
    "channel": bk.RichChannelEl,
    "broadcast": bk.RichBroadcastEl,
    "color": bk.RichColorEl,
    "date": bk.RichDateEl,
}
# Objects without a type are known by the key they stand under.
UNTYPED: dict[str, Callable[..., Any]] = {
    "confirm": bk.Confirm,
    "filter": bk.ConversationFilter,
    "dispatch_action_config": bk.DispatchActionConfig,
    "options": bk.Option,
    "initial_option": bk.Option,
    "initial_options": bk.Option,
    "option_groups": bk.OptionGroup,
    "slack_file": bk.SlackFile,
    "workflow": bk.Workflow,
    "trigger": bk.Trigger,
    "customizable_input_parameters": bk.InputParameter,
    "style": bk.RichStyle,
    "column_settings": ColumnSettings,
}
SURFACE_KINDS: dict[str, Callable[..., Any]] = {"message": bk.Message, "modal": bk.Modal, "home": bk.Home}


# A builder makes texts of words, and leaves out what is empty. That is a convenience and no opinion on a payload.
TEXTS = {"title", "label", "hint", "placeholder", "description", "confirm", "deny"}
MAY_BE_EMPTY = {"elements", "column_settings"}


def rebuilt(value: Any, under: str = "") -> Any:
    """`value` as objects of blockkit. Raises whatever comes when it is none."""
    if value == [] and under not in MAY_BE_EMPTY:
        raise ValueError(f"{under} is empty")
    if isinstance(value, list):
        return [rebuilt(each, under) for each in value]
    if not isinstance(value, dict):
        if under in TEXTS and value is not None:
            raise TypeError(f"{under} is no text object")
        return value
    if value.get("type") in ("plain_text", "mrkdwn"):
        return bk.Text(**value)
    keys = {key: rebuilt(part, key) for key, part in value.items() if key != "type"}
    return _make(value.get("type"), under, keys)


def _make(kind: Any, under: str, keys: Json) -> Any:
    if kind == "number_input":  # a builder takes numbers and writes them down
        keys |= {key: json.loads(keys[key]) for key in keys if key.endswith("_value") and isinstance(keys[key], str)}
    if "option_groups" in keys:  # it compares a preset with the groups themselves, never with the options in them
        keys = {key: part for key, part in keys.items() if not key.startswith("initial_")}
    if kind == "image":
        return (bk.Image if under == "blocks" else bk.ImageEl)(**keys)
    return (UNTYPED[under] if kind is None else KINDS[kind])(**keys)


def refusal_of_blockkit(blocks: Any, surface: str) -> str:
    """What blockkit says against these blocks, or nothing. Being a builder, it says no with any error there is."""
    try:
        extra = {"title": "Title"} if surface == "modal" else {}
        SURFACE_KINDS[surface](blocks=rebuilt(blocks, "blocks"), **extra).build()
    except Exception as error:  # noqa: BLE001 - a wrong value reaches blockkit's own code, which falls over it anywhere
        return f"{type(error).__name__}: {error}"
    return ""


# The judge refuses what blockkit lets pass: a pattern for the judge's fault, and why.
STRICTER: list[tuple[str, str]] = [
    ("missing required field: (elements|rows|options|blocks)", "a list left out passes for an empty one"),
    ("missing required field: (video_url|thumbnail_url|workflow|type|action_id|style)", "the pages require these"),
    ("no fewer than 1 items.*/elements", "and an empty one, which in rich text is right"),
    ("less than 2001 characters.*/fields/", "a field of a section has no length there"),
    (
        r"no more than \d+ items.*/(fields|include|trigger_actions_on|column_settings|rows/\d+)\]",
        "nor have these lists",
    ),
    (r"must be less than (200|50) characters|https address", "the page of the video block says less than 200 and 50"),
    (r"unsupported type: \w+.*/(element|elements/\d+)/type", "what stands on which surface is not looked at"),
    ("invalid additional property: response_url_enabled", "nor that this is for modals"),
    ("invalid additional property: (verbatim|emoji|url|placeholder|max_selected_items)", "keys of a like kind pass"),
    (r"unsupported type: mrkdwn.*/description/type", "only options of choices may be formatted"),
    ("must provide an object.*/text]", "a text made of words"),
    ("already exists", "nothing is unique there"),
    ("among the options|a number as text", "`rebuilt` leaves these to the judge"),
    ("whole number|must provide (a number|a string|a boolean|an array)", "what is like it, or empty, passes"),
]

# The judge lets pass what blockkit refuses: a pattern for its error, and why.
MILDER: list[tuple[str, str]] = [
    ("'alt_text': Length must be between 1 and 255", "2,000 on the pages of images"),
    ("'initial_value': Length must be between 1 and (74|3000)", "no limit on the pages of these inputs"),
    ("'text': Only plain_text is allowed", "texts of choices and confirmations may be formatted"),
    ("'id': Length must be between 1 and 30", "no limit on the page of the Slack file"),
    ("'min_query_length': Value must be between 1", "0 asks at once"),
    ("'trigger_actions_on': Value is required", "optional on its page"),
    ("'filetypes'", "any extension there is"),
    ("got 'DatetimePicker'", "in actions, as its page has it"),
    ("KeyError: 'raw_number'", "a newer cell"),
    ("'column_settings': Expected type 'ColumnSettings', got 'NoneType'", "null leaves a column as it is"),
]


def is_known(sentence: str, table: list[tuple[str, str]]) -> bool:
    return any(re.search(pattern, sentence) for pattern, _ in table)


def known_to_blockkit(sample: Json) -> Json:
    older: Json = copied(sample)
    for value, _ in objects_in(older):
        for key in NEWER_KEYS & set(value):
            del value[key]
    return older


COMPARABLE: list[tuple[str, Json]] = [
    *(
        (surface_of(kind), known_to_blockkit(sample))
        for kind, samples in BLOCKS.items()
        if kind not in NEWER_BLOCKS
        for sample in samples[: 1 if kind == "rich_text" else None]
    ),
    *(
        (place_of(kind)[0], known_to_blockkit(holding(kind, place_of(kind)[1])))
        for kind in ELEMENTS
        if kind not in NEWER_ELEMENTS and place_of(kind)[1] not in NEWER_BLOCKS
    ),
]
LENGTHS = (0, 1, 24, 30, 31, 50, 75, 76, 100, 101, 150, 151, 200, 255, 256, 300, 301, 2000, 2001, 3000, 3001, 12_001)
OTHERS: tuple[Any, ...] = (None, 7, -1, True, "tea", [], ["tea"], {}, {"type": "plain_text", "text": "Tea"})


def dropped(draw: st.DrawFn, value: Json, key: str) -> None:
    del value[key]


def added(draw: st.DrawFn, value: Json, key: str) -> None:
    value[draw(st.sampled_from(("colour", "url", "verbatim", "value")))] = copied(draw(st.sampled_from(OTHERS)))


def swapped(draw: st.DrawFn, value: Json, key: str) -> None:
    value[key] = copied(draw(st.sampled_from(OTHERS)))


def resized(draw: st.DrawFn, value: Json, key: str) -> None:
    if isinstance(value[key], str) and key != "type":
        value[key] = "x" * draw(st.sampled_from(LENGTHS))
    elif isinstance(value[key], list):
        value[key] = [copied(one) for one in value[key][:1] * draw(st.sampled_from((0, 1, 2, 5, 6, 10, 11)))]


@st.composite
def mutated(draw: st.DrawFn, samples: list[tuple[str, Json]] = COMPARABLE) -> tuple[str, Json]:
    """A right block, changed in at most two places: a key dropped, added, swapped for another type, or resized."""
    surface, sample = draw(st.sampled_from(samples))
    block = copied(sample)
    for change in draw(st.lists(st.sampled_from((dropped, added, swapped, resized)), max_size=2)):
        filled = [value for value, _ in objects_in(block) if value]
        if filled:
            value = draw(st.sampled_from(filled))
            change(draw, value, draw(st.sampled_from(sorted(value))))
    return surface, block


@settings(max_examples=400)
@given(mutated())
def test_blockkit_is_of_the_same_opinion(case: tuple[str, Json]) -> None:
    surface, block = case
    ours: list[Objection] = faults_of_blocks([block], surface, "")
    theirs = refusal_of_blockkit([block], surface)
    if ours and not theirs:
        assert any(is_known(str(fault), STRICTER) for fault in ours), ours
    if theirs and not ours:
        assert is_known(theirs, MILDER), theirs


@pytest.mark.parametrize("number", range(len(COMPARABLE)))
def test_blockkit_accepts_our_samples(number: int) -> None:
    surface, block = COMPARABLE[number]
    theirs = refusal_of_blockkit([block], surface)
    assert not theirs or is_known(theirs, MILDER)


EVERY_SAMPLE = [(surface, copied(block)) for surface, block in SAMPLES.values()]


def refused_by_slacks_models(block: Json) -> bool:
    try:
        parsed = Block.parse(copied(block))
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError:
        return True
    except Exception:  # noqa: BLE001 - a value of another type reaches the models' own code, which falls over it
        return False
    return False


@settings(max_examples=300)
@given(mutated(EVERY_SAMPLE))
def test_what_slacks_models_refuse_is_refused(case: tuple[str, Json]) -> None:
    surface, block = case
    if refused_by_slacks_models(block):
        assert faults_of_blocks([block], surface, "")


def refused_or_accepted(value: Any) -> None:
    """Every way into the judge, of which none may fail with anything but a refusal."""
    for surface in SURFACES:
        faults_of_blocks(value, surface, "/blocks")
    ways: tuple[Callable[[], Any], ...] = (
        lambda: judged_blocks(value, "message"),
        lambda: judged_view(value, "modal"),
        lambda: judged_attachments(value),
        lambda: judged_attachments([{"blocks": value}]),
        lambda: judged_view(MODAL | {"blocks": value}, "modal"),
        lambda: judged_view(HOME | {"blocks": value}, "home"),
    )
    for way in ways:
        try:
            way()
        except Refusal as refusal:
            assert refusal.reasons, refusal.error  # noqa: PT017 - both ends are right: accepted, or refused with reasons


@settings(max_examples=300)
@given(ANY_JSON)
@example([None])
@example([{"type": "section", "text": None, "fields": None, "accessory": None}])
@example([{"type": "card", "actions": None, "title": {"type": "plain_text", "text": "Tea"}}])
def test_nonsense_is_judged_not_tripped_over(value: Any) -> None:
    refused_or_accepted(value)
    refused_or_accepted([value])


@settings(max_examples=300)
@given(mutated(EVERY_SAMPLE), ANY_JSON, st.data())
def test_nonsense_inside_a_right_sample(case: tuple[str, Json], nonsense: Any, data: st.DataObject) -> None:
    _, block = case
    value, _ = data.draw(st.sampled_from(list(objects_in(block))))
    value[data.draw(st.sampled_from(sorted(value) or ["type"]))] = nonsense
    refused_or_accepted([block])


@pytest.mark.parametrize("name", NASTY)
def test_what_is_hard_to_write_down(name: str) -> None:
    refused_or_accepted(NASTY[name])
    for surface, sample in EVERY_SAMPLE:
        for key in sample:
            block = sample | {key: NASTY[name]}
            assert faults_of_blocks([block], surface, "") or name == "half a character"
    for key in MODAL:
        faults_of_view(MODAL | {key: NASTY[name]})
