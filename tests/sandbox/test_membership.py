"""People bring others into channels, leave the company, and come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.contract.contract import full_manifest
from tests.sandbox.heard import Heard

ITOPS = "C0ITOPS"


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def test_the_app_is_invited_and_hears_everything_from_then_on(
    app: SocketApp, mira: Person, slack: AsyncWebClient
) -> None:
    await mira.say("before", ITOPS)
    await mira.invite("U0APP", ITOPS)
    joined = await app.event("member_joined_channel")
    told = {"user": "U0APP", "channel": ITOPS, "channel_type": "C", "team": "T0ALDER", "inviter": "U0MIRA"}
    assert joined.items() >= told.items()
    await mira.say("after", ITOPS)
    assert (await app.event("message"))["text"] == "after"
    assert (await slack.chat_postMessage(channel=ITOPS, text="here I am"))["ok"]


async def test_somebody_invited_sees_the_channel_at_once(sandbox: Sandbox, hands: Hands) -> None:
    jonas = hands.person("U0JONAS")
    async with Heard(sandbox) as heard:
        await jonas.invite("U0TOM", ITOPS)
        await hands.person("U0SOFIA").invite("U0TOM", "C0MGMT")
        sandbox.world.workspace.leave("U0MIRA", ITOPS)
        frame = await heard.frame("conversation")
    assert (frame["conversation"]["id"], frame["conversation"]["member"]) == (ITOPS, False)
    assert await hands.person("U0TOM").say("hello", ITOPS)


# Who invites whom to where, and the refusal.
INVITATIONS: list[tuple[str, str, str, str]] = [
    ("U0MIRA", "U0TOM", ITOPS, ""),
    ("U0MIRA", "U0LUNCH", ITOPS, ""),
    ("U0MIRA", "U0JONAS", ITOPS, "already_in_channel"),
    ("U0MIRA", "U0OTTO", ITOPS, "cant_invite"),
    ("U0MIRA", "U0NONE", ITOPS, "user_not_found"),
    ("U0TOM", "U0APP", ITOPS, "not_in_channel"),
    ("U0VERA", "U0TOM", ITOPS, "restricted_action"),
    ("U0MIRA", "U0TOM", "C0MOVE", "is_archived"),
    ("U0MIRA", "U0TOM", "C0NONE", "channel_not_found"),
    ("U0MIRA", "U0TOM", "D0MIRA", "method_not_supported_for_channel_type"),
]


@pytest.mark.parametrize(("user", "whom", "channel", "error"), INVITATIONS)
async def test_who_may_invite(hands: Hands, user: str, whom: str, channel: str, error: str) -> None:
    assert await _error(hands.person(user).invite(whom, channel)) == error


async def test_somebody_leaves_the_company(app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient) -> None:
    sofia = hands.person("U0SOFIA")
    await sofia.say("my last words", "C0MGMT")
    await mira.deactivate("U0SOFIA")
    user = (await app.event("user_change"))["user"]
    assert (user["id"], user["deleted"], user["profile"]["real_name"]) == ("U0SOFIA", True, "Sofia Marino")
    assert user.keys().isdisjoint({"tz", "is_admin", "real_name"})
    assert await _error(sofia.say("anybody?")) == "account_inactive"
    members = (await slack.conversations_members(channel="C0MGMT"))["members"]
    assert "U0SOFIA" not in members
    assert (await mira.messages("C0MGMT"))[0]["user"] == "U0SOFIA"
    # Slack takes what is sent to a deactivated account, and nobody reads it.
    posted = await slack.chat_postMessage(channel="U0SOFIA", text="Your task is due")
    shown = (await slack.conversations_info(channel=posted["channel"]))["channel"]
    assert shown["is_user_deleted"]
    await mira.reactivate("U0SOFIA")
    user = (await app.event("user_change"))["user"]
    assert (user["deleted"], user["tz"], user["is_admin"]) == (False, "Europe/Berlin", False)
    assert [one["text"] for one in await sofia.messages()] == ["Your task is due"]
    assert await _error(sofia.say("back", "C0MGMT")) == "not_in_channel"


async def test_who_has_left_is_in_no_group(build: Build) -> None:
    sandbox = await build(manifest=full_manifest())
    environment = sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    assert (await slack.usergroups_users_list(usergroup="S0IT"))["users"] == ["U0JONAS", "U0PRIYA"]
    async with Hands(sandbox.url) as hands:
        await hands.person("U0MIRA").deactivate("U0JONAS")
    assert (await slack.usergroups_users_list(usergroup="S0IT"))["users"] == ["U0PRIYA"]
    (group,) = (await slack.usergroups_list(include_count=True, include_users=True))["usergroups"]
    assert (group["user_count"], group["users"]) == (1, ["U0PRIYA"])


# Who ends or gives back whose account, and the refusal.
ACCOUNTS: list[tuple[str, str, str, str]] = [
    ("U0MIRA", "deactivate", "U0TOM", ""),
    ("U0TOM", "deactivate", "U0SOFIA", "not_allowed"),
    ("U0MIRA", "deactivate", "U0MIRA", "cant_deactivate_self"),
    ("U0MIRA", "deactivate", "U0DAVID", "cant_deactivate_owner"),
    ("U0MIRA", "deactivate", "U0OTTO", "account_inactive"),
    ("U0MIRA", "deactivate", "U0APP", "user_not_found"),
    ("U0MIRA", "deactivate", "U0NONE", "user_not_found"),
    ("U0MIRA", "reactivate", "U0OTTO", ""),
    ("U0TOM", "reactivate", "U0OTTO", "not_allowed"),
    ("U0MIRA", "reactivate", "U0TOM", "not_deactivated"),
    ("U0MIRA", "reactivate", "U0LUNCH", "user_not_found"),
]


@pytest.mark.parametrize(("user", "deed", "whom", "error"), ACCOUNTS)
async def test_who_may_end_an_account(hands: Hands, user: str, deed: str, whom: str, error: str) -> None:
    person = hands.person(user)
    act = person.deactivate(whom) if deed == "deactivate" else person.reactivate(whom)
    assert await _error(act) == error


async def test_who_has_left_is_gone_after_a_restart_too(build: Build, tmp_path: Any) -> None:
    first = await build(folder=tmp_path / "kept")
    async with Hands(first.url) as hands:
        await hands.person("U0MIRA").deactivate("U0TOM")
    await first.stop()
    second = await build(folder=tmp_path / "kept")
    async with Hands(second.url) as hands:
        assert await _error(hands.person("U0TOM").say("boo")) == "account_inactive"


async def _error(act: Any) -> str:
    """The code of the refusal, empty for what went well."""
    try:
        await act
    except HandError as refused:
        return refused.error
    return ""
