"""Nudges room at the edge: the one message a day, composed of what each room has to say, and drawn anew as a whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.slack.calls import Composer, Later, Outgoing, Post, Redraw, Skip
from messages.nudges import day as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.nudges.posted import Place
from storage.nudges.tables import Nudge
from storage.record import outbox
from storage.record.outbox import DAY, OutboxRow
from workflows.nudges import notices
from workflows.nudges import questions as nudge_questions
from workflows.nudges.reasons import Reason
from workflows.nudges.rules import Settles

A_LITTLE = timedelta(seconds=5)


def nothing_against(uow: UnitOfWork, nudge: Nudge) -> str:
    """For what stays worth knowing, whatever happens meanwhile."""
    return ""


@dataclass(frozen=True)
class Subject:
    """What a room has to say about one of its subjects in the message of a day.

    `item` is how it looks now; its last argument says whether it is told now or drawn anew. `why_not` is asked before
    something is told: a reason to leave it out, or nothing.
    """

    item: Callable[[UnitOfWork, Nudge, datetime, bool], DayItem]
    why_not: Callable[[UnitOfWork, Nudge], str] = nothing_against


Subjects = Mapping[str, Subject]


def composers(subjects: Subjects, others: Mapping[str, Composer]) -> Mapping[str, Composer]:
    """All composers: the message of the day, and the others; what redraws a card redraws the days that show it too.

    What has no card of its own is redrawn in those days alone. What was planned for a good hour is said at no other.
    """

    def everywhere(kind: str, composer: Composer) -> Composer:
        return _with_days(subjects, composer) if kind.endswith(".redraw") else _at_a_good_hour(composer)

    redraws = {f"{subject}.redraw": _in_days_alone for subject in subjects}
    return {DAY: _day(subjects), **{kind: everywhere(kind, each) for kind, each in {**redraws, **others}.items()}}


def _in_days_alone(_uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Redraw:
    return Redraw(lambda _place: None)


def _day(subjects: Subjects) -> Composer:
    def composed(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
        if uncertain := outbox.uncertain_day(uow, row.recipient, row.id):
            # What it may have told already must not be told again in this one.
            return Later(max(uncertain.not_before, at) + A_LITTLE, Reason.EARLIER_MESSAGE_UNCERTAIN)
        good = nudge_questions.good_moment_of(uow, row.recipient, at)
        if good is None:
            gone = {each.id: Reason.ACCOUNT_CLOSED for each in nudge_queries.owed_to(uow, row.recipient)}
            return Skip(Reason.ACCOUNT_CLOSED, Settles(at, left_out=gone))
        if good > at:
            return Later(good, Reason.OUTSIDE_WORKING_HOURS)
        told, left_out = _sorted_out(uow, subjects, nudge_queries.owed_to(uow, row.recipient))
        settles = Settles(at, tuple(told), left_out)
        if not told:
            return Skip(Reason.NOTHING_LEFT_TO_TELL, settles)
        message = _message(uow, subjects, told, row.recipient, at, fresh=True)
        return Post(message, nudge_questions.thread_of_today(uow, row.recipient, at), settles)

    return composed


def _at_a_good_hour(composer: Composer) -> Composer:
    def composed(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
        if row.values.get(notices.AT_ONCE, True):
            return composer(uow, row, at)
        good = notices.good_hour(uow, row.recipient, at)
        return Later(good, Reason.OUTSIDE_WORKING_HOURS) if good > at else composer(uow, row, at)

    return composed


def _sorted_out(uow: UnitOfWork, subjects: Subjects, owed: Sequence[Nudge]) -> tuple[list[Nudge], dict[int, str]]:
    """What is to be told now, and why the rest is not."""
    latest, left_out = nudge_questions.latest_of_each(owed)
    reasons = {each.id: subjects[each.subject].why_not(uow, each) for each in latest}
    left_out |= {nudge_id: reason for nudge_id, reason in reasons.items() if reason}
    return [each for each in latest if not reasons[each.id]], left_out


def _message(
    uow: UnitOfWork, subjects: Subjects, told: Sequence[Nudge], person_id: str, at: datetime, *, fresh: bool
) -> Message:
    items = [subjects[each.subject].item(uow, each, at, fresh) for each in told]
    return words.day(items, person_id=person_id)


def _with_days(subjects: Subjects, composer: Composer) -> Composer:
    def composed(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
        outgoing = composer(uow, row, at)
        if not isinstance(outgoing, Redraw):
            return outgoing

        def message_for(place: Place) -> Message | None:
            if place.kind != DAY:
                return outgoing.message_for(place)
            told = nudge_queries.told_by(uow, [place.message_id])
            return _message(uow, subjects, told, place.recipient, at, fresh=False)

        return Redraw(message_for)

    return composed
