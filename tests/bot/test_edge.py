"""The port before anything else: what strangers send, how slowly, and how often, keeps nobody out and fills no log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog
from aiohttp import web

from bot.http import slack_requests
from bot.http.connections import Connections
from bot.http.ports import Port
from bot.http.seldom import Seldom, SeldomFilter
from bot.http.server import Condition, Meters, health
from bot.services import Services
from bot.slack.router import Router
from bot.slack.routes import index
from tests.bot.conftest import ON_SQLITE, bolt
from tests.bot.signing import FORM, SECRET, FixedTime, signed

JSON = "application/json"
HALF = b"GET /healthz HTTP/1.1\r\nHost: bot"
WHOLE = HALF + b"\r\n\r\n"
BODY_TO_COME = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 9\r\n\r\n{"


async def well() -> Condition:
    return Condition(connected=True, tick_age=timedelta(0), outbox_lag=timedelta(0))


async def no_lag() -> timedelta:
    return timedelta(0)


@asynccontextmanager
async def listening(*more: web.RouteDef, connections: Connections | None = None) -> AsyncIterator[int]:
    """A port with these addresses and those of health; its number."""
    port = Port([*more, *health(well, no_lag, Meters())], seconds_to_finish=1)
    await port.open("127.0.0.1", 0, connections)
    try:
        yield port.number
    finally:
        await port.close()


@pytest.fixture
def slack_page(services: Services, meters: Meters) -> web.RouteDef:
    return slack_requests.page(bolt(Router(services, index([]), meters)), SECRET, FixedTime(), seconds_for_body=0.2)


async def posted(number: int, body: bytes, headers: Any) -> httpx.Response:
    async with httpx.AsyncClient() as anybody:
        return await anybody.post(f"http://127.0.0.1:{number}/slack/events", content=body, headers=headers)


async def status_of(number: int, data: bytes) -> int:
    """What these bytes are answered with, by a connection of their own; 0 for nothing at all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    writer.write(data)
    try:
        async with asyncio.timeout(5):
            line = await reader.readline()
    finally:
        writer.close()
    return int(line.split()[1]) if line else 0


# --- what is sent ---

ODD = {
    "nothing": (b"", 400, 404),
    "no JSON": (b"{", 400, 404),
    "a field that is no JSON": (b"payload={", 400, 400),
    "a field without a value": (b"payload=", 400, 400),
    "a list": (b"[]", 400, 404),
    "a number": (b"payload=1", 400, 400),
    "null": (b"null", 400, 404),
    "no UTF-8": (b"\xff\xfe{}", 401, 401),
    "nested without end": (b"payload=" + b"[" * 100_000, 400, 400),
    "a number without end": (b"payload=" + b"9" * 5000, 400, 400),
    "fields without end": (b"a=1&" * 5000, 400, 400),
    "more than anybody may send": (b"a" * (1024 * 1024 + 1), 413, 413),
    "a kind that is no word": (b'payload={"type": ["event_callback"]}', 400, 404),
    "a workspace that is no object": (b'payload={"type": "block_actions", "team": 1, "user": []}', 400, 500),
}
"""Bodies, and what they are answered when they are signed as JSON and as fields."""


@ON_SQLITE
@pytest.mark.parametrize("kind", [JSON, FORM, "multipart/form-data; boundary=x", "x"])
@pytest.mark.parametrize("name", ODD)
async def test_what_nobody_signed_is_refused_without_a_word_in_the_log(
    slack_page: web.RouteDef, kind: str, name: str
) -> None:
    body, *_ = ODD[name]
    with structlog.testing.capture_logs() as logged:
        async with listening(slack_page) as number:
            answer = await posted(number, body, {"Content-Type": kind})
    assert (answer.status_code, logged) == (413 if name.startswith("more") else 401, [])


@ON_SQLITE
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Slack-Request-Timestamp", "now"),
        ("X-Slack-Request-Timestamp", ""),
        ("X-Slack-Request-Timestamp", "1e9"),
        ("X-Slack-Request-Timestamp", "-1"),
        ("X-Slack-Request-Timestamp", "1_772_452_800"),
        ("X-Slack-Request-Timestamp", "٣٤"),
        ("X-Slack-Request-Timestamp", "9" * 5000),
        ("X-Slack-Signature", ""),
        ("X-Slack-Signature", "v0"),
        ("X-Slack-Signature", "v0=ünsigned"),
        ("X-Slack-Signature", "v0=" + "0" * 64),
        ("X-Slack-Signature", "v1=" + "0" * 5000),
    ],
)
async def test_odd_times_and_signatures_are_refused(slack_page: web.RouteDef, header: str, value: str) -> None:
    given = {**signed(b"{}", JSON), header: value}
    with structlog.testing.capture_logs() as logged:
        async with listening(slack_page) as number:
            answer = await posted(number, b"{}", [(name.encode(), each.encode()) for name, each in given.items()])
    assert (answer.status_code, logged) == (401, [])


@ON_SQLITE
async def test_two_signatures_are_none(slack_page: web.RouteDef) -> None:
    given = signed(b"{}", JSON)
    async with listening(slack_page) as number:
        answer = await posted(number, b"{}", [*given.items(), ("X-Slack-Signature", given["X-Slack-Signature"])])
    assert answer.status_code == 401


@ON_SQLITE
@pytest.mark.parametrize("name", ODD)
async def test_what_is_signed_and_odd_is_answered(slack_page: web.RouteDef, name: str) -> None:
    body, *statuses = ODD[name]
    with structlog.testing.capture_logs() as logged:
        async with listening(slack_page) as number:
            answers = [await posted(number, body, signed(body, kind)) for kind in (JSON, FORM)]
    assert [each.status_code for each in answers] == statuses
    failed = [each.text for each in answers if each.status_code == 500]
    assert len(logged) == len(failed)
    assert all(line["reference"] in said for said, line in zip(failed, logged, strict=True))


@ON_SQLITE
async def test_signed_fields_of_another_kind_are_not_read(slack_page: web.RouteDef) -> None:
    async with listening(slack_page) as number:
        assert (await posted(number, b"{}", signed(b"{}", "text/plain"))).status_code == 415


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\nnonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n" * 4,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: bot\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_and_not_logged(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with listening() as number:
        assert await status_of(number, data) == 400
    assert caplog.records == []


# --- what fails ---


async def test_a_failure_is_answered_with_the_reference_of_the_one_line_that_stands_for_its_minute() -> None:
    async def fails(request: web.Request) -> web.Response:
        raise {"value": ValueError, "time": TimeoutError}[request.query["kind"]]("secret")

    with structlog.testing.capture_logs() as logged:
        async with listening(web.get("/fails/{secret}", fails)) as number, httpx.AsyncClient() as anybody:
            url = f"http://127.0.0.1:{number}/fails/abc?kind="
            answers = [await anybody.get(url + kind) for kind in ("value", "value", "time")]
    assert [each.status_code for each in answers] == [500, 500, 500]
    [value, late] = logged
    assert value["reference"] in answers[0].text
    assert value["reference"] in answers[1].text
    assert late["reference"] in answers[2].text
    assert {each["address"] for each in logged} == {"/fails/{secret}"}
    assert "secret" not in answers[0].text


async def test_an_answer_that_breaks_off_is_seen_to_be_broken() -> None:
    async def breaks(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_length = 100
        await answer.prepare(request)
        await answer.write(b"half")
        raise ValueError

    with structlog.testing.capture_logs() as logged:
        async with listening(web.get("/breaks", breaks)) as number, httpx.AsyncClient() as anybody:
            with pytest.raises(httpx.RemoteProtocolError):
                await anybody.get(f"http://127.0.0.1:{number}/breaks")
    assert len(logged) == 1


def test_a_kind_is_logged_once_a_minute_with_how_many_were_left_out() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])
    first = seldom.entry("a")
    assert (first.is_due, first.left_out, seldom.entry("b").is_due) == (True, 0, True)
    now[0] = 59.9
    assert seldom.entry("a").reference == first.reference
    assert not seldom.entry("a").is_due
    now[0] = 60.0
    again = seldom.entry("a")
    assert (again.is_due, again.left_out, again.reference != first.reference) == (True, 2, True)


def test_what_a_library_repeats_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    logger = logging.getLogger("tests.talkative")
    logger.addFilter(SeldomFilter(Seldom(lambda: now[0])))
    for second in range(61):
        now[0] = float(second)
        logger.error(f"no more sockets\nsocket: {second}")
        logger.error("another thing for %s", second)
    said = [each.getMessage() for each in caplog.records]
    assert [each.partition("\n")[0] for each in said] == [
        "no more sockets",
        "another thing for 0",
        "no more sockets",
        "another thing for 60 (59 more of this kind before)",
    ]


# --- how slowly and how often ---


@pytest.mark.parametrize("data", [b"", HALF])
async def test_a_head_that_does_not_come_in_time_is_not_waited_for(data: bytes) -> None:
    async with listening(connections=Connections(seconds_for_head=0.1)) as number:
        assert await status_of(number, data) == 0


async def test_a_second_head_has_as_long_as_the_first() -> None:
    async with listening(connections=Connections(seconds_for_head=0.1)) as number:
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(WHOLE)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.write(HALF)
        async with asyncio.timeout(5):
            assert (await reader.read()).endswith(b'{"alive": true}')
        writer.close()


async def test_whoever_is_still_being_answered_is_not_cut_off() -> None:
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response(text="at last")

    async with listening(web.get("/slow", slow), connections=Connections(seconds_for_head=0.1)) as number:
        assert await status_of(number, WHOLE.replace(b"healthz", b"slow")) == 200


@ON_SQLITE
async def test_a_body_that_does_not_come_in_time_is_not_waited_for(slack_page: web.RouteDef) -> None:
    async with listening(slack_page) as number:
        assert await status_of(number, BODY_TO_COME) == 408


@ON_SQLITE
@pytest.mark.parametrize("half", [b"", HALF, BODY_TO_COME], ids=["silent", "half a head", "half a body"])
async def test_a_thousand_who_never_finish_keep_nobody_out(
    services: Services, meters: Meters, half: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    page = slack_requests.page(bolt(Router(services, index([]), meters)), SECRET, FixedTime())
    connections, writers = Connections(most=50), []
    async with listening(page, connections=connections) as number:
        for _ in range(1000):
            _, writer = await asyncio.open_connection("127.0.0.1", number)
            writer.write(half)
            writers.append(writer)
        assert len(connections) <= 50
        assert await status_of(number, WHOLE) == 200
        for writer in writers:
            writer.close()
    assert caplog.records == []


async def test_who_is_being_answered_gives_way_to_nobody() -> None:
    may_go_on, both_wait, asking = asyncio.Event(), asyncio.Event(), []

    async def slow(request: web.Request) -> web.Response:
        asking.append(request)
        if len(asking) == 2:
            both_wait.set()
        await may_go_on.wait()
        return web.Response(text="at last")

    connections = Connections(most=2)
    async with listening(web.get("/slow", slow), connections=connections) as number:
        asked = [asyncio.create_task(status_of(number, WHOLE.replace(b"healthz", b"slow"))) for _ in range(2)]
        async with asyncio.timeout(5):
            await both_wait.wait()
        assert await status_of(number, WHOLE) == 0
        may_go_on.set()
        assert await asyncio.gather(*asked) == [200, 200]
        assert await status_of(number, WHOLE) == 200
