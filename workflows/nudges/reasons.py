"""Why somebody was not told something, or only later: a word in the ledger, whose sentence stands in `reasons.j2`.

What Slack answered is a word too; its own code goes into the log. What older versions wrote as a sentence is kept.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was left out or put off."""

    ACCOUNT_CLOSED = "account_closed"
    ALREADY_ANSWERED = "already_answered"
    ALREADY_REVIEWED = "already_reviewed"
    ACCESS_ENDED = "access_ended"
    CAN_NO_LONGER_CHANGE = "can_no_longer_change"
    CARD_TO_COME = "card_to_come"
    COVERED_BY_LATER_UPDATE = "covered_by_later_update"
    DATABASE_AWAY = "database_away"
    DO_NOT_DISTURB = "do_not_disturb"
    EARLIER_MESSAGE_UNCERTAIN = "earlier_message_uncertain"
    FILE_ALTERED = "file_altered"
    FILE_MISSING = "file_missing"
    GAP_CLOSED_OR_MOVED = "gap_closed_or_moved"
    LEASE_OVER = "lease_over"
    MESSAGE_REFUSED = "message_refused"
    NO_LONGER_KEPT = "no_longer_kept"
    NOTHING_LEFT_TO_TELL = "nothing_left_to_tell"
    NOT_COMPOSED = "not_composed"
    NOT_IN_CHANNEL = "not_in_channel"
    NO_CARD_TO_UPDATE = "no_card_to_update"
    NO_LONGER_THERE = "no_longer_there"
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    PICTURE_NOT_SHOWN = "picture_not_shown"
    PLACE_GONE = "place_gone"
    REPLACED_BY_LATER_REMINDER = "replaced_by_later_reminder"
    SCOPE_MISSING = "scope_missing"
    SLACK_ASKED_TO_WAIT = "slack_asked_to_wait"
    SLACK_AWAY = "slack_away"
    SLACK_REFUSED = "slack_refused"
    SLACK_UNANSWERED = "slack_unanswered"
    SOMEONE_ELSE_ANSWERS = "someone_else_answers"
    SOMEONE_ELSE_OWNS = "someone_else_owns"
    STATUS_SAYS_AWAY = "status_says_away"
    STOPPED = "stopped"
    STORE_AWAY = "store_away"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a reason, and no secret
    UPDATED_TOGETHER = "updated_together"


class Moved(StrEnum):
    """What has moved on to another state since it was to be told."""

    TASK = "task_moved_on"
    INTERVIEW = "interview_moved_on"
    AUDIT = "audit_moved_on"
    REQUEST = "request_moved_on"
    NONCONFORMITY = "nonconformity_moved_on"
    PROPOSAL = "proposal_moved_on"
    CONCERN = "concern_moved_on"


class Lost(StrEnum):
    """What ended with a reason of its own."""

    GIVEN_UP = "given_up"
    NOT_DELIVERED = "not_delivered"


def moved_on(what: Moved, state: str) -> str:
    """That something is in another state by now; `state` by the word that refusals have for it."""
    return f"{what}.{state}"


def lost(how: Lost, reason: str) -> str:
    """That something was never delivered, and why."""
    return f"{how}:{reason}"
