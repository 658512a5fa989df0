"""Every message with every kind of text in it: it keeps its shape, stays within Slack's limits and pings nobody."""

import copy
import json
import re
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from messages.words import payloads as words_payloads
from messages.words.kit import Message
from tests.messages import slack_rules
from tests.messages.samples import Sample, Surface, every_sample
from tests.messages.values import MEANT_TO_BE_NAMED

SAMPLES = every_sample()
NASTY = [
    '"',
    "'",
    "\n",
    "\r\n",
    "\\",
    "\\n",
    "{{ card }}",
    "{% raw %}",
    "{#",
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C123|general>",
    "<!subteam^S1>",
    "<!date^0^{date}|x>",
    "<https://evil.example|click>",
    "https://evil.example",
    "*bold*",
    "_italic_",
    "~struck~",
    "`code`",
    "```",
    "\n> quote",
    "\n>>> quote",
    "@channel",
    "@Here",
    "@everyone",
    ":tada:",
    ":+1::skin-tone-2:",
    "&amp;",
    "&lt;!channel&gt;",
    "\u202e",
    "\u2066",
    "\u0000",
    "\u0007",
    "\u2028",
    "👩‍👩‍👧",
    "e\u0301",
    "🏽",
    "مرحبا",
    " ",
    "\t",
    "a_b",
]
SURROGATES = range(0xD800, 0xE000)
"""Halves of characters, which no text has."""

MENTION = re.compile(r"<[@#!]([^>|]*)")


def hostile(chance: Random) -> str:
    """What somebody might type, from nothing at all to 100,000 characters."""
    pieces = [chance.choice(NASTY) if chance.random() < 0.5 else odd(chance) for _ in range(chance.randrange(9))]
    return ("".join(pieces) * chance.choice([1, 1, 1, 1, 40, 20_000]))[:100_000]


def odd(chance: Random) -> str:
    """Up to a dozen characters of any writing there is."""
    reach = chance.choice([0x80, 0x800, 0x11_0000])
    codes = [chance.randrange(reach) for _ in range(chance.randrange(13))]
    return "".join(chr(code) for code in codes if code not in SURROGATES)


def plain(words: str) -> str:
    return words


@cache
def plain_shape(name: str) -> Any:
    """What it consists of where nobody wrote anything odd."""
    return shape(SAMPLES[name](plain).blocks)


def shape(blocks: Any) -> Any:
    """What a surface consists of, without its words."""
    kept = ("type", "action_id", "block_id", "elements", "accessory", "element", "options", "option_groups")
    if isinstance(blocks, dict):
        return {key: shape(value) for key, value in blocks.items() if key in kept or key == "value"}
    if isinstance(blocks, list | tuple):
        return [shape(each) for each in blocks]
    return blocks


def mrkdwn_texts(surface: Surface) -> list[str]:
    texts = [each["text"] for each in slack_rules.texts(surface.to_dict()) if each["type"] == "mrkdwn"]
    return [surface.text, *texts] if isinstance(surface, Message) else texts


@pytest.mark.parametrize("name", SAMPLES)
@settings(
    max_examples=12,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_any_text_leaves_a_message_in_shape_within_limits_and_silent(name: str, seed: int) -> None:
    """A seed for all texts of a surface: letting Hypothesis draw each of them took four times as long."""
    sample: Sample = SAMPLES[name]
    chance = Random(seed)
    surface = sample(lambda _: hostile(chance))
    assert slack_rules.faults(surface.to_dict()) == []
    assert shape(surface.blocks) == plain_shape(name)
    assert named_in(surface) <= MEANT_TO_BE_NAMED
    assert_nothing_active(surface)


def shown(surface: Surface) -> str:
    """Everything of a surface but what already stands in its fields, which goes back to us just as it was typed."""
    whole = copy.deepcopy(surface.to_dict())
    for each in slack_rules.parts(whole):
        each.pop("initial_value", None)
    return json.dumps(whole, ensure_ascii=False)


def named_in(surface: Surface) -> set[str]:
    whole = shown(surface)
    named = {found.lstrip("@#!") for found in MENTION.findall(whole)}
    return {each for each in named if not each.startswith("date^17")}


def assert_nothing_active(surface: Surface) -> None:
    whole = shown(surface)
    assert not re.search(r"@(channel|here|everyone)", whole, re.IGNORECASE)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", whole)
    assert not re.search(r"\\u00(0[0-8b-f]|1)", whole)
    for text in mrkdwn_texts(surface):
        assert not re.search(r":[a-z0-9_+'-]+:", text)
        assert "evil" not in "".join(re.findall(r"<[^|>]*", text))


@pytest.mark.parametrize("name", SAMPLES)
def test_marks_in_peoples_words_format_nothing(name: str) -> None:
    marked = SAMPLES[name](lambda words: f"*{words}* _{words}_ ~{words}~ `{words}` :x: ```")
    for ours, theirs in zip(mrkdwn_texts(SAMPLES[name](plain)), mrkdwn_texts(marked), strict=True):
        for mark in "*~`":
            assert ours.count(mark) == theirs.count(mark)
        assert not re.search(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", re.sub(r"<[^>]*>", "", theirs))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_button_and_modal_carries_a_readable_payload(name: str) -> None:
    surface = SAMPLES[name](plain).to_dict()
    buttons = [each["value"] for each in slack_rules.parts(surface) if each.get("type") == "button"]
    menus = [each["options"] for each in slack_rules.parts(surface) if each.get("type") == "overflow"]
    buttons += [option["value"] for options in menus for option in options]
    carried = [*buttons, *([surface["private_metadata"]] if surface.get("type") == "modal" else [])]
    for text in carried:
        assert any(_decodes(kind, text) for kind in words_payloads.Payload.__subclasses__())


def _decodes(kind: Any, text: str) -> bool:
    try:
        return words_payloads.encode(words_payloads.decode(kind, text)) == text
    except words_payloads.UnreadablePayload:
        return False


@pytest.mark.parametrize("name", SAMPLES)
def test_no_message_shows_a_code_of_ours(name: str) -> None:
    surface = SAMPLES[name](plain)
    for each in slack_rules.texts(surface.to_dict()):
        assert "None" not in each["text"]
        assert "{" not in each["text"].replace("{date_long} at {time}", "")
        assert each["type"] == "mrkdwn" or "<" not in each["text"]
        assert "\n\n\n" not in each["text"]
