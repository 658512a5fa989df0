"""The cards of findings: to whom they say what, and why."""

from collections.abc import Iterator

import pytest

from bot.nonconformities import composers, handlers
from bot.slack.routes import Route
from messages.nonconformities import cards as words
from messages.nonconformities import forms
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import BodyTrack, Grade, NonconformityState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE
from tests.messages.readable import readable
from tests.workflows.conftest import MONDAY, start_programme
from tests.workflows.test_nonconformities import put

pytestmark = ON_SQLITE
State = NonconformityState


@pytest.fixture
def programme(database_url: str, database: Database) -> Iterator[UnitOfWork]:
    """Mira and Ines lead, Liam audits and has written the finding, David is management, Jonas owns the work."""
    start_programme(database_url)
    with database.unit_of_work(WORKSPACE) as uow:
        yield uow


@pytest.mark.parametrize(
    ("person_id", "state", "why"),
    [
        ("UJONAS", State.ISSUED, "You own the work"),
        ("ULIAM", State.DRAFT, "You wrote it"),
        ("UMIRA", State.PLAN_REVIEW, "You lead the compliance programme"),
        ("UDAVID", State.CONSENTING, "A major nonconformity also needs management"),
        ("UMIRA", State.VERIFYING, "You're the verifier"),
        ("UDAVID", State.EFFECTIVENESS_REVIEW, "A major nonconformity also needs management"),
    ],
)
def test_a_card_says_truly_why_its_reader_gets_it(
    programme: UnitOfWork, person_id: str, state: State, why: str
) -> None:
    card = composers._for(programme, put(programme, state, Grade.MAJOR), person_id, MONDAY)
    assert f"Why am I getting this? {why}" in readable(card)


@pytest.mark.usefixtures("database_url")
def test_every_rarer_deed_has_a_form_and_every_form_a_command() -> None:
    forms_there = {route.id for route in handlers.ROUTES if isinstance(route, Route) and route.kind == "form"}
    assert set(words.RARER) == set(handlers.RARER)
    assert {f"nc.{kind}_form" for kind in forms.DEEDS} <= forms_there


@pytest.mark.usefixtures("database_url")
def test_the_stages_at_the_body_that_are_offered_are_those_there_are() -> None:
    assert set(forms.TRACKS) == set(BodyTrack) - {BodyTrack.CLOSED}
