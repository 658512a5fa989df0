"""What people type: shown as they meant it, without any effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.words.mrkdwn import clean, harmless, in_a_sentence, one_line, plain, quoted

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("*bold*", "\u2217bold\u2217"),
        ("~struck~", "\u223cstruck\u223c"),
        ("`code` ```block```", "\u02cbcode\u02cb \u02cb\u02cb\u02cbblock\u02cb\u02cb\u02cb"),
        ("_italic_", "\u02cditalic\u02cd"),
        ("access_review_2026.pdf", "access_review_2026.pdf"),
        ("__init__", "\u02cd\u02cdinit\u02cd\u02cd"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@channel @Here @everyone", f"@{JOINER}channel @{JOINER}Here @{JOINER}everyone"),
        ("jonas@aldermoor.example", "jonas@aldermoor.example"),
        (":tada:", f":{JOINER}tada:"),
        ("at 10:30 sharp", "at 10:30 sharp"),
        ("https://aldermoor.example/a?b=c", "https://aldermoor.example/a?b=c"),
        ("> quote", f"{JOINER}&gt; quote"),
        ("fine\n  > quote", f"fine\n{JOINER}  &gt; quote"),
        ("a -> b", "a -&gt; b"),
        ("{{ name }} {% x %}", "{{ name }} {% x %}"),
    ],
)
def test_a_persons_text_does_nothing(typed: str, shown: str) -> None:
    assert harmless(typed) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2067left\u2069", "left"),
        ("half \ud800 a character", "half  a character"),
        ("tab\tstays", "tab\tstays"),
        ("مرحبا 👩\u200d👧 é", "مرحبا 👩\u200d👧 é"),
    ],
)
def test_codes_that_slack_refuses_or_that_reorder_words_are_dropped(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> & <@U1> <#C1>", f"<{JOINER}!channel> & <{JOINER}@U1> <{JOINER}#C1>"),
        ("*as typed* _too_", "*as typed* _too_"),
        ("  @here  ", f"@{JOINER}here"),
    ],
)
def test_plain_text_stays_as_typed_but_for_mentions(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_a_value_in_a_sentence_is_one_short_line() -> None:
    assert in_a_sentence("two\n\n  lines\tand more", 13) == "two lines…"


def test_a_long_text_is_cut_after_it_was_escaped() -> None:
    assert in_a_sentence("&" * 100_000, 12) == "&amp;&amp;…"


def test_a_quotation_keeps_its_lines_and_drops_empty_ones() -> None:
    assert quoted("first\n\n> second", 100) == f"> first\n> {JOINER}&gt; second"


@given(st.text())
def test_nothing_typed_leaves_a_mark_that_slack_reads(text: str) -> None:
    shown = harmless(one_line(text))
    assert not set(shown) & set("*~`<>\n")
