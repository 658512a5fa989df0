"""Feeds: who may have one, what it shows, and that a dead address shows nothing."""

import re

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person, Role, RoleGrant
from storage.programme.tables import Feed, FeedScope
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, actor
from workflows.programme import feeds
from workflows.programme.feeds import content, renew, revoke
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import NotAllowed

OWN, PROGRAMME = FeedScope.OWN, FeedScope.PROGRAMME


def owners(uow: UnitOfWork, secret: str) -> set[str] | None:
    found = content(uow, secret, at=MONDAY)
    return None if found is None else {task.owner_id for task in found.tasks}


def test_a_feed_shows_ones_own_tasks_and_the_programmes_shows_all(programme: UnitOfWork) -> None:
    own = renew(programme, actor(programme, "UJONAS"), scope=OWN, at=MONDAY)
    whole = renew(programme, actor(programme, "UMIRA"), scope=PROGRAMME, at=MONDAY)
    assert owners(programme, own) == {"UJONAS"}
    assert owners(programme, whole) == {"UJONAS", "UPRIYA"}


def test_a_secret_is_long_told_once_and_kept_as_a_hash(programme: UnitOfWork) -> None:
    secret = renew(programme, actor(programme, "UJONAS"), scope=OWN, at=MONDAY)
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    [kept] = programme.all(Feed)
    assert kept.secret_hash == feeds.hash_of(secret)
    assert secret not in str([vars(row) for row in (*programme.all(Feed), *programme.all(TrailEntry))])


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(programme: UnitOfWork) -> None:
    jonas = actor(programme, "UJONAS")
    first = renew(programme, jonas, scope=OWN, at=MONDAY)
    second = renew(programme, jonas, scope=OWN, at=MONDAY)
    assert owners(programme, first) is None
    assert owners(programme, second) == {"UJONAS"}
    revoke(programme, jonas, scope=OWN, at=MONDAY)
    revoke(programme, jonas, scope=OWN, at=MONDAY)
    assert owners(programme, second) is None
    entries = programme.all(TrailEntry, col(TrailEntry.subject) == "feed")
    assert [entry.verb for entry in entries] == ["feed.renew", "feed.renew", "feed.revoke"]


@pytest.mark.parametrize("secret", ["", "0" * 64, "' OR 1=1"])
def test_what_is_no_secret_shows_nothing(programme: UnitOfWork, secret: str) -> None:
    renew(programme, actor(programme, "UJONAS"), scope=OWN, at=MONDAY)
    assert owners(programme, secret) is None


def test_who_has_left_or_lost_the_role_reads_nothing_more(programme: UnitOfWork) -> None:
    own = renew(programme, actor(programme, "UJONAS"), scope=OWN, at=MONDAY)
    whole = renew(programme, actor(programme, "ULIAM"), scope=PROGRAMME, at=MONDAY)
    [jonas] = programme.matching(Person, slack_id="UJONAS")
    programme.change(jonas, is_deactivated=True)
    [auditor] = programme.matching(RoleGrant, person_id="ULIAM", role=Role.AUDITOR)
    programme.change(auditor, ended_at=MONDAY)
    assert owners(programme, own) is None
    assert owners(programme, whole) is None


@pytest.mark.parametrize(
    ("person", "may"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False), ("UTOM", False)]
)
def test_who_may_have_the_programmes_feed(programme: UnitOfWork, person: str, may: bool) -> None:
    somebody = actor(programme, person)
    assert renew(programme, somebody, scope=OWN, at=MONDAY)
    if may:
        assert feeds.standing(programme, somebody, scope=PROGRAMME, at=MONDAY).made_at is None
        assert renew(programme, somebody, scope=PROGRAMME, at=MONDAY)
        return
    with pytest.raises(NotAllowed):
        renew(programme, somebody, scope=PROGRAMME, at=MONDAY)
    with pytest.raises(NotAllowed):
        feeds.standing(programme, somebody, scope=PROGRAMME, at=MONDAY)


def test_before_the_programme_there_is_nothing_to_read(directory: UnitOfWork) -> None:
    with pytest.raises(NoProgrammeYet):
        renew(directory, actor(directory, "UJONAS"), scope=OWN, at=MONDAY)


@pytest.mark.parametrize(("person", "may"), [("UJONAS", True), ("UMIRA", True), ("ULIAM", True), ("UTOM", False)])
def test_who_may_put_a_task_into_a_calendar(programme: UnitOfWork, person: str, may: bool) -> None:
    [task, *_] = programme.matching(Task, owner_id="UJONAS")
    if may:
        assert feeds.to_put_down(programme, actor(programme, person), task_id=task.id) == task
        return
    with pytest.raises(NotAllowed):
        feeds.to_put_down(programme, actor(programme, person), task_id=task.id)
