"""How fast Slack lets us speak. Slack counts per method and workspace, and posts per conversation besides."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Allowance:
    """So many calls a minute on average, and a few at once."""

    per_minute: float
    burst: int


# Slack reference: "Rate limits". Its tiers are lower bounds ("50+ per minute"); bursts are tolerated but in no number,
# so ours are a half of a minute at most. For chat.postMessage: 1 a second per channel, "several hundred" a minute per
# workspace.
PER_CONVERSATION = Allowance(per_minute=60, burst=4)
POSTS = Allowance(per_minute=300, burst=20)
TIER_2 = Allowance(per_minute=20, burst=5)
TIER_3 = Allowance(per_minute=50, burst=25)

FORGET_ABOVE = 2000
"""Conversations remembered; those that have been quiet are forgotten beyond this."""


class Bucket:
    """Hands out moments at which a call may be made, never faster than its allowance over time."""

    def __init__(self, allowance: Allowance) -> None:
        self._interval = 60 / allowance.per_minute
        self._ahead = self._interval * (allowance.burst - 1)
        self._full_at = 0.0  # when every call handed out so far would have been made at the steady rate

    def reserve(self, now: float) -> float:
        """Take the next free moment; returns how many seconds from `now` it is."""
        self._full_at = max(self._full_at, now)
        delay = max(0.0, self._full_at - self._ahead - now)
        self._full_at += self._interval
        return delay

    def hold(self, until: float) -> None:
        """Hand out nothing before `until`: Slack has said so."""
        self._full_at = max(self._full_at, until + self._ahead)

    def is_quiet(self, now: float) -> bool:
        """Whether nothing handed out lies ahead, so that a new bucket would do the same."""
        return self._full_at <= now


class Pace:
    """The allowances of one workspace. Moments are seconds of a steady clock, given by the caller.

    `factor` makes time pass faster than Slack's, for measuring: so many times the calls a minute, without end for
    `math.inf`. How many may go at once stays the same.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._posts = self._bucket(POSTS)
        self._methods = {name: self._bucket(TIER_3) for name in ("chat.update", "conversations.open")}
        self._methods["dnd.teamInfo"] = self._bucket(TIER_2)
        self._conversations: dict[str, Bucket] = {}

    def post(self, conversation: str, now: float) -> float:
        """Seconds to wait before posting there."""
        return max(self._conversation(conversation, now).reserve(now), self._posts.reserve(now))

    def call(self, method: str, now: float) -> float:
        """Seconds to wait before calling a method that is counted for the whole workspace."""
        return self._methods[method].reserve(now)

    def hold_post(self, conversation: str, now: float, seconds: float) -> None:
        """Slack answered 429 to a post there."""
        self._conversation(conversation, now).hold(now + seconds)

    def hold_call(self, method: str, now: float, seconds: float) -> None:
        """Slack answered 429 to such a method."""
        self._methods[method].hold(now + seconds)

    def _conversation(self, conversation: str, now: float) -> Bucket:
        if len(self._conversations) > FORGET_ABOVE:
            self._conversations = {key: each for key, each in self._conversations.items() if not each.is_quiet(now)}
        return self._conversations.setdefault(conversation, self._bucket(PER_CONVERSATION))

    def _bucket(self, allowance: Allowance) -> Bucket:
        return Bucket(replace(allowance, per_minute=self._factor * allowance.per_minute))
