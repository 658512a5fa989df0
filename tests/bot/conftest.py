"""A house with real storage, a fake Slack and a stopped clock."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import rooms
from bot.errands import Errands
from bot.http.server import Meters
from bot.rooms import ROUTES
from bot.services import Services
from bot.settings import Settings
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from bot.slack.router import Router
from bot.slack.routes import AnyRoute, index
from sandbox.company import Company
from sandbox.server import Sandbox
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.people.tables import Person, Role, RoleGrant
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, Json, StoppedClock
from tests.workflows.conftest import SQLiteProgramme

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_APP_TOKEN": "xapp-1-secret", "SLACK_SIGNING_SECRET": "shh"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is about the edge and not about the database."""

Deliver = Callable[..., Awaitable[BoltResponse]]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("DESKAUDIT_SETTINGS", str(tmp_path / "deskaudit.env"))


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def meters() -> Meters:
    return Meters()


@pytest.fixture
def homes() -> list[str]:
    """Whose App Home was drawn."""
    return []


@pytest.fixture(scope="session")
def started(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SQLiteProgramme:
    """A programme that has been started, in a file."""
    return SQLiteProgramme.copy_of(sqlite_template, tmp_path_factory.mktemp("programme"))


@pytest.fixture
def services(
    database: Database, gateway: FakeGateway, clock: StoppedClock, homes: list[str], tmp_path: Path
) -> Services:
    """A house in which Mira is a lead, and Otto was deactivated."""
    with database.unit_of_work(WORKSPACE) as uow:
        _people(uow)

    async def show_home(_services: Services, _workspace_id: str, person_id: str) -> None:
        homes.append(person_id)

    values: dict[str, Any] = dict(TOKENS)
    return Services(
        settings=Settings(**values),
        database=database,
        blobs=BlobStore.open(str(tmp_path / "evidence")),
        gateway=gateway,
        clock=clock,
        wake=lambda: None,
        show_home=show_home,
        do_errands=Errands(rooms.ERRANDS).take_up,
    )


def _people(uow: UnitOfWork) -> None:
    for slack_id, deactivated in (("U0MIRA", False), ("U0JONAS", False), ("U0OTTO", True)):
        uow.add(Person(slack_id=slack_id, name=slack_id, is_deactivated=deactivated, synced_at=NOON))
    uow.add(RoleGrant(person_id="U0MIRA", role=Role.LEAD, granted_by="U0MIRA", granted_at=NOON))


@pytest.fixture
def deliver(services: Services, meters: Meters) -> Deliver:
    """Give Slack's payload to the real Bolt app with these routes, and wait for all that follows."""

    async def delivered(routes: Sequence[AnyRoute], body: Json, retry: int | None = None) -> BoltResponse:
        slack = bolt(Router(services, index(routes), meters))
        headers: Any = {"x-slack-retry-num": str(retry)} if retry else None
        response = await slack.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body, headers=headers))
        await services.background.finish(seconds=5)
        return response

    return delivered


def bolt(router: Router) -> AsyncApp:
    """The Bolt app as the composition root makes it, without a client."""

    async def authorize(team_id: str) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_id="B0APP", bot_user_id="U0APP", bot_token="xoxb-1"
        )

    slack = AsyncApp(name="deskaudit", authorize=authorize, signing_secret="shh", process_before_response=True)
    slack.use(router)
    return slack


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncIterator[Gateway]:
    """Slack as the sandbox of the test plays it."""
    environment = sandbox.environment
    gateway = Gateway.open(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    yield gateway
    await gateway.close()


@pytest.fixture
async def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A Slack for the bot, and the bot's settings in the environment."""
    sandbox = Sandbox(folder=tmp_path / "workspace", manifest=manifest(ROUTES), companies=[Company.load()], start=NOON)
    await sandbox.start()
    own = {
        **sandbox.environment,
        "DESKAUDIT_DATABASE_URL": f"sqlite:///{tmp_path}/deskaudit.db",
        "DESKAUDIT_EVIDENCE_URL": str(tmp_path / "evidence"),
        "DESKAUDIT_PORT": "0",
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    yield sandbox
    await sandbox.stop()
