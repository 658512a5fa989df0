"""Nudges: the ways by which others hear of something. A deed calls them; see `workflows/deed.py`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.record.outbox import DAY, OutboxState
from workflows.nudges.reasons import Reason
from workflows.nudges.rules import good_moment, local_day, next_working_moment, slot
from workflows.people import questions as people_questions
from workflows.people import working_days

AT_ONCE = "at_once"
"""The value of a planned message that says whether it waits for no good hour."""


def daily(uow: UnitOfWork, people: Iterable[str], about: Mapping[str, object], *, at: datetime) -> None:
    """Note for each of the people what is to stand in their message of the day, and plan that message.

    `about` are the columns of a nudge: subject, rung and so on; the same is noted once.
    """
    for person_id in people:
        if note(uow, person_id, about, at):
            plan_day(uow, person_id, at)


def note(uow: UnitOfWork, person_id: str, about: Mapping[str, object], at: datetime) -> bool:
    """Note it for somebody; False where it was noted before, or they cannot be reached."""
    if not people_questions.reachable(uow, person_id):
        tell_of_silence(uow, person_id, Reason.ACCOUNT_CLOSED, at=at)
        return False
    return nudge_queries.note(uow, {**about, "person_id": person_id, "reached_at": at})


def plan_day(uow: UnitOfWork, person_id: str, at: datetime) -> None:
    """Plan the message of somebody's next good day, or what follows in its thread, unless one waits to be sent."""
    person = people_queries.person(uow, person_id)
    if person is None:
        return
    moment = good_moment(working_days.of_person(uow, person_id), person, at)
    free = _free_slot(uow, person_id, local_day(person.zone, moment))
    uow.schedule(
        slot=free, kind=DAY, recipient=person_id, subject="person", subject_id=person.id, not_before=moment, at=at
    )


def _free_slot(uow: UnitOfWork, person_id: str, day: date) -> str:
    """The first slot of the day whose message is not on its way yet; whoever else takes it plans the same message."""
    name = slot("day", person_id, day)
    last = nudge_queries.last_of_day(uow, person_id, name)
    if last is None or last.state is OutboxState.PENDING:
        return last.slot if last else name
    number = int(last.slot.removeprefix(name).removeprefix(":") or 0)
    return slot("day", person_id, day, number + 1)


def good_hour(uow: UnitOfWork, recipient: str, at: datetime) -> datetime:
    """The next moment within the working hours of a person, away or not; for a channel, of the organisation."""
    person = people_queries.person(uow, recipient)
    if person is None:
        return next_working_moment(working_days.of_organisation(uow), uow.workspace().zone, at)
    return next_working_moment(working_days.of_person(uow, recipient), person.zone, at)


def message(
    uow: UnitOfWork,
    recipients: Iterable[str],
    *,
    kind: str,
    subject: str,
    subject_id: int,
    what: Sequence[object],
    at_once: bool,
    at: datetime,
) -> None:
    """Plan a message of its own to each of the people, once per `what`, at a good hour of theirs or `at_once`.

    The hour is looked at again when it is sent: the bot or Slack may have been away until the evening.
    """
    for person_id in recipients:
        if not people_questions.reachable(uow, person_id):
            tell_of_silence(uow, person_id, Reason.ACCOUNT_CLOSED, at=at)
            continue
        uow.schedule(
            slot=slot(kind, subject_id, *what, person_id),
            kind=kind,
            recipient=person_id,
            subject=subject,
            subject_id=subject_id,
            not_before=at if at_once else good_hour(uow, person_id, at),
            at=at,
            values={"what": [str(part) for part in what], AT_ONCE: at_once},
        )


def redraw(
    uow: UnitOfWork, *, subject: str, subject_id: int, version: int | str, at: datetime, by_person: bool = False
) -> None:
    """Plan that every card showing the subject is brought up to its present state, at once and silently.

    What a person has just changed (`by_person`) is drawn before what the bot did by itself.
    """
    uow.schedule(
        slot=slot("redraw", subject, subject_id, version),
        kind=f"{subject}.redraw",
        recipient="",
        subject=subject,
        subject_id=subject_id,
        not_before=at,
        at=at,
        by_person=by_person,
    )


def tell_of_silence(uow: UnitOfWork, recipient: str, reason: str, *, at: datetime) -> None:
    """Note for the leads, once a day, that a person or channel cannot be reached, and why.

    The channel of the digest gets one notice for all of a day.
    """
    workspace, person = uow.workspace(), people_queries.person(uow, recipient)
    today = local_day(workspace.zone, at)
    values: Mapping[str, JSON] = {"reason": reason}
    subject_id = person.id if person else 0
    about = {"subject": "silence", "subject_id": subject_id, "rung": recipient, "what": str(today), "values": values}
    daily(uow, [lead for lead in people_questions.holders(uow, Role.LEAD) if lead != recipient], about, at=at)
    if workspace.digest_channel_id and workspace.digest_channel_id != recipient:
        _notify(uow, workspace.digest_channel_id, today, recipient, at)


def _notify(uow: UnitOfWork, channel_id: str, day: date, about: str, at: datetime) -> None:
    """Plan a channel's one notice of a day, at a good hour; what follows on that day is drawn into it."""
    subject, subject_id = "silence_notice", day.toordinal()
    uow.schedule(
        slot=slot(subject, day),
        kind=subject,
        recipient=channel_id,
        subject=subject,
        subject_id=subject_id,
        not_before=good_hour(uow, channel_id, at),
        at=at,
        values={AT_ONCE: False},
    )
    redraw(uow, subject=subject, subject_id=subject_id, version=about, at=at)
