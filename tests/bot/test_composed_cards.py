"""Every card as the bot composes it of rows, for each kind of person: Slack takes it, and templates say all of it."""

import pytest

from messages.words.kit import Home, Message
from storage.engine.finding import pages_of, record_tables
from storage.engine.unit_of_work import UnitOfWork
from tests.bot import test_offered
from tests.bot.cards import BY_ROLE, Card
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE
from tests.bot.test_files_in_another_language import english, texts
from tests.bot.test_offered import PEOPLE
from tests.bot.test_said_in_another_language import NO_KEY, shown, values
from tests.messages import slack_rules
from tests.messages.made_up import speak
from tests.workflows.conftest import deed
from workflows.people.refusals import NotInDirectory
from workflows.refusals import NotAllowed

database_url, programme = test_offered.database_url, test_offered.programme

NAMES = ("rule", "txt")
"""Of a file, as it was given."""

SHOWS_DATA = {
    "settings of the programme": "the labels of owners, which stand with the proposals of obligations",
    "ladders of several tasks": "the word that was searched for",
    "own access as an auditor": "places of files in a pack, made of their titles",
    "what an auditor may see": "the same",
    "interview in the day of the auditor": "the same",
    "findings for their owner": "what the auditor wrote down",
}
"""Cards that show what looks like English and is none of the templates', and what."""


def written(uow: UnitOfWork) -> list[str]:
    """Whatever stands in rows that people wrote, or that was taken over as their own."""
    rows = [row for table in record_tables() for page in pages_of(uow, table) for row in page]
    return [*values(uow), *NAMES, *filter(NO_KEY.match, (each for row in rows for each in texts(vars(row))))]


def seen_by(uow: UnitOfWork, card: Card, person: str) -> Message | Home | None:
    """The card as somebody sees it; None where it is none of their business."""
    try:
        return card(deed(UnitOfWork(uow.connection, WORKSPACE), person))
    except (NotAllowed, NotInDirectory):
        return None


@ON_SQLITE
@pytest.mark.parametrize("name", BY_ROLE)
def test_every_card_as_the_bot_composes_it(programme: UnitOfWork, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, card = BY_ROLE[name]
    scene(programme)
    speak(monkeypatch)
    cards = [found for person in PEOPLE if (found := seen_by(programme, card, person)) is not None]
    assert cards
    assert [fault for each in cards for fault in slack_rules.faults(each.to_dict())] == []
    if name in SHOWS_DATA:
        return
    assert {word for each in cards for word in english(shown(each), iter(written(programme)))} == set()
