"""A card offers exactly what its buttons' commands allow: to each role, and to whoever may do one deed and no other.

Every button that anybody is offered is pressed for everybody who sees the card, by the room's own route; what that does
is taken back.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import pytest
from slack_sdk.models.blocks import Block

from bot.desk_audits import facts as desk_audit_facts
from bot.evidence import retention
from bot.frameworks import applicability, gap_analysis
from bot.frameworks import facts as framework_facts
from bot.home import handlers as home_handlers
from bot.machines import keys
from bot.nonconformities import handlers as nonconformity_handlers
from bot.nudges import ladders
from bot.packs import auditors as auditor_room
from bot.packs import facts as pack_facts
from bot.packs import requests
from bot.people import handlers as people_handlers
from bot.programme import certification, obligations
from bot.programme import settings as programme_settings
from bot.rooms import ROUTES
from bot.services import Services
from bot.slack import decoding
from bot.slack.routes import index
from bot.tasks import composers as task_composers
from bot.tasks import facts as task_facts
from messages.desk_audits import cards as desk_audit_words
from messages.frameworks.payloads import FrameworkPage
from messages.machines import keys as key_words
from messages.packs import requests as request_words
from messages.programme import feeds as feed_words
from messages.tasks import cards as task_words
from messages.words.kit import Home, Message
from storage.desk_audits.tables import DeskAudit, Interview
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.packs.tables import AuditorAccess, Pack, PackState, RequestState
from storage.people.tables import Role
from storage.programme import queries as programme_queries
from storage.programme.tables import FeedScope
from storage.tasks.tables import Task, TaskState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE, button
from tests.workflows.conftest import MONDAY, deed, start_programme, the_bot
from tests.workflows.test_desk_audits import answered, confirmed, opened
from tests.workflows.test_nonconformities import put, rated
from tests.workflows.test_requests import in_state
from tests.workflows.test_retention import over
from tests.workflows.test_tasks import give, the_access_review
from workflows.deed import Deed
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits.rules import Step
from workflows.evidence import retention as retention_rules
from workflows.evidence.refusals import OwnEvidence
from workflows.frameworks import applicability as applicability_rules
from workflows.machines import keys as machine_keys
from workflows.nonconformities.refusals import OwnCorrection
from workflows.packs import auditors
from workflows.packs.shapes import Admission
from workflows.people import commands as people_commands
from workflows.people import rules as people_rules
from workflows.people.permissions import MAY
from workflows.people.refusals import NotInDirectory
from workflows.people.rules import DirectoryEntry
from workflows.programme import feeds
from workflows.refusals import NotAllowed, Refusal, Tried, WhoMay
from workflows.tasks import commands as task_commands
from workflows.tasks.work_lists import Chosen

EDITION = "iso27001-2022"
PEOPLE = ("UMIRA", "UINES", "UJONAS", "UDORA", "ULIAM", "UDAVID", "UPRIYA", "UTOM", "UGRETA")
"""Two leads, an owner and their deputy, an auditor, management, a reader, an employee without any role, and a guest."""

NOBODY_HERE = ("UOTTO", "USTRANGER")
"""Somebody who has left, and somebody whom the directory does not know."""

PACKS = (PackState.MADE, PackState.FAILED, PackState.EXPIRED)

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
    """Mira and Ines lead, Liam audits, David is management, Priya reads, Jonas owns with Dora as deputy.

    Tom has no role, Greta is a guest.
    """
    start_programme(database_url)
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


def key_made(uow: UnitOfWork) -> None:
    """Mira has made a key for machines."""
    obligation = programme_queries.living(uow)[0]
    machine_keys.make(deed(uow, "UMIRA"), name="Scanner", obligation_id=obligation.id, server_secret="s" * 32)


def let_in(person_id: str) -> Scene:
    """Mira lets somebody from outside look at what was accepted."""

    def admitted(uow: UnitOfWork) -> None:
        settled(TaskState.ACCEPTED)(uow)
        today = MONDAY.date()
        period = (today - timedelta(days=365), today, today, today + timedelta(days=14))
        auditors.let_in(deed(uow, "UMIRA"), admission=Admission(person_id, (EDITION,), *period))

    return admitted


def packed(state: PackState, by: str) -> Scene:
    """A pack as it stands after somebody has asked for it."""

    def asked(uow: UnitOfWork) -> None:
        made: dict[str, Any] = {
            "sha256": "1" * 64,
            "size": 20,
            "manifest_sha256": "2" * 64,
            "files": 1,
            "reason": "store",
        }
        day = MONDAY.date()
        uow.add(Pack(editions=[EDITION], first=day, last=day, asked_by=by, asked_at=MONDAY, state=state, **made))

    return asked


def audited_by(person_id: str, until: Scene) -> Scene:
    """The interview as far as it has come, as if somebody else had opened the audit."""

    def asked(uow: UnitOfWork) -> None:
        until(uow)
        uow.change(uow.all(DeskAudit)[0], auditor_id=person_id)

    return asked


def only_for(person_id: Callable[[UnitOfWork], str], card: Card) -> Card:
    """A card that comes into somebody's direct messages, where nobody else sees it."""

    def shown(reading: Deed) -> Message | Home:
        if reading.by != person_id(reading.uow):
            raise NotAllowed(Tried.DO_THIS, WhoMay.PERSON, reading.by)
        return card(reading)

    return shown


def whose_pack(uow: UnitOfWork) -> str:
    return uow.all(Pack)[0].asked_by


def interviewed(uow: UnitOfWork) -> str:
    return uow.all(Interview)[0].person_id


def auditing(uow: UnitOfWork) -> str:
    return uow.all(DeskAudit)[0].auditor_id


def let_in_now(uow: UnitOfWork) -> str:
    return uow.all(AuditorAccess)[0].person_id


def the_interview(uow: UnitOfWork) -> Step:
    return desk_audit_questions.step_of(uow, uow.all(Interview)[0].id)


def pack_card(reading: Deed) -> Message:
    return pack_facts.card_of(reading.uow, reading.uow.all(Pack)[0], MONDAY)


def alone(blocks: Iterable[Block]) -> Message:
    """These blocks of a larger message."""
    return Message("", tuple(each.to_dict() for each in blocks))


def key_list(reading: Deed) -> Message:
    return key_words.listing([keys._item(each) for each in machine_keys.keys(reading)])


def feed_card(scope: FeedScope) -> Card:
    def shown(reading: Deed) -> Message:
        feeds.standing(reading, scope=scope)
        return feed_words.standing(made_at=MONDAY, scope=scope.value)

    return shown


def invitation(reading: Deed) -> Message:
    return desk_audit_words.invitation(desk_audit_facts.card(the_interview(reading.uow)))


def answers(reading: Deed) -> Message:
    return desk_audit_words.answers(desk_audit_facts.confirmed(reading.uow, the_interview(reading.uow)))


def interview_in_the_day(reading: Deed) -> Message:
    shown = desk_audit_facts.confirmed(reading.uow, the_interview(reading.uow))
    return alone(desk_audit_words.day_item(shown).blocks)


def own_access(reading: Deed) -> Message:
    blocks = request_words.access_blocks(pack_facts.accesses(reading.uow, reading.by, reading.at)[0])
    return alone(blocks)


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
    "settings of the programme": (nothing, programme_settings._card),
    "keys of machines": (key_made, key_list),
    "feed of the programme": (nothing, feed_card(FeedScope.PROGRAMME)),
    "auditors": (let_in("UTOM"), auditor_room._auditors),
    **{f"pack, {state}": (packed(state, "UPRIYA"), only_for(whose_pack, pack_card)) for state in PACKS},
    "answers to rate": (audited_by("UPRIYA", confirmed), only_for(auditing, answers)),
    "answers that suggest a finding": (audited_by("UPRIYA", rated), only_for(auditing, answers)),
}
BY_ROLE: dict[str, tuple[Scene, Card]] = {
    **BY_DEED,
    **{f"pack, {state}": (packed(state, "UMIRA"), only_for(whose_pack, pack_card)) for state in PACKS},
    "answers that suggest a finding": (rated, only_for(auditing, answers)),
    **{
        f"finding, {state}": (lambda uow, state=state: put(uow, state), finding_card)  # type: ignore[misc]
        for state in NonconformityState
        if state is not NonconformityState.VOID
    },
    "task, open": (nothing, task_card),
    "task, submitted": (handed_in_by_a_lead, task_card),
    **{f"task, {state}": (settled(state), task_card) for state in (TaskState.RETURNED, TaskState.ACCEPTED)},
    "list of tasks": (handed_in_by_a_lead, task_list),
    "own feed": (nothing, feed_card(FeedScope.OWN)),
    "ladders of several tasks": (nothing, lambda reading: ladders._found(reading, searched="review")),
    "own access as an auditor": (let_in("UTOM"), only_for(let_in_now, own_access)),
    "what an auditor may see": (let_in("UTOM"), lambda reading: auditor_room._looked(reading)[0]),
    "interview, invited": (opened, only_for(interviewed, invitation)),
    "interview, to be confirmed": (
        answered,
        only_for(interviewed, lambda reading: desk_audit_facts.summary_of(the_interview(reading.uow))),
    ),
    "interview in the day of the auditor": (confirmed, only_for(auditing, interview_in_the_day)),
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
    except (NotAllowed, NotInDirectory):
        return None


async def is_allowed(services: Services, pressed: Button, person: str) -> bool:
    """Whether the room lets somebody do what a button is for, or begin with it."""
    route = index(ROUTES).presses[pressed[0]]
    try:
        await route.handler(decoding.press(services, button(*pressed, person=person), MONDAY, route))
    except (NotAllowed, NotInDirectory, OwnEvidence, OwnCorrection):
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
