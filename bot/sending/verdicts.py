"""What an attempt to say something came to: settled for good, or put off; and how that is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.slack.errors import (
    ChannelGone,
    MessageGone,
    MessageRefused,
    MissingScope,
    NotInChannel,
    RateLimited,
    SlackAway,
    SlackError,
    TokenRefused,
    Unanswered,
)
from bot.slack.objects import Posted
from storage.engine import database_time
from storage.engine.unit_of_work import UnitOfWork
from storage.record import outbox
from storage.record.outbox import OutboxRow, Outcome, Settlement
from workflows.deed import Deed
from workflows.evidence import pictures
from workflows.nudges import commands as nudge_commands
from workflows.nudges import notices
from workflows.nudges.reasons import Lost, Reason, lost
from workflows.nudges.rules import Settles

FIRST_RETRY = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(hours=1)

GIVEN_UP_AFTER = timedelta(days=1)
"""Since the first attempt that did not get through, by the database's clock: how long it was tried must not depend on
which replica looks, nor on a clock that somebody set. However often Slack says "later" in that time uses nothing up.
"""

LEAST_ATTEMPTS = 20
"""A day has room for more than thirty; with fewer nobody was there to try for most of it."""


@dataclass(frozen=True)
class Settled:
    """The row is done with.

    `may_be_old`: what stands there was composed for an earlier attempt, so the card is drawn anew.
    """

    outcome: Outcome
    reason: str = ""
    posted: Posted | None = None
    thread_ts: str = ""
    settles: Settles | None = None
    may_be_old: bool = False


@dataclass(frozen=True)
class PutOff:
    """The row is tried again after `by`. `ambiguous`: the message may stand in Slack already.

    `unreachable`: it waits for somebody to let us in, so a lead should know. `tried`: this counts for how long to wait
    the next time, which what Slack asks us to wait does not. `failing`: it did not get through, and is given up in a
    day; what only waits for a better moment may do so for months.
    """

    by: timedelta
    reason: str
    ambiguous: bool = False
    unreachable: bool = False
    tried: bool = True
    failing: bool = True


Verdict = Settled | PutOff

REFUSED = {
    ChannelGone: Reason.PLACE_GONE,
    MessageGone: Reason.CAN_NO_LONGER_CHANGE,
    MessageRefused: Reason.MESSAGE_REFUSED,
}
"""What would never get better by itself. Any other refusal of Slack's is one that we do not know."""

AWAY = {
    SlackAway: Reason.SLACK_AWAY,
    TokenRefused: Reason.TOKEN_REFUSED,
    MissingScope: Reason.SCOPE_MISSING,
    NotInChannel: Reason.NOT_IN_CHANNEL,
    Unanswered: Reason.SLACK_UNANSWERED,
}
"""What gets better by itself, or by somebody's hand."""


def of_error(error: SlackError, row: OutboxRow) -> Verdict:
    """What becomes of a message when Slack did not take it."""
    if isinstance(error, RateLimited):
        return PutOff(timedelta(seconds=error.retry_after), Reason.SLACK_ASKED_TO_WAIT, tried=False)
    if reason := AWAY.get(type(error)):
        unreachable, ambiguous = isinstance(error, NotInChannel), isinstance(error, Unanswered)
        return PutOff(back_off(row), reason, ambiguous=ambiguous, unreachable=unreachable)
    return Settled(Outcome.FAILED, REFUSED.get(type(error), Reason.SLACK_REFUSED))


def back_off(row: OutboxRow) -> timedelta:
    """How long to wait after a failed attempt: twice as long each time."""
    doublings = min(max(row.attempts - 1, 0), 20)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_BACK_OFF)


class Reached(NamedTuple):
    """What an attempt to send a row came to, and when."""

    row: OutboxRow
    verdict: Verdict
    at: datetime


def record(uow: UnitOfWork, reached: Sequence[Reached]) -> list[Outcome]:
    """Write verdicts down; what has been failing for too long is given up, and the leads hear of it that day.

    Raises `VersionConflict` if another sender took over one of the rows.
    """
    final = [each._replace(verdict=_or_given_up(uow, each)) for each in reached]
    settlements = [_settlement(each.row, each.verdict, each.at) for each in final if isinstance(each.verdict, Settled)]
    settled = {row.id: row for row in outbox.settle(uow, settlements)}
    return [_followed_up(uow, settled.get(row.id, row), verdict, at) for row, verdict, at in final]


def _or_given_up(uow: UnitOfWork, reached: Reached) -> Verdict:
    verdict = reached.verdict
    if isinstance(verdict, PutOff) and _is_too_old(uow, reached.row, verdict):
        return Settled(Outcome.FAILED, lost(Lost.GIVEN_UP, verdict.reason))
    return verdict


def _is_too_old(uow: UnitOfWork, row: OutboxRow, verdict: PutOff) -> bool:
    if not verdict.failing or verdict.ambiguous or row.failing_since is None:
        return False  # what may stand in Slack is looked for first
    age = database_time.now(uow.connection) - row.failing_since
    return age > GIVEN_UP_AFTER and outbox.count_attempts(uow, row) >= LEAST_ATTEMPTS


def _put_off(uow: UnitOfWork, row: OutboxRow, verdict: PutOff, at: datetime) -> Outcome:
    if verdict.unreachable:
        notices.tell_of_silence(uow, row.recipient, verdict.reason, at=at)
    counted = {"ambiguous": verdict.ambiguous, "tried": verdict.tried, "failing": verdict.failing}
    outbox.postpone(uow, row, at + verdict.by, verdict.reason, at, **counted)
    return Outcome.RETRIED


def _settlement(row: OutboxRow, verdict: Settled, at: datetime) -> Settlement:
    channel, ts = (verdict.posted.channel, verdict.posted.ts) if verdict.posted else ("", "")
    return Settlement(row, verdict.outcome, at, verdict.reason, channel, ts, verdict.thread_ts)


def _followed_up(uow: UnitOfWork, row: OutboxRow, verdict: Verdict, at: datetime) -> Outcome:
    if isinstance(verdict, PutOff):
        return _put_off(uow, row, verdict, at)
    deed = Deed.of_the_bot(uow, at)
    if verdict.outcome is Outcome.FAILED and row.recipient:
        notices.tell_of_silence(uow, row.recipient, verdict.reason, at=at)
    nudge_commands.settle(deed, row, verdict.outcome, verdict.settles)
    pictures.follow(deed, row, verdict.settles.told if verdict.settles else ())
    if verdict.may_be_old:
        deed.redraw((row.subject, row.subject_id), version=f"found{row.id}")
    return verdict.outcome
