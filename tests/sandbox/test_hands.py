"""What people can and cannot do, see and read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox

Json = dict[str, Any]


async def refused(act: Any) -> str:
    with pytest.raises(HandError) as error:
        await act
    return error.value.error


async def test_workspace(hands: Hands) -> None:
    workspace = await hands.workspace()
    assert workspace["team"] == {"id": "T0ALDER", "name": "Aldermoor Instruments", "domain": "aldermoor"}
    assert workspace["app"]["commands"] == [{"command": "/tea", "description": "Order tea", "usage_hint": "[kind]"}]
    assert [one["callback_id"] for one in workspace["app"]["shortcuts"]] == ["brew", "keep"]
    zones = {person["id"]: person.get("tz") for person in workspace["people"]}
    assert (zones["U0MIRA"], zones["U0TOM"], zones["U0GRACE"]) == (
        "Europe/Berlin",
        "America/New_York",
        "Asia/Singapore",
    )


async def test_conversations_and_unread(hands: Hands, mira: Person, slack: AsyncWebClient) -> None:
    tom = hands.person("U0TOM")
    await tom.say("hello", "C0GENERAL")
    await tom.say("hello again", "C0GENERAL")
    listed = {one["id"]: one for one in await mira.conversations()}
    assert (listed["C0GENERAL"]["unread"], listed["C0GENERAL"]["member"]) == (2, True)
    assert listed["D0MIRA"].items() >= {"kind": "dm", "name": "Teapot", "with": "U0APP"}.items()
    assert "D0TOM" not in listed
    await mira.read("C0GENERAL")
    assert {one["id"]: one["unread"] for one in await mira.conversations()}["C0GENERAL"] == 0
    assert not {one["id"]: one for one in await tom.conversations()}["C0MGMT"]["member"]


async def test_pages_of_messages(mira: Person) -> None:
    for n in range(5):
        await mira.say(str(n))
    newest = await mira.messages(limit=2)
    assert [one["text"] for one in newest] == ["3", "4"]
    assert [one["text"] for one in await mira.messages(before=newest[0]["ts"], limit=2)] == ["1", "2"]


async def test_what_is_refused(hands: Hands, mira: Person) -> None:
    assert await refused(mira.say("  ")) == "no_text"
    assert await refused(mira.say("x" * 40_001)) == "msg_too_long"
    assert await refused(hands.person("U0TOM").say("x", "C0MGMT")) == "not_in_channel"
    assert await refused(mira.say("x", "C0NONE")) == "channel_not_found"
    assert await refused(mira.messages("D0TOM")) == "channel_not_found"
    assert await refused(mira.thread("1.000000")) == "thread_not_found"
    assert await refused(hands.person("U0OTTO").say("x")) == "account_inactive"
    assert await refused(hands.person("U0NONE").conversations()) == "user_not_found"
    assert await refused(hands.person("U0APP").conversations()) == "user_not_found"
    assert await refused(mira.command("/coffee")) == "command_not_found"
    assert await refused(mira.submit({}, "V0NONE")) == "not_found"
    assert await refused(mira.close()) == "not_found"
    assert await refused(hands.post("/hands/U0MIRA/say", {"text": "x"})) == "missing_argument"


async def test_files_are_seen_where_they_were_shared(hands: Hands, mira: Person) -> None:
    shared = await mira.upload(("a b.txt", b"one"), ("c.txt", b"two"), channel="C0ITOPS", text="two files")
    (message,) = await mira.messages("C0ITOPS")
    assert (message["subtype"], message["text"]) == ("file_share", "two files")
    assert [(file["name"], file["size"]) for file in message["files"]] == [("a b.txt", 3), ("c.txt", 3)]
    file_id = shared["files"][1]["id"]
    assert await hands.person("U0TOM").file(file_id) == b"two"  # a public channel
    secret = (await mira.upload(("s.txt", b"s")))["files"][0]["id"]
    assert await refused(hands.person("U0TOM").file(secret)) == "file_not_found"


async def test_the_app_downloads_with_its_token_only(sandbox: Sandbox, mira: Person, slack: AsyncWebClient) -> None:
    content = bytes(range(256)) * 4096
    shared = (await mira.upload(("raw.bin", content)))["files"][0]
    assert (await slack.files_info(file=shared["id"]))["file"]["size"] == len(content)
    unseen = (await mira.upload(("it.txt", b"x"), channel="C0ITOPS"))["files"][0]
    token = {"Authorization": f"Bearer {slack.token}"}
    async with httpx.AsyncClient(verify=False) as client:
        assert (await client.get(shared["url_private"], headers=token)).content == content
        for url, headers in ((shared["url_private"], {}), (unseen["url_private"], token)):
            page = await client.get(url, headers=headers)
            assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


async def test_the_app_uploads(mira: Person, slack: AsyncWebClient) -> None:
    await slack.conversations_open(users="U0MIRA")
    uploaded = await slack.files_upload_v2(
        channel="D0MIRA", filename="pack.zip", content=b"PK", title="The pack", initial_comment="Here"
    )
    (message,) = await mira.messages()
    assert (message["text"], message["files"][0]["title"], message["bot_id"]) == ("Here", "The pack", "B0APP")
    assert await mira.file(uploaded["files"][0]["id"]) == b"PK"


async def test_an_upload_of_another_size_is_refused(slack: AsyncWebClient) -> None:
    promised = await slack.files_getUploadURLExternal(filename="a.txt", length=5)
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(promised["upload_url"], content=b"four")
    assert answer.status_code == 400


async def test_what_somebody_uploads_does_not_run_as_a_page(sandbox: Sandbox, mira: Person) -> None:
    shared = (await mira.upload(("evil.html", b"<script>alert(1)</script>")))["files"][0]
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        answer = await client.get(f"/hands/U0MIRA/files/{shared['id']}/content")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''evil.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/page/..%2Fserver.py", "/page/../server.py", "/page/nothing.js"])
async def test_the_page_folder_is_all_there_is(sandbox: Sandbox, path: str) -> None:
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        assert (await client.get(path)).status_code == 404
