"""`deskaudit problems` as whoever runs the bot types it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.people.tables import Person, Role, RoleGrant
from storage.record.outbox import OutboxRow, OutboxState
from tests.bot.conftest import TOKENS
from tests.bot.kit import NOON, WORKSPACE
from tests.bot.test_cli import deskaudit
from tests.bot.test_problems import failed
from workflows.nudges.reasons import Reason

FAR = datetime(2999, 1, 1, tzinfo=UTC)
"""Later than any day on which this test is run, as a terminal reads the machine's clock."""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database of a bot that Mira leads, as its settings name it."""
    url = f"sqlite:///{tmp_path}/deskaudit.db"
    for name, value in {**TOKENS, "DESKAUDIT_DATABASE_URL": url}.items():
        monkeypatch.setenv(name, value)
    database = Database.open(url)
    database.upgrade()
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Sample")
        for slack_id, name in (("U0MIRA", "Mira Lindqvist"), ("U0JONAS", "Jonas Weber")):
            uow.add(Person(slack_id=slack_id, name=name, synced_at=NOON))
        uow.add(RoleGrant(person_id="U0MIRA", role=Role.LEAD, granted_by="U0MIRA", granted_at=NOON))
    yield database
    database.shut_down()


def test_they_are_listed_and_one_is_sent_again(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        row = failed(uow, FAR, Reason.MESSAGE_REFUSED)
    code, said = deskaudit("problems")
    assert code == 0
    assert "Slack doesn't accept the message the way it's built" in said
    assert "1 message could not be delivered" in said
    code, said = deskaudit("problems", "--send-again", str(row.id), "--as", "Mira Lindqvist")
    assert (code, "is on its way again" in said) == (0, True)
    with database.unit_of_work(WORKSPACE) as uow:
        assert uow.get(OutboxRow, row.id).state is OutboxState.PENDING


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--send-again", "1"), "--as"),
        (("--send-again", "1", "--as", "Jonas Weber"), "compliance lead"),
        (("--send-again", "99", "--as", "Mira Lindqvist"), "no message 99"),
    ],
)
def test_only_a_lead_has_one_sent_again(database: Database, arguments: tuple[str, ...], said: str) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        row = failed(uow, FAR, Reason.MESSAGE_REFUSED)
    code, told = deskaudit("problems", *arguments)
    assert (code, said in told) == (1, True), told
    with database.unit_of_work(WORKSPACE) as uow:
        assert uow.get(OutboxRow, row.id).state is OutboxState.FAILED
