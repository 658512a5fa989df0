"""A whole certification cycle, day by day: everything falls where the rules say, and nobody is told twice in a day."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from sqlmodel import col

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge, NudgeState
from storage.programme.tables import Certificate, CertificateState, Obligation
from storage.record import checking
from storage.tasks.tables import Task, TaskState
from tests.conftest import WORKSPACE
from tests.workflows.conftest import deed
from tests.years.lives import AFTERNOON, MORNING, PEOPLE, SILENT, Life, Said, begin, days, owners_act
from workflows.people import working_days
from workflows.programme import certification
from workflows.programme.shapes import CertificateDates

pytestmark = pytest.mark.timeout(300)  # eight hundred working days, lived once

BEGAN = date(2026, 11, 23)
ENDED = date(2030, 2, 15)
EDITION = "iso27001-2022"

DATES_TOLD = {
    date(2026, 11, 24): ("applicant", {"stage_1_on": date(2027, 1, 12), "stage_2_on": date(2027, 3, 9)}),
    date(2027, 1, 13): ("stage_1_done", {"stage_1_on": date(2027, 1, 12), "stage_2_on": date(2027, 3, 9)}),
    date(2027, 3, 10): ("stage_2_done", {"stage_2_on": date(2027, 3, 9)}),
    date(2027, 4, 12): ("certified", {"decided_on": date(2027, 4, 12)}),
    date(2030, 2, 4): ("certified", {"decided_on": date(2030, 2, 4)}),
}
"""What Mira writes down on which day: two stages, the decision, and a recertification in time."""

FALLS = {
    "pre_stage_2_internal_audit": date(2027, 1, 23),
    "pre_stage_2_management_review": date(2027, 2, 7),
    "stage_1": date(2027, 1, 12),
    "stage_2": date(2027, 3, 9),
    "minor_plan_stage_2": date(2027, 4, 8),
    "surveillance_1": date(2028, 4, 12),
    "surveillance_2": date(2029, 4, 12),
    "recertification": date(2030, 2, 11),
}
"""Surveillance at most 12 months after the decision, then once a year; recertification 120 to 60 days before expiry."""

INTERVALS = {
    "access_review": relativedelta(months=3),
    "restore_test": relativedelta(months=3),
    "vulnerability_review": relativedelta(months=1),
    "internal_audits": relativedelta(months=3),
    "risk_assessment": relativedelta(years=1),
    "management_review": relativedelta(months=6),
    "awareness_training": relativedelta(years=1),
    "nc_review": relativedelta(weeks=1),
}


@pytest.fixture(scope="module")
def life(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """The three years, lived once for all tests here."""
    path = tmp_path_factory.mktemp("years") / "deskaudit.db"
    shutil.copy(sqlite_template, path)
    life = Life(Database.open(f"sqlite:///{path}"))
    asyncio.run(_live(life))
    yield life
    life.database.shut_down()


async def _live(life: Life) -> None:
    await life.database.run(WORKSPACE, begin, datetime.combine(BEGAN, MORNING, UTC))
    for day in days(BEGAN, ENDED):
        at = datetime.combine(day, AFTERNOON, UTC)
        await life.beat(at)
        await life.database.run(WORKSPACE, _write_down, at)
        await life.database.run(WORKSPACE, owners_act, at)
        await life.deliver(at)


def _write_down(uow: UnitOfWork, at: datetime) -> None:
    if at.date() in DATES_TOLD:
        state, dates = DATES_TOLD[at.date()]
        known = next(iter(uow.all(Certificate)), None)
        wanted = CertificateDates(
            state=state, scope="All sites", certification_body="Sample Cert", owner_id="UMIRA", **dates
        )
        version = known.version if known else None
        certification.set_dates(deed(uow, "UMIRA", at), edition=EDITION, wanted=wanted, version=version)


@pytest.fixture
def lived(life: Life) -> Iterator[UnitOfWork]:
    """What is on record at the end."""
    with life.database.unit_of_work(WORKSPACE) as uow:
        yield uow


def dates_of(uow: UnitOfWork, key: str) -> list[date]:
    [obligation] = uow.matching(Obligation, key=key)
    return [task.scheduled_on for task in uow.all(Task, col(Task.obligation_id) == obligation.id)]


@pytest.mark.parametrize(("milestone", "day"), FALLS.items())
def test_every_date_of_the_cycle_falls_where_the_rules_say(lived: UnitOfWork, milestone: str, day: date) -> None:
    assert dates_of(lived, f"certificate:1:{milestone}")[0] == day


def test_a_recertification_in_time_goes_on_with_the_old_cycle(lived: UnitOfWork) -> None:
    [certificate] = lived.all(Certificate)
    assert (certificate.state, certificate.expires_on) == (CertificateState.CERTIFIED, date(2033, 4, 12))


def test_dates_from_outside_never_moved(lived: UnitOfWork) -> None:
    external = lived.all(Task, col(Task.external).is_(True))
    assert external
    assert all(task.due_on == task.scheduled_on for task in external)


@pytest.mark.parametrize(("key", "interval"), INTERVALS.items())
def test_every_review_and_audit_comes_round_on_its_day(lived: UnitOfWork, key: str, interval: relativedelta) -> None:
    found = sorted(dates_of(lived, key))
    assert found == [found[0] + interval * number for number in range(len(found))]
    assert BEGAN < found[0] <= BEGAN + interval + relativedelta(months=6)
    assert found[-1] > ENDED


def test_no_year_without_an_internal_audit_and_a_management_review(lived: UnitOfWork) -> None:
    for key in ("internal_audits", "management_review"):
        assert all((later - earlier).days <= 365 for earlier, later in pairwise(sorted(dates_of(lived, key))))


def unasked(life: Life) -> list[Said]:
    """What people were told without asking, apart from threads; that the programme runs answers a press."""
    to_people = [each for each in life.slack.said if each.recipient.startswith("U") and each.thread_ts is None]
    return [each for each in to_people if not each.slot.startswith("programme.started")]


def test_nobody_has_more_than_one_message_on_a_day(life: Life) -> None:
    counted = Counter((each.recipient, each.local.date()) for each in unasked(life))
    assert set(PEOPLE) - {"ULIAM"} <= {person for person, _ in counted}
    assert {key: count for key, count in counted.items() if count > 1} == {}


def test_nobody_is_told_anything_in_their_spare_time(life: Life, lived: UnitOfWork) -> None:
    for each in unasked(life):
        assert working_days.of_person(lived, each.recipient).is_working(each.local.date()), each
        assert time(9) <= each.local.time() < time(17), each


def test_everything_owed_was_told_or_left_out_for_a_reason(lived: UnitOfWork) -> None:
    nudges = lived.all(Nudge)
    old = datetime.combine(ENDED, AFTERNOON, UTC) - timedelta(days=5)
    assert [each for each in nudges if each.state is NudgeState.OWED and each.reached_at < old] == []
    assert all(each.reason for each in nudges if each.state is NudgeState.SKIPPED)
    told = {each.subject_id for each in nudges if each.subject == "task" and each.state is NudgeState.TOLD}
    opened = lived.all(Task, col(Task.opened_at) < old)
    assert {task.id for task in opened} <= told


def test_who_never_answers_misses_periods_and_the_leads_know(life: Life, lived: UnitOfWork) -> None:
    missed = lived.all(Task, col(Task.state) == TaskState.MISSED)
    assert missed
    assert {task.owner_id for task in missed} == {SILENT}


def test_the_trail_of_three_years_is_whole(lived: UnitOfWork) -> None:
    assert checking.check(lived, lambda _checked, _of: None).faults == ()
