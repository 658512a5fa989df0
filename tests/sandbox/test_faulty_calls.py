"""Calls and downloads that fail on demand, seen by Slack's own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.heard import Heard

Json = dict[str, Any]
CONTENT = b"0123456789" * 1000


async def texts(mira: Person) -> list[str]:
    return [message["text"] for message in await mira.messages()]


async def test_a_429_storm(slack: AsyncWebClient, hands: Hands, mira: Person) -> None:
    await hands.inject("429_storm", match="chat.*", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await slack.chat_postMessage(channel="U0MIRA", text="lost")
        response = refused.value.response
        assert (response.status_code, response.headers["Retry-After"], response["error"]) == (429, "7", "ratelimited")
    assert (await slack.auth_test())["ok"]
    await slack.chat_postMessage(channel="U0MIRA", text="through")
    assert await texts(mira) == ["through"]


async def test_a_429_storm_without_a_body(sandbox: Sandbox, hands: Hands, slack: AsyncWebClient) -> None:
    await hands.inject("429_storm", times=1, retry_after=3, empty=True)
    async with httpx.AsyncClient(base_url=sandbox.environment["SLACK_API_URL"], verify=False) as client:
        answer = await client.post("auth.test")
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (429, "3", b"")
    await hands.inject("429_storm", times=1, retry_after=0, empty=True)
    slack.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    assert (await slack.auth_test())["ok"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_server_errors_are_a_proxys_page(
    sandbox: Sandbox, slack: AsyncWebClient, hands: Hands, mira: Person, status: int
) -> None:
    await hands.inject("server_error", status=status, times=2)
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postMessage(channel="U0MIRA", text="lost")
    assert refused.value.response.status_code == status
    async with httpx.AsyncClient(base_url=sandbox.environment["SLACK_API_URL"], verify=False) as client:
        answer = await client.post("chat.postMessage")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert await texts(mira) == []


async def test_an_answer_is_lost_after_the_message_was_posted(
    slack: AsyncWebClient, hands: Hands, mira: Person
) -> None:
    slack.retry_handlers.clear()
    await hands.inject("lost_answer")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await slack.chat_postMessage(channel="U0MIRA", text="posted all the same")
    assert await texts(mira) == ["posted all the same"]


async def test_a_client_that_just_tries_again_posts_twice(slack: AsyncWebClient, hands: Hands, mira: Person) -> None:
    await hands.inject("lost_answer")
    await slack.chat_postMessage(channel="U0MIRA", text="hello")  # the SDK's handler of lost connections is on
    assert await texts(mira) == ["hello", "hello"]


async def test_an_answer_is_held_until_the_client_gives_up(sandbox: Sandbox, hands: Hands, mira: Person) -> None:
    environment = sandbox.environment
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.6)) as session:
        slack = AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], session=session, timeout=1
        )
        await hands.inject("lost_answer", seconds=600)
        with pytest.raises(TimeoutError):
            await slack.chat_postMessage(channel="U0MIRA", text="posted all the same")
    assert await texts(mira) == ["posted all the same"]


async def test_a_slow_answer(slack: AsyncWebClient, hands: Hands, mira: Person) -> None:
    await hands.inject("slow_answer", seconds=0.2)
    started = monotonic()
    await slack.chat_postMessage(channel="U0MIRA", text="slowly")
    assert monotonic() - started >= 0.2
    assert await texts(mira) == ["slowly"]


async def test_a_slow_answer_is_let_go_when_the_fault_is_taken_back(
    sandbox: Sandbox, slack: AsyncWebClient, hands: Hands
) -> None:
    await hands.inject("slow_answer", seconds=600)
    async with Heard(sandbox) as heard:
        asked = asyncio.create_task(slack.auth_test())
        assert (await heard.entry("fault", "auth.test"))["detail"] == "slow answer"
        await hands.take_back()
        assert (await asyncio.wait_for(asked, 5))["ok"]


async def test_uploads_and_response_urls_are_calls_too(sandbox: Sandbox, slack: AsyncWebClient, hands: Hands) -> None:
    await hands.inject("server_error", match="upload")
    with pytest.raises(Exception, match="503"):
        await slack.files_upload_v2(channel="C0MGMT", filename="a.txt", content="a")
    await slack.files_upload_v2(channel="C0MGMT", filename="a.txt", content="a")
    await hands.inject("server_error", match="response_url", status=500)
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        assert (await client.post("/response/T0ALDER/none")).status_code == 500
        assert (await client.post("/response/T0ALDER/none")).status_code == 404


# Downloads


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


class Download:
    """A file in a conversation of the app, and how to fetch it."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, file: Json) -> None:
        self._headers = {"Authorization": f"Bearer {sandbox.environment['SLACK_BOT_TOKEN']}"}
        self._session = session
        self._file = file

    def start(self) -> Any:
        return self._session.get(self._file["url_private_download"], headers=self._headers)


@pytest.fixture
async def download(sandbox: Sandbox, session: aiohttp.ClientSession, mira: Person) -> Download:
    uploaded = await mira.upload(("plan.pdf", CONTENT))
    return Download(sandbox, session, uploaded["files"][0])


async def test_a_stalled_download(download: Download, hands: Hands) -> None:
    fault = await hands.inject("stalled_download", match="*.pdf", bytes=5)
    async with download.start() as answer:
        assert (answer.status, answer.content_length) == (200, len(CONTENT))
        assert await answer.content.readexactly(5) == b"01234"
        rest = asyncio.create_task(answer.content.read())
        assert not (await asyncio.wait([rest], timeout=0.05))[0]
        await hands.take_back(fault["id"])
        with pytest.raises(aiohttp.ClientPayloadError):
            await rest
    async with download.start() as answer:
        assert await answer.read() == CONTENT


async def test_a_download_that_ends_too_early(download: Download, hands: Hands) -> None:
    await hands.inject("cut_download")
    async with download.start() as answer:
        assert answer.content_length == len(CONTENT)
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


@pytest.mark.parametrize(("asked", "sent"), [(None, 5000), (0, 0), (7, 7), (10_000_000, 9999)])
async def test_a_file_shorter_than_told(download: Download, hands: Hands, asked: int | None, sent: int) -> None:
    await hands.inject("short_download", bytes=asked)
    async with download.start() as answer:
        assert answer.content_length == sent
        assert await answer.read() == CONTENT[:sent]
        assert answer.content_type == "application/pdf"


async def test_a_login_page_instead_of_the_file(download: Download, hands: Hands) -> None:
    await hands.inject("login_page")
    async with download.start() as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_other_files_come_whole(download: Download, hands: Hands) -> None:
    await hands.inject("cut_download", match="*.txt", times=None)
    async with download.start() as answer:
        assert await answer.read() == CONTENT
    assert (await hands.faults())["faults"][0]["hit"] == 0
