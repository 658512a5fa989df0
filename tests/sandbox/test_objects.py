"""What messages, files and accounts carry, as in Slack's reference of objects."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp


async def test_the_apps_messages_say_which_app(sandbox: Sandbox, slack: AsyncWebClient, mira: Person) -> None:
    async with SocketApp(sandbox) as app:
        posted = await slack.chat_postMessage(channel="U0MIRA", text="Tea?")
        event = await app.event("message")
    (read,) = await mira.messages()
    for message in (posted["message"], event, read):
        profile = message["bot_profile"]
        told = {"id": "B0APP", "app_id": "A0SANDBOX", "name": "Teapot", "deleted": False, "team_id": "T0ALDER"}
        assert profile.items() >= told.items()
        assert profile["icons"].keys() == {"image_36", "image_48", "image_72"}
    await mira.say("Yes")
    assert "bot_profile" not in (await mira.messages())[-1]


async def test_a_file_tells_where_it_was_shared(slack: AsyncWebClient, hands: Hands, mira: Person) -> None:
    shared = await mira.upload(("plan.txt", b"plan"), channel="C0MGMT")
    file_id = shared["files"][0]["id"]
    assert "shares" not in (await mira.messages("C0MGMT"))[0]["files"][0]
    await hands.person("U0SOFIA").say("Thanks", "C0MGMT", thread_ts=shared["ts"])
    file = (await slack.files_info(file=file_id))["file"]
    ((channel, (share,)),) = file["shares"]["public"].items()
    told = {"ts": shared["ts"], "channel_name": "management-review", "share_user_id": "U0MIRA", "reply_count": 1}
    assert (channel, share["reply_users"]) == ("C0MGMT", ["U0SOFIA"])
    assert share.items() >= told.items()
    await mira.delete(ts=shared["ts"], channel="C0MGMT")
    secret = (await mira.upload(("secret.txt", b"s")))["files"][0]["id"]
    files = {one["id"]: one["shares"] for one in (await slack.files_list())["files"]}
    assert list(files[secret]["private"]) == ["D0MIRA"]


async def test_profiles_have_names_and_pictures(slack: AsyncWebClient) -> None:
    profile = (await slack.users_info(user="U0MIRA"))["user"]["profile"]
    named = {
        "real_name": "Mira Lindqvist",
        "real_name_normalized": "Mira Lindqvist",
        "display_name": "Mira",
        "first_name": "Mira",
        "last_name": "Lindqvist",
    }
    assert profile.items() >= named.items()
    async with httpx.AsyncClient(verify=False) as client:
        for size in (24, 32, 48, 72, 192, 512):
            picture = await client.get(profile[f"image_{size}"])
            assert picture.headers["Content-Type"].startswith("image/svg+xml")
            assert f'width="{size}"' in picture.text
            assert ">ML<" in picture.text
        assert (await client.get(profile["image_24"].replace("U0MIRA", "U0NONE"))).status_code == 404


async def test_api_test_echoes(slack: AsyncWebClient) -> None:
    assert (await slack.api_test(tea="green"))["args"] == {"tea": "green"}
    with pytest.raises(SlackApiError, match="cold") as refused:
        await slack.api_test(error="cold", tea="green")
    assert refused.value.response["args"] == {"error": "cold", "tea": "green"}
