"""App Home: what waits for somebody is there, and nobody is told that nothing does while something does."""

from collections.abc import Iterator

import pytest

from bot.home.handlers import home
from messages.desk_audits import cards as desk_audit_words
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE
from tests.messages.readable import readable
from tests.workflows.conftest import MONDAY, start_programme
from tests.workflows.test_desk_audits import confirmed

pytestmark = ON_SQLITE
CAUGHT_UP = "You're all caught up"


@pytest.fixture
def programme(database_url: str, database: Database) -> Iterator[UnitOfWork]:
    """Liam audits, Mira leads."""
    start_programme(database_url)
    with database.unit_of_work(WORKSPACE) as uow:
        yield uow


def test_answers_that_wait_for_a_rating_stand_on_the_home_of_their_auditor(programme: UnitOfWork) -> None:
    confirmed(programme)
    shown = home(programme, "ULIAM", at=MONDAY)
    assert "3 answers to rate" in readable(shown)
    assert CAUGHT_UP not in readable(shown)
    assert desk_audit_words.BRING in str(shown.blocks)
    assert "3 answers to rate" not in readable(home(programme, "UMIRA", at=MONDAY))


def test_when_all_are_rated_nothing_waits_any_more(programme: UnitOfWork) -> None:
    confirmed(programme)
    for answer in programme.all(Answer):
        programme.change(answer, rating=3, corroboration=2)
    assert CAUGHT_UP in readable(home(programme, "ULIAM", at=MONDAY))
