"""Why somebody was not told something, or only later: a word in the ledger, whose sentence stands in `reasons.j2`.

What Slack or the network answered is kept as it came, and so is what older versions wrote as a sentence.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was left out or put off."""

    ACCOUNT_CLOSED = "account_closed"
    ALREADY_ANSWERED = "already_answered"
    ALREADY_REVIEWED = "already_reviewed"
    ACCESS_ENDED = "access_ended"
    COVERED_BY_LATER_UPDATE = "covered_by_later_update"
    DO_NOT_DISTURB = "do_not_disturb"
    GAP_CLOSED_OR_MOVED = "gap_closed_or_moved"
    NOTHING_LEFT_TO_TELL = "nothing_left_to_tell"
    NO_CARD_TO_UPDATE = "no_card_to_update"
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    PICTURE_NOT_SHOWN = "picture_not_shown"
    REPLACED_BY_LATER_REMINDER = "replaced_by_later_reminder"
    SOMEONE_ELSE_ANSWERS = "someone_else_answers"
    SOMEONE_ELSE_OWNS = "someone_else_owns"
    STATUS_SAYS_AWAY = "status_says_away"
    STOPPED = "stopped"
    UPDATED_TOGETHER = "updated_together"


class Moved(StrEnum):
    """What has moved on to another state since it was to be told."""

    TASK = "task_moved_on"
    INTERVIEW = "interview_moved_on"
    REQUEST = "request_moved_on"
    NONCONFORMITY = "nonconformity_moved_on"
    PROPOSAL = "proposal_moved_on"


class Lost(StrEnum):
    """What ended with what Slack or the network answered."""

    GIVEN_UP = "given_up"
    NOT_DELIVERED = "not_delivered"


def moved_on(what: Moved, state: str) -> str:
    """That something is in another state by now; `state` by the word that refusals have for it."""
    return f"{what}.{state}"


def lost(how: Lost, answer: str, attempts: int = 0) -> str:
    """That something was never delivered, and what was answered; after how many attempts, where they ran out."""
    return f"{how}.{attempts}:{answer}"
