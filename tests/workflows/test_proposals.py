"""What a lead chooses among the proposed obligations, and what is started of it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme.starting import open_setup
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, actor, deed
from tests.workflows.test_starting import ANSWERS, OWNERS, TODAY, WISHES, through
from workflows.dates.recurrence import dates
from workflows.dates.refusals import RuleNotUnderstood
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.people import questions as people_questions
from workflows.programme.shapes import BY_RULE
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.steps import Ground
from workflows.refusals import InputWanted, Refusal


def test_a_proposal_is_left_out_put_back_and_changed(lead: UnitOfWork) -> None:
    through(lead, until=steps.OBLIGATIONS)
    mira = deed(lead, "UMIRA")
    for key in ("restore_test", "access_review", "access_review"):
        starting_commands.leave_out(mira, key=key)
    starting_commands.put_back(mira, key="access_review")
    setup = starting_commands.change_proposal(mira, key="access_review", wishes=WISHES)
    started = {each.key: each for each in starting_commands.start(mira, version=setup.version)}
    assert "restore_test" not in started
    wanted = started["access_review"]
    assert (wanted.owner_id, wanted.recurrence, wanted.starts_on) == ("UTOM", "FREQ=MONTHLY", date(2026, 12, 7))
    assert (wanted.lead_days, wanted.requirements) == (3, ["iso27001-2022:A.5.18"])


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"title": "x" * 3_001}, InputWanted),
        ({"owner_id": "UBOT"}, InputWanted),
        ({"rhythm": BY_RULE, "recurrence": "every monday"}, RuleNotUnderstood),
        ({"lead_days": "-1"}, InputWanted),
        ({"requirements": "8.4.1"}, InputWanted),  # of ISO 9001, which is not followed
    ],
)
def test_a_change_that_will_not_do_is_not_kept(
    lead: UnitOfWork, change: dict[str, Any], refused: type[Refusal]
) -> None:
    before = through(lead, until=steps.OBLIGATIONS)
    wishes = replace(WISHES, **change)
    with pytest.raises(refused):
        starting_commands.change_proposal(deed(lead, "UMIRA"), key="access_review", wishes=wishes)
    assert open_setup(lead) == before


def test_the_summary_tells_who_hears_of_what_first_and_so_it_happens(lead: UnitOfWork) -> None:
    mira = actor(lead, "UMIRA")
    foretold = starting_commands.first_told(lead, ANSWERS, zone=mira.zone, today=TODAY)
    starting_commands.start_programme(Deed(lead, mira, MONDAY), ANSWERS)
    first: dict[str, Task] = {}
    for task in lead.all(Task, order_by=col(Task.scheduled_on)):
        first.setdefault(task.title, task)
    told = {each.title: (max(TODAY, each.opens_on), each.owner_id) for each in first.values()}
    assert {each.title: (day, each.owner_id) for day, each in foretold} == told
    assert [day for day, _ in foretold] == sorted(day for day, _ in foretold)


# --- what is started ---


def test_starting_plans_every_obligation_of_the_chosen_standard_for_a_year(lead: UnitOfWork) -> None:
    starting_commands.start_programme(deed(lead, "UMIRA"), ANSWERS)
    titles = {row.title for row in lead.all(Obligation)}
    assert "Review who has access to what" in titles
    assert "Measure customer satisfaction" not in titles  # an obligation of ISO 9001 alone
    quarterly = lead.all(Task, col(Task.title) == "Review who has access to what", order_by=col(Task.scheduled_on))
    assert {(later.scheduled_on - earlier.scheduled_on).days // 28 for earlier, later in pairwise(quarterly)} == {3}
    assert len(quarterly) == 5


def test_starting_gives_the_roles_and_keeps_the_settings(lead: UnitOfWork) -> None:
    answers = replace(ANSWERS, deputies={"people": "UPRIYA"}, country="DE", region="BY", shows_titles=False)
    starting_commands.start_programme(deed(lead, "UMIRA"), answers)
    assert people_questions.holders(lead, Role.AUDITOR) == ["ULIAM"]
    assert people_questions.holders(lead, Role.MANAGEMENT) == ["UDAVID"]
    workspace = lead.workspace()
    assert (workspace.zone, workspace.country, workspace.region) == ("Europe/Berlin", "DE", "BY")
    assert (workspace.owners, workspace.deputies) == (OWNERS, {"people": "UPRIYA"})
    assert workspace.shows_titles is False
    deputies = {each.deputy_id for each in lead.all(Obligation) if each.key == "awareness_training"}
    assert deputies == {"UPRIYA"}


weekdays = st.sets(st.integers(0, 6), min_size=1)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weekdays,
    st.sampled_from([("DE", "BY"), ("US", None), ("SA", None), (None, None)]),
    st.sets(st.sampled_from(framework_rules.EDITIONS), min_size=1),
    st.sets(st.sampled_from([each.key for each in proposals.proposals()])),
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_chosen_the_obligations_obey_it(
    lead: UnitOfWork, days: set[int], where: tuple[str | None, str | None], standards: set[str], left_out: set[str]
) -> None:
    answers = replace(
        ANSWERS,
        standards=tuple(sorted(standards)),
        weekdays=tuple(sorted(days)),
        country=where[0],
        region=where[1],
        left_out=tuple(left_out),
    )
    mira = actor(lead, "UMIRA")
    steps.check(Ground(lead, mira, TODAY), answers, steps.SUMMARY)
    working = proposals.working_days_of(answers, mira.zone)
    wanted = proposals.proposed(lead, answers, zone=mira.zone, today=TODAY)
    for each in wanted:
        assert working.is_working(each.starts_on)
        assert {reference.partition(":")[0] for reference in each.requirements} <= standards
        assert each.owner_id == "UJONAS"
        assert next(dates(each.recurrence, each.starts_on, working)) >= each.starts_on
    told = starting_commands.first_told(lead, answers, zone=mira.zone, today=TODAY)
    assert {each.key for _, each in told} == {each.key for each in wanted} - left_out
    assert all(working.is_working(day) or day == TODAY for day, _ in told)
