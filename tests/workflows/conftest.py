"""A sample programme in a real database, for everything the rules say about it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlmodel import col

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage, MessageFile
from storage.nudges.tables import Nudge
from storage.people.tables import Role
from storage.schema import METADATA
from tests.conftest import WORKSPACE, make_empty
from workflows.deed import Deed
from workflows.evidence.rules import Place
from workflows.people import commands as people_commands
from workflows.people import questions as people_questions
from workflows.people.rules import Actor, DirectoryEntry
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals
from workflows.programme.starting.answers import Answers

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock in Berlin, on a working day."""

HERE = Path(__file__).parent
PEOPLE = {
    "UMIRA": ("Mira", "Europe/Berlin"),
    "UINES": ("Ines", "Europe/Berlin"),
    "UJONAS": ("Jonas", "Europe/Berlin"),
    "UPRIYA": ("Priya", "Asia/Singapore"),
    "UTOM": ("Tom", "America/New_York"),
    "ULIAM": ("Liam", "Europe/Berlin"),
    "UDAVID": ("David", "America/New_York"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a table of cases PostgreSQL is shown the first: the rules need no second database, their questions do."""
    shown, kept = set[tuple[Path, str]](), list[pytest.Item]()
    for item in items:
        table = _table_on_postgresql(item)
        if table not in shown:
            kept.append(item)
        if table:
            shown.add(table)
    items[:] = kept


def _table_on_postgresql(item: pytest.Item) -> tuple[Path, str] | None:
    if not (isinstance(item, pytest.Function) and hasattr(item, "callspec") and HERE in item.path.parents):
        return None
    on_postgresql = item.callspec.params.get("database_url") == "postgresql"
    return (item.path, item.originalname) if on_postgresql and len(item.callspec.params) > 1 else None


@pytest.fixture
def database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """The database; where a test asks for a programme it has been started: to start it each time would take longer."""
    if "programme" in request.fixturenames:
        kind = database_url.partition(":")[0]
        request.getfixturevalue(f"{kind}_programme").put_into(database_url)
    return database_url


@pytest.fixture
def directory(uow: UnitOfWork) -> UnitOfWork:
    """Everybody in the directory, nobody with a role; Otto has left and a bot is there too."""
    return fill_directory(uow)


@pytest.fixture
def lead(directory: UnitOfWork) -> UnitOfWork:
    """Mira and Ines lead, Greta is a guest; nothing is started."""
    people_commands.sync(the_bot(directory), [DirectoryEntry("UGRETA", "Greta", "", "Europe/Berlin", is_guest=True)])
    for each in ("UMIRA", "UINES"):
        people_commands.grant(deed(directory, each), each, Role.LEAD)
    return directory


@pytest.fixture
def programme(uow: UnitOfWork) -> UnitOfWork:
    """A programme that Mira has started: Jonas owns IT, Mira and Ines lead, Liam audits, David is management."""
    return uow


# --- a programme that has been started ---


class SQLiteProgramme:
    """A file, to be copied."""

    def __init__(self, path: Path) -> None:
        self._path = path
        start_programme(f"sqlite:///{path}")

    @classmethod
    def copy_of(cls, template: Path, folder: Path) -> "SQLiteProgramme":
        """One in a folder, begun in a copy of the empty database."""
        path = folder / "deskaudit.db"
        shutil.copy(template, path)
        return cls(path)

    def put_into(self, url: str) -> None:
        """Let the database be as it was once the programme had been started."""
        shutil.copy(self._path, url.removeprefix("sqlite:///"))


class PostgresProgramme:
    """Its rows, kept in a schema of their own beside the tables that are emptied after each test."""

    def __init__(self, url: str) -> None:
        start_programme(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA programme")
            for table in METADATA.sorted_tables:
                connection.execute(f"CREATE TABLE programme.{table} AS TABLE {table}".encode())
            filled = [
                table
                for table in METADATA.sorted_tables
                if connection.execute(f"SELECT 1 FROM {table} LIMIT 1".encode()).fetchone()
            ]
        make_empty(url)
        counted = [table for table in filled if "id" in table.c and table.name != "workspace"]
        self._statements = [
            "SET session_replication_role = replica",
            *(f"INSERT INTO {table} SELECT * FROM programme.{table}" for table in filled),
            *(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))" for table in counted),
        ]

    def put_into(self, url: str) -> None:
        """Let the database be as it was once the programme had been started."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("; ".join(self._statements).encode())


@pytest.fixture(scope="session")
def sqlite_programme(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SQLiteProgramme:
    """A programme that has been started, in a file."""
    return SQLiteProgramme.copy_of(sqlite_template, tmp_path_factory.mktemp("programme"))


@pytest.fixture(scope="session")
def postgresql_programme(postgres_database: str) -> PostgresProgramme:
    """A programme that has been started, on the server."""
    return PostgresProgramme(postgres_database)


def start_programme(url: str) -> None:
    """Start the programme with everybody in the directory."""
    database = Database.open(url)
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Sample")
        fill_directory(uow)
        for lead in ("UMIRA", "UINES"):
            people_commands.grant(deed(uow, "UMIRA"), lead, Role.LEAD)
        owners = dict.fromkeys((group.key for group in proposals.owner_groups()), "UJONAS")
        answers = Answers(
            standards=("iso27001-2022", "iso9001-2015"),
            owners={**owners, "people": "UPRIYA"},
            auditors=("ULIAM",),
            management=("UDAVID",),
            digest_channel="C0MGMT",
        )
        starting_commands.start_programme(deed(uow, "UMIRA"), answers)
    database.shut_down()


def fill_directory(uow: UnitOfWork) -> UnitOfWork:
    """Bring everybody into the directory."""
    entries = [DirectoryEntry(each, name, "", zone) for each, (name, zone) in PEOPLE.items()]
    entries.append(DirectoryEntry("UOTTO", "Otto", "", "Europe/Berlin", is_deactivated=True))
    entries.append(DirectoryEntry("UBOT", "A bot", "", "UTC", is_bot=True))
    people_commands.sync(the_bot(uow), entries)
    return uow


def actor(uow: UnitOfWork, person_id: str) -> Actor:
    """Somebody as they act now."""
    return people_questions.actor(uow, person_id)


def deed(uow: UnitOfWork, person_id: str, at: datetime = MONDAY) -> Deed:
    """What somebody does or asks, as they are now."""
    return Deed.of(uow, person_id, at)


def the_bot(uow: UnitOfWork, at: datetime = MONDAY) -> Deed:
    """What the bot does by itself."""
    return Deed.of_the_bot(uow, at)


def owed(uow: UnitOfWork, subject: str, rung: str, subject_id: int | None = None) -> set[str]:
    """Who is to be told of a rung in their message of the day; of one subject, or of any."""
    found = uow.all(Nudge, col(Nudge.subject) == subject, col(Nudge.rung) == rung)
    return {each.person_id for each in found if subject_id in (None, each.subject_id)}


def dropped_message(uow: UnitOfWork, person_id: str, place: Place) -> DroppedMessage:
    """A message with one file, in a thread if the place has one."""
    number = uow.count(DroppedMessage) + 7
    return uow.add(
        DroppedMessage(
            person_id=person_id,
            channel_id=place.channel_id,
            message_ts=f"{number}.7",
            thread_ts=place.message_ts,
            files=[vars(MessageFile(f"F{number}", "list.pdf", 5, "https://example.com/list.pdf"))],
            dropped_at=MONDAY,
        )
    )
