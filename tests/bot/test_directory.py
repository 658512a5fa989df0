"""The directory is read page by page, and goes on where it broke off."""

import pytest

from bot.people import directory as people_directory
from bot.services import Services
from bot.slack.errors import CursorGone, MissingScope, SlackAway, SlackError
from bot.slack.objects import SlackGroup, SlackPerson
from storage.engine.database import Database
from storage.people import queries as people_queries
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE, FakeGateway

pytestmark = ON_SQLITE


def somebody(number: int) -> SlackPerson:
    return SlackPerson(
        f"U{number}", f"Person {number}", "", "UTC", is_admin=False, is_bot=False, is_guest=False, is_deactivated=False
    )


@pytest.fixture
def slack(gateway: FakeGateway) -> FakeGateway:
    """A workspace of five people, in pages of two."""
    gateway.directory, gateway.people_per_page = [somebody(number) for number in range(5)], 2
    return gateway


def known(database: Database) -> tuple[int, str]:
    """How many people are known, and where reading goes on."""
    with database.unit_of_work(WORKSPACE) as uow:
        return len(people_queries.directory(uow)), uow.workspace().directory_cursor


async def test_one_call_for_each_page_and_none_for_each_person(
    services: Services, slack: FakeGateway, database: Database
) -> None:
    before, _ = known(database)
    await people_directory.sync_directory(services, WORKSPACE)
    assert slack.named("people") == ["", "2", "4"]
    assert known(database) == (before + 5, "")


async def test_what_broke_off_goes_on_at_the_page_where_it_stopped(
    services: Services, slack: FakeGateway, database: Database
) -> None:
    before, _ = known(database)
    slack.before_people = {"2": SlackAway()}
    with pytest.raises(SlackError):
        await people_directory.sync_directory(services, WORKSPACE)
    assert known(database) == (before + 2, "2")
    slack.before_people = {}
    await people_directory.sync_directory(services, WORKSPACE)
    assert slack.named("people") == ["", "2", "2", "4"]
    assert known(database) == (before + 5, "")


async def test_a_place_slack_no_longer_knows_means_from_the_start(
    services: Services, slack: FakeGateway, database: Database
) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(directory_cursor="9")
    slack.before_people = {"9": CursorGone()}
    before, _ = known(database)
    await people_directory.sync_directory(services, WORKSPACE)
    assert known(database) == (before + 5, "")


async def test_user_groups_come_with_the_directory(services: Services, slack: FakeGateway, database: Database) -> None:
    slack.groups = [SlackGroup("S0IT", "it", "IT", ["U1", "U2"])]
    await people_directory.sync_directory(services, WORKSPACE)
    with database.unit_of_work(WORKSPACE) as uow:
        assert [(each.handle, each.members) for each in people_queries.user_groups(uow)] == [("it", ["U1", "U2"])]


async def test_without_user_groups_the_directory_is_read_all_the_same(
    services: Services, slack: FakeGateway, database: Database
) -> None:
    slack.faults["user_groups"] = [MissingScope("usergroups:read")]
    before, _ = known(database)
    await people_directory.sync_directory(services, WORKSPACE)
    assert known(database) == (before + 5, "")
