"""The gateway against the sandbox's Web API, and against servers that misbehave."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.slack.errors import (
    ChannelGone,
    DownloadFailed,
    DownloadRefused,
    RateLimited,
    SignInPage,
    SlackAway,
    TokenRefused,
    Unanswered,
)
from bot.slack.gateway import Gateway
from bot.slack.manifest import manifest
from bot.slack.objects import SlackFile, SlackPerson
from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox
from tests.bot.kit import NOON, said

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
AN_HOUR = timedelta(hours=1)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(
        folder=tmp_path / "workspace", manifest=manifest([]), companies=[Company.load()], start=NOON, rate_factor=None
    )
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def serving() -> AsyncIterator[Callable[[Answer], Awaitable[Gateway]]]:
    """A gateway to a server that answers everything in one way."""
    runners, gateways = [], []

    async def started(answer: Answer) -> Gateway:
        pages = web.Application()
        pages.add_routes([web.route("*", "/{anything:.*}", answer)])
        runner = web.AppRunner(pages, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        gateway = Gateway.open(token="xoxb-1", base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
        gateways.append(gateway)
        return gateway

    yield started
    for gateway in gateways:
        await gateway.close()
    for runner in runners:
        await runner.cleanup()


def file_at(gateway: Gateway, path: str = "/files/F1/log.csv", **more: Any) -> SlackFile:
    address = str(gateway._own.join(path))
    return SlackFile.of(
        {"id": "F1", "name": "log.csv", "size": 3, "mimetype": "text/csv", "url_private_download": address} | more
    )


async def fetch(gateway: Gateway, file: SlackFile) -> bytes:
    return b"".join([chunk async for chunk in gateway.download(file)])


async def test_who_the_bot_is_and_what_it_may_do(slack: Gateway) -> None:
    found = await slack.identify()
    assert (found.team_id, found.bot_user_id) == ("T0ALDER", "U0APP")
    assert "chat:write" in found.scopes


async def test_everybody_in_the_directory(slack: Gateway) -> None:
    people = {person.slack_id: person for person in (await slack.people()).people}
    assert people["U0MIRA"].zone == "Europe/Berlin"
    assert people["U0MIRA"].is_admin
    assert people["U0OTTO"].is_deactivated
    assert people["USLACKBOT"].is_bot
    assert not people["U0JONAS"].is_admin


async def test_every_user_group_with_its_members(slack: Gateway) -> None:
    [group] = await slack.user_groups()
    assert (group.slack_id, group.handle, group.members) == ("S0IT", "it", ["U0JONAS", "U0PRIYA"])


def test_a_person_slack_says_little_about() -> None:
    assert SlackPerson.of({"id": "U1", "name": "x"}).zone == "UTC"


async def test_a_message_is_found_again_by_its_slot(slack: Gateway) -> None:
    channel = await slack.open_dm("U0JONAS")
    posted = await slack.post(channel, said("hello"), "task.nudge:1:U0JONAS")
    since = NOON - AN_HOUR
    assert await slack.find_posted(channel, "task.nudge:1:U0JONAS", since) == posted
    assert await slack.find_posted(channel, "another", since) is None
    reply = await slack.post(channel, said("receipt"), "receipt:1", thread_ts=posted.ts)
    assert await slack.find_posted(channel, "receipt:1", since) is None
    assert await slack.find_posted(channel, "receipt:1", since, posted.ts) == reply


async def test_a_message_is_redrawn(slack: Gateway, sandbox: Sandbox) -> None:
    channel = await slack.open_dm("U0JONAS")
    posted = await slack.post(channel, said("before"), "slot")
    await slack.update(channel, posted.ts, said("after"))
    async with Hands(sandbox.url) as hands:
        [message] = await hands.person("U0JONAS").messages(channel)
    assert message["text"] == "after"


async def test_what_was_said_since_then_is_read_and_what_was_replied(slack: Gateway, sandbox: Sandbox) -> None:
    channel = await slack.open_dm("U0JONAS")
    async with Hands(sandbox.url) as hands:
        jonas = hands.person("U0JONAS")
        before = await jonas.say("long ago")
        await hands.advance(timedelta(hours=1))
        since = datetime.fromisoformat((await hands.clock())["now"])
        await hands.advance(timedelta(hours=1))
        await jonas.say("a reply", thread_ts=before)
        await jonas.say("lately")
    assert [each["text"] async for each in slack.messages(channel, since)] == ["lately"]
    replies = [each["text"] async for each in slack.messages(channel, since, before)]
    assert replies == ["long ago", "a reply"]  # the first of a thread always comes along


async def test_a_file_is_laid_before_people_in_a_thread(slack: Gateway, sandbox: Sandbox) -> None:
    channel = await slack.open_dm("U0MIRA")
    posted = await slack.post(channel, said("card"), "slot")

    async def chunks() -> AsyncIterator[bytes]:
        yield b"user,"
        yield b"role\n"

    assert not await slack.find_file(channel, posted.ts, "../<review>.csv")
    await slack.share(
        channel, posted.ts, "../<review>.csv", 10, chunks(), title="Review", comment="of the *third* quarter"
    )
    assert await slack.find_file(channel, posted.ts, "../<review>.csv")
    async with Hands(sandbox.url) as hands:
        mira = hands.person("U0MIRA")
        _, reply = await mira.thread(posted.ts, channel)
        [file] = reply["files"]
        assert (file["title"], reply["text"]) == ("Review", "of the *third* quarter")
        assert (file["name"], await mira.file(file["id"])) == ("../<review>.csv", b"user,role\n")


async def test_a_file_from_announcement_to_bytes(slack: Gateway, sandbox: Sandbox) -> None:
    content = b"user,role\n" * 5000
    async with Hands(sandbox.url) as hands:
        jonas = hands.person("U0JONAS")
        await jonas.upload(("access review.csv", content), channel=await slack.open_dm("U0JONAS"))
        [message] = await jonas.messages()
    file = await slack.file_info(message["files"][0]["id"])
    assert (file.name, file.size, file.user) == ("access review.csv", len(content), "U0JONAS")
    assert await fetch(slack, file) == content


async def test_without_its_scope_a_download_is_a_sign_in_page(slack: Gateway, sandbox: Sandbox) -> None:
    async with Hands(sandbox.url) as hands:
        jonas = hands.person("U0JONAS")
        await jonas.upload(("log.csv", b"a,b"), channel=await slack.open_dm("U0JONAS"))
        [message] = await jonas.messages()
    file = await slack.file_info(message["files"][0]["id"])
    stranger = Gateway.open(token="xoxb-wrong", base_url=sandbox.environment["SLACK_API_URL"])
    with pytest.raises(SignInPage):
        await fetch(stranger, file)
    await stranger.close()


async def test_refusals_are_typed(slack: Gateway, sandbox: Sandbox) -> None:
    with pytest.raises(ChannelGone):
        await slack.post("C0NOWHERE", said("hello"), "slot")
    with pytest.raises(TokenRefused):
        await slack.socket_url("xapp-wrong")
    assert (await slack.socket_url(sandbox.environment["SLACK_APP_TOKEN"])).startswith("ws")


async def test_a_file_elsewhere_never_gets_the_token(slack: Gateway) -> None:
    for address in (
        "https://drive.example.org/x",
        "http://files.slack.com/x",
        "https://files.slack.com.evil.org/x",
        "",
    ):
        with pytest.raises(DownloadFailed, match="is not one of Slack's file hosts"):
            await fetch(slack, file_at(slack, url_private_download=address, url_private=address))


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (302, "text/plain", SignInPage),
        (200, "text/html; charset=utf-8", SignInPage),
        (404, "text/plain", DownloadRefused),
        (503, "text/plain", DownloadFailed),
    ],
)
async def test_what_comes_instead_of_a_file(
    serving: Callable[[Answer], Awaitable[Gateway]], status: int, kind: str, error: type[Exception]
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, body=b"<html>", headers={"Content-Type": kind, "Location": "/login"})

    gateway = await serving(answer)
    with pytest.raises(error) as raised:
        await fetch(gateway, file_at(gateway))
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("asking", "lacks"),
    [
        (lambda gateway: gateway.people(), "members"),
        (lambda gateway: gateway.user_groups(), "usergroups"),
        (lambda gateway: gateway.quiet_windows(["U0JONAS"]), "users"),
        (lambda gateway: gateway.find_posted("D0JONAS", "slot", NOON), "messages"),
    ],
)
async def test_an_answer_without_what_was_asked_for_is_none(
    serving: Callable[[Answer], Awaitable[Gateway]], asking: Callable[[Gateway], Awaitable[Any]], lacks: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    with pytest.raises(Unanswered, match=f"no {lacks}"):
        await asking(await serving(answer))


async def test_a_declared_html_file_is_a_file(serving: Callable[[Answer], Awaitable[Gateway]]) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    gateway = await serving(answer)
    assert await fetch(gateway, file_at(gateway, mimetype="text/html")) == b"<html>"


async def test_a_download_that_breaks_off_has_failed(serving: Callable[[Answer], Awaitable[Gateway]]) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    gateway = await serving(answer)
    with pytest.raises(DownloadFailed):
        await fetch(gateway, file_at(gateway))


@pytest.mark.parametrize(
    ("status", "error"), [(429, RateLimited), (503, SlackAway), (502, Unanswered), (500, Unanswered)]
)
async def test_a_post_is_tried_once_only(
    serving: Callable[[Answer], Awaitable[Gateway]], status: int, error: type[Exception]
) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Retry-After": "1"})

    gateway = await serving(answer)
    with pytest.raises(error):
        await gateway.post("C1", said("hello"), "slot")
    assert asked == ["/api/chat.postMessage"]


async def test_a_dropped_connection_is_ambiguous_and_a_refused_one_is_not(
    serving: Callable[[Answer], Awaitable[Gateway]], unused_tcp_port: int
) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    gateway = await serving(answer)
    with pytest.raises(Unanswered):
        await gateway.post("C1", said("hello"), "slot")
    assert len(asked) == 1
    nobody = Gateway.open(token="xoxb-1", base_url=f"http://127.0.0.1:{unused_tcp_port}/api/")
    with pytest.raises(SlackAway):
        await nobody.post("C1", said("hello"), "slot")
    await nobody.close()


async def test_a_response_url_that_is_used_up(serving: Callable[[Answer], Awaitable[Gateway]]) -> None:
    heard = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(await request.json())
        return web.Response(status=404 if len(heard) > 1 else 200)

    gateway = await serving(answer)
    url = str(gateway._own.join("/response/1"))
    await gateway.respond(url, said("hello"))
    assert heard[0]["response_type"] == "ephemeral"
    assert heard[0]["replace_original"] is False
    with pytest.raises(Exception, match="404"):
        await gateway.respond(url, said("hello"))
