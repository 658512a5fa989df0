"""Obligations as a lead adds, changes, pauses and ends them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme.tables import Kind, Obligation, OwnerKind, Urgency
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from workflows.dates.refusals import RuleNeverHappens, RuleNotUnderstood
from workflows.deed import Deed
from workflows.people import commands as people_commands
from workflows.people.rules import GroupEntry
from workflows.programme import calendar, obligations
from workflows.programme.refusals import DateFromOutside, NoProgrammeYet
from workflows.programme.shapes import Wishes
from workflows.refusals import AlreadyDecided, EndBeforeStart, InputWanted, NotAllowed, Stale
from workflows.tasks import commands as task_commands

TODAY = MONDAY.date()
WISHES = Wishes(
    title="Check the fire doors",
    purpose="They close.",
    kind="control",
    urgency="normal",
    requirements="A.7.5",
    owner_kind="person",
    owner_id="UJONAS",
    deputy_id="UPRIYA",
    rhythm="other",
    recurrence="FREQ=MONTHLY",
    starts_on=TODAY + timedelta(days=30),
    lead_days="7",
    evidence_wanted="A photo",
    evidence_required=True,
)
GROUPS = [
    GroupEntry("S0QUALITY", "quality", "Quality", ["UOTTO", "UTOM", "ULIAM"]),
    GroupEntry("S0EMPTY", "empty", "Empty", ["UOTTO"]),
]
"""Otto has left."""


def add(uow: UnitOfWork, **changed: Any) -> Obligation:
    return obligations.add(deed(uow, "UMIRA"), wishes=replace(WISHES, **changed))


def of(uow: UnitOfWork, obligation: Obligation) -> list[Task]:
    return uow.all(Task, col(Task.obligation_id) == obligation.id, order_by=col(Task.scheduled_on))


def again(uow: UnitOfWork, obligation: Obligation) -> dict[str, int]:
    return {"obligation_id": obligation.id, "version": uow.get(Obligation, obligation.id).version}


def test_an_added_obligation_is_planned_from_today_on(programme: UnitOfWork) -> None:
    added = add(programme, starts_on=TODAY - timedelta(days=100))
    planned = of(programme, added)
    assert planned[0].scheduled_on >= TODAY
    assert {task.state for task in planned} == {TaskState.SCHEDULED}
    assert planned[0].requirements == ["iso27001-2022:A.7.5"]
    assert (planned[0].owner_id, planned[0].deputy_id) == ("UJONAS", "UPRIYA")


def test_a_change_plans_anew_what_is_not_open_and_leaves_the_rest(programme: UnitOfWork) -> None:
    added = add(programme, starts_on=TODAY + timedelta(days=3))
    task_commands.tick(the_bot(programme))
    opened, *later = of(programme, added)
    wishes = replace(WISHES, starts_on=opened.scheduled_on, recurrence="FREQ=MONTHLY;INTERVAL=2", owner_id="UTOM")
    obligations.change(deed(programme, "UMIRA"), **again(programme, added), wishes=wishes)
    after = {task.scheduled_on: task for task in of(programme, added)}
    assert after[opened.scheduled_on] == opened
    assert [after[each.scheduled_on].state for each in later[:4]] == ["waived", "scheduled", "waived", "scheduled"]
    assert after[later[1].scheduled_on].owner_id == "UTOM"
    assert after[later[0].scheduled_on].reason == "The obligation was changed."


def test_what_a_lead_waived_stays_waived_when_its_obligation_is_planned_anew(programme: UnitOfWork) -> None:
    mira, added = deed(programme, "UMIRA"), add(programme, starts_on=TODAY + timedelta(days=3))
    task_commands.tick(the_bot(programme))
    opened, *_ = of(programme, added)
    waived = task_commands.waive(mira, task_id=opened.id, version=opened.version, reason="The doors are being replaced")
    wishes = replace(WISHES, starts_on=opened.scheduled_on, owner_id="UTOM")
    obligations.change(mira, **again(programme, added), wishes=wishes)
    assert of(programme, added)[0] == waived


def test_a_pause_withdraws_and_a_resumption_goes_on_without_making_up(programme: UnitOfWork) -> None:
    mira = actor(programme, "UMIRA")
    added = add(programme)
    obligations.pause(Deed(programme, mira, MONDAY), **again(programme, added))
    calendar.tick(the_bot(programme, MONDAY + timedelta(days=40)))
    assert {task.state for task in of(programme, added)} == {TaskState.WAIVED}
    later = MONDAY + timedelta(days=70)
    obligations.resume(Deed(programme, mira, later), **again(programme, added))
    states = [(task.scheduled_on >= later.date(), task.state) for task in of(programme, added)]
    assert set(states) == {(False, TaskState.WAIVED), (True, TaskState.SCHEDULED)}


def test_an_ended_obligation_keeps_its_open_tasks_and_plans_no_more(programme: UnitOfWork) -> None:
    added = add(programme, starts_on=TODAY + timedelta(days=3))
    task_commands.tick(the_bot(programme))
    obligations.end(deed(programme, "UMIRA"), **again(programme, added))
    calendar.tick(the_bot(programme, MONDAY + timedelta(days=300)))
    first, *later = of(programme, added)
    assert first.state is TaskState.OPEN
    assert {task.state for task in later} == {TaskState.WAIVED}


def test_an_end_is_the_last_day_on_which_something_is_due(programme: UnitOfWork) -> None:
    ends_on = TODAY + timedelta(days=100)
    added = add(programme, ends_on=ends_on)
    assert TODAY + timedelta(days=60) < of(programme, added)[-1].scheduled_on <= ends_on


@pytest.mark.parametrize(
    ("kind", "owner", "asked"),
    [
        ("person", "UTOM", "UTOM"),
        ("auditor", "", "ULIAM"),
        ("management", "", "UDAVID"),
        ("reader", "", "UPRIYA"),
        ("group", "S0QUALITY", "UTOM"),
        ("group", "<!subteam^S0QUALITY|@quality>", "UTOM"),
        ("group", "@quality", "UTOM"),
        ("group", "Quality", "UTOM"),
        ("group", "@empty", "UPRIYA"),
    ],
)
def test_an_owner_is_a_person_a_role_or_a_group(programme: UnitOfWork, kind: str, owner: str, asked: str) -> None:
    people_commands.sync_groups(the_bot(programme), GROUPS)
    named = {"group": owner} if kind == "group" else {"owner_id": owner}
    added = add(programme, owner_kind=kind, **named)
    assert of(programme, added)[0].owner_id == asked
    assert added.owner_kind is {"person": OwnerKind.PERSON, "group": OwnerKind.GROUP}.get(kind, OwnerKind.ROLE)


def test_the_members_of_a_group_take_turns(programme: UnitOfWork) -> None:
    people_commands.sync_groups(the_bot(programme), GROUPS)
    added = add(programme, owner_kind="group", group="@quality", deputy_id=None)
    assert [task.owner_id for task in of(programme, added)][:4] == ["UTOM", "ULIAM", "UTOM", "ULIAM"]


def test_when_nobody_named_can_be_reached_a_lead_is_asked(programme: UnitOfWork) -> None:
    added = add(programme, owner_kind="reader", deputy_id=None)
    assert of(programme, added)[0].owner_id == "UMIRA"


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"title": ""}, InputWanted, "title"),
        ({"title": "x" * 201}, InputWanted, "title"),
        ({"kind": "certification"}, InputWanted, "kind"),
        ({"kind": ""}, InputWanted, "kind"),
        ({"urgency": "extreme"}, InputWanted, "urgency"),
        ({"owner_id": "UOTTO"}, InputWanted, "owner_id"),
        ({"owner_id": "UBOT"}, InputWanted, "owner_id"),
        ({"owner_id": None}, InputWanted, "owner_id"),
        ({"owner_kind": "group", "group": "@nobody"}, InputWanted, "group"),
        ({"owner_kind": "group", "group": "S0NOBODY"}, InputWanted, "group"),
        ({"owner_kind": "group", "group": ""}, InputWanted, "group"),
        ({"owner_kind": "group", "group": "@gone"}, InputWanted, "group"),
        ({"owner_kind": "group", "group": "@empty", "deputy_id": None}, InputWanted, "deputy_id"),
        ({"deputy_id": "UBOT"}, InputWanted, "deputy_id"),
        ({"requirements": "A.5.18, A.99"}, InputWanted, "requirements"),
        ({"requirements": "iso1-1990:4.1"}, InputWanted, "requirements"),
        ({"lead_days": "soon"}, InputWanted, "lead_days"),
        ({"lead_days": "-1"}, InputWanted, "lead_days"),
        ({"lead_days": "366"}, InputWanted, "lead_days"),
        ({"lead_days": "\u0661"}, InputWanted, "lead_days"),
        ({"ends_on": TODAY}, EndBeforeStart, "ends_on"),
        ({"recurrence": "now and then"}, RuleNotUnderstood, "recurrence"),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, RuleNeverHappens, "recurrence"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_added(
    programme: UnitOfWork, changed: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    people_commands.sync_groups(the_bot(programme), [GroupEntry("S0GONE", "gone", "Gone", ["UTOM"])])
    people_commands.sync_groups(the_bot(programme), GROUPS)
    before = programme.count(Obligation)
    with pytest.raises(refusal) as refused:
        add(programme, **changed)
    assert refused.value.field == field  # type: ignore[attr-defined]  # every refusal of a form names one
    assert programme.count(Obligation) == before


VERBS: dict[str, Callable[..., Obligation]] = {
    "pause": obligations.pause,
    "end": obligations.end,
    "change": partial(obligations.change, wishes=WISHES),
}


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UDAVID"])
@pytest.mark.parametrize("verb", [*VERBS.values(), obligations.resume])
def test_only_a_lead_changes_obligations(programme: UnitOfWork, person: str, verb: Callable[..., Obligation]) -> None:
    added, somebody = add(programme), deed(programme, person)
    with pytest.raises(NotAllowed):
        verb(somebody, **again(programme, added))
    with pytest.raises(NotAllowed):
        obligations.add(somebody, wishes=WISHES)


@pytest.mark.parametrize(("person", "may"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False)])
def test_who_sees_the_obligations(programme: UnitOfWork, person: str, may: bool) -> None:
    if may:
        titles = [each.title for each in obligations.listing(deed(programme, person))]
        assert titles == sorted(titles)
    else:
        with pytest.raises(NotAllowed):
            obligations.listing(deed(programme, person))


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_changed_meanwhile_is_not_changed_unseen(programme: UnitOfWork, verb: str) -> None:
    added = add(programme)
    with pytest.raises(Stale):
        VERBS[verb](deed(programme, "UMIRA"), obligation_id=added.id, version=99)


@pytest.mark.parametrize("verb", VERBS)
def test_an_ended_obligation_stays_ended(programme: UnitOfWork, verb: str) -> None:
    mira, added = deed(programme, "UMIRA"), add(programme)
    obligations.end(mira, **again(programme, added))
    with pytest.raises(AlreadyDecided):
        VERBS[verb](mira, **again(programme, added))


@pytest.mark.parametrize("verb", VERBS)
def test_dates_from_outside_are_left_alone(programme: UnitOfWork, verb: str) -> None:
    added = programme.add(
        Obligation(
            key="certificate:1:expiry",
            title="The certificate expires",
            kind=Kind.CERTIFICATION,
            owner_id="UMIRA",
            recurrence="FREQ=DAILY;COUNT=1",
            starts_on=date(2027, 1, 1),
        )
    )
    with pytest.raises(DateFromOutside):
        VERBS[verb](deed(programme, "UMIRA"), obligation_id=added.id, version=1)


def test_a_pause_is_made_once_and_undone_once(programme: UnitOfWork) -> None:
    mira, added = actor(programme, "UMIRA"), add(programme)
    with pytest.raises(AlreadyDecided):
        obligations.resume(Deed(programme, mira, MONDAY), **again(programme, added))
    obligations.pause(Deed(programme, mira, MONDAY), **again(programme, added))
    with pytest.raises(AlreadyDecided):
        obligations.pause(Deed(programme, mira, MONDAY), **again(programme, added))


def test_before_the_programme_there_is_nothing_to_add_to(directory: UnitOfWork) -> None:
    people_commands.grant(deed(directory, "UMIRA"), "UMIRA", Role.LEAD)
    with pytest.raises(NoProgrammeYet):
        add(directory)


def test_every_change_is_on_the_trail(programme: UnitOfWork) -> None:
    mira, added = actor(programme, "UMIRA"), add(programme)
    obligations.pause(Deed(programme, mira, MONDAY), **again(programme, added))
    obligations.resume(Deed(programme, mira, MONDAY), **again(programme, added))
    obligations.end(Deed(programme, mira, MONDAY), **again(programme, added))
    entries = programme.all(TrailEntry, col(TrailEntry.subject) == "obligation")
    assert [entry.verb.removeprefix("obligation.") for entry in entries] == ["add", "pause", "resume", "end"]


def test_the_reminders_of_what_is_open_follow_the_urgency_at_once(programme: UnitOfWork) -> None:
    wishes = replace(WISHES, starts_on=TODAY + timedelta(days=10), lead_days="14")
    added = obligations.add(deed(programme, "UMIRA"), wishes=wishes)
    (task,) = programme.matching(Task, obligation_id=added.id, state=TaskState.OPEN)
    assert task.nudge_on is not None
    urgent = replace(wishes, urgency="high")
    obligations.change(deed(programme, "UMIRA"), **again(programme, added), wishes=urgent)
    followed = programme.get(Task, task.id)
    assert programme.get(Obligation, added.id).urgency is Urgency.HIGH
    assert followed.nudge_on is not None
    assert followed.nudge_on < task.nudge_on


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ISO/IEC 27001:2022 7.2, A.5.18", ["iso27001-2022:7.2", "iso27001-2022:A.5.18"]),
        ("27001 7.2; iso 9001 7.2", ["iso27001-2022:7.2", "iso9001-2015:7.2"]),
        ("7.2 A.5.18", ["iso27001-2022:7.2", "iso9001-2015:7.2", "iso27001-2022:A.5.18"]),
        ("iso27001-2022:7.2", ["iso27001-2022:7.2"]),
        ("ISO 14001:2015 7.2", ["iso14001-2015:7.2"]),
    ],
)
def test_requirements_are_shown_in_peoples_words_and_read_back_the_same(
    programme: UnitOfWork, typed: str, meant: list[str]
) -> None:
    kept = obligations.add(deed(programme, "UMIRA"), wishes=replace(WISHES, requirements=typed))
    assert kept.requirements == meant
    shown = obligations.wishes_of(programme, kept)
    assert not any(reference in shown.requirements for reference in meant)
    again = obligations.add(deed(programme, "UMIRA"), wishes=replace(WISHES, requirements=shown.requirements))
    assert again.requirements == meant
