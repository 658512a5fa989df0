"""A significant change: who is asked to look again, who tells the certification bodies, and what stays as it was."""

import json
from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme.tables import Certificate, CertificateState, Obligation
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskComment, TaskState
from tests.workflows.conftest import MONDAY, deed, owed
from workflows.people import commands as people_commands
from workflows.programme import changes, obligations
from workflows.programme.changes import HAS_A_BODY, Said
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import InputWanted, NotAllowed

SAID = Said(
    "Look again: we move.",
    {"iso9001-2015": "Tell the body of quality", "iso27001-2022": "Tell the body of security"},
    "They need to hear: we move.",
    "The letter",
)
REVIEWS = {"context_review", "scope_review", "policy_review", "risk_assessment", "soa_review"}


def announce(
    uow: UnitOfWork,
    *keys: str,
    tell: Collection[str] = (),
    what: str = "We move.",
    who: str = "UMIRA",
    days: int = 0,
) -> list[Task]:
    wanted = {each.id for each in uow.all(Obligation) if each.key in keys}
    at = MONDAY + timedelta(days=days)
    return changes.announce(deed(uow, who, at), what=what, look_again=wanted, tell=tell, said=SAID)


def certify(uow: UnitOfWork, state: CertificateState, edition: str = "iso9001-2015") -> None:
    uow.add(Certificate(edition=edition, state=state, owner_id="UINES", certification_body="A body"))


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID", "UTOM"])
def test_only_a_lead_announces_a_change(programme: UnitOfWork, who: str) -> None:
    with pytest.raises(NotAllowed):
        announce(programme, "risk_assessment", who=who)
    with pytest.raises(NotAllowed):
        changes.touched_by_change(deed(programme, who))


def test_nothing_changes_before_the_programme_runs(directory: UnitOfWork) -> None:
    people_commands.grant(deed(directory, "UMIRA"), "UMIRA", Role.LEAD)
    with pytest.raises(NoProgrammeYet):
        changes.touched_by_change(deed(directory, "UMIRA"))


@pytest.mark.parametrize("what", ["", "x" * 1001])
def test_somebody_has_to_say_what_changes(programme: UnitOfWork, what: str) -> None:
    before = programme.count(Task)
    with pytest.raises(InputWanted):
        announce(programme, "risk_assessment", what=what)
    assert programme.count(Task) == before


def test_what_is_paused_or_ended_is_not_offered(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    offered = changes.touched_by_change(mira).obligations
    assert {each.key for each in offered} == REVIEWS
    paused, ended, *_ = offered
    obligations.pause(mira, obligation_id=paused.id, version=paused.version)
    obligations.end(mira, obligation_id=ended.id, version=ended.version)
    left = changes.touched_by_change(mira).obligations
    assert {each.key for each in left} == REVIEWS - {paused.key, ended.key}


@pytest.mark.parametrize("state", CertificateState)
def test_a_certification_body_is_told_while_it_counts_on_it(programme: UnitOfWork, state: CertificateState) -> None:
    certify(programme, state)
    found = changes.touched_by_change(deed(programme, "UMIRA")).certificates
    assert [each.edition for each in found] == (["iso9001-2015"] if state in HAS_A_BODY else [])
    asked = announce(programme, tell=["iso9001-2015"])
    assert [(each.title, each.owner_id) for each in asked] == [("Tell the body of quality", "UINES")] * (
        state in HAS_A_BODY
    )


def test_the_tasks_to_tell_two_certification_bodies_can_be_told_apart(programme: UnitOfWork) -> None:
    for edition in SAID.notices:
        certify(programme, CertificateState.CERTIFIED, edition)
    asked = announce(programme, tell=list(SAID.notices))
    assert sorted(each.title for each in asked) == ["Tell the body of quality", "Tell the body of security"]


def test_each_is_asked_at_once_and_what_comes_round_stays_as_planned(programme: UnitOfWork) -> None:
    certify(programme, CertificateState.CERTIFIED)
    planned = [task.scheduled_on for task in programme.all(Task, col(Task.title) == "Reassess the risks")]
    risks, notice = announce(programme, "risk_assessment", tell=["iso9001-2015"])
    for each in (risks, notice):
        assert (each.state, each.opens_on) == (TaskState.OPEN, MONDAY.date())
        assert owed(programme, "task", "opened", each.id) == {each.owner_id}
    assert (risks.purpose, notice.purpose) == (SAID.purpose, SAID.notice_purpose)
    assert (notice.due_on - MONDAY.date()).days == 14
    assert (risks.due_on - MONDAY.date()).days >= 7
    now = [task.scheduled_on for task in programme.all(Task, col(Task.title) == "Reassess the risks")]
    assert sorted(now) == sorted([*planned, MONDAY.date()])
    (entry,) = programme.all(TrailEntry, col(TrailEntry.verb) == "change.announce")
    said = {"what": "We move.", "look_again": ["risk_assessment"], "tell": ["iso9001-2015"]}
    assert json.loads(entry.details) == said


def test_where_a_task_is_open_already_the_change_is_noted_on_it(programme: UnitOfWork) -> None:
    (first,) = announce(programme, "policy_review")
    (again,) = announce(programme, "policy_review", days=3)
    assert again.id == first.id
    assert [each.text for each in programme.all(TaskComment, col(TaskComment.task_id) == first.id)] == [SAID.purpose]


def test_what_was_done_on_the_day_of_the_change_is_asked_for_on_the_next(programme: UnitOfWork) -> None:
    (first,) = announce(programme, "policy_review")
    programme.change(programme.get(Task, first.id), state=TaskState.ACCEPTED)
    (again,) = announce(programme, "policy_review")
    assert again.id != first.id
    assert again.opens_on == MONDAY.date() + timedelta(days=1)


def test_a_change_that_touches_nothing_is_on_the_trail_all_the_same(programme: UnitOfWork) -> None:
    before = programme.count(Task)
    assert announce(programme) == []
    assert programme.count(Task) == before
    assert programme.count(TrailEntry, col(TrailEntry.verb) == "change.announce") == 1
