"""Nobody posts under a lease that might end before the post has."""

import pytest

from bot.sending import fence
from bot.sending.fence import MARGIN, SENDER_LEASE, Fence, LeaseOver
from bot.slack.gateway import SECONDS_FOR_A_POST

LEASE = SENDER_LEASE.total_seconds()
ASKED = 1000.0


@pytest.mark.parametrize(
    ("seconds", "holds"),
    [
        (0, True),
        (LEASE - SECONDS_FOR_A_POST - MARGIN - 0.1, True),
        (LEASE - SECONDS_FOR_A_POST - MARGIN, False),
        (LEASE, False),
        (3600, False),
    ],
)
def test_it_holds_while_a_post_would_end_well_before_the_lease(
    monkeypatch: pytest.MonkeyPatch, seconds: float, holds: bool
) -> None:
    guard = Fence()
    guard.granted(ASKED)
    monkeypatch.setattr(fence, "steady", lambda: ASKED + seconds)
    if holds:
        guard.must_hold()
        return
    with pytest.raises(LeaseOver):
        guard.must_hold()


@pytest.mark.parametrize("was_granted", [False, True])
def test_without_a_lease_it_does_not_hold(was_granted: bool) -> None:
    guard = Fence()
    if was_granted:
        guard.granted(fence.steady())
        guard.lost()
    with pytest.raises(LeaseOver):
        guard.must_hold()
