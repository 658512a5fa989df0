"""Feeds: who may have one, what it shows, and that a dead address shows nothing."""

import re

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person, Role, RoleGrant
from storage.programme.tables import Feed, FeedScope
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed
from workflows.programme import feeds
from workflows.programme.feeds import content, renew, revoke
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import NotAllowed

OWN, PROGRAMME = FeedScope.OWN, FeedScope.PROGRAMME


def owners(uow: UnitOfWork, secret: str) -> set[str] | None:
    found = content(uow, secret, at=MONDAY)
    return None if found is None else {task.owner_id for task in found.tasks}


def test_a_feed_shows_ones_own_tasks_and_the_programmes_shows_all(programme: UnitOfWork) -> None:
    own = renew(deed(programme, "UJONAS"), scope=OWN)
    whole = renew(deed(programme, "UMIRA"), scope=PROGRAMME)
    assert owners(programme, own) == {"UJONAS"}
    assert owners(programme, whole) == {"UJONAS", "UPRIYA"}


def test_a_secret_is_long_told_once_and_kept_as_a_hash(programme: UnitOfWork) -> None:
    secret = renew(deed(programme, "UJONAS"), scope=OWN)
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    [kept] = programme.all(Feed)
    assert kept.secret_hash == feeds.hash_of(secret)
    assert secret not in str([vars(row) for row in (*programme.all(Feed), *programme.all(TrailEntry))])


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(programme: UnitOfWork) -> None:
    jonas = deed(programme, "UJONAS")
    first = renew(jonas, scope=OWN)
    second = renew(jonas, scope=OWN)
    assert owners(programme, first) is None
    assert owners(programme, second) == {"UJONAS"}
    revoke(jonas, scope=OWN)
    revoke(jonas, scope=OWN)
    assert owners(programme, second) is None
    entries = programme.all(TrailEntry, col(TrailEntry.subject) == "feed")
    assert [entry.verb for entry in entries] == ["feed.renew", "feed.renew", "feed.revoke"]


@pytest.mark.parametrize("secret", ["", "0" * 64, "' OR 1=1"])
def test_what_is_no_secret_shows_nothing(programme: UnitOfWork, secret: str) -> None:
    renew(deed(programme, "UJONAS"), scope=OWN)
    assert owners(programme, secret) is None


def test_who_has_left_or_lost_the_role_reads_nothing_more(programme: UnitOfWork) -> None:
    own = renew(deed(programme, "UJONAS"), scope=OWN)
    whole = renew(deed(programme, "ULIAM"), scope=PROGRAMME)
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
    somebody = deed(programme, person)
    assert renew(somebody, scope=OWN)
    if may:
        assert feeds.standing(somebody, scope=PROGRAMME).made_at is None
        assert renew(somebody, scope=PROGRAMME)
        return
    with pytest.raises(NotAllowed):
        renew(somebody, scope=PROGRAMME)
    with pytest.raises(NotAllowed):
        feeds.standing(somebody, scope=PROGRAMME)


def test_before_the_programme_there_is_nothing_to_read(directory: UnitOfWork) -> None:
    with pytest.raises(NoProgrammeYet):
        renew(deed(directory, "UJONAS"), scope=OWN)


@pytest.mark.parametrize(("person", "may"), [("UJONAS", True), ("UMIRA", True), ("ULIAM", True), ("UTOM", False)])
def test_who_may_put_a_task_into_a_calendar(programme: UnitOfWork, person: str, may: bool) -> None:
    [task, *_] = programme.matching(Task, owner_id="UJONAS")
    if may:
        assert feeds.to_put_down(deed(programme, person), task_id=task.id) == task
        return
    with pytest.raises(NotAllowed):
        feeds.to_put_down(deed(programme, person), task_id=task.id)
