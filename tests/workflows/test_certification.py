"""The certification cycle: where its dates fall, over whole cycles, and that nothing moves what others have set."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Certificate, CertificateState, Kind, Obligation
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.programme import calendar, certification
from workflows.programme.certification import cycle, expiry, milestones, restorable_until, state_on
from workflows.programme.shapes import CertificateDates
from workflows.refusals import EndBeforeStart, InputWanted, NotAllowed, Stale
from workflows.tasks import commands as task_commands

S = CertificateState
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def falls(state: CertificateState, **anchors: date) -> dict[str, date]:
    return {each.milestone.key: each.due_on for each in cycle(state, anchors)}


@pytest.mark.parametrize(
    ("decided_on", "surveillance_1", "surveillance_2", "recertification", "majors", "expires_on"),
    [
        ("2026-11-23", "2027-11-23", "2028-11-23", "2029-09-24", "2029-10-24", "2029-11-23"),
        ("2024-02-29", "2025-02-28", "2025-12-31", "2026-12-30", "2027-01-29", "2027-02-28"),
        ("2027-02-28", "2028-02-28", "2028-12-31", "2029-12-30", "2030-01-29", "2030-02-28"),
        ("2026-01-31", "2027-01-31", "2027-12-31", "2028-12-02", "2029-01-01", "2029-01-31"),
        ("2026-08-31", "2027-08-31", "2028-08-31", "2029-07-02", "2029-08-01", "2029-08-31"),
        ("2026-12-31", "2027-12-31", "2028-12-31", "2029-11-01", "2029-12-01", "2029-12-31"),
        ("2027-01-01", "2028-01-01", "2028-12-31", "2029-11-02", "2029-12-02", "2030-01-01"),
    ],
)
def test_a_whole_cycle_falls_where_the_rules_say(
    decided_on: str, surveillance_1: str, surveillance_2: str, recertification: str, majors: str, expires_on: str
) -> None:
    decided = date.fromisoformat(decided_on)
    found = falls(S.CERTIFIED, decided_on=decided, expires_on=expiry(decided))
    assert {key: day.isoformat() for key, day in found.items()} == {
        "surveillance_1": surveillance_1,
        "surveillance_2": surveillance_2,
        "recertification": recertification,
        "recertification_majors": majors,
        "expiry": expires_on,
    }


@given(days)
def test_the_bounds_of_a_cycle_hold_for_every_decision(decided_on: date) -> None:
    expires_on = expiry(decided_on)
    found = {
        each.milestone.key: each for each in cycle(S.CERTIFIED, {"decided_on": decided_on, "expires_on": expires_on})
    }
    first, second, third = (found[key] for key in ("surveillance_1", "surveillance_2", "recertification"))
    assert first.due_on <= decided_on + relativedelta(months=12)
    assert second.due_on <= decided_on + relativedelta(months=24)
    assert expires_on - timedelta(days=120) <= third.due_on <= expires_on - timedelta(days=60)
    for each in (first, second, third):
        assert each.window is not None
        assert each.window[0] <= each.window[1] <= each.due_on
        assert each.lead_days >= (each.due_on - each.window[0]).days
    assert second.window is not None
    assert second.window[0].year == second.due_on.year or second.due_on == decided_on + relativedelta(months=24)
    order = ["surveillance_1", "surveillance_2", "recertification", "recertification_majors", "expiry"]
    assert list(found) == order


@given(days)
def test_two_cycles_with_a_recertification_in_time_join_without_a_gap(decided_on: date) -> None:
    first = expiry(decided_on)
    renewed_on = first - timedelta(days=30)
    second = expiry(renewed_on, previous_expiry=first)
    assert second == first + relativedelta(months=36)
    found = falls(S.CERTIFIED, decided_on=renewed_on, expires_on=second)
    assert first < found["surveillance_1"] < found["surveillance_2"] < found["recertification"] < second


@given(days)
def test_a_missed_expiry_can_be_made_good_for_six_months(decided_on: date) -> None:
    expires_on = expiry(decided_on)
    last = restorable_until(expires_on)
    assert falls(S.EXPIRED_RESTORABLE, expires_on=expires_on) == {"restoration": last}
    states = [
        state_on(S.CERTIFIED, expires_on, day)
        for day in (expires_on, expires_on + timedelta(days=1), last, last + timedelta(days=1))
    ]
    assert states == [S.CERTIFIED, S.EXPIRED_RESTORABLE, S.EXPIRED_RESTORABLE, S.EXPIRED]


@pytest.mark.parametrize("state", S)
def test_only_a_valid_certificate_expires(state: CertificateState) -> None:
    expired = state_on(state, date(2026, 1, 1), date(2026, 3, 1))
    ends = state in (S.CERTIFIED, S.SUSPENDED, S.REDUCED_SCOPE, S.EXPIRED_RESTORABLE)
    assert expired is (S.EXPIRED_RESTORABLE if ends else state)
    assert state_on(state, None, date(2026, 3, 1)) is state


@pytest.mark.parametrize(
    ("state", "anchors", "key", "due_on"),
    [
        (S.APPLICANT, {"stage_2_on": "2027-03-31"}, "operating_record", "2026-12-31"),
        (S.APPLICANT, {"stage_2_on": "2027-03-31"}, "pre_stage_2_internal_audit", "2027-02-14"),
        (S.APPLICANT, {"stage_2_on": "2027-03-31"}, "pre_stage_2_management_review", "2027-03-01"),
        (S.APPLICANT, {"stage_1_on": "2027-01-15"}, "stage_1", "2027-01-15"),
        (S.STAGE_1_DONE, {"stage_1_on": "2027-01-15"}, "stage_1_validity", "2027-07-14"),
        (S.STAGE_2_DONE, {"stage_2_on": "2026-08-31"}, "major_close_stage_2", "2027-02-28"),
        (S.STAGE_2_DONE, {"stage_2_on": "2026-08-31"}, "minor_plan_stage_2", "2026-09-30"),
        (S.SUSPENDED, {"suspended_on": "2026-08-31"}, "suspension_limit", "2027-02-28"),
        (S.CERTIFIED, {"transition_by": "2029-04-15"}, "transition_audit", "2028-10-15"),
        (S.CERTIFIED, {"transition_by": "2029-04-15"}, "transition", "2029-04-15"),
        (S.CERTIFIED, {"next_audit_on": "2027-10-04"}, "evidence_pack", "2027-09-04"),
        (S.CERTIFIED, {"next_audit_on": "2027-10-04"}, "external_audit", "2027-10-04"),
    ],
)
def test_the_other_dates(state: CertificateState, anchors: dict[str, str], key: str, due_on: str) -> None:
    given_dates = {name: date.fromisoformat(day) for name, day in anchors.items()}
    assert falls(state, **given_dates)[key] == date.fromisoformat(due_on)


def test_every_rule_has_a_strength_an_anchor_and_states() -> None:
    for each in milestones():
        assert each.strength in {"rule", "cb_policy", "practice", "own"}
        assert each.anchor in certification.ANCHORS
        assert each.states
        assert each.warn_days == tuple(sorted(each.warn_days, reverse=True))


DECIDED = date(2026, 11, 2)
LAST_DAY = DECIDED + timedelta(days=1095)
SUSPENDED = DECIDED + timedelta(days=300)
EDITION = "iso27001-2022"
WANTED = CertificateDates(
    state="certified",
    scope="The cloud service",
    certification_body="A certification body",
    owner_id="UMIRA",
    decided_on=DECIDED,
)


def set_dates(
    uow: UnitOfWork, at: datetime = MONDAY, who: str = "UMIRA", edition: str = EDITION, **changed: Any
) -> Certificate:
    wanted = replace(WANTED, **changed)
    known = uow.first(Certificate, col(Certificate.edition) == edition)
    version = known.version if known else None
    return certification.set_dates(deed(uow, who, at), edition=edition, wanted=wanted, version=version)


def planned(uow: UnitOfWork) -> dict[str, Task]:
    """The tasks of the certificate that still count, by the key of their milestone."""
    keys = {each.id: each.key.rpartition(":")[2] for each in uow.all(Obligation) if each.kind is Kind.CERTIFICATION}
    rows = uow.all(Task, col(Task.obligation_id).in_(keys), col(Task.state) != TaskState.WAIVED)
    return {keys[row.obligation_id]: row for row in rows}


def test_setting_the_decision_plans_what_lies_ahead(programme: UnitOfWork) -> None:
    kept = set_dates(programme)
    assert kept.expires_on == date(2029, 11, 2)
    found = planned(programme)
    assert found["surveillance_1"].due_on == date(2027, 11, 2)
    assert found["surveillance_1"].external
    assert found["surveillance_1"].opens_on <= date(2027, 8, 2)


def test_three_years_of_ticks_open_everything_on_time_and_then_it_expires(programme: UnitOfWork) -> None:
    set_dates(programme)
    for month in range(44):
        at = MONDAY + relativedelta(months=month)
        certification.tick(the_bot(programme, at))
        calendar.tick(the_bot(programme, at))
    found = planned(programme)
    wanted = falls(S.CERTIFIED, decided_on=DECIDED, expires_on=date(2029, 11, 2))
    assert {key: task.due_on for key, task in found.items() if key != "restoration"} == wanted
    assert found["restoration"].due_on == date(2030, 5, 2)
    [kept] = programme.all(Certificate)
    assert kept.state is S.EXPIRED


def test_a_recertification_begins_the_next_cycle_where_the_old_one_ends(programme: UnitOfWork) -> None:
    set_dates(programme)
    later = MONDAY + relativedelta(months=34)
    kept = set_dates(programme, later, decided_on=date(2029, 9, 20))
    assert kept.expires_on == date(2032, 11, 2)
    assert planned(programme)["surveillance_1"].due_on == date(2030, 9, 20)


def test_a_restoration_keeps_the_old_cycle_and_a_later_decision_begins_a_new_one(programme: UnitOfWork) -> None:
    set_dates(programme)
    restored = set_dates(programme, datetime(2030, 3, 1, 12, tzinfo=UTC), decided_on=date(2030, 3, 1))
    assert restored.expires_on == date(2032, 11, 2)
    anew = set_dates(programme, datetime(2033, 6, 1, 12, tzinfo=UTC), decided_on=date(2033, 6, 1))
    assert anew.expires_on == date(2036, 6, 1)


def test_the_printed_date_wins(programme: UnitOfWork) -> None:
    assert set_dates(programme, expires_on=date(2029, 10, 31)).expires_on == date(2029, 10, 31)


def test_other_dates_take_back_what_was_planned_and_leave_history(programme: UnitOfWork) -> None:
    set_dates(programme, next_audit_on=date(2026, 12, 7))
    task_commands.tick(the_bot(programme))
    before = planned(programme)["external_audit"]
    assert before.state is TaskState.OPEN
    set_dates(programme, next_audit_on=date(2027, 1, 11))
    assert planned(programme)["external_audit"].due_on == date(2027, 1, 11)
    taken_back = programme.get(Task, before.id)
    assert (taken_back.state, taken_back.nudge_on) == (TaskState.WAIVED, None)
    set_dates(programme, next_audit_on=date(2026, 12, 7))
    assert planned(programme)["external_audit"].due_on == date(2026, 12, 7)


def test_the_same_dates_again_change_nothing(programme: UnitOfWork) -> None:
    set_dates(programme)
    before = planned(programme)
    set_dates(programme, scope="The cloud service and its support")
    assert planned(programme) == before


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (S.APPLICANT, {}),
        (S.CERTIFIED, {"since": DECIDED, "expires_on": LAST_DAY}),
        (S.REDUCED_SCOPE, {"since": DECIDED, "expires_on": LAST_DAY}),
        (S.SUSPENDED, {"since": SUSPENDED, "expires_on": LAST_DAY}),
        (S.WITHDRAWN, {}),
        (S.EXPIRED_RESTORABLE, {"expires_on": LAST_DAY, "restorable_until": restorable_until(LAST_DAY)}),
        (S.EXPIRED, {"expires_on": LAST_DAY}),
    ],
)
def test_only_the_days_that_say_something_of_a_state_are_told(state: CertificateState, told: dict[str, date]) -> None:
    certificate = Certificate(
        edition=EDITION, state=state, owner_id="UMIRA", decided_on=DECIDED, expires_on=LAST_DAY, suspended_on=SUSPENDED
    )
    days = certification.days_told(certificate)
    assert {name: day for name, day in days.items() if day} == told


def test_a_withdrawn_certificate_plans_nothing(programme: UnitOfWork) -> None:
    set_dates(programme)
    set_dates(programme, state="withdrawn")
    assert planned(programme) == {}


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"edition": "iso14001-2015"}, InputWanted, "edition"),
        ({"edition": ""}, InputWanted, "edition"),
        ({"state": "famous"}, InputWanted, "state"),
        ({"owner_id": "UOTTO"}, InputWanted, "owner_id"),
        ({"decided_on": None}, InputWanted, "decided_on"),
        ({"state": "suspended"}, InputWanted, "suspended_on"),
        ({"state": "stage_1_done"}, InputWanted, "stage_1_on"),
        ({"stage_2_on": date(2026, 12, 1)}, InputWanted, "decided_on"),
        ({"stage_1_on": date(2026, 6, 1), "stage_2_on": date(2026, 5, 1)}, InputWanted, "stage_2_on"),
        ({"decided_on": date(2030, 1, 1)}, InputWanted, "decided_on"),
        ({"state": "withdrawn", "decided_on": date(2026, 11, 24)}, InputWanted, "decided_on"),
        ({"state": "suspended", "suspended_on": date(2026, 11, 24)}, InputWanted, "suspended_on"),
        ({"state": "stage_1_done", "decided_on": None, "stage_1_on": date(2026, 11, 24)}, InputWanted, "stage_1_on"),
        ({"last_surveillance_on": date(2026, 11, 24)}, InputWanted, "last_surveillance_on"),
        ({"expires_on": DECIDED}, EndBeforeStart, "expires_on"),
        ({"certification_body": "x" * 201}, InputWanted, "certification_body"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(
    programme: UnitOfWork, changed: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        set_dates(programme, **changed)
    assert refused.value.field == field  # type: ignore[attr-defined]  # every refusal of a form names one
    assert programme.count(Certificate) == 0


@pytest.mark.parametrize("person", ["UJONAS", "ULIAM", "UDAVID"])
def test_only_a_lead_sets_the_dates(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(NotAllowed):
        set_dates(programme, who=person)
    with pytest.raises(NotAllowed):
        certification.to_set(deed(programme, person), edition=EDITION)


@pytest.mark.parametrize(("person", "may"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False)])
def test_who_sees_the_certificates(programme: UnitOfWork, person: str, may: bool) -> None:
    set_dates(programme)
    if may:
        assert len(certification.listing(deed(programme, person))) == 1
    else:
        with pytest.raises(NotAllowed):
            certification.listing(deed(programme, person))


def test_dates_changed_meanwhile_are_not_written_over(programme: UnitOfWork) -> None:
    set_dates(programme)
    with pytest.raises(Stale) as refused:
        certification.set_dates(deed(programme, "UMIRA"), edition=EDITION, wanted=WANTED, version=None)
    assert refused.value.values["called"] == "ISO/IEC 27001:2022"


def test_setting_and_expiring_are_on_the_trail(programme: UnitOfWork) -> None:
    set_dates(programme)
    certification.tick(the_bot(programme, MONDAY + timedelta(days=1200)))
    certification.tick(the_bot(programme, MONDAY + timedelta(days=1201)))
    entries = programme.all(TrailEntry, col(TrailEntry.subject) == "certificate")
    assert [entry.verb for entry in entries] == ["certificate.set", "certificate.expire"]
