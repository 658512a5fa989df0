"""A card offers exactly what its buttons' commands allow: to each role, and to whoever may do one deed and no other.

Every button that anybody is offered is pressed for everybody who sees the card, by the room's own route; what that does
is taken back.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest

from bot.evidence import retention
from bot.frameworks import applicability, gap_analysis
from bot.frameworks import facts as framework_facts
from bot.home import handlers as home_handlers
from bot.nonconformities import handlers as nonconformity_handlers
from bot.packs import requests
from bot.people import handlers as people_handlers
from bot.programme import certification, obligations
from bot.rooms import ROUTES
from bot.services import House
from bot.slack import decoding
from bot.slack.routes import index
from bot.tasks import composers as task_composers
from bot.tasks import facts as task_facts
from messages.frameworks.payloads import FrameworkPage
from messages.packs import requests as request_words
from messages.tasks import cards as task_words
from messages.words.kit import Home, Message
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.packs.tables import RequestState
from storage.people.tables import Role
from storage.tasks.tables import Task, TaskState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE, button
from tests.workflows.conftest import MONDAY, actor, start_programme
from tests.workflows.test_nonconformities import put
from tests.workflows.test_requests import in_state
from tests.workflows.test_retention import over
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import retention as retention_rules
from workflows.evidence.refusals import OwnEvidence
from workflows.frameworks import applicability as applicability_rules
from workflows.nonconformities.refusals import OwnCorrection
from workflows.people import commands as people_commands
from workflows.people import rules as people_rules
from workflows.people.permissions import MAY
from workflows.people.rules import Actor
from workflows.refusals import NotAllowed, Refusal
from workflows.tasks import commands as task_commands
from workflows.tasks.work_lists import Chosen

EDITION = "iso27001-2022"
PEOPLE = ("UMIRA", "UINES", "UJONAS", "ULIAM", "UDAVID", "UPRIYA", "UTOM")
"""Two leads, an owner, an auditor, management, a reader, and somebody without any role."""

ALLOWED_AND_OFFERED_ELSEWHERE = (
    "home.",
    "person.away",
    "person.days",
    "task.add_evidence",
    "evidence.show",
    '"deed":"comment"',
    '"deed":"why"',
)
"""What a card offers to those whom it is meant for, though others may do it too by other ways."""

Button = tuple[str, str]
Card = Callable[[UnitOfWork, Actor], Message | Home]
Scene = Callable[[UnitOfWork], object]


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
def programme(database_url: str, database: Database) -> Iterator[UnitOfWork]:
    """Mira and Ines lead, Liam audits, David is management, Priya reads, Jonas owns and Tom has no role."""
    start_programme(database_url)
    with database.unit_of_work(WORKSPACE) as uow:
        people_commands.grant(uow, "UPRIYA", Role.READER, by="UMIRA", at=MONDAY)
        yield uow


@pytest.fixture
def rehearsing(house: House, programme: UnitOfWork) -> House:
    """A house in which everything can be tried and nothing stays done."""
    return replace(house, database=cast("Database", Rehearsal(programme)))


# --- the cards, and how they come to have something to offer ---


def decided(uow: UnitOfWork) -> None:
    """Every requirement of a standard is decided on, and nobody has approved that yet."""
    mira = actor(uow, "UMIRA")
    found = applicability_rules.statement(uow, mira, edition=EDITION, at=MONDAY)
    for theme in {line.requirement.theme for line in found.lines}:
        applicability_rules.apply_the_rest(uow, mira, edition=EDITION, theme=theme, reason="We need it", at=MONDAY)


def proposed(uow: UnitOfWork) -> None:
    """Mira proposes to dispose of a file past its day."""
    over(uow)
    retention_rules.propose(uow, actor(uow, "UMIRA"), at=MONDAY)


def handed_in_by_a_lead(uow: UnitOfWork) -> None:
    """Ines gave the file for Jonas's task, so she may not judge it."""
    give(uow, the_access_review(uow), by="UINES")


def settled(state: TaskState) -> Scene:
    """The same task, judged by Mira."""
    returns = partial(task_commands.return_, reason="Of which quarter?")
    move: Callable[..., Task] = task_commands.accept if state is TaskState.ACCEPTED else returns

    def judged(uow: UnitOfWork) -> None:
        handed_in_by_a_lead(uow)
        task = the_access_review(uow)
        move(uow, actor(uow, "UMIRA"), task_id=task.id, version=task.version, at=MONDAY)

    return judged


def task_card(uow: UnitOfWork, reader: Actor) -> Message:
    shown = task_facts.card(uow, the_access_review(uow), MONDAY)
    return task_words.card(shown, task_composers.reader(uow, shown, reader.person_id))


def task_list(uow: UnitOfWork, reader: Actor) -> Message:
    return task_words.work_list(task_facts.list_page(uow, reader, chosen=Chosen(whose="all"), at=MONDAY))


def finding_card(uow: UnitOfWork, reader: Actor) -> Message:
    (finding,) = uow.all(Nonconformity)
    return nonconformity_handlers._one(uow, reader, number=finding.number or 0, at=MONDAY)


def nothing(_uow: UnitOfWork) -> None:
    """As the programme begins."""


BY_DEED: dict[str, tuple[Scene, Card]] = {
    "statement, undecided": (nothing, lambda uow, reader: applicability._overview(uow, reader, at=MONDAY)),
    "statement, to be approved": (decided, lambda uow, reader: applicability._overview(uow, reader, at=MONDAY)),
    "theme": (
        nothing,
        lambda uow, reader: applicability._of_theme(
            uow,
            reader,
            page=FrameworkPage(
                EDITION,
                applicability_rules.statement(uow, reader, edition=EDITION, at=MONDAY).lines[0].requirement.theme,
            ),
            at=MONDAY,
        ),
    ),
    "frameworks": (nothing, lambda uow, reader: framework_facts.overview(uow, reader, at=MONDAY)),
    "gaps": (nothing, lambda uow, reader: gap_analysis._overview(uow, reader, at=MONDAY)),
    "obligations": (nothing, lambda uow, reader: obligations._page(uow, reader, page=1, at=MONDAY)),
    "certificates": (nothing, lambda uow, reader: certification._listing(uow, reader, at=MONDAY)),
    "somebody": (nothing, lambda uow, reader: people_handlers._person_card(uow, reader, person_id="UJONAS", at=MONDAY)),
    "request": (
        lambda uow: in_state(uow, RequestState.ANSWERED),
        lambda uow, reader: request_words.card(requests._seen(uow, reader, request_id=1, at=MONDAY)),
    ),
    "requests": (
        lambda uow: in_state(uow, RequestState.ASSIGNED),
        lambda uow, reader: requests._listing(uow, reader, at=MONDAY),
    ),
    "past its day": (over, lambda uow, reader: retention._overview(uow, reader, at=MONDAY)),
    "proposal": (proposed, lambda uow, reader: retention._overview(uow, reader, at=MONDAY)),
}
BY_ROLE: dict[str, tuple[Scene, Card]] = {
    **BY_DEED,
    **{
        f"finding, {state}": (lambda uow, state=state: put(uow, state), finding_card)  # type: ignore[misc]
        for state in NonconformityState
        if state is not NonconformityState.VOID
    },
    "task, open": (nothing, task_card),
    "task, submitted": (handed_in_by_a_lead, task_card),
    **{f"task, {state}": (settled(state), task_card) for state in (TaskState.RETURNED, TaskState.ACCEPTED)},
    "list of tasks": (handed_in_by_a_lead, task_list),
    "home": (handed_in_by_a_lead, lambda uow, reader: home_handlers.home(uow, reader.person_id, at=MONDAY)),
}
"""What is offered of a task goes by who leads, and of a finding by its moves, not by single deeds."""


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
        return set(buttons_of(card(fresh, actor(fresh, person)).blocks))
    except NotAllowed:
        return None


async def is_allowed(house: House, pressed: Button, person: str) -> bool:
    """Whether the room lets somebody do what a button is for, or begin with it."""
    route = index(ROUTES).presses[pressed[0]]
    try:
        await route.handler(decoding.press(house, button(*pressed, person=person), MONDAY, route))
    except (NotAllowed, OwnEvidence, OwnCorrection):
        return False
    except Refusal:  # they may, only not as things stand
        return True
    await house.background.finish(seconds=5)
    return True


async def differences(
    house: House, uow: UnitOfWork, card: Card, people: tuple[str, ...], all_of: set[Button]
) -> list[str]:
    """Who is offered what they may not do, or may do what they are not offered."""
    seen = {person: theirs for person in people if (theirs := offered(uow, card, person)) is not None}
    return [
        f"{person} {'is' if each in theirs else 'is not'} offered {each}"
        for person, theirs in seen.items()
        for each in sorted(all_of | theirs)
        if await is_allowed(house, each, person) is not (each in theirs)
        if each in theirs or not any(part in str(each) for part in ALLOWED_AND_OFFERED_ELSEWHERE)
    ]


@ON_SQLITE
@pytest.mark.parametrize("name", BY_ROLE)
async def test_each_role_is_offered_what_it_may_do(rehearsing: House, programme: UnitOfWork, name: str) -> None:
    scene, card = BY_ROLE[name]
    scene(programme)
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    assert known
    assert await differences(rehearsing, programme, card, PEOPLE, known) == []


@ON_SQLITE
@pytest.mark.parametrize("name", BY_DEED)
async def test_whoever_may_do_one_deed_is_offered_that_and_no_other(
    rehearsing: House, programme: UnitOfWork, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, card = BY_DEED[name]
    scene(programme)
    known = set[Button]().union(*(offered(programme, card, person) or () for person in PEOPLE))
    found = []
    for deed in MAY:
        monkeypatch.setattr(people_rules, "MAY", {**MAY, deed: MAY[deed] | {Role.READER}})
        found += [f"{deed}: {each}" for each in await differences(rehearsing, programme, card, ("UPRIYA",), known)]
    assert found == []
