"""One message per person and working day: what is owed, planned, composed, settled and drawn anew, without Slack."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col

from bot.rooms import SUBJECTS, composers
from bot.sending.verdicts import PutOff, Reached, Settled, record
from bot.slack.calls import Later, Post, Redraw, ShareFile, Skip
from bot.slack.objects import Posted
from messages.words.kit import Message
from messages.words.refusals import refusal
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import DroppedMessage
from storage.nonconformities.tables import Grade, NonconformityState
from storage.nudges import posted
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge, NudgeState
from storage.people import queries as people_queries
from storage.record import claiming, outbox
from storage.record.outbox import DAY, OutboxRow, OutboxState, Outcome
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from tests.messages.readable import readable
from tests.workflows import interviewing
from tests.workflows.conftest import MONDAY, deed, dropped_message, the_bot
from tests.workflows.test_nonconformities import put
from workflows.evidence import dropping
from workflows.evidence.refusals import NothingAskedHere
from workflows.evidence.rules import Place
from workflows.nudges import commands as nudge_commands
from workflows.nudges import notices
from workflows.nudges.reasons import Lost, Moved, Reason, lost, moved_on
from workflows.nudges.rules import Settles
from workflows.tasks import commands as task_commands
from workflows.tasks import rules as task_rules

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
Sent = dict[int, Message]


def deliver(uow: UnitOfWork, at: datetime) -> Sent:
    """Send what is due as the dispatcher does; what each message says, by its row."""
    sent: Sent = {}
    while claimed := claiming.claim(uow, at, 50):
        for row in claimed:
            record(uow, [Reached(row, _said(uow, row, at, sent), at)])
    return sent


def _said(uow: UnitOfWork, row: OutboxRow, at: datetime, sent: Sent) -> Settled | PutOff:
    match composers()[row.kind](uow, row, at):
        case Skip(reason, settles):
            return Settled(Outcome.SKIPPED, reason, settles=settles)
        case Later(moment, reason):
            return PutOff(moment - at, reason, failing=False)
        case ShareFile(_, _, _, _, _, channel_id, thread_ts):
            return Settled(Outcome.SENT, posted=Posted(channel_id, ""), thread_ts=thread_ts)
        case Redraw(message_for):
            places = posted.where_posted(uow, row.subject, row.subject_id)
            sent |= {place.message_id: shown for place in places if (shown := message_for(place))}
            return Settled(Outcome.SENT)
        case Post(message, thread_ts, settles):
            sent[row.id] = message
            where = Posted(f"D{row.recipient}", f"{row.id}.0")
            return Settled(Outcome.SENT, posted=where, thread_ts=thread_ts or "", settles=settles)


def days_of(uow: UnitOfWork, person_id: str) -> list[OutboxRow]:
    """The messages of the day that were sent to somebody, those in threads too."""
    rows = uow.all(OutboxRow, col(OutboxRow.kind) == DAY, col(OutboxRow.recipient) == person_id)
    return [row for row in rows if row.state is OutboxState.SENT]


def told(uow: UnitOfWork, row: OutboxRow) -> set[tuple[str, str]]:
    """What a message told: subject and rung."""
    return {(each.subject, each.rung) for each in uow.matching(Nudge, message_id=row.id)}


def jonas_tasks(uow: UnitOfWork) -> list[Task]:
    return task_queries.owned(uow, "UJONAS", [TaskState.OPEN])


def hand_in(uow: UnitOfWork, task: Task, at: datetime) -> Task:
    """The owner hands it in, as a kept file does."""
    return task_commands.submit(deed(uow, task.owner_id, at), task, task_rules.moved(task, "submit"))


def owe(uow: UnitOfWork, rung: str, at: datetime, task: Task, person_id: str = "UJONAS") -> None:
    the_bot(uow, at).daily([person_id], task, rung, what=task.due_on)


# --- one message a day ---


def test_what_waits_comes_in_one_message_and_the_rest_of_the_day_in_its_thread(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    [day] = days_of(programme, "UJONAS")
    assert len(told(programme, day)) >= 1
    assert day.thread_ts == ""
    for number, task in enumerate(jonas_tasks(programme)[:2], start=1):
        owe(programme, "returned", MONDAY + number * HOUR, task)
        deliver(programme, MONDAY + number * HOUR)
    assert [row.thread_ts for row in days_of(programme, "UJONAS")] == ["", day.ts, day.ts]
    owe(programme, "due", MONDAY + A_DAY, jonas_tasks(programme)[0])
    deliver(programme, MONDAY + A_DAY)
    assert days_of(programme, "UJONAS")[-1].thread_ts == ""


def test_several_things_owed_after_the_message_share_one_answer_in_its_thread(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    for task in jonas_tasks(programme)[:2]:
        owe(programme, "returned", MONDAY + HOUR, task)
    deliver(programme, MONDAY + HOUR)
    assert [len(told(programme, row)) > 0 for row in days_of(programme, "UJONAS")] == [True, True]


def test_a_day_has_as_many_messages_as_it_takes(programme: UnitOfWork) -> None:
    later, days = MONDAY + 14 * A_DAY, []
    claiming.claim(programme, later, 50)  # what was planned before is on its way
    for _ in range(12):  # past the tenth, where text and number are ordered differently
        notices.plan_day(programme, "UJONAS", later)
        notices.plan_day(programme, "UJONAS", later)  # one that waits takes in whatever comes
        days += [row.slot for row in claiming.claim(programme, later, 50)]
    assert days == [f"day:UJONAS:{later.date()}{number}" for number in ("", *(f":{n}" for n in range(1, 12)))]


def test_at_night_it_waits_for_the_morning(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    night, morning = MONDAY + 12 * HOUR, MONDAY + 24 * HOUR
    owe(programme, "due", night, jonas_tasks(programme)[0])
    deliver(programme, night)
    assert len(days_of(programme, "UJONAS")) == 1
    deliver(programme, morning)
    assert len(days_of(programme, "UJONAS")) == 2


def test_only_the_latest_rung_of_a_thing_is_told(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task = jonas_tasks(programme)[0]
    for number, rung in enumerate(("due_soon.3", "due", "overdue.1")):
        owe(programme, rung, MONDAY + (12 + number) * HOUR, task)
    deliver(programme, MONDAY + 24 * HOUR)
    assert told(programme, days_of(programme, "UJONAS")[-1]) == {("task", "overdue.1")}
    skipped = programme.matching(Nudge, subject_id=task.id, subject="task", state=NudgeState.SKIPPED)
    assert [(each.rung, each.reason) for each in skipped] == [
        ("due_soon.3", Reason.REPLACED_BY_LATER_REMINDER),
        ("due", Reason.REPLACED_BY_LATER_REMINDER),
    ]


def test_after_an_outage_of_days_there_is_one_message(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    for day in range(1, 30):
        nudge_commands.tick(the_bot(programme, MONDAY + day * A_DAY))
    deliver(programme, MONDAY + 28 * A_DAY)
    assert len(days_of(programme, "UJONAS")) == 2
    assert not [each for each in programme.all(Nudge) if each.person_id == "UJONAS" and each.state is NudgeState.OWED]


def test_nothing_left_is_a_skip_with_its_reason(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task = jonas_tasks(programme)[0]
    owe(programme, "due", MONDAY + 12 * HOUR, task)
    hand_in(programme, task, MONDAY + 13 * HOUR)
    deliver(programme, MONDAY + 24 * HOUR)
    skipped = programme.matching(OutboxRow, kind=DAY, recipient="UJONAS", state=OutboxState.SKIPPED)
    assert [row.reason for row in skipped] == [Reason.NOTHING_LEFT_TO_TELL]
    [nudge] = programme.matching(Nudge, subject="task", subject_id=task.id, rung="due")
    assert (nudge.state, nudge.reason) == (NudgeState.SKIPPED, moved_on(Moved.TASK, "submitted"))


def test_whoever_is_away_is_told_when_they_are_back(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    owe(programme, "due", MONDAY + 12 * HOUR, jonas_tasks(programme)[0])
    jonas = people_queries.person(programme, "UJONAS")
    assert jonas is not None
    first = MONDAY.date() + A_DAY
    programme.change(jonas, absent_from=first, absent_until=first + A_DAY)
    deliver(programme, MONDAY + A_DAY)
    assert len(days_of(programme, "UJONAS")) == 1
    deliver(programme, MONDAY + 3 * A_DAY)
    assert len(days_of(programme, "UJONAS")) == 2


def test_whoever_comes_back_early_is_told_that_day(programme: UnitOfWork) -> None:
    task = jonas_tasks(programme)[0]
    due = datetime.combine(task.due_on, MONDAY.timetz())
    deliver(programme, due - 2 * A_DAY)
    jonas = people_queries.person(programme, "UJONAS")
    assert jonas is not None
    away = programme.change(jonas, absent_from=task.due_on - A_DAY, absent_until=task.due_on + 30 * A_DAY)
    owe(programme, "reopened", due - A_DAY, task)
    waiting = outbox.day_to_come(programme, "UJONAS")
    assert waiting is not None
    assert waiting.not_before > due + 30 * A_DAY
    programme.change(away, absent_from=None, absent_until=None)
    nudge_commands.tick(the_bot(programme, due))
    sent = deliver(programme, due)
    assert "due" in {rung for row in days_of(programme, "UJONAS") if row.id in sent for _, rung in told(programme, row)}


def test_who_has_left_is_owed_nothing_and_the_leads_hear_it_in_their_day(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task = jonas_tasks(programme)[0]
    owe(programme, "due", MONDAY + HOUR, task, person_id="UOTTO")
    deliver(programme, MONDAY + HOUR)
    assert days_of(programme, "UOTTO") == []
    for lead in ("UMIRA", "UINES"):
        assert ("silence", "UOTTO") in told(programme, days_of(programme, lead)[-1])


def test_the_channel_of_the_digest_hears_once_a_day_who_could_not_be_reached(programme: UnitOfWork) -> None:
    programme.put_workspace(digest_channel_id="C0MGMT")
    for recipient, moment in (("UOTTO", MONDAY), ("C0OTHER", MONDAY + HOUR), ("C0MGMT", MONDAY + HOUR)):
        notices.tell_of_silence(programme, recipient, "is_archived", at=moment)
    [notice] = programme.matching(OutboxRow, kind="silence_notice")
    assert (notice.recipient, notice.subject_id) == ("C0MGMT", MONDAY.date().toordinal())
    assert nudge_queries.silences(programme, MONDAY.date()) == ["UOTTO", "C0OTHER", "C0MGMT"]
    assert programme.count(OutboxRow, col(OutboxRow.kind) == "silence_notice.redraw") == 2
    notices.tell_of_silence(programme, "UOTTO", "is_archived", at=MONDAY + A_DAY)
    assert len(programme.matching(OutboxRow, kind="silence_notice")) == 2


def invite_tom(uow: UnitOfWork) -> None:
    """Liam asks Tom, who is in New York."""
    interviewing.opened(deed(uow, "ULIAM"), "UTOM")


def plan_for_david(uow: UnitOfWork) -> None:
    """Jonas answers a major, and David, who is in New York, is asked for his consent."""
    put(uow, NonconformityState.CONSENTING, Grade.MAJOR)


def notice_to_the_channel(uow: UnitOfWork) -> None:
    """Otto cannot be reached, and the channel hears of it."""
    notices.tell_of_silence(uow, "UOTTO", Reason.ACCOUNT_CLOSED, at=MONDAY)


@pytest.mark.parametrize(
    ("plan", "kind", "recipient", "night", "morning"),
    [
        (invite_tom, "interview.invitation", "UTOM", MONDAY + A_DAY, MONDAY + A_DAY + 6 * HOUR),
        (plan_for_david, "nonconformity.card", "UDAVID", MONDAY + A_DAY, MONDAY + A_DAY + 6 * HOUR),
        (notice_to_the_channel, "silence_notice", "C0MGMT", MONDAY + 12 * HOUR, MONDAY + A_DAY),
    ],
)
def test_what_was_planned_for_a_good_hour_and_missed_it_waits_for_the_next(
    programme: UnitOfWork,
    plan: Callable[[UnitOfWork], object],
    kind: str,
    recipient: str,
    night: datetime,
    morning: datetime,
) -> None:
    programme.put_workspace(digest_channel_id="C0MGMT")
    plan(programme)
    deliver(programme, night)
    [waiting] = programme.matching(OutboxRow, kind=kind, recipient=recipient)
    assert (waiting.state, waiting.not_before) == (OutboxState.PENDING, morning)
    assert waiting.reason == Reason.OUTSIDE_WORKING_HOURS
    deliver(programme, morning)
    assert programme.get(OutboxRow, waiting.id).state is OutboxState.SENT


def test_what_could_not_be_delivered_is_owed_to_nobody(programme: UnitOfWork) -> None:
    [row] = [each for each in claiming.claim(programme, MONDAY, 99) if each.recipient == "UJONAS"]
    record(programme, [Reached(row, Settled(Outcome.FAILED, "channel_not_found"), MONDAY)])
    found = programme.matching(Nudge, person_id="UJONAS")
    assert {(each.state, each.reason) for each in found} == {
        (NudgeState.SKIPPED, lost(Lost.NOT_DELIVERED, "channel_not_found"))
    }


def test_what_was_owed_while_the_message_was_sent_is_planned_by_the_next_tick(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task = jonas_tasks(programme)[0]
    programme.add(
        Nudge(person_id="UJONAS", subject="task", subject_id=task.id, rung="due", what="x", reached_at=MONDAY)
    )
    nudge_commands.tick(the_bot(programme, MONDAY + HOUR))
    deliver(programme, MONDAY + HOUR)
    assert told(programme, days_of(programme, "UJONAS")[-1]) == {("task", "due")}


def test_every_subject_that_is_owed_can_be_told() -> None:
    ours = {"task", "work", "leaver", "silence", "nonconformity", "gap_rating", "evidence", "concern"}
    audits = {"audit_plan", "interview", "audit_finding", "audit_report", "answer_disposal", "nonconformity_action"}
    assert set(SUBJECTS) == ours | audits | {"evidence_use", "audit_request", "auditor_access", "disposal"}
    assert {f"{subject}.redraw" for subject in SUBJECTS} <= set(composers())


# --- drawn anew ---


def test_what_is_done_shows_in_every_message_of_the_day(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    first, *_ = jonas_tasks(programme)
    for number in (1, 2):
        for task in jonas_tasks(programme)[:3]:
            owe(programme, f"overdue.{number}", MONDAY + number * A_DAY, task)
        deliver(programme, MONDAY + number * A_DAY)
    days = days_of(programme, "UJONAS")[-2:]
    hand_in(programme, first, MONDAY + 2 * A_DAY + HOUR)
    drawn = deliver(programme, MONDAY + 2 * A_DAY + HOUR)
    for day in days:
        shown = readable(drawn[day.id])
        assert first.title in shown
        assert "With the compliance leads" in shown


def test_what_changed_while_the_message_was_on_its_way_is_drawn_anew(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task, at = jonas_tasks(programme)[0], MONDAY + HOUR
    owe(programme, "due", at, task)
    [row] = claiming.claim(programme, at, 9)
    said = _said(programme, row, at, {})
    hand_in(programme, task, at)
    assert row.id not in deliver(programme, at)
    record(programme, [Reached(row, said, at)])
    assert row.id in deliver(programme, at)


def test_a_message_found_in_slack_is_drawn_anew(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    task, at = jonas_tasks(programme)[0], MONDAY + HOUR
    owe(programme, "due", at, task)
    [row] = claiming.claim(programme, at, 9)
    nudge = programme.matching(Nudge, subject="task", subject_id=task.id, rung="due")[0]
    settles = Settles(at, (nudge,))
    record(programme, [Reached(row, Settled(Outcome.FOUND, posted=Posted("D1", "7.7"), settles=settles), at)])
    assert row.id in deliver(programme, at)


def test_what_an_uncertain_message_may_have_told_waits_until_it_was_looked_for(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    first, second, *_ = jonas_tasks(programme)
    owe(programme, "due", MONDAY + HOUR, first)
    [uncertain] = claiming.claim(programme, MONDAY + HOUR, 9)
    said = _said(programme, uncertain, MONDAY + HOUR, {})
    owe(programme, "due", MONDAY + HOUR, second)
    lost_answer = PutOff(timedelta(minutes=5), Reason.SLACK_UNANSWERED, ambiguous=True)
    record(programme, [Reached(uncertain, lost_answer, MONDAY + HOUR)])
    assert deliver(programme, MONDAY + HOUR) == {}
    [looked_for] = claiming.claim(programme, MONDAY + HOUR + timedelta(minutes=5), 1)
    assert isinstance(said, Settled)
    record(programme, [Reached(looked_for, replace(said, outcome=Outcome.FOUND), MONDAY + HOUR)])
    deliver(programme, MONDAY + 2 * HOUR)
    found, after = days_of(programme, "UJONAS")[-2:]
    assert (found.id, {each.subject_id for each in programme.matching(Nudge, message_id=found.id)}) == (
        uncertain.id,
        {first.id},
    )
    assert {each.subject_id for each in programme.matching(Nudge, message_id=after.id)} == {second.id}


# --- files dropped in its thread ---


def drop(uow: UnitOfWork, day: OutboxRow, person_id: str = "UJONAS") -> list[int | None]:
    """A file dropped in the thread of a message; the tasks it is for."""
    dropped = dropped_message(uow, person_id, Place(day.channel_id, day.thread_ts or day.ts))
    taken = dropping.give_where_dropped(deed(uow, person_id), dropped=dropped)
    return [use.task_id for each in taken for use in evidence_queries.uses_of(uow, each.id)]


def test_a_file_in_the_thread_is_for_the_one_task_that_takes_it(programme: UnitOfWork) -> None:
    deliver(programme, MONDAY)
    first, second, *_ = jonas_tasks(programme)
    for task in (first, second):
        owe(programme, "due", MONDAY + A_DAY, task)
    deliver(programme, MONDAY + A_DAY)
    day = days_of(programme, "UJONAS")[-1]
    assert drop(programme, day) == []
    [asked] = programme.all(DroppedMessage)
    assert {tuple(each) for each in asked.choices} == {("task", first.id), ("task", second.id)}
    programme.change(first, state=TaskState.ACCEPTED)
    assert drop(programme, day) == [second.id]
    programme.change(programme.get(Task, second.id), state=TaskState.WAIVED)
    with pytest.raises(NothingAskedHere) as late:
        drop(programme, day)
    assert set(late.value.settled) == {(first.title, "accepted"), (second.title, "waived")}
    assert "takes files right now" in str(refusal(late.value.name, **late.value.values).blocks)
    assert f"{second.title} is not needed this time" in str(refusal(late.value.name, **late.value.values).blocks)
