"""Shortening: within the limit, at a border, and never through something that is one."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.words.limits import length, listed, shorten


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short enough", 12, "short enough"),
        ("one word too many", 12, "one word…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("fish &amp; chips", 9, "fish…"),
        ("fish&amp;chips", 9, "fish…"),
        ("see <@U0JONAS> there", 10, "see…"),
        ("see<https://a.example/b|this>now", 12, "see…"),
        ("on <!date^1^{date}|Monday> we", 20, "on…"),
        ("a < b and b > c", 6, "a <…"),
        ("ab👩\u200d👩\u200d👧cd", 8, "ab…"),
        ("cafe\u0301s", 5, "caf…"),
        ("ok👍🏽ok", 6, "ok…"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀", 4, "😀😀"),
        ("ab", 1, "…"),
    ],
)
def test_a_text_is_cut_at_a_border(text: str, limit: int, shown: str) -> None:
    assert shorten(text, limit) == shown


PIECES = st.sampled_from(["word", " ", "&amp;", "&lt;", "<@U0JONAS>", "<https://a.example|b>", "👩\u200d👧", "e\u0301"])


@given(st.lists(PIECES | st.characters(exclude_characters="&<>"), max_size=60).map("".join), st.integers(1, 80))
def test_what_is_cut_is_within_the_limit_whole_and_a_beginning(text: str, limit: int) -> None:
    shown = shorten(text, limit)
    assert length(shown) <= limit
    if shown != text:
        kept = shown.removesuffix("…")
        assert text.startswith(kept)
        assert not re.search(r"&[a-z]*$|<[^>]*$", kept)
        assert kept == kept.rstrip()


@given(st.text(st.characters(categories=["Mn", "Me"]), min_size=100, max_size=300))
def test_a_text_of_nothing_but_accents_ends_too(text: str) -> None:
    assert all(unicodedata.combining(each) or unicodedata.category(each) in {"Mn", "Me"} for each in text)
    assert length(shorten(text, 50)) <= 50


def and_more(left_off: int) -> str:
    return f"…and {left_off} more"


@pytest.mark.parametrize(
    ("count", "limit", "most", "last"),
    [(3, 3000, 20, "line 2"), (20, 3000, 20, "line 19"), (32, 3000, 20, "…and 12 more"), (5, 25, 20, "…and 3 more")],
)
def test_a_long_list_says_how_much_was_left_off(count: int, limit: int, most: int, last: str) -> None:
    text = listed([f"line {each}" for each in range(count)], and_more, limit, most)
    assert text.splitlines()[-1] == last
    assert length(text) <= limit


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1)))
def test_every_line_is_shown_or_counted(lines: list[str]) -> None:
    shown = listed(lines, and_more, limit=100, most=5).split("\n") if lines else []
    left_off = len(lines) - len(shown) + 1
    if shown != lines:
        assert shown[-1] == and_more(left_off)
        assert shown[:-1] == lines[: len(lines) - left_off]
