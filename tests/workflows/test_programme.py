"""Changing what is set while the programme runs: owners, working days, digest, standards."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Certificate, CertificateState, Obligation
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.frameworks import rules as framework_rules
from workflows.frameworks import standards
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.refusals import CannotTakeOver
from workflows.programme import calendar, certification
from workflows.programme import settings as settings_of
from workflows.programme.refusals import ChannelNotUsable, LastStandard, NoProgrammeYet
from workflows.programme.shapes import CertificateDates
from workflows.programme.starting import proposals
from workflows.programme.starting.steps import ChannelState
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal
from workflows.tasks import commands as task_commands

TODAY = MONDAY.date()
MIRA = "UMIRA"
GERMANY: dict[str, Any] = {"weekdays": range(5), "country": "DE", "region": None}


def owners(**others: str) -> dict[str, str]:
    """As the programme was started, and some others."""
    known = dict.fromkeys((group.key for group in proposals.owner_groups()), "UJONAS")
    return {**known, "people": "UPRIYA", **others}


def obligation(uow: UnitOfWork, key: str) -> Obligation:
    (found,) = uow.matching(Obligation, key=key)
    return found


def tasks_of(uow: UnitOfWork, key: str, state: TaskState = TaskState.SCHEDULED) -> list[Task]:
    wanted = col(Task.obligation_id) == obligation(uow, key).id
    return uow.all(Task, wanted, col(Task.state) == state, order_by=col(Task.scheduled_on))


def verbs(uow: UnitOfWork) -> list[str]:
    return [each.verb for each in uow.all(TrailEntry, order_by=col(TrailEntry.sequence))]


DEEDS: dict[str, Callable[[UnitOfWork, str], Any]] = {
    "owners": lambda uow, who: settings_of.set_owners(deed(uow, who), named=owners(), deputies={}),
    "working days": lambda uow, who: settings_of.set_working_days(deed(uow, who), **GERMANY),
    "digest": lambda uow, who: settings_of.set_digest(
        deed(uow, who), channel_id="C1", channel=ChannelState.READY, shows_titles=False
    ),
    "add": lambda uow, who: standards.add(deed(uow, who), edition="iso45001-2018", wanted=(), owners={}, deputies={}),
    "end": lambda uow, who: standards.end(deed(uow, who), edition="iso9001-2015", reason="Sold."),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_only_leads_change_what_is_set_and_only_while_it_runs(programme: UnitOfWork, deed: str) -> None:
    for person in ("UJONAS", "ULIAM", "UDAVID"):
        with pytest.raises(NotAllowed):
            DEEDS[deed](programme, person)
    before = len(verbs(programme))
    DEEDS[deed](programme, MIRA)
    assert len(verbs(programme)) > before
    programme.put_workspace(programme_started_on=None)
    with pytest.raises(NoProgrammeYet):
        DEEDS[deed](programme, MIRA)


# --- owners ---


def test_a_field_of_work_changes_hands_with_what_is_not_open_and_was_not_given_to_others(
    programme: UnitOfWork,
) -> None:
    given_away = obligation(programme, "restore_test")
    programme.change(given_away, owner_id="UTOM")
    (opened,) = tasks_of(programme, "access_review", TaskState.OPEN)
    named = owners(it_operations="UTOM")
    settings_of.set_owners(deed(programme, MIRA), named=named, deputies={"people": "UTOM"})
    assert obligation(programme, "access_review").owner_id == "UTOM"
    assert {each.owner_id for each in tasks_of(programme, "access_review")} == {"UTOM"}
    assert programme.get(Task, opened.id).owner_id == "UJONAS"
    assert obligation(programme, "internal_audits").owner_id == "UJONAS"
    assert programme.get(Obligation, given_away.id).version == given_away.version + 1
    training = obligation(programme, "awareness_training")
    assert (training.owner_id, training.deputy_id) == ("UPRIYA", "UTOM")
    assert {each.deputy_id for each in tasks_of(programme, "awareness_training")} == {"UTOM"}
    assert programme.workspace().owners == named
    assert {"owners.set", "obligation.assign"} <= set(verbs(programme))


@pytest.mark.parametrize(
    ("named", "deputies", "refused", "field"),
    [
        (owners(people=""), {}, InputWanted, "owner.people"),
        (owners(people="UBOT"), {}, CannotTakeOver, "owner.people"),
        (owners(people="UOTTO"), {}, CannotTakeOver, "owner.people"),
        (owners(), {"people": "UPRIYA"}, CannotTakeOver, "deputy.people"),
    ],
)
def test_who_cannot_look_after_anything_is_refused(
    programme: UnitOfWork, named: dict[str, str], deputies: dict[str, str], refused: type[Refusal], field: str
) -> None:
    with pytest.raises(refused) as no:
        settings_of.set_owners(deed(programme, MIRA), named=named, deputies=deputies)
    assert no.value.field == field
    assert programme.workspace().owners == owners()


# --- working days ---


def test_what_is_planned_follows_the_working_days_and_what_is_open_stays(programme: UnitOfWork) -> None:
    """The last working day of July 2027 is a Friday; where people work on Saturdays it is the 31st."""
    before = {each.id: each for each in programme.all(Task)}
    assert date(2027, 7, 30) in [each.scheduled_on for each in tasks_of(programme, "kpi_report")]
    how: dict[str, Any] = {"weekdays": (0, 1, 2, 3, 4, 5), "country": "DE", "region": "BY"}
    settings_of.set_working_days(deed(programme, MIRA), **how)
    days = [each.scheduled_on for each in tasks_of(programme, "kpi_report")]
    assert date(2027, 7, 31) in days
    assert date(2027, 7, 30) not in days
    working = working_days.of_organisation(programme)
    for task in programme.all(Task, col(Task.state) == TaskState.SCHEDULED):
        wanted = programme.get(Obligation, task.obligation_id or 0)
        assert task.opens_on == calendar.opens_on(task.scheduled_on, wanted.lead_days, working)
    for task in programme.all(Task, col(Task.state) == TaskState.OPEN):
        assert task == before[task.id]


def test_going_back_to_the_old_working_days_brings_the_old_dates_back(programme: UnitOfWork) -> None:
    mira = deed(programme, MIRA)

    def planned() -> set[tuple[str, date, date]]:
        rows = programme.all(Task, col(Task.state) == TaskState.SCHEDULED)
        return {(each.title, each.scheduled_on, each.opens_on) for each in rows}

    before = planned()
    settings_of.set_working_days(mira, weekdays=(5, 6), country="DE", region=None)
    assert planned() != before
    settings_of.set_working_days(mira, **GERMANY)
    assert planned() == before


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 6), min_size=1), st.sampled_from(["DE", "US", "SA"]))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whenever_people_work_what_is_planned_falls_on_the_dates_of_its_rule(
    programme: UnitOfWork, weekdays: set[int], country: str
) -> None:
    how: dict[str, Any] = {"weekdays": sorted(weekdays), "country": country, "region": None}
    settings_of.set_working_days(deed(programme, MIRA), **how)
    working = working_days.of_organisation(programme)
    for task in tasks_of(programme, "kpi_report"):
        assert working.is_working(task.scheduled_on)
    months = [each.scheduled_on.strftime("%Y-%m") for each in tasks_of(programme, "kpi_report")]
    assert len(set(months)) == len(months) >= 12


def test_a_new_country_asks_for_its_region(programme: UnitOfWork) -> None:
    mira = deed(programme, MIRA)
    assert not settings_of.set_working_days(mira, weekdays=(0,), country="AT", region="BY")
    assert programme.workspace().region is None
    assert settings_of.set_working_days(mira, weekdays=(0,), country="AT", region="9")


@pytest.mark.parametrize(
    ("how", "field"),
    [({"weekdays": ()}, "weekdays"), ({"country": "XX"}, "country"), ({"weekdays": (8,)}, "weekdays")],
)
def test_impossible_working_days_are_refused(programme: UnitOfWork, how: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as no:
        settings_of.set_working_days(deed(programme, MIRA), **{**GERMANY, **how})
    assert no.value.field == field


# --- digest ---


@pytest.mark.parametrize("state", ["not_invited", "archived", "unseen"])
def test_a_channel_in_which_the_bot_cannot_write_is_refused(programme: UnitOfWork, state: str) -> None:
    how: dict[str, Any] = {"channel_id": "C9", "channel": ChannelState(state), "shows_titles": True}
    with pytest.raises(ChannelNotUsable):
        settings_of.set_digest(deed(programme, MIRA), **how)
    assert programme.workspace().digest_channel_id == "C0MGMT"


def test_channel_and_titles_are_changed_and_each_change_is_on_the_trail(programme: UnitOfWork) -> None:
    how: dict[str, Any] = {"channel_id": "C9", "channel": ChannelState.READY, "shows_titles": False}
    settings_of.set_digest(deed(programme, MIRA), **how)
    settings_of.set_digest(deed(programme, MIRA), **how)
    assert verbs(programme)[-2:] == ["digest.set", "titles.switch"]


# --- standards ---


def test_a_standard_is_added_and_what_serves_it_already_is_not_doubled(programme: UnitOfWork) -> None:
    mira = deed(programme, MIRA)
    before = {each.key for each in programme.all(Obligation)}
    review = obligation(programme, "management_review")
    (opened,) = tasks_of(programme, "access_review", TaskState.OPEN)
    found = standards.to_add(mira, edition="iso45001-2018")
    assert {each.key for each in found.new}.isdisjoint(before)
    assert {"management_review", "awareness_training"} <= {each.key for each, _ in found.serving}
    wanted = [each.key for each in found.new if each.key != "legal_register"]
    standards.add(mira, edition="iso45001-2018", wanted=wanted, owners={}, deputies={})
    assert programme.workspace().standards[-1] == "iso45001-2018"
    after = {each.key for each in programme.all(Obligation)}
    assert after - before == set(wanted)
    assert "emergency_drill" in after
    changed = obligation(programme, "management_review")
    assert {each.partition(":")[0] for each in changed.requirements} == set(programme.workspace().standards)
    assert changed.requirements[: len(review.requirements)] == review.requirements
    assert all(each.requirements == changed.requirements for each in tasks_of(programme, "management_review"))
    assert programme.get(Task, opened.id) == opened
    assert tasks_of(programme, "emergency_drill")
    with pytest.raises(AlreadyDecided):
        standards.to_add(mira, edition="iso45001-2018")


def test_an_obligation_of_ones_own_that_serves_the_clause_gets_the_new_number(programme: UnitOfWork) -> None:
    own = obligation(programme, "competence_review")
    programme.change(own, ended_at=MONDAY)
    mine = programme.add(
        Obligation(
            key="own:1",
            title="Skills",
            requirements=["iso9001-2015:7.2"],
            owner_id="UPRIYA",
            recurrence="FREQ=YEARLY",
            starts_on=TODAY,
        )
    )
    found = standards.to_add(deed(programme, MIRA), edition="iso14001-2015")
    assert (mine.id, ("iso14001-2015:7.2",)) in [(each.id, references) for each, references in found.serving]
    assert "competence_review" not in {each.key for each in found.new}


@pytest.mark.parametrize("edition", ["", "iso1-1990", "own-acme"])
def test_an_unknown_standard_cannot_be_added(programme: UnitOfWork, edition: str) -> None:
    with pytest.raises(InputWanted):
        standards.to_add(deed(programme, MIRA), edition=edition)


def test_a_standard_ends_with_what_is_its_own_and_its_certificate_but_not_what_is_shared(
    programme: UnitOfWork,
) -> None:
    mira = deed(programme, MIRA)
    dates = CertificateDates(state="certified", owner_id=MIRA, decided_on=TODAY - timedelta(days=30))
    certification.set_dates(mira, edition="iso9001-2015", wanted=dates, version=None)
    ended = standards.end(mira, edition="iso9001-2015", reason="Sold.")
    own = {
        each.key for each in proposals.proposals() if not framework_rules.in_scope(each.requirements, ["iso27001-2022"])
    }
    assert {each.key for each in ended} == own & {each.key for each in proposals.of_standards(["iso9001-2015"])}
    assert not tasks_of(programme, "calibration")
    assert {each.reason for each in tasks_of(programme, "calibration", TaskState.WAIVED)} == {"Sold."}
    kept = obligation(programme, "management_review")
    assert kept.ended_at is None
    assert framework_rules.in_scope(kept.requirements, ["iso9001-2015"]) == []
    assert all(each.requirements == kept.requirements for each in tasks_of(programme, "management_review"))
    (certificate,) = programme.all(Certificate)
    assert certificate.state is CertificateState.WITHDRAWN
    cycle = [each for each in programme.all(Obligation) if each.key.startswith("certificate:")]
    assert cycle
    assert all(each.ended_at for each in cycle)
    for again in (calendar.tick, certification.tick, task_commands.tick):
        again(the_bot(programme, MONDAY + timedelta(days=40)))
    assert not tasks_of(programme, "calibration")
    with pytest.raises(AlreadyDecided):
        standards.end(mira, edition="iso9001-2015", reason="Sold.")


def test_a_standard_that_ended_can_be_followed_again(programme: UnitOfWork) -> None:
    mira = deed(programme, MIRA)
    standards.end(mira, edition="iso9001-2015", reason="Sold.")
    found = standards.to_add(mira, edition="iso9001-2015")
    keys = [each.key for each in found.new]
    standards.add(mira, edition="iso9001-2015", wanted=keys, owners={}, deputies={})
    assert obligation(programme, "calibration").ended_at is None
    assert tasks_of(programme, "calibration")


@pytest.mark.parametrize("reason", ["", "x" * 3_001])
def test_a_reason_is_wanted(programme: UnitOfWork, reason: str) -> None:
    with pytest.raises(InputWanted):
        standards.end(deed(programme, MIRA), edition="iso9001-2015", reason=reason)
    assert "iso9001-2015" in programme.workspace().standards


def test_the_last_standard_stays(programme: UnitOfWork) -> None:
    mira = deed(programme, MIRA)
    standards.end(mira, edition="iso9001-2015", reason="Sold.")
    with pytest.raises(LastStandard):
        standards.end(mira, edition="iso27001-2022", reason="Sold too.")


def test_a_new_field_of_work_is_asked_for_its_owner(programme: UnitOfWork) -> None:
    known = programme.workspace().owners
    programme.put_workspace(owners={key: who for key, who in known.items() if key != "people"})
    mira = deed(programme, MIRA)
    found = standards.to_add(mira, edition="iso45001-2018")
    assert [each.key for each in found.groups] == ["people"]
    how: dict[str, Any] = {"edition": "iso45001-2018", "wanted": ["emergency_drill"], "deputies": {}}
    with pytest.raises(InputWanted) as no:
        standards.add(mira, owners={}, **how)
    assert no.value.field == "owner.people"
    standards.add(mira, owners={"people": "UTOM"}, **how)
    assert obligation(programme, "emergency_drill").owner_id == "UTOM"
    assert people_questions.reachable(programme, "UTOM")
