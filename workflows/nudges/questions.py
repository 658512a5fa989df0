"""Nudges: what can be asked; nothing is written."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import posted
from storage.nudges.tables import Nudge
from storage.people import queries as people_queries
from storage.tasks.tables import Task
from workflows.nudges import ladders
from workflows.nudges.reasons import Reason
from workflows.nudges.rules import DAY_ENDS, ToldNext, good_moment, local_day, next_working_moment
from workflows.people import questions as people_questions
from workflows.people import statuses, working_days


def good_moment_of(uow: UnitOfWork, person_id: str, at: datetime) -> datetime | None:
    """The next good moment to write to somebody; None for those nobody can write to."""
    person = people_queries.person(uow, person_id)
    if person is None or not people_questions.reachable(uow, person_id):
        return None
    return good_moment(working_days.of_person(uow, person_id), person, at)


def thread_of_today(uow: UnitOfWork, person_id: str, at: datetime) -> str | None:
    """The message that has told somebody today what waits for them; what comes up now belongs into its thread."""
    person, last = people_queries.person(uow, person_id), posted.last_day(uow, person_id)
    if person is None or last is None or last.settled_at is None:
        return None
    return last.ts if local_day(person.zone, last.settled_at) == local_day(person.zone, at) else None


def latest_of_each(nudges: Sequence[Nudge]) -> tuple[list[Nudge], dict[int, str]]:
    """Of each thing the latest rung, in the order in which they came up; and those whose place it took, and why.

    What has no id, such as a channel, is told apart by its rung.
    """
    latest = {(each.subject, each.subject_id or each.rung): each for each in nudges}
    kept = {each.id for each in latest.values()}
    left_out: dict[int, str] = {each.id: Reason.REPLACED_BY_LATER_REMINDER for each in nudges if each.id not in kept}
    return [each for each in nudges if each.id in kept], left_out


def left_alone_until(uow: UnitOfWork, person_id: str, at: datetime) -> datetime | None:
    """When to look again at somebody whose Slack status says that they are away; None when it does not.

    At the latest on the next working morning, since a status may be taken back. One's own word (`/iso away`) counts
    first: whoever has said from when until when is not guessed about.
    """
    person = people_queries.person(uow, person_id)
    if person is None or (until := statuses.away_until(person, at)) is None or person.absent_until is not None:
        return None
    ends = datetime.combine(local_day(person.zone, at), DAY_ENDS, ZoneInfo(person.zone))
    return min(until, next_working_moment(working_days.of_person(uow, person_id), person.zone, ends))


def told_next(uow: UnitOfWork, task: Task, today: date) -> ToldNext | None:
    """Who hears of a task next if nothing happens; None when nobody does any more."""
    coming = ladders.climb(uow, task).next(today)
    if coming is None:
        return None
    day, rung = coming
    return ToldNext(tuple(ladders.told(uow, rung, task.owner_id, on=day)), day)
