"""Who is in the workspace: guests, bots, those who have left; what they say of themselves, and who may see what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Channel, Company, Employee
from sandbox.hands import HandError, Hands
from sandbox.people import employee_account
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.contract.contract import full_manifest

Json = dict[str, Any]


@pytest.fixture
async def sandbox(build: Build) -> Sandbox:
    return await build(manifest=full_manifest())


async def test_kinds_of_accounts(slack: AsyncWebClient) -> None:
    people = {one["id"]: one for one in (await slack.users_list())["members"]}
    kinds = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_admin")
    found = {user: [kind for kind in kinds if people[user].get(kind)] for user in people}
    assert {user: said for user, said in found.items() if said} == {
        "U0MIRA": ["is_admin"],
        "U0DAVID": ["is_admin"],
        "U0OTTO": ["deleted"],
        "U0VERA": ["is_restricted"],
        "U0LUNCH": ["is_bot"],
        "U0APP": ["is_bot"],
    }


@pytest.mark.parametrize(("guest", "flags"), [("", (False, False)), ("multi", (True, False)), ("single", (True, True))])
def test_guests_of_one_channel_are_restricted_twice(guest: str, flags: tuple[bool, bool]) -> None:
    account = employee_account(Employee("U1", "A B", guest=guest), Company.load(), 0, 0)
    assert (account["is_restricted"], account["is_ultra_restricted"]) == flags


async def test_a_guest_sees_own_channels_only(hands: Hands) -> None:
    vera = hands.person("U0VERA")
    assert [one["id"] for one in await vera.conversations()] == ["C0ITOPS", "D0VERA"]
    with pytest.raises(HandError, match="channel_not_found"):
        await vera.messages("C0GENERAL")


async def test_archived_channels_are_read_and_not_written(hands: Hands) -> None:
    mira = hands.person("U0MIRA")
    assert ("C0MOVE", True) in [(one["id"], one["archived"]) for one in await mira.conversations()]
    assert await mira.messages("C0MOVE") == []
    with pytest.raises(HandError, match="is_archived"):
        await mira.say("anybody there?", "C0MOVE")


async def test_status_and_what_needs_a_scope_or_a_wish(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    profile = (await slack.users_profile_get(user="U0AISHA"))["profile"]
    status = {name: profile[name] for name in ("status_text", "status_emoji", "status_expiration")}
    assert status == {"status_text": "Visiting a supplier", "status_emoji": ":factory:", "status_expiration": 0}
    assert profile["email"] == "aisha@aldermoor.example"
    assert "locale" not in (await slack.users_info(user="U0AISHA"))["user"]
    assert (await slack.users_info(user="U0AISHA", include_locale=True))["user"]["locale"] == "en-GB"
    sandbox.world.app.grant(["users:read", "users.profile:read"])
    assert "email" not in (await slack.users_info(user="U0AISHA"))["user"]["profile"]
    assert "email" not in (await slack.users_profile_get(user="U0AISHA"))["profile"]


async def test_quiet_hours_of_a_team(slack: AsyncWebClient) -> None:
    hours = (await slack.dnd_teamInfo(users=["U0TOM", "U0MIRA"]))["users"]
    assert {user: one["dnd_enabled"] for user, one in hours.items()} == {"U0TOM": True, "U0MIRA": False}


async def test_presence_follows_open_pages_and_sockets(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    async def presence(user: str | None = None) -> Json:
        answer = await slack.api_call("users.getPresence", params={"user": user} if user else {})
        return {name: answer.get(name) for name in ("presence", "online", "connection_count")}

    assert (await presence("U0MIRA"))["presence"] == "away"
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{sandbox.url}/live/U0MIRA"):
        assert (await presence("U0MIRA"))["presence"] == "active"
    assert (await presence())["presence"] == "away"
    async with SocketApp(sandbox):
        mine = await presence()
    assert (mine["presence"], mine["online"], mine["connection_count"]) == ("active", True, 1)


async def test_bots_and_groups(slack: AsyncWebClient) -> None:
    bot = (await slack.bots_info(bot="B0LUNCH"))["bot"]
    assert (bot["user_id"], bot["app_id"], bot["name"]) == ("U0LUNCH", "A0LUNCH", "Lunch")
    assert (await slack.bots_info(bot="B0APP"))["bot"]["user_id"] == "U0APP"
    (group,) = (await slack.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert (group["handle"], group["users"], group["user_count"]) == ("it", ["U0JONAS", "U0PRIYA"], 2)
    (bare,) = (await slack.usergroups_list())["usergroups"]
    assert not {"users", "user_count"} & bare.keys()
    assert (await slack.usergroups_users_list(usergroup="S0IT"))["users"] == ["U0JONAS", "U0PRIYA"]


async def test_private_channels_are_hidden_until_the_app_is_in(build: Build) -> None:
    sample = Company.load()
    secret = Channel(id="C0SECRET", name="secret", members=("U0DAVID",), private=True)
    shared = replace(secret, id="C0SHARED", name="shared", app=True)
    company = replace(sample, channels=(*sample.channels, secret, shared))
    sandbox = await build(manifest=full_manifest(), companies=[company])
    environment = sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    listed = (await slack.conversations_list(types="private_channel"))["channels"]
    assert [one["name"] for one in listed] == ["shared"]
    of_david = (await slack.users_conversations(user="U0DAVID", types="public_channel,private_channel"))["channels"]
    assert [one["name"] for one in of_david] == ["general", "management-review", "shared"]
    async with Hands(sandbox.url) as hands, SocketApp(sandbox) as app:
        await hands.person("U0DAVID").command("/tea", "", "C0SECRET")
        assert (await app.next("slash_commands"))["payload"]["channel_name"] == "privategroup"
