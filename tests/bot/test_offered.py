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
from bot.services import Services
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
from tests.workflows.conftest import MONDAY, deed, start_programme
from tests.workflows.test_nonconformities import put
from tests.workflows.test_requests import in_state
from tests.workflows.test_retention import over
from tests.workflows.test_tasks import give, the_access_review
from workflows.deed import Deed
from workflows.evidence import retention as retention_rules
from workflows.evidence.refusals import OwnEvidence
from workflows.frameworks import applicability as applicability_rules
from workflows.nonconformities.refusals import OwnCorrection
from workflows.people import commands as people_commands
from workflows.people import rules as people_rules
from workflows.people.permissions import MAY
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
Card = Callable[[Deed], Message | Home]
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
        people_commands.grant(deed(uow, "UMIRA"), "UPRIYA", Role.READER)
        yield uow


@pytest.fixture
def rehearsing(services: Services, programme: UnitOfWork) -> Services:
    """A house in which everything can be tried and nothing stays done."""
    return replace(services, database=cast("Database", Rehearsal(programme)))


# --- the cards, and how they come to have something to offer ---


def decided(uow: UnitOfWork) -> None:
    """Every requirement of a standard is decided on, and nobody has approved that yet."""
    mira = deed(uow, "UMIRA")
    found = applicability_rules.statement(mira, edition=EDITION)
    for theme in {line.requirement.theme for line in found.lines}:
        applicability_rules.apply_the_rest(mira, edition=EDITION, theme=theme, reason="We need it")


def proposed(uow: UnitOfWork) -> None:
    """Mira proposes to dispose of a file past its day."""
    over(uow)
    retention_rules.propose(deed(uow, "UMIRA"))


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
        move(deed(uow, "UMIRA"), task_id=task.id, version=task.version)

    return judged


def task_card(reading: Deed) -> Message:
    shown = task_facts.card(reading.uow, the_access_review(reading.uow), MONDAY)
    return task_words.card(shown, task_composers.reader(reading.uow, shown, reading.by))


def task_list(reading: Deed) -> Message:
    return task_words.work_list(task_facts.list_page(reading, chosen=Chosen(whose="all")))


def finding_card(reading: Deed) -> Message:
    (finding,) = reading.uow.all(Nonconformity)
    return nonconformity_handlers._one(reading, number=finding.number or 0)


def nothing(_uow: UnitOfWork) -> None:
    """As the programme begins."""


BY_DEED: dict[str, tuple[Scene, Card]] = {
    "statement, undecided": (nothing, applicability._overview),
    "statement, to be approved": (decided, applicability._overview),
    "theme": (
        nothing,
        lambda reading: applicability._of_theme(
            reading,
            page=FrameworkPage(
                EDITION, applicability_rules.statement(reading, edition=EDITION).lines[0].requirement.theme
            ),
        ),
    ),
    "frameworks": (nothing, framework_facts.overview),
    "gaps": (nothing, gap_analysis._overview),
    "obligations": (nothing, lambda reading: obligations._page(reading, page=1)),
    "certificates": (nothing, certification._listing),
    "somebody": (nothing, lambda reading: people_handlers._person_card(reading, person_id="UJONAS")),
    "request": (
        lambda uow: in_state(uow, RequestState.ANSWERED),
        lambda reading: request_words.card(requests._seen(reading, request_id=1)),
    ),
    "requests": (
        lambda uow: in_state(uow, RequestState.ASSIGNED),
        requests._listing,
    ),
    "past its day": (over, retention._overview),
    "proposal": (proposed, retention._overview),
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
    "home": (handed_in_by_a_lead, lambda reading: home_handlers.home(reading.uow, reading.by, at=MONDAY)),
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
        return set(buttons_of(card(deed(fresh, person)).blocks))
    except NotAllowed:
        return None


async def is_allowed(services: Services, pressed: Button, person: str) -> bool:
    """Whether the room lets somebody do what a button is for, or begin with it."""
    route = index(ROUTES).presses[pressed[0]]
    try:
        await route.handler(decoding.press(services, button(*pressed, person=person), MONDAY, route))
    except (NotAllowed, OwnEvidence, OwnCorrection):
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
    found = []
    for right in MAY:
        monkeypatch.setattr(people_rules, "MAY", {**MAY, right: MAY[right] | {Role.READER}})
        found += [f"{right}: {each}" for each in await differences(rehearsing, programme, card, ("UPRIYA",), known)]
    assert found == []
