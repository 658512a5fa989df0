"""No English slips past the templates: every sample is said in a language that nobody speaks."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from jinja2 import BaseLoader, DictLoader, Environment

import messages
from messages.words.kit import Message
from messages.words.wording import rooms
from tests.messages import slack_rules
from tests.messages.made_up import speak
from tests.messages.samples import Surface, every_sample

SAMPLES = every_sample()
CODE = re.compile(r"<[^>]*>|(?<!`)`[^`\n]+`(?!`)")
"""Mentions, tokens of moments, and what is shown as code, such as an address: none of it is words."""

LATIN = re.compile(r"[A-Za-z]{2,}")

VALUES: Mapping[str, str] = MappingProxyType(
    {
        r"\b(ISO|IEC|NC)\b": "names of standards and of records",
        r"(Europe/)?Berlin": "a time zone as the IANA names it",
        r"\b(mine|team)\b": "words that people type after /iso, which are the same for everybody",
        r"Bayern": "a region, by the name it goes by there",
        r"S0QUALITY": "a group that Slack tells nothing of",
        r"\btasks\b": "a word that people type after /iso, and one that looks like it",
        r"Test the restore|Access rights": "a task and a title, from the sample",
    }
)
"""What is the same in every language, with the reason."""


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is said in that language from here on."""
    speak(monkeypatch)


def seen(name: str) -> list[str]:
    """Every text that a sample shows, with a figure wherever people's words would stand."""
    surface: Surface = SAMPLES[name](lambda _: "0")
    shown = [each["text"] for each in slack_rules.texts(surface.to_dict())]
    return [CODE.sub("", each) for each in ([surface.text, *shown] if isinstance(surface, Message) else shown)]


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("name", SAMPLES)
def test_no_english_slips_past_the_templates(name: str) -> None:
    known = re.compile("|".join(VALUES))
    assert {word for text in seen(name) for word in LATIN.findall(known.sub("", text))} == set()


@pytest.mark.usefixtures("made_up")
def test_every_value_is_still_seen() -> None:
    everything = "\n".join(text for name in SAMPLES for text in seen(name))
    assert [each for each in VALUES if not re.search(each, everything)] == []


# --- a second language ---


def lacking(catalogue: BaseLoader) -> set[str]:
    """Templates and blocks that are said in English and not in that catalogue."""
    english, other = Environment(loader=rooms(), autoescape=True), Environment(loader=catalogue, autoescape=True)
    there_are, lacks = set(other.list_templates()), set[str]()
    for name in english.list_templates(["j2"]):  # what sets a paper holds no words
        if name not in there_are:
            lacks.add(name)
        else:
            lacks |= {f"{name}: {each}" for each in _blocks(english, name) - _blocks(other, name)}
    return lacks


def _blocks(environment: Environment, name: str) -> set[str]:
    assert environment.loader is not None
    return set(re.findall(r"\{%-? *block (\w+)", environment.loader.get_source(environment, name)[0]))


OTHERS = sorted({each.name.removeprefix("templates_") for each in Path(messages.__file__).parent.glob("*/templates_*")})


def test_every_other_language_says_everything() -> None:
    assert {language: gaps for language in OTHERS if (gaps := lacking(rooms(language)))} == {}


def test_a_catalogue_with_gaps_is_found_out() -> None:
    english = Environment(loader=rooms(), autoescape=True)
    assert english.loader is not None
    sources = {each: english.loader.get_source(english, each)[0] for each in english.list_templates()}
    assert lacking(DictLoader(sources)) == set()
    del sources["tasks/nudge.j2"]
    sources["words/phrases.j2"] = sources["words/phrases.j2"].replace("block today", "block heute")
    assert lacking(DictLoader(sources)) == {"tasks/nudge.j2", "words/phrases.j2: today"}
