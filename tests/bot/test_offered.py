"""A card offers exactly what its buttons' commands allow: to each role, and to whoever may do one deed and no other.

Every button that anybody is offered is pressed for everybody who sees the card, by the room's own route; what that does
is taken back.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.rooms import ROUTES
from bot.services import Services
from bot.slack import decoding
from bot.slack.routes import index
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from tests.bot.cards import BY_DEED, BY_ROLE, DECIDE_ON_TASKS, Card
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE, button
from tests.workflows.conftest import MONDAY, SQLiteProgramme, deed, the_bot
from tests.workflows.test_tasks import the_access_review
from workflows.evidence.refusals import OwnEvidence
from workflows.nonconformities.refusals import NotYourSeat, OwnCorrection
from workflows.people import commands as people_commands
from workflows.people import permissions
from workflows.people import rules as people_rules
from workflows.people.permissions import MAY, Permission
from workflows.people.refusals import NotInDirectory
from workflows.people.rules import DirectoryEntry
from workflows.refusals import NotAllowed, Refusal

PEOPLE = ("UMIRA", "UINES", "UJONAS", "UDORA", "ULIAM", "UDAVID", "UPRIYA", "UTOM", "UGRETA")
"""Two leads, an owner and their deputy, an auditor, management, a reader, an employee without any role, and a guest."""

NOBODY_HERE = ("UOTTO", "USTRANGER")
"""Somebody who has left, and somebody whom the directory does not know."""

ALLOWED_AND_OFFERED_ELSEWHERE = (
    "home.",
    "person.away",
    "person.days",
    "task.add_evidence",
    "evidence.show",
    '"deed":"comment"',
    '"deed":"why"',
    "audit.report",
)
"""What a card offers to those whom it is meant for, though others may do it too by other ways."""

Button = tuple[str, str]


class Rehearsal:
    """A database in which nothing stays done."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def run(self, _workspace_id: str, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Carry out a command or answer a question, and take back what it did."""
        with self._uow.connection.begin_nested() as savepoint:
            try:
                return command(UnitOfWork(self._uow.connection, WORKSPACE), *args, **kwargs)
            finally:
                savepoint.rollback()

    read = run


@pytest.fixture
def database_url(database_url: str, started: SQLiteProgramme) -> str:
    """A database with a programme in it: to start it for each test would take longer than the test."""
    started.put_into(database_url)
    return database_url


@pytest.fixture
def programme(database: Database) -> Iterator[UnitOfWork]:
    """Mira and Ines lead, Liam audits, David is management, Priya reads, Jonas owns with Dora as deputy.

    Tom has no role, Greta is a guest.
    """
    with database.unit_of_work(WORKSPACE) as uow:
        more = [DirectoryEntry("UDORA", "Dora", "", "UTC"), DirectoryEntry("UGRETA", "Greta", "", "UTC", is_guest=True)]
        people_commands.sync(the_bot(uow), more)
        people_commands.grant(deed(uow, "UMIRA"), "UPRIYA", Role.READER)
        uow.change(the_access_review(uow), deputy_id="UDORA")
        yield uow


@pytest.fixture
def rehearsing(services: Services, programme: UnitOfWork) -> Services:
    """A house in which everything can be tried and nothing stays done."""
    return replace(services, database=cast("Database", Rehearsal(programme)))


# --- offered, and allowed ---


def buttons_of(part: Any) -> Iterator[Button]:
    """Every button of a card and every choice of its menus: their id, and what they carry."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from buttons_of(each)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            yield part["action_id"], part["value"]
        elif part.get("type") == "overflow":
            yield from ((part["action_id"], option["value"]) for option in part["options"])
        else:
            yield from buttons_of(list(part.values()))


def offered(uow: UnitOfWork, card: Card, person: str) -> set[Button] | None:
    """What somebody finds on a card; None where the card is none of their business."""
    fresh = UnitOfWork(uow.connection, WORKSPACE)
    try:
        return set(buttons_of(card(deed(fresh, person)).blocks))
    except (NotAllowed, NotInDirectory):
        return None


async def is_allowed(services: Services, pressed: Button, person: str) -> bool:
    """Whether the room lets somebody do what a button is for, or begin with it."""
    route = index(ROUTES).presses[pressed[0]]
    try:
        await route.handler(decoding.press(services, button(*pressed, person=person), MONDAY, route))
    except (NotAllowed, NotInDirectory, OwnEvidence, OwnCorrection, NotYourSeat):
        return False
    except Refusal:  # they may, only not as things stand
        return True
    await services.background.finish(seconds=5)
    return True


async def differences(
    services: Services, uow: UnitOfWork, card: Card, people: tuple[str, ...], all_of: set[Button]
) -> list[str]:
    """Who is offered what they may not do, or may do what they are not offered."""
    seen = {person: theirs for person in people if (theirs := offered(uow, card, person)) is not None}
    return [
        f"{person} {'is' if each in theirs else 'is not'} offered {each}"
        for person, theirs in seen.items()
        for each in sorted(all_of | theirs)
        if await is_allowed(services, each, person) is not (each in theirs)
        if each in theirs or not any(part in str(each) for part in ALLOWED_AND_OFFERED_ELSEWHERE)
    ]


@ON_SQLITE
@pytest.mark.parametrize("name", BY_ROLE)
async def test_each_role_is_offered_what_it_may_do(rehearsing: Services, programme: UnitOfWork, name: str) -> None:
    scene, card = BY_ROLE[name]
    scene(programme)
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    assert known
    assert await differences(rehearsing, programme, card, PEOPLE, known) == []


@ON_SQLITE
@pytest.mark.parametrize("name", BY_DEED)
async def test_whoever_may_do_one_deed_is_offered_that_and_no_other(
    rehearsing: Services, programme: UnitOfWork, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, card = BY_DEED[name]
    scene(programme)
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    monkeypatch.setattr(people_rules, "MAY", {right: MAY[right] | {Role.READER} for right in MAY})
    known |= offered(programme, card, "UPRIYA") or set()
    assert known
    found = []
    for right in MAY:
        monkeypatch.setattr(people_rules, "MAY", {**MAY, right: MAY[right] | {Role.READER}})
        found += [f"{right}: {each}" for each in await differences(rehearsing, programme, card, ("UPRIYA",), known)]
    assert found == []


@ON_SQLITE
@pytest.mark.parametrize("name", [name for name in BY_ROLE if name.startswith("task, ")])
async def test_whoever_may_decide_on_tasks_is_offered_that_without_being_a_lead(
    rehearsing: Services, programme: UnitOfWork, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, card = BY_ROLE[name]
    scene(programme)
    rights = (*DECIDE_ON_TASKS, Permission.SEE_EVERYONES_EVIDENCE)  # nobody decides on what they may not look at
    for place in (people_rules, permissions):
        monkeypatch.setattr(place, "MAY", {**MAY, **{right: MAY[right] | {Role.READER} for right in rights}})
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    assert known
    assert await differences(rehearsing, programme, card, ("UPRIYA",), known) == []


def test_one_role_may_do_everything_that_a_task_offers_to_whoever_decides() -> None:
    """A task tells apart who may decide on it and who may not, and not one deed from another."""
    assert len({MAY[right] for right in DECIDE_ON_TASKS}) == 1


@ON_SQLITE
@pytest.mark.parametrize("name", BY_ROLE)
async def test_whoever_has_left_or_is_a_stranger_sees_nothing_and_may_press_nothing(
    rehearsing: Services, programme: UnitOfWork, name: str
) -> None:
    scene, card = BY_ROLE[name]
    scene(programme)
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    for person in NOBODY_HERE:
        assert offered(programme, card, person) is None
        assert [each for each in known if await is_allowed(rehearsing, each, person)] == []
