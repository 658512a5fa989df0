"""Who hears of a case before its day and after it, and what the next audit from outside does to the days."""

from datetime import date, timedelta

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from storage.nudges.tables import Nudge
from storage.programme.tables import Certificate, CertificateState
from tests.workflows.conftest import MONDAY, the_bot
from tests.workflows.test_nonconformities import make, put, raise_it
from workflows.nonconformities import cases, commands, limits
from workflows.nonconformities.limits import Clock
from workflows.nonconformities.reminding import longest_notice
from workflows.people import working_days

State = NonconformityState
TODAY = MONDAY.date()


def told(uow: UnitOfWork, found: Nonconformity, *, after: int) -> dict[str, set[str]]:
    """Who heard of which rung, if the clock looks at the case every day from its entry on."""
    for day in range(after + 1):
        commands.tick(the_bot(uow, MONDAY + timedelta(days=day)))
    rows = uow.all(Nudge, col(Nudge.subject_id) == found.id, col(Nudge.subject) == "nonconformity")
    rungs: dict[str, set[str]] = {}
    for row in rows:
        if "audience" in row.values:
            rungs.setdefault(row.rung, set()).add(row.person_id)
    return rungs


@pytest.mark.parametrize(
    ("state", "grade", "days", "rungs"),
    [
        (State.ISSUED, Grade.MINOR, 60, ["due", "overdue.2", "overdue.5", "overdue.10", "overdue.20"]),
        (State.ISSUED, Grade.MAJOR, 20, ["due", "overdue.1", "overdue.2", "overdue.5", "overdue.10"]),
        (State.RESPONDING, Grade.MINOR, 30, ["due_soon.7", "due_soon.1", "due"]),
        (State.RESPONDING, Grade.MAJOR, 14, ["due_soon.7", "due_soon.1", "due"]),
        (State.DRAFT, Grade.MINOR, 20, ["due", "overdue.2", "overdue.7"]),
    ],
)
def test_a_case_is_told_before_its_day_and_after_it_until_somebody_acts(
    programme: UnitOfWork, state: State, grade: Grade, days: int, rungs: list[str]
) -> None:
    heard = list(told(programme, put(programme, state, grade), after=days))
    assert heard[: len(rungs)] == rungs


def test_the_line_hears_of_a_major_first_then_the_leads_then_management(programme: UnitOfWork) -> None:
    heard = told(programme, put(programme, State.ISSUED, Grade.MAJOR), after=30)
    assert heard["due"] == {"UJONAS"}
    assert "UMIRA" in heard["overdue.2"]
    assert {"UMIRA", "UDAVID"} <= heard["overdue.5"]
    assert {"UMIRA", "UDAVID"} <= heard["overdue.15"]


def test_who_has_the_ball_is_who_is_reminded(programme: UnitOfWork) -> None:
    found = put(programme, State.PLAN_REVIEW)
    assert told(programme, found, after=10)["due"] == set(cases.asked_next(programme, found))
    assert "UJONAS" not in cases.asked_next(programme, found)


def test_nobody_is_reminded_of_what_was_done(programme: UnitOfWork) -> None:
    found = make(programme, "acknowledge", put(programme, State.ISSUED), "UJONAS")
    assert told(programme, found, after=5) == {}


def test_a_draft_has_a_day_and_one_of_before_gets_it(programme: UnitOfWork) -> None:
    draft = raise_it(programme)
    assert draft.due_on == working_days.of_person(programme, "ULIAM").add(TODAY, 5)
    programme.change(draft, due_on=None)
    commands.tick(the_bot(programme))
    assert programme.get(Nonconformity, draft.id).due_on == draft.due_on


def test_the_clock_looks_far_enough_ahead(programme: UnitOfWork) -> None:
    assert longest_notice(programme) == timedelta(days=28)


# --- the next audit from outside ---


def certificate(uow: UnitOfWork, next_audit_on: date) -> None:
    uow.add(
        Certificate(
            edition="iso27001-2022",
            state=CertificateState.CERTIFIED,
            decided_on=TODAY - timedelta(days=30),
            next_audit_on=next_audit_on,
            owner_id="UMIRA",
        )
    )


@pytest.mark.parametrize(("days", "due"), [(200, 90), (70, 40), (20, 7), (1, 7)])
def test_work_ends_a_month_before_the_next_audit_and_never_at_once(programme: UnitOfWork, days: int, due: int) -> None:
    certificate(programme, TODAY + timedelta(days=days))
    next_audit = cases.next_audit(programme, put(programme, State.RESPONDING), TODAY)
    assert next_audit == TODAY + timedelta(days=days)
    clock = Clock(Grade.MINOR, TODAY, TODAY, working_days.of_person(programme, "UJONAS"), next_audit=next_audit)
    assert limits.latest_day(State.IMPLEMENTING, clock) == TODAY + timedelta(days=due)


@pytest.mark.parametrize(
    ("state", "check", "earliest"),
    [
        (State.DRAFT, None, 30),
        (State.IMPLEMENTING, None, 30),
        (State.MONITORING, 12, 12),
        (State.MONITORING, -3, 0),
        (State.EFFECTIVENESS_REVIEW, -3, 0),
        (State.SECOND_SIGNATURE, -3, 0),
    ],
)
def test_the_first_day_on_which_a_case_could_be_closed(state: State, check: int | None, earliest: int) -> None:
    check_on = None if check is None else TODAY + timedelta(days=check)
    assert limits.earliest_closing(state, TODAY, check_on) == TODAY + timedelta(days=earliest)
