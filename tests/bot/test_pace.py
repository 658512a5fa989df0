"""Slack's pace: never faster than allowed over time, and no slower than needed."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.rate_limits import Allowance, Bucket, Pace

steps = st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60)


@given(steps, st.integers(1, 20))
def test_no_minute_holds_more_calls_than_allowed(waits: list[float], burst: int) -> None:
    bucket, now, moments = Bucket(Allowance(per_minute=60, burst=burst)), 0.0, []
    for wait in waits:
        now += wait
        moments.append(now + bucket.reserve(now))
    assert all(later >= earlier for earlier, later in pairwise(moments))
    for index, moment in enumerate(moments):
        within = [each for each in moments[: index + 1] if each > moment - 60 + 1e-6]
        assert len(within) <= 60 + burst


def test_a_burst_goes_out_at_once_and_the_rest_at_the_steady_rate() -> None:
    bucket = Bucket(Allowance(per_minute=60, burst=3))
    assert [bucket.reserve(0.0) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert bucket.reserve(100.0) == 0.0


def test_nothing_goes_out_while_slack_says_wait() -> None:
    bucket = Bucket(Allowance(per_minute=60, burst=3))
    bucket.hold(10.0)
    assert [bucket.reserve(0.0), bucket.reserve(0.0)] == [10.0, 11.0]


def test_conversations_do_not_wait_for_each_other() -> None:
    pace = Pace()
    for _ in range(4):
        assert pace.post("C1", 0.0) == 0.0
    assert pace.post("C1", 0.0) == 1.0
    assert pace.post("C2", 0.0) == 0.0
    pace.hold_post("C2", 0.0, 30.0)
    assert pace.post("C2", 0.0) == 30.0
    assert pace.post("C3", 0.0) == 0.0


def test_a_workspace_hears_no_more_than_300_posts_a_minute() -> None:
    pace = Pace()
    last = max(pace.post(f"C{number}", 0.0) for number in range(320))
    assert 59.0 < last < 61.0


def test_quiet_conversations_are_forgotten() -> None:
    pace = Pace()
    for number in range(5000):
        pace.post(f"C{number}", float(number * 60))
    assert len(pace._conversations) <= 2002


def test_updates_have_an_allowance_of_their_own() -> None:
    pace = Pace()
    delays = [pace.call("chat.update", 0.0) for _ in range(27)]
    assert delays[:25] == [0.0] * 25
    assert round(delays[26], 3) == 2.4
    assert pace.call("conversations.open", 0.0) == 0.0
    pace.hold_call("conversations.open", 0.0, 5.0)
    assert pace.call("conversations.open", 0.0) == 5.0


def test_a_faster_pace_hands_out_more_in_the_same_time() -> None:
    pace = Pace(factor=10)
    assert [pace.post("C1", 0.0) for _ in range(5)] == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.1])


def test_a_pace_without_limits_never_waits() -> None:
    pace = Pace(factor=math.inf)
    assert {pace.post("C1", 0.0) for _ in range(100)} == {0.0}
