"""Obligations and their recurrence, and starting the programme."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col

from storage.calendar import Obligation
from storage.people import Role
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from tests.workflows.conftest import MONDAY, actor
from workflows import calendar, frameworks, people
from workflows.calendar import Start, opens_on
from workflows.errors import InputWanted, NotAllowed, ProgrammeRunsAlready
from workflows.recurrence import checked, dates
from workflows.working_days import MONDAY_TO_FRIDAY, WorkingDays

GERMANY = WorkingDays(MONDAY_TO_FRIDAY, "DE")
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@settings(deadline=None)  # the holidays of each year are worked out when first asked for
@given(days, st.integers(0, 60))
def test_a_task_opens_on_a_working_day_at_least_its_lead_time_before(due_on: date, lead_days: int) -> None:
    opens = opens_on(due_on, lead_days, GERMANY)
    assert GERMANY.is_working(opens)
    assert lead_days <= (due_on - opens).days <= lead_days + 4


def test_the_proposal_holds_every_recurring_task_of_the_field() -> None:
    assert len(calendar.proposals()) == 29
    assert len({each.key for each in calendar.proposals()}) == 29


def test_every_proposed_obligation_points_into_the_catalogues_and_has_an_owner_group() -> None:
    groups = {group.key for group in calendar.owner_groups()}
    for proposal in calendar.proposals():
        assert proposal.owner in groups
        assert all(map(frameworks.requirement, frameworks.in_scope(proposal.requirements, frameworks.EDITIONS)))
        assert checked(proposal.recurrence, MONDAY.date(), None) == proposal.recurrence


@pytest.mark.parametrize(
    ("edition", "most_often"),
    [
        ("iso9001-2015", "nc_review"),
        ("iso27001-2022", "vulnerability_review"),
        ("iso14001-2015", "kpi_report"),
        ("iso45001-2018", "emergency_drill"),
        ("iso22301-2019", "continuity_exercise"),
    ],
)
def test_every_standard_has_a_programme_of_its_own(edition: str, most_often: str) -> None:
    asked = {each.key for each in calendar.proposals() if frameworks.in_scope(each.requirements, [edition])}
    assert {most_often, "internal_audits", "management_review", "policy_review", "risk_assessment"} <= asked


@pytest.fixture
def lead(directory: UnitOfWork) -> UnitOfWork:
    """Mira leads; nothing is started."""
    people.grant(directory, "UMIRA", Role.LEAD, by="UMIRA", at=MONDAY)
    return directory


START = Start(
    standards=["iso27001-2022"],
    owners=dict.fromkeys((group.key for group in calendar.owner_groups()), "UJONAS"),
    auditors=["ULIAM"],
    management=["UDAVID"],
    digest_channel="C0MGMT",
)


def test_starting_plans_every_obligation_of_the_chosen_standard_for_a_year(lead: UnitOfWork) -> None:
    calendar.start_programme(lead, actor(lead, "UMIRA"), START, at=MONDAY)
    titles = {row.title for row in lead.all(Obligation)}
    assert "Review who has access to what" in titles
    assert "Look at how satisfied customers are" not in titles  # an obligation of ISO 9001 alone
    quarterly = lead.all(Task, col(Task.title) == "Review who has access to what", order_by=col(Task.scheduled_on))
    assert {(later.scheduled_on - earlier.scheduled_on).days // 28 for earlier, later in pairwise(quarterly)} == {3}
    assert len(quarterly) == 5


def test_starting_gives_the_roles_and_the_leads_zone_to_the_organisation(lead: UnitOfWork) -> None:
    calendar.start_programme(lead, actor(lead, "UMIRA"), START, at=MONDAY)
    assert people.holders(lead, Role.AUDITOR) == ["ULIAM"]
    assert people.holders(lead, Role.MANAGEMENT) == ["UDAVID"]
    assert lead.workspace().zone == "Europe/Berlin"


def test_starting_twice_is_refused(lead: UnitOfWork) -> None:
    calendar.start_programme(lead, actor(lead, "UMIRA"), START, at=MONDAY)
    with pytest.raises(ProgrammeRunsAlready):
        calendar.start_programme(lead, actor(lead, "UMIRA"), START, at=MONDAY)


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_starts(lead: UnitOfWork, person: str) -> None:
    with pytest.raises(NotAllowed):
        calendar.start_programme(lead, actor(lead, person), START, at=MONDAY)


@pytest.mark.parametrize(
    ("start", "field"),
    [
        (replace(START, standards=[]), "standards"),
        (replace(START, standards=["iso1-1990"]), "standards"),
        (replace(START, owners={**START.owners, "people": "UOTTO"}), "owner.people"),
        (replace(START, owners={**START.owners, "people": "UBOT"}), "owner.people"),
        (replace(START, owners={}), "owner.it_operations"),
        (replace(START, auditors=[]), "auditors"),
        (replace(START, auditors=["UOTTO"]), "auditors"),
        (replace(START, management=["UNOBODY"]), "management"),
        (replace(START, digest_channel=""), "digest_channel"),
    ],
)
def test_an_impossible_choice_is_named_and_nothing_is_started(lead: UnitOfWork, start: Start, field: str) -> None:
    with pytest.raises(InputWanted) as refused:
        calendar.start_programme(lead, actor(lead, "UMIRA"), start, at=MONDAY)
    assert refused.value.field == field
    assert lead.workspace().programme_started_on is None


def test_ticking_for_a_year_writes_every_occurrence_once(programme: UnitOfWork) -> None:
    for month in range(13):
        calendar.tick(programme, MONDAY + timedelta(days=30 * month))
    for obligation in programme.all(Obligation):
        rows = programme.all(Task, col(Task.obligation_id) == obligation.id, order_by=col(Task.scheduled_on))
        planned = [row.scheduled_on for row in rows]
        assert planned == list(islice(dates(obligation.recurrence, obligation.starts_on, GERMANY), len(planned)))
        assert planned[-1] > (MONDAY + timedelta(days=360)).date()
