"""Story files: what is read, and what is refused with its line before anything is played."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.story import Step, Story, StoryRefused, read_story
from sandbox.story.forms import FORMS
from sandbox.story.reading import PARTS

BEGIN = "title: Tea\nchapters:\n- title: Morning\n  steps:\n"


def read(folder: Path, text: str) -> Story:
    path = folder / "tea.yaml"
    path.write_text(text, encoding="utf-8")
    return read_story(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(StoryRefused) as caught:
        read(folder, text)
    return str(caught.value)


def test_a_story_is_what_its_file_says(tmp_path: Path) -> None:
    story = read(
        tmp_path,
        BEGIN.replace("title: Tea\n", "title: Tea\nbegins: 2027-01-04 09:05+01:00\nneeds: [restarts]\nseed: 7\n")
        + """\
  - tells: Mira orders.
    who: Mira
    types: /tea green
    at: "#general"
    answers: It is coming
    never sees: [coffee, milk]
  - tells: Tom looks into the thread.
    who: Tom
    sees: 10:30
    in: {thread: Tea time}
  - tells: The app is started anew.
    restarts: the app
""",
    )
    assert (story.title, story.needs, story.seed, story.chapters[0].title) == ("Tea", ("restarts",), 7, "Morning")
    assert story.begins == datetime(2027, 1, 4, 9, 5, tzinfo=timezone(timedelta(hours=1)))
    assert story.steps == (
        Step(
            tells="Mira orders.",
            who="Mira",
            deed="types",
            what="/tea green",
            place="#general",
            at="#general",
            answers=("It is coming",),
            never_sees=("coffee", "milk"),
            where="Morning, step 1 (tea.yaml, line 8)",
        ),
        Step(
            tells="Tom looks into the thread.",
            who="Tom",
            sees=("10:30",),
            thread="Tea time",
            where="Morning, step 2 (tea.yaml, line 14)",
        ),
        Step(
            tells="The app is started anew.",
            deed="restarts",
            what="the app",
            where="Morning, step 3 (tea.yaml, line 18)",
        ),
    )


def test_the_settings_of_a_fault_are_numbers_texts_and_booleans(tmp_path: Path) -> None:
    step = "  - tells: It breaks.\n    breaks: {kind: storm, times: 3, chance: 0.5, method: chat.update, loud: true}\n"
    [read_step] = read(tmp_path, BEGIN + step).steps
    assert read_step.what == {"kind": "storm", "times": 3, "chance": 0.5, "method": "chat.update", "loud": True}


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "a story has `title` and `chapters`"),
        ("- a", 1, "a story has `title` and `chapters`"),
        ("title: Tea", 1, "a story has `chapters`"),
        ("title: Tea\nchapters: []", 2, "`chapters` is a list with something in it"),
        ("title: Tea\nchapters: [a]", 2, "a chapter has `title` and `steps`"),
        ("title: Tea\nchapter: []", 2, "`chapter` is no part of a story"),
        ("title: Tea\ntitle: Coffee", 2, "`title` stands here twice"),
        ("title: [Tea]\nchapters: [{title: a, steps: [{tells: b}]}]", 1, "`title` is a text"),
        ("seed: many\ntitle: Tea\nchapters: []", 1, "`seed` is a whole number"),
        ("begins: monday\ntitle: Tea\nchapters: []", 1, "`begins` is a moment in its zone"),
        ("begins: 2027-01-04 09:05\ntitle: Tea\nchapters: []", 1, "`begins` is a moment in its zone"),
        ("title: Tea\nbegins: {day: one}\nchapters: []", 2, "`begins` is a moment in its zone"),
        ("title: Tea\nchapters:\n- title: a\n", 3, "a chapter has `steps`"),
        ("title: 'Tea", 1, "this is no YAML"),
        (BEGIN + "  - a\n", 4, "step 1 has a sentence, `tells`"),
        (BEGIN + "  - who: Mira\n    says: hi\n", 5, "a step has `tells`"),
        (BEGIN + "  - tells: a\n    who: Mira\n    shouts: hi\n", 7, "`shouts` is no part of a step"),
        (BEGIN + "  - tells: a\n    restarts: the app\n", 6, "`restarts` is no part of a step"),
        (
            BEGIN + "  - tells: a\n    who: M\n    says: b\n    types: /c\n",
            8,
            "one deed, and this one has says and types",
        ),
        (BEGIN + "  - tells: a\n    says: b\n", 5, "`who` does or sees this"),
        (BEGIN + "  - tells: a\n    sees: b\n", 5, "`who` does or sees this"),
        (BEGIN + "  - tells: a\n    who: M\n    sees: {b: c}\n", 7, "`sees` is a text, or a list of texts"),
        (BEGIN + "  - tells: a\n    who: M\n    sees: ''\n", 7, "`sees` is a text, or a list of texts"),
        (BEGIN + "  - tells: a\n    who: M\n    says: b\n    of: c\n", 8, "`of` belongs to one of presses"),
        (BEGIN + "  - tells: a\n    who: M\n    sees: b\n    in: attic\n", 8, "`in` is one of messages, home"),
        (BEGIN + "  - tells: a\n    who: M\n    sees: b\n    in: {thread: c, of: d}\n", 8, "`in` is one of messages"),
        (BEGIN + "  - tells: a\n    who: M\n    says: b\n    at: general\n", 8, "`at` is a #channel"),
        (BEGIN + "  - tells: a\n    fails: no\n", 6, "`fails` belongs to a deed"),
        (BEGIN + "  - tells: a\n    who: M\n    types: tea\n", 7, "after `types` stands a command"),
        (BEGIN + "  - tells: a\n    who: M\n    opens: door\n", 7, "after `opens` stands `home` or `messages`"),
        (BEGIN + "  - tells: a\n    who: M\n    fills: hi\n", 7, "after `fills` stands the fields of the open modal"),
        (BEGIN + "  - tells: a\n    who: M\n    drops: {name: b}\n", 7, "after `drops` stands a file"),
        (BEGIN + "  - tells: a\n    who: M\n    says: {thread: b}\n", 7, "after `says` stands what is said"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {advance: {moons: 1}}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {advance: {weeks: 1e9}}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {next: someday 09:00}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {to: tomorrow}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {plays: inf}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    who: M\n    clock: {plays: 2, to: 2030-01-01}\n", 7, "after `clock` stands one of"),
        (BEGIN + "  - tells: a\n    breaks: {times: 3}\n", 6, "after `breaks` stands the kind of a fault"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(tmp_path: Path, text: str, line: int, expected: str) -> None:
    said = refused(tmp_path, text)
    assert said.startswith(f"{tmp_path / 'tea.yaml'}, line {line}: ")
    assert expected in said


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"title: \x00"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tea.yaml"
    path.write_bytes(content)
    with pytest.raises(StoryRefused, match="is no YAML"):
        read_story(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoryRefused, match="cannot be read: No such file"):
        read_story(tmp_path / "none.yaml")


WORDS = st.one_of(st.sampled_from([*PARTS, *FORMS, "title", "steps", "Mira", "home", "#general"]), st.text(max_size=5))
ANYTHING = st.recursive(
    WORDS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
STEPS = st.lists(
    st.dictionaries(st.sampled_from([*PARTS, *FORMS]), ANYTHING, max_size=4).map(lambda row: {"tells": "a", **row}),
    max_size=3,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=ANYTHING | st.builds(lambda rows: {"title": "t", "chapters": [{"title": "c", "steps": rows}]}, STEPS))
def test_whatever_stands_in_a_file_it_is_a_story_or_a_sentence(tmp_path: Path, document: Any) -> None:
    assert "tea.yaml" in outcome(tmp_path, yaml.safe_dump(document, allow_unicode=True))


def outcome(folder: Path, text: str) -> str:
    """Where the last step stands, or why there is none."""
    try:
        return read(folder, text).steps[-1].where
    except StoryRefused as sentence:
        return str(sentence)
