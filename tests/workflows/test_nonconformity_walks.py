"""Walks through the lifecycle in organisations of one to six people, with leavers and absences, by the real commands.

No way closes without the signatures that it takes or their marked exception, somebody can always act, every open case
can still be closed, and no day is set that lies in the past.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade, Mark, Nonconformity, NonconformityState, Seat, Signs
from storage.people import queries as people_queries
from storage.people.tables import Role, RoleGrant
from tests.conftest import WORKSPACE
from tests.workflows.conftest import MONDAY
from tests.workflows.test_nonconformities import FINDING, LETTER, PLAN, command_of, give
from workflows.deed import Deed
from workflows.nonconformities import cases, commands, independence, registers
from workflows.nonconformities.lifecycle import BALL, EVENTS, required
from workflows.nonconformities.shapes import Outsider
from workflows.people import commands as people_commands
from workflows.people import questions as people_questions
from workflows.people.rules import DirectoryEntry
from workflows.refusals import InputWanted

State = NonconformityState
OVER = (State.CLOSED, State.VOID)
INSIDERS = ("P1", "P2", "P3", "P4", "P5", "P6")
OUTSIDERS = tuple(f"X{number}" for number in range(9))
ROLES = st.sets(st.sampled_from([Role.LEAD, Role.AUDITOR, Role.MANAGEMENT]), max_size=3)
ACTIONS = (
    "A ticket opens by itself",
    "Access ends with the contract",
    "Accounts are compared every month",
    "One team looks after leavers",
    "The gate reads the list of staff",
    "Nobody has an account without a contract",
)
FORWARD = {
    State.DRAFT: "issue",
    State.ISSUED: "acknowledge",
    State.CONTESTED: "uphold",
    State.RESPONDING: "respond",
    State.PLAN_REVIEW: "accept_plan",
    State.CONSENTING: "consent",
    State.IMPLEMENTING: "claim_done",
    State.VERIFYING: "confirm_implementation",
    State.EFFECTIVENESS_REVIEW: "confirm_effective",
    State.SECOND_SIGNATURE: "co_sign",
    State.AWAITING_BODY: "close_after_body",
}


@pytest.fixture
def walks(database_url: str, database: Database) -> Iterator[UnitOfWork]:
    """A database in which walks are taken back."""
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Sample")
        yield uow


@dataclass
class Walk:
    """One organisation with one case, and the day it is."""

    uow: UnitOfWork
    grade: Grade
    at: datetime = MONDAY
    gone: set[str] = field(default_factory=set)
    case_id: int = 0

    @property
    def case(self) -> Nonconformity:
        return self.uow.get(Nonconformity, self.case_id)

    def begin(self, roles: list[set[Role]]) -> None:
        """P1 owns the case and everybody has these roles; P1 and the last one administer the workspace."""
        self.here = INSIDERS[: len(roles)]
        admins = {self.here[0], self.here[-1]}
        entries = [DirectoryEntry(each, each, "", "UTC", is_admin=each in admins) for each in self.here]
        entries += [DirectoryEntry(each, each, "", "UTC", is_guest=True) for each in OUTSIDERS]
        people_commands.sync(self.bot(), entries)
        for person, held in zip(self.here, roles, strict=True):
            for role in sorted(held):
                self.uow.add(RoleGrant(person_id=person, role=role, granted_by=person, granted_at=self.at))
        finding = replace(FINDING, owner_id="P1")
        self.case_id = registers.take_over(self.bot(), finding, number=1, details={}).id

    def bot(self) -> Deed:
        return Deed.of_the_bot(self.uow, self.at)

    def do(self, verb: str, person: str, **values: Any) -> None:
        """What somebody does; the new day of the case never lies in the past."""
        before = self.case
        wanted = {**self.values(verb), **values}
        deed = Deed.of(self.uow, person, self.at)
        command_of(verb)(deed, nonconformity_id=before.id, version=before.version, **wanted)
        after = self.case
        if after.state is not before.state and after.due_on is not None:
            assert after.due_on >= deed.today, (verb, after.due_on)

    def values(self, verb: str) -> dict[str, Any]:
        """What an event asks for, with days that suit the day it is."""
        today = self.bot().today
        said = dict.fromkeys(
            ("reason", "heard", "other_side", "rationale", "result", "method_and_sample"), "Said in a sentence"
        )
        round_ = cases.present_round(self.uow, self.case)
        plan = replace(
            PLAN,
            corrective_action=f"{ACTIONS[(round_.number if round_ else 0) % len(ACTIONS)]}, number {self.case.round}",
            action_due_on=today + timedelta(days=5),
            check_effect_on=today + timedelta(days=60),
        )
        known: dict[str, Any] = {
            **said,
            "grade": self.grade.value if verb == "issue" else "major",
            "tests": [],
            "plan": plan,
            "value": "100 %",
            "track": "warned",
            "letter": LETTER if verb == "note_body" else "Of today",
            "until": (self.case.due_on or today) + timedelta(days=3),
        }
        return {name: known[name] for name in (*EVENTS[verb].asks, *_beside(verb)) if name in known}

    def tick(self, days: int) -> None:
        self.at += timedelta(days=days)
        commands.tick(self.bot())

    def offered(self) -> list[tuple[str, str]]:
        """Everything that anybody can do now, by person and event."""
        people = [each for each in (*self.here, *OUTSIDERS[:3]) if each not in self.gone]
        readers = [people_questions.actor(self.uow, each) for each in people]
        return [
            (each.person_id, verb)
            for each in readers
            for verb in sorted(independence.moves_for(self.uow, self.case, each))
        ]

    # --- people come and go ---

    def leave(self, person: str) -> None:
        if len(self.gone) < len(self.here) - 1 and person != self.here[-1]:
            self.gone.add(person)
            people_commands.sync(self.bot(), [DirectoryEntry(person, person, "", "UTC", is_deactivated=True)])

    def away(self, person: str, days: int) -> None:
        row = people_queries.person(self.uow, person)
        assert row is not None
        until = self.bot().today + timedelta(days=days)
        self.uow.change(row, is_away=days > 0, absent_from=self.bot().today, absent_until=until)

    # --- to the end ---

    def finish(self) -> None:
        """Whoever has the ball goes on; where nobody may, whoever looks after the seats finds somebody."""
        for _ in range(80):
            if self.case.state in OVER:
                return
            self.step()
        raise AssertionError(f"still {self.case.state} after 80 steps")

    def step(self) -> None:
        state = self.case.state
        seat = BALL[state]
        if seat is Seat.BOT:
            self.tick(30)
        elif people := cases.filling(self.uow, self.case, seat).people:
            self.go_on(state, people[0])
        else:
            self.find_somebody(seat)

    def go_on(self, state: State, person: str) -> None:
        verb = "confirm_correction" if state is State.VERIFYING and self.case.is_correction_only else FORWARD[state]
        if state is State.DRAFT and self.case.owner_id in self.gone:
            self.find_somebody(Seat.OWNER)
            return
        if EVENTS[verb].needs and Signs.GRADE not in cases.standing(self.uow, self.case):
            self.grade_anew()
            return
        if verb == "claim_done":
            give(self.uow, self.case, by=person, at=self.bot().at)
        self.do(verb, person)

    def grade_anew(self) -> None:
        assert self.case.grade is not None
        graders = cases.filling(self.uow, self.case, Seat.GRADER).people
        if graders:
            self.do("regrade", graders[0], grade=self.case.grade.value)
        else:
            self.find_somebody(Seat.GRADER)

    def find_somebody(self, seat: Seat) -> None:
        keepers = cases.keepers(self.uow, self.case)
        assert keepers, f"nobody can act for {seat} in {self.case.state}"
        present = [each for each in self.here if each not in self.gone and not self.is_away(each)]
        if not present:
            self.away(self.here[-1], 0)  # who is away comes back some day, and the last one here never leaves
            return
        if seat is Seat.OWNER:
            heir = next((each for each in present if each != self.case.owner_id), None)
            self.do("reassign_owner", keepers[0], owner_id=heir) if heir else self.away(self.case.owner_id, 0)
        elif seat is Seat.CONSENTER:
            self.find_a_manager(keepers[0], present)
        else:
            self.call(keepers[0])

    def find_a_manager(self, keeper: str, present: list[str]) -> None:
        if cases.house(self.uow, self.case).holding(Role.MANAGEMENT):
            self.do("review_anew", keeper)
        else:
            self.do("name_manager", keeper, person_id=present[0])

    def call(self, keeper: str) -> None:
        doers = cases.doers(self.uow, self.case)
        let_in = cases.let_in(self.uow, self.case)
        person = next(each for each in OUTSIDERS if each not in doers and each not in let_in)
        today = self.bot().today
        outsider = Outsider(person, "Nothing", "Lead auditor", today, today + timedelta(days=90))
        self.do("call_outsider", keeper, outsider=outsider)

    def is_away(self, person: str) -> bool:
        row = people_queries.person(self.uow, person)
        return row is not None and row.is_away

    # --- what must be so ---

    def closes_rightly(self) -> None:
        case = self.case
        if case.state is not State.CLOSED:
            return
        assert case.grade is not None
        signed = cases.standing(self.uow, case)
        wanted = required(case.grade, is_correction_only=bool(case.is_correction_only))
        assert set(wanted) <= set(signed)
        doers, marks = cases.doers(self.uow, case), {signs: each.mark for signs, each in signed.items()}
        for signs in wanted:
            if signs is not Signs.GRADE and signed[signs].person_id in doers:
                assert (signs, marks[signs]) == (Signs.CONSENT, Mark.MANAGING_DOER)
        if case.grade is Grade.MAJOR:
            people = {signs: each.person_id for signs, each in signed.items()}
            assert people[Signs.REVIEW] != people[Signs.CONSENT]
            assert people[Signs.SECOND] != people[Signs.EFFECT] or marks[Signs.SECOND] is Mark.SAME_OUTSIDER
            assert people[Signs.SECOND] != people[Signs.CONSENT] or marks[Signs.SECOND] is Mark.CONSENT_SIGNER


def _beside(verb: str) -> tuple[str, ...]:
    return {"issue": ("tests",), "regrade": ("tests",), "record_body": ("track",)}.get(verb, ())


LEFT_OUT = {
    "merge",
    "discard",
    "withdraw",
    "call_outsider",
    "name_manager",
    "reassign_judge",
    "reassign_owner",
    "claim_done",
}
"""What ends a case early, and what takes a person that the walk chooses itself."""


def wander(walk: Walk, draw: Callable[..., Any]) -> None:
    """One thing that happens: somebody leaves or is away, days pass, or somebody does what they may."""
    happens: dict[str, Callable[[], object]] = {
        "leave": lambda: walk.leave(draw(st.sampled_from(walk.here))),
        "away": lambda: walk.away(draw(st.sampled_from(walk.here)), draw(st.integers(1, 200))),
        "back": lambda: walk.away(draw(st.sampled_from(walk.here)), 0),
        "days": lambda: walk.tick(draw(st.integers(1, 40))),
        "owner": lambda: another_owner(walk, draw),
        "event": lambda: any_event(walk, draw),
        "on": walk.step,
    }
    happens[draw(st.sampled_from([*happens, "event", "event", "on"]))]()


def another_owner(walk: Walk, draw: Callable[..., Any]) -> None:
    """Whoever looks after the seats gives the case to somebody else."""
    keepers = cases.keepers(walk.uow, walk.case)
    heirs = [each for each in walk.here if each not in walk.gone and each != walk.case.owner_id]
    if keepers and heirs:
        walk.do("reassign_owner", keepers[0], owner_id=draw(st.sampled_from(heirs)))


def any_event(walk: Walk, draw: Callable[..., Any]) -> None:
    """Somebody does something that they are offered."""
    offered = [(person, verb) for person, verb in walk.offered() if verb not in LEFT_OUT]
    if offered:
        person, verb = draw(st.sampled_from(offered))
        attempt(walk, verb, person)


def attempt(walk: Walk, verb: str, person: str) -> None:
    """What somebody is offered works, but for days and words that don't suit; then nothing has changed."""
    before = walk.case
    try:
        walk.do(verb, person)
    except InputWanted:
        assert walk.case == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(roles=st.lists(ROLES, min_size=1, max_size=6), grade=st.sampled_from(Grade), data=st.data())
def test_every_walk_can_be_finished_and_closes_with_all_its_signatures(
    walks: UnitOfWork, roles: list[set[Role]], grade: Grade, data: st.DataObject
) -> None:
    with walks.connection.begin_nested() as savepoint:
        walk = Walk(UnitOfWork(walks.connection, WORKSPACE), grade)
        walk.begin(roles)
        for _ in range(data.draw(st.integers(0, 14))):
            if walk.case.state not in OVER:
                wander(walk, data.draw)
            walk.closes_rightly()
        walk.finish()
        walk.closes_rightly()
        savepoint.rollback()
