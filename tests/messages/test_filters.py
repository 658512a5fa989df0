"""People, dates, amounts and changes in words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from messages.words import filters
from messages.words.wording import phrase

AT = datetime(2026, 3, 2, 23, 5, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("U0JONAS", "<@U0JONAS>"), ("W012", "<@W012>"), ("jonas", "jonas"), ("U1> <!channel", "U1&gt; &lt;!channel")],
)
def test_only_a_well_formed_id_becomes_a_mention(given: str, shown: str) -> None:
    assert filters.person(given) == shown


NAMES = {"lead": "a lead", "auditor": "an auditor", "management": "management"}


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (["auditor"], "an auditor"),
        (["lead", "auditor"], "a lead or an auditor"),
        (["lead", "auditor", "management"], "a lead, an auditor or management"),
    ],
)
def test_any_of_several_is_named_as_a_sentence_has_it(keys: list[str], shown: str) -> None:
    assert filters.any_of(keys, NAMES) == shown


@pytest.mark.parametrize(("given", "shown"), [("C0MGMT", "<#C0MGMT>"), ("#general", "#general"), ("", "")])
def test_only_a_well_formed_id_becomes_a_channel(given: str, shown: str) -> None:
    assert filters.channel(given) == shown


@pytest.mark.parametrize(
    ("ids", "shown"),
    [
        ([], ""),
        (["U1"], "<@U1>"),
        (["U1", "U2"], "<@U1> and <@U2>"),
        (["U1", "U2", "U3"], "<@U1>, <@U2> and <@U3>"),
        ([f"U{each}" for each in range(13)], ", ".join(f"<@U{each}>" for each in range(10)) + " and 3 more"),
    ],
)
def test_people_are_listed_as_one_speaks(ids: list[str], shown: str) -> None:
    assert filters.people(ids, say=phrase) == shown


@pytest.mark.parametrize(
    ("url", "text", "shown"),
    [
        ("https://a.example/?b=1&c=2", "here", "<https://a.example/?b=1&amp;c=2|here>"),
        ("https://a.example", "<!here>*", "<https://a.example|&lt;!here&gt;\u2217>"),
        ("http://a.example", "here", "here"),
        ("javascript:alert(1)", "here", "here"),
        ("https://a.example/|x", "here", "here"),
        ("https://a.example/> <!here>", "here", "here"),
        ("", "here", "here"),
    ],
)
def test_only_a_safe_address_becomes_a_link(url: str, text: str, shown: str) -> None:
    assert filters.link(url, text) == shown


def test_a_date_is_the_same_for_everybody() -> None:
    assert filters.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"


def test_a_moment_is_no_date() -> None:
    with pytest.raises(TypeError):
        filters.day(AT)


def test_a_moment_is_a_token_with_words_for_those_who_cannot_read_it() -> None:
    token = f"<!date^{int(AT.timestamp())}^{{date_long}} at {{time}}|Monday 2 March 2026 at 23:05 UTC>"
    assert filters.moment(AT, say=phrase) == token
    assert filters.moment(AT.astimezone(timezone(timedelta(hours=8))), say=phrase) == token


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        filters.moment(AT.replace(tzinfo=None), say=phrase)


@pytest.mark.parametrize(
    ("days", "shown"),
    [(-9, "9 days overdue"), (-1, "1 day overdue"), (0, "today"), (1, "tomorrow"), (2, "in 2 days")],
)
def test_how_far_off_a_date_is(days: int, shown: str) -> None:
    assert filters.away(TODAY + timedelta(days=days), TODAY, say=phrase) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1_234, "1,234 files")])
def test_a_count_agrees_with_its_noun(count: int, shown: str) -> None:
    assert filters.plural(count, "file") == shown


def test_an_irregular_noun_has_its_own_plural() -> None:
    assert filters.plural(2, "nonconformity", "nonconformities") == "2 nonconformities"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (312_400, "312 kB"),
        (1_400_000, "1.4 MB"),
        (10**7, "10 MB"),
        (5 * 10**9, "5 GB"),
    ],
)
def test_a_size_is_told_in_a_unit_people_know(count: int, shown: str) -> None:
    assert filters.size(count, say=phrase) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 10, "░░░░░░░░░░ 0%"),
        (4, 10, "▓▓▓▓░░░░░░ 40%"),
        (199, 200, "▓▓▓▓▓▓▓▓▓░ 99%"),
        (10, 10, "▓▓▓▓▓▓▓▓▓▓ 100%"),
        (11, 10, "▓▓▓▓▓▓▓▓▓▓ 100%"),
        (0, 0, "nothing to measure yet"),
    ],
)
def test_a_share_is_full_only_when_nothing_is_missing(part: int, whole: int, shown: str) -> None:
    assert filters.bar(part, whole, say=phrase) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [(5, None, "5"), (5, 5, "5 (as before)"), (7, 5, "7 (▲ 2 more)"), (4, 5, "4 (▼ 1 fewer)")],
)
def test_a_change_is_told_as_a_sign_and_in_words(now: int, before: int | None, shown: str) -> None:
    assert filters.with_change(now, before, say=phrase) == shown
