"""Auditors from outside: what they may do, in their scope, in their time, and never otherwise."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.packs.tables import AuditorAccess, RequestState
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, actor, deed
from tests.workflows.test_requests import DEEDS, bring, in_state
from tests.workflows.test_tasks import give, the_access_review
from workflows.deed import Deed
from workflows.packs import auditors, requests
from workflows.packs.shapes import Admission
from workflows.people.permissions import MAY, Permission
from workflows.people.refusals import CannotTakeOver
from workflows.refusals import EndBeforeStart, InputWanted, NotAllowed, Refusal
from workflows.tasks import commands as task_commands

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
DAYS = (date(2026, 11, 24), date(2026, 12, 4))
INSIDE = datetime(2026, 11, 30, 12, tzinfo=MONDAY.tzinfo)


def let_in(
    uow: UnitOfWork, person_id: str = "UTOM", edition: str = "iso27001-2022", period: tuple[date, date] = YEAR
) -> AuditorAccess:
    """Mira lets Tom look."""
    mira = deed(uow, "UMIRA")
    return auditors.let_in(mira, admission=Admission(person_id, (edition,), *period, *DAYS))


@pytest.fixture
def kept(programme: UnitOfWork) -> Evidence:
    """A file of the access review that Mira has accepted."""
    task = the_access_review(programme)
    found = give(programme, task)
    given_for = programme.get(Task, task.id)
    later = MONDAY + timedelta(hours=1)
    task_commands.accept(deed(programme, "UMIRA", later), task_id=task.id, version=given_for.version)
    return found


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (datetime(2026, 11, 23, 22, 59, tzinfo=MONDAY.tzinfo), False),
        (datetime(2026, 11, 23, 23, 0, tzinfo=MONDAY.tzinfo), True),  # midnight in Berlin
        (INSIDE, True),
        (datetime(2026, 12, 4, 22, 59, tzinfo=MONDAY.tzinfo), True),
        (datetime(2026, 12, 4, 23, 0, tzinfo=MONDAY.tzinfo), False),
    ],
)
def test_before_in_and_after_their_time(programme: UnitOfWork, kept: Evidence, at: datetime, may: bool) -> None:
    let_in(programme)
    tom = deed(programme, "UTOM", at)
    if may:
        [selection] = auditors.look(tom)
        assert [each.evidence_id for each in selection.files] == [kept.id]
        assert auditors.look_at(tom, evidence_id=kept.id).id == kept.id
        return
    for act in (
        lambda: auditors.look(tom),
        lambda: auditors.look_at(tom, evidence_id=kept.id),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("person", "edition", "period", "may"),
    [
        ("UTOM", "iso27001-2022", YEAR, True),
        ("UPRIYA", "iso27001-2022", YEAR, False),
        ("UTOM", "iso9001-2015", YEAR, False),
        ("UTOM", "iso27001-2022", (date(2025, 1, 1), date(2025, 12, 31)), False),
    ],
)
def test_only_the_right_person_in_the_right_scope(
    programme: UnitOfWork, kept: Evidence, person: str, edition: str, period: tuple[date, date], may: bool
) -> None:
    let_in(programme, person, edition, period)
    tom = deed(programme, "UTOM", INSIDE)
    if may:
        assert auditors.look_at(tom, evidence_id=kept.id) is not None
    else:
        with pytest.raises(NotAllowed):
            auditors.look_at(tom, evidence_id=kept.id)


def test_what_is_not_accepted_is_not_seen(programme: UnitOfWork) -> None:
    waiting = give(programme, the_access_review(programme))
    let_in(programme)
    with pytest.raises(NotAllowed):
        auditors.look_at(deed(programme, "UTOM", INSIDE), evidence_id=waiting.id)


def test_access_that_was_ended_is_over_at_once(programme: UnitOfWork, kept: Evidence) -> None:
    access = let_in(programme)
    for _ in range(2):
        auditors.end(deed(programme, "UINES", INSIDE), access_id=access.id)
    with pytest.raises(NotAllowed):
        auditors.look_at(deed(programme, "UTOM", INSIDE), evidence_id=kept.id)
    assert auditors.standing(deed(programme, "UMIRA", INSIDE)) == []


def test_letting_somebody_in_twice_gives_them_one_access(programme: UnitOfWork) -> None:
    assert let_in(programme).id == let_in(programme).id
    assert let_in(programme, period=(YEAR[0], DAYS[1])).id != let_in(programme).id


def test_every_look_is_on_the_trail(programme: UnitOfWork, kept: Evidence) -> None:
    access, tom = let_in(programme), actor(programme, "UTOM")
    auditors.look(Deed(programme, tom, INSIDE))
    auditors.look_at(Deed(programme, tom, INSIDE), evidence_id=kept.id)
    told = programme.all(TrailEntry, col(TrailEntry.actor_id) == "UTOM")
    assert [(each.verb, each.subject_id) for each in told] == [
        ("auditor_access.look", str(access.id)),
        ("evidence.look", str(kept.id)),
    ]


@pytest.mark.parametrize("deed", MAY)
def test_access_is_no_role(programme: UnitOfWork, deed: Permission) -> None:
    let_in(programme)
    with pytest.raises(NotAllowed):
        actor(programme, "UTOM").must(deed)


def test_they_see_and_judge_the_requests_of_their_scope_and_do_nothing_else_with_them(programme: UnitOfWork) -> None:
    let_in(programme)
    request = in_state(programme, RequestState.ANSWERED)
    tom = deed(programme, "UTOM", INSIDE)
    assert [each.number for each in requests.listed(tom)] == [1, 2]
    for move in ("assign", "answer", "withdraw"):
        with pytest.raises(NotAllowed):
            DEEDS[move](programme, request, "UTOM")
    accepted = requests.accept(tom, request_id=request.id, version=request.version)
    assert (accepted.state, accepted.settled_by) == (RequestState.ACCEPTED, "UTOM")


def test_requests_of_another_standard_do_not_concern_them(programme: UnitOfWork) -> None:
    let_in(programme, edition="iso9001-2015")
    bring(programme)
    assert [each.number for each in requests.listed(deed(programme, "UTOM", INSIDE))] == [2]


@pytest.mark.parametrize("who", ["UINES", "UJONAS", "ULIAM", "UDAVID", "UTOM"])
def test_leads_let_people_in_and_nobody_else(programme: UnitOfWork, who: str) -> None:
    access = let_in(programme)
    acts = (
        lambda: auditors.let_in(deed(programme, who), admission=Admission("UTOM", ("iso9001-2015",), *YEAR, *DAYS)),
        lambda: auditors.standing(deed(programme, who)),
        lambda: auditors.end(deed(programme, who), access_id=access.id),
    )
    for act in acts:
        if who == "UINES":
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


@pytest.mark.parametrize(
    ("person", "editions", "period", "days", "refusal"),
    [
        ("UOTTO", ["iso27001-2022"], YEAR, DAYS, CannotTakeOver),
        ("UBOT", ["iso27001-2022"], YEAR, DAYS, CannotTakeOver),
        ("UTOM", [], YEAR, DAYS, InputWanted),
        ("UMIRA", ["iso27001-2022"], YEAR, DAYS, InputWanted),
        ("ULIAM", ["iso27001-2022"], YEAR, DAYS, InputWanted),
        ("UTOM", ["iso14001-2015"], YEAR, DAYS, InputWanted),
        ("UTOM", ["iso27001-2022"], YEAR[::-1], DAYS, EndBeforeStart),
        ("UTOM", ["iso27001-2022"], YEAR, DAYS[::-1], EndBeforeStart),
        ("UTOM", ["iso27001-2022"], YEAR, (DAYS[0], DAYS[0] + timedelta(days=93)), InputWanted),
        ("UTOM", ["iso27001-2022"], YEAR, (date(2026, 11, 20), date(2026, 11, 22)), InputWanted),
    ],
)
def test_access_that_makes_no_sense_is_not_given(
    programme: UnitOfWork,
    person: str,
    editions: list[str],
    period: tuple[date, date],
    days: tuple[date, date],
    refusal: type[Refusal],
) -> None:
    admission = Admission(person, tuple(editions), *period, *days)
    with pytest.raises(refusal):
        auditors.let_in(deed(programme, "UMIRA"), admission=admission)
    assert programme.count(AuditorAccess) == 0
