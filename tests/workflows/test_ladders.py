"""Ladders: which day which rung falls on, who hears of it, and a file of one's own that is wrong."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade
from storage.people.tables import Person, Role
from storage.programme.tables import Kind, Obligation, Urgency
from storage.record.trail import TrailEntry
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, deed, the_bot
from workflows.dates.workweek import WorkingDays
from workflows.nonconformities.lifecycle import Phase
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Climb, LaddersWrong, Rung, Step
from workflows.people import commands as people_commands

TODAY = MONDAY.date()
NORMAL = ladders.shipped()["control", "normal"]
EVERYWHERE = WorkingDays()
GERMANY = WorkingDays(country="DE")
SUNDAY_TO_THURSDAY = WorkingDays(frozenset({6, 0, 1, 2, 3}), "EG")
WEEKS = (EVERYWHERE, GERMANY, WorkingDays(country="IN"), WorkingDays(country="NZ"), SUNDAY_TO_THURSDAY)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
climbs = st.builds(
    Climb, st.sampled_from(list(ladders.shipped().values())), days, st.sampled_from(WEEKS), st.just(date.min)
)


def on(climb: Climb) -> dict[str, str]:
    """The rungs of a climb by their days, for reading."""
    return {day.isoformat(): rung.name for day, rung in climb.rungs().items()}


# --- days ---


@pytest.mark.parametrize(
    ("due_on", "working", "expected"),
    [
        (
            date(2026, 12, 9),  # a Wednesday, the week before and after without holidays
            EVERYWHERE,
            ["2026-12-04", "2026-12-09", "2026-12-10", "2026-12-14", "2026-12-16", "2027-01-06"],
        ),
        (
            date(2026, 12, 28),  # after Christmas: three days before is its first holiday
            GERMANY,
            ["2026-12-24", "2026-12-28", "2026-12-29", "2026-12-31", "2027-01-05", "2027-01-26"],
        ),
        (
            date(2028, 2, 29),  # the day that only leap years have, a Tuesday
            EVERYWHERE,
            ["2028-02-25", "2028-02-29", "2028-03-01", "2028-03-03", "2028-03-07", "2028-03-28"],
        ),
        (
            date(
                2027, 3, 28
            ),  # Easter Sunday, on which clocks go forward: told on Maundy Thursday, and then on Tuesday
            GERMANY,
            ["2027-03-25", "2027-03-30", "2027-04-01", "2027-04-05", "2027-04-26"],
        ),
        (
            date(2026, 12, 4),  # a Friday, on which nobody works there
            SUNDAY_TO_THURSDAY,
            ["2026-12-01", "2026-12-03", "2026-12-06", "2026-12-08", "2026-12-10", "2026-12-31"],
        ),
    ],
)
def test_before_is_counted_in_calendar_days_and_after_in_working_days(
    due_on: date, working: WorkingDays, expected: list[str]
) -> None:
    assert list(on(Climb(NORMAL, due_on, working))) == expected


@given(climbs)
def test_rungs_fall_on_working_days_and_go_up(climb: Climb) -> None:
    rungs = climb.rungs()
    assert all(climb.working.is_working(day) for day in rungs)
    assert all(day < later for day, later in pairwise(rungs))
    assert [rung.days for rung in rungs.values()] == sorted(rung.days for rung in rungs.values())


@given(climbs)
def test_before_the_due_date_is_not_after_it(climb: Climb) -> None:
    for day, rung in climb.rungs().items():
        assert day > climb.due_on if rung.days > 0 else day <= climb.due_on


@given(climbs)
def test_nobody_is_forgotten_where_days_off_push_rungs_together(climb: Climb) -> None:
    told = {audience for rung in climb.rungs().values() for audience in rung.tells}
    assert told == {audience for rung in climb.ladder for audience in rung.tells}


@given(climbs, st.integers(-70, 70))
def test_what_comes_next_lies_ahead_and_is_then_reached(climb: Climb, ahead: int) -> None:
    today = climb.due_on + timedelta(days=ahead)
    coming = climb.next(today)
    if coming is None:
        assert climb.reached(today) == list(climb.rungs().values())[-1]
    else:
        assert coming[0] > today
        assert climb.reached(coming[0]) == coming[1]


DUE = date(2026, 12, 9)


@pytest.mark.parametrize(
    ("ahead", "rung"),
    [
        (-10, "opened"),
        (-6, "opened"),
        (-5, "due_soon.3"),  # the Friday before, since the third day before is a Sunday
        (-1, "due_soon.3"),
        (0, "due"),
        (1, "overdue.1"),
        (4, "overdue.1"),
        (5, "overdue.3"),
        (7, "overdue.5"),
        (27, "overdue.5"),
        (28, "overdue.20"),
        (400, "overdue.20"),
    ],
)
def test_only_the_latest_rung_is_told(ahead: int, rung: str) -> None:
    assert Climb(NORMAL, DUE, EVERYWHERE).reached(DUE + timedelta(days=ahead)).name == rung


def test_nobody_is_reminded_of_what_has_only_just_opened() -> None:
    opens_on = DUE - timedelta(days=5)
    climb = Climb(NORMAL, DUE, EVERYWHERE, opens_on)
    assert climb.reached(opens_on).step is Step.OPENED
    assert climb.next(opens_on) == (DUE, Rung(Step.DUE, 0, (Audience.OWNER,)))


def test_what_opens_on_its_due_day_is_due() -> None:
    assert Climb(NORMAL, DUE, EVERYWHERE, DUE).reached(DUE).step is Step.DUE


def test_the_name_of_a_rung_tells_its_step() -> None:
    rungs = [ladders.OPENED, *(rung for ladder in ladders.shipped().values() for rung in ladder)]
    assert all(ladders.step_of(rung.name) is rung.step for rung in rungs)


# --- who hears of it ---


@pytest.mark.parametrize(
    ("tells", "told"),
    [
        ((Audience.OWNER,), {"UJONAS": "owner"}),
        ((Audience.OWNER, Audience.MANAGER), {"UJONAS": "owner", "UTOM": "manager"}),
        ((Audience.OWNER, Audience.LEAD), {"UJONAS": "owner", "UMIRA": "lead", "UINES": "lead"}),
        ((Audience.LEAD, Audience.MANAGEMENT), {"UMIRA": "lead", "UINES": "lead", "UDAVID": "management"}),
    ],
)
def test_a_rung_tells_those_it_names(
    programme: UnitOfWork, tells: tuple[Audience, ...], told: dict[str, Audience]
) -> None:
    people_commands.name_manager_and_deputy(
        deed(programme, "UMIRA"), person_id="UJONAS", manager_id="UTOM", deputy_id=None
    )
    assert ladders.told(programme, Rung(Step.OVERDUE, 3, tells), "UJONAS", on=TODAY) == told


EVERYBODY = Rung(Step.OVERDUE, 3, tuple(Audience))


def test_nobody_is_told_twice_of_one_rung(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    for role in (Role.MANAGEMENT, Role.LEAD):
        people_commands.grant(deed(programme, "UMIRA"), "UJONAS", role)
    people_commands.name_manager_and_deputy(mira, person_id="UJONAS", manager_id="UINES", deputy_id=None)
    told = ladders.told(programme, EVERYBODY, "UJONAS", on=TODAY)
    assert told == {"UJONAS": "owner", "UINES": "manager", "UMIRA": "lead", "UDAVID": "management"}
    assert list(told.values()) == sorted(told.values(), key=list(Audience).index)


def test_the_leads_hear_of_it_where_there_is_no_manager(programme: UnitOfWork) -> None:
    to_the_manager = Rung(Step.OVERDUE, 3, (Audience.OWNER, Audience.MANAGER))
    told = ladders.told(programme, to_the_manager, "UJONAS", on=TODAY)
    assert told == {"UJONAS": "owner", "UMIRA": "lead", "UINES": "lead"}


@pytest.mark.parametrize(
    ("deputy", "told"), [("ULIAM", {"ULIAM": "manager"}), (None, {"UMIRA": "lead", "UINES": "lead"})]
)
def test_an_absent_manager_is_stood_in_for(programme: UnitOfWork, deputy: str | None, told: dict[str, str]) -> None:
    mira = deed(programme, "UMIRA")
    people_commands.name_manager_and_deputy(mira, person_id="UJONAS", manager_id="UTOM", deputy_id=None)
    (tom,) = programme.matching(Person, slack_id="UTOM")
    programme.change(tom, deputy_id=deputy, absent_from=TODAY, absent_until=TODAY + timedelta(days=7))
    to_the_manager = Rung(Step.OVERDUE, 3, (Audience.MANAGER,))
    assert ladders.told(programme, to_the_manager, "UJONAS", on=TODAY) == told


# --- the ladder of a task ---


def open_task(uow: UnitOfWork) -> Task:
    """An open task of an ordinary control."""
    ordinary = {each.id for each in uow.matching(Obligation, kind=Kind.CONTROL)}
    return next(task for task in task_queries.waiting(uow) if task.obligation_id in ordinary)


def test_a_task_climbs_the_ladder_of_its_obligation(programme: UnitOfWork) -> None:
    task = open_task(programme)
    obligation = programme.get(Obligation, task.obligation_id)
    for kind in Kind:
        for urgency in Urgency:
            obligation = programme.change(obligation, kind=kind, urgency=urgency)
            assert ladders.climb(programme, task).ladder == ladders.shipped()[kind, urgency]


def test_days_are_counted_in_the_calendar_of_whoever_has_it(programme: UnitOfWork) -> None:
    task = open_task(programme)
    christmas = date(2026, 12, 25)
    at_home = ladders.climb(programme, task, due_on=christmas)
    abroad = ladders.climb(programme, task, due_on=christmas, owner_id="UTOM")
    assert (at_home.working.country, abroad.working.country) == ("DE", "US")
    assert "2026-12-28" in on(at_home)  # two holidays and no more than that
    assert "2027-01-04" in on(abroad)  # the third working day after, New Year's Day left out


OWN = """
ladders:
- kinds: [control]
  urgency: normal
  rungs: [{days: 0, tells: [owner]}, {days: 2, tells: [lead, owner]}]
"""


def test_an_own_ladder_takes_the_place_of_the_shipped_one_and_of_no_other(programme: UnitOfWork) -> None:
    task = open_task(programme)
    ladders.follow(the_bot(programme), OWN)
    changed = {key for key, ladder in ladders.in_use(programme).items() if ladder != ladders.shipped()[key]}
    assert changed == {("control", "normal")}
    assert programme.get(Task, task.id).nudge_on == GERMANY.on_or_before(task.due_on)
    assert ladders.climb(programme, task).ladder[-1] == Rung(Step.OVERDUE, 2, (Audience.OWNER, Audience.LEAD))
    ladders.follow(the_bot(programme), "")
    assert ladders.in_use(programme) == ladders.shipped()
    assert programme.get(Task, task.id).nudge_on == task.nudge_on


def test_a_change_of_ladders_is_on_record_and_no_change_is_none(programme: UnitOfWork) -> None:
    for text in ("", OWN, OWN):
        ladders.follow(the_bot(programme), text)
    (entry,) = programme.all(TrailEntry, col(TrailEntry.verb) == "ladders.change")
    assert (entry.actor_id, json.loads(entry.details)) == ("deskaudit", {"ladders": OWN})


# --- the data ---


def test_a_ladder_ships_for_every_kind_and_urgency() -> None:
    of_tasks = {(kind, urgency) for kind in Kind for urgency in Urgency}
    of_cases = {(ladders.CASE, ladders.stage(grade, phase)) for grade in Grade for phase in Phase}
    of_neither = {(ladders.INTERVIEW, ladders.OF_INTERVIEWS), (ladders.CONCERN, ladders.OF_CONCERNS)}
    others = of_neither | {(ladders.CASE, ladders.stage("ungraded", "draft"))}
    assert set(ladders.shipped()) == of_tasks | of_cases | others


def test_what_is_more_urgent_goes_higher_sooner() -> None:
    for kind in Kind:
        firsts = [_first_day_of(ladders.shipped()[kind, urgency], Audience.LEAD) for urgency in Urgency]
        assert firsts == sorted(firsts, reverse=True)


def _first_day_of(ladder: ladders.Ladder, audience: Audience) -> int:
    return next(rung.days for rung in ladder if audience in rung.tells)


KINDS_WRONG = "kinds is a list of some of control, audit, review, certification, interview, concern"
GOOD = {"kinds": ["control"], "urgency": "normal", "rungs": [{"days": 0, "tells": ["owner"]}]}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ladders: [", "This is not YAML: "),
        ("[1, 2]", "There is no list called ladders."),
        ("ladders: 3", "There is no list called ladders."),
        ("", "There is no list called ladders."),
        ("2026-02-30", "This is not YAML: "),
        (yaml.safe_dump({"ladders": ["no"]}), "Ladder 1: only kinds, urgency and rungs belong here, all needed."),
        (yaml.safe_dump({"ladders": [GOOD, GOOD]}), "Ladder 2: there is already one for control, normal."),
    ],
)
def test_a_file_that_holds_no_ladders_is_told_apart(text: str, fault: str) -> None:
    with pytest.raises(LaddersWrong) as wrong:
        ladders.read(text)
    assert wrong.value.sentences[0].startswith(fault)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"extra": 1}, "only kinds, urgency and rungs belong here, all needed"),
        ({"kinds": "control"}, KINDS_WRONG),
        ({"kinds": []}, KINDS_WRONG),
        (
            {"kinds": [["control"]]},
            KINDS_WRONG,
        ),
        ({"urgency": "major"}, "the urgency is one of low, normal, high"),
        ({"urgency": ["low"]}, "the urgency is one of low, normal, high"),
        (
            {"kinds": ["nonconformity"]},
            KINDS_WRONG,
        ),
        ({"rungs": []}, "rungs is a list with at least one rung"),
        ({"rungs": {"days": 0}}, "rungs is a list with at least one rung"),
        ({"rungs": [0]}, "rung 1: only days and tells belong here, both needed"),
        ({"rungs": [{"days": 0, "tells": ["owner"], "to": 1}]}, "rung 1: only days and tells belong here, both needed"),
        *(
            (
                {"rungs": [{"days": 0, "tells": ["owner"]}, {"days": given, "tells": ["owner"]}]},
                "rung 2: days is a whole number from -365 to 365, more than the one before",
            )
            for given in (0, -1, 366, 1.5, "1", True, None)
        ),
        *(
            (
                {"rungs": [{"days": 0, "tells": given}]},
                "rung 1: tells is a list of some of owner, manager, lead, management, auditor",
            )
            for given in ([], "owner", ["boss"], [1], [["owner"]])
        ),
    ],
)
def test_every_fault_of_a_ladder_is_named(programme: UnitOfWork, change: dict[str, object], fault: str) -> None:
    text = yaml.safe_dump({"ladders": [GOOD | change]})
    with pytest.raises(LaddersWrong) as wrong:
        ladders.follow(the_bot(programme), text)
    assert wrong.value.sentences == (f"Ladder 1: {fault}.",)
    assert ladders.in_use(programme) == ladders.shipped()


OF_A_CASE = {
    "kinds": ["nonconformity"],
    "grade": "major",
    "phases": ["do_it"],
    "rungs": [{"days": 0, "tells": ["owner"]}],
    "then": {"every": 5, "tells": ["lead"]},
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"urgency": "low"}, "only kinds, grade, phases, rungs and then belong here, all needed"),
        ({"kinds": ["audit"]}, "with a grade, kinds is a list of nonconformity alone"),
        ({"grade": "grave"}, "the grade is one of major, minor, ungraded"),
        (
            {"phases": ["issued"]},
            "phases is a list of some of draft, put_right, find_out_why, do_it, show_it_worked",
        ),
        ({"then": {"every": 5}}, "then: only every and tells belong here, both needed"),
        ({"then": {"every": 0, "tells": ["lead"]}}, "then: every is a whole number from 1 to 365"),
        (
            {"then": {"every": 5, "tells": []}},
            "then: tells is a list of some of owner, manager, lead, management, auditor",
        ),
    ],
)
def test_every_fault_of_a_ladder_of_nonconformities_is_named(change: dict[str, object], fault: str) -> None:
    with pytest.raises(LaddersWrong) as wrong:
        ladders.read(yaml.safe_dump({"ladders": [OF_A_CASE | change]}))
    assert wrong.value.sentences == (f"Ladder 1: {fault}.",)


@pytest.mark.parametrize(("working_days", "name"), [(0, "due"), (4, "due"), (5, "overdue.5"), (504, "overdue.500")])
def test_a_ladder_of_nonconformities_never_falls_silent(working_days: int, name: str) -> None:
    climbed = ladders.read(yaml.safe_dump({"ladders": [OF_A_CASE]}))["nonconformity", "major.do_it"]
    climb = Climb(climbed, MONDAY.date(), WorkingDays())
    assert climb.reached(WorkingDays().add(MONDAY.date(), working_days)).name == name


@given(st.text(max_size=80))
def test_what_holds_no_ladders_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(LaddersWrong) as wrong:
        ladders.read(text)
    assert all(sentence.endswith(".") for sentence in wrong.value.sentences)
