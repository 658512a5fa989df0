"""Fetching what others name: nothing of our own network is reached, however it is written, redirected or resolved."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.http.fetching import NOT_OF_THE_INTERNET, CannotFetch, Fetcher, Resolve, Rules, is_public, parsed

PUBLIC = "93.184.216.34"
RULES = Rules(["*.example.org", "example.org"], most_bytes=1000, plain_http=True)
ANYWHERE = Rules(["*"], most_bytes=1000, plain_http=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", False),
        ("::ffff:169.254.169.254", False),
        ("::127.0.0.1", False),
        ("::ffff:0:7f00:1", False),
        ("64:ff9b::5db8:d822", False),
        ("64:ff9b:1::7f00:1", False),
        ("100::1", False),
        ("100:0:0:1::1", False),
        ("1fff:ffff::1", False),
        ("2000::1", True),
        ("2001:0:7f00:1::", False),
        ("2001:1::1", False),
        ("2001:2::1", False),
        ("2001:10::1", False),
        ("2001:20::1", False),
        ("2001:30::1", False),
        ("2001:1ff:ffff::1", False),
        ("2001:200::1", True),
        ("2001:4860:4860::8888", True),
        ("2001:db8::1", False),
        ("2002:7f00:1::", False),
        ("2002:5db8:d822::", False),
        ("3fff::1", False),
        ("3fff:fff:ffff::1", False),
        ("4000::1", False),
        ("5f00::1", False),
        ("fec0::1", False),
        ("192.0.0.9", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),
        ("198.51.100.1", False),
        ("203.0.113.1", False),
        ("223.255.255.255", True),
    ],
)
def test_which_addresses_are_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize("network", NOT_OF_THE_INTERNET, ids=str)
def test_no_special_range_is_reached_from_its_first_to_its_last_address(network: IPv4Network | IPv6Network) -> None:
    assert not is_public(network[0])
    assert not is_public(network[-1])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://example.org/report", None),
        ("https://example.org:443/report", None),
        ("http://example.org/report", None),
        ("https://93.184.216.34/", None),
        ("", "no_address"),
        ("example.org", "no_address"),
        ("https://", "no_address"),
        ("ftp://example.org/", "no_address"),
        ("file:///etc/passwd", "no_address"),
        ("gopher://example.org/", "no_address"),
        ("javascript:alert(1)", "no_address"),
        ("https://example.org/a b", "no_address"),
        ("https://example.org/\r\nX: y", "no_address"),
        ("https://example.org/" + "x" * 2000, "no_address"),
        ("https://jonas:secret@example.org/", "credentials"),
        ("https://jonas@example.org/", "credentials"),
        ("https://example.org:8443/", "port"),
        ("http://example.org:22/", "port"),
        ("https://example.org:80/", "port"),
        ("http://2130706433/", "odd_host"),
        ("http://0x7f000001/", "odd_host"),
        ("http://0177.0.0.1/", "no_address"),
        ("http://127.1/", "odd_host"),
        ("http://0x7f.1/", "odd_host"),
        ("http://1.2.3.4.5/", "odd_host"),
        ("http://127.0.0.1./", "odd_host"),
    ],
)
def test_which_addresses_may_be_asked_at_all(text: str, why: str | None) -> None:
    if why is None:
        assert parsed(text).host
        return
    with pytest.raises(CannotFetch) as refused:
        parsed(text)
    assert refused.value.why == why
    assert "secret" not in str(refused.value)


def resolving(*addresses: str) -> Resolve:
    """A resolver that gives these addresses for every name."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def local(server: TestServer, resolve: Resolve | None = None, *, between: float = 5, in_all: float = 5) -> Fetcher:
    """A fetcher that judges as ever, and for which this server stands at every address."""

    def dial(_address: str, _port: int) -> tuple[str, int]:
        return "127.0.0.1", server.port or 0

    return Fetcher(resolve or resolving(PUBLIC), dial, seconds_between_chunks=between, seconds_in_all=in_all)


async def read(fetcher: Fetcher, text: str, rules: Rules = RULES) -> bytes:
    async with fetcher.get(text, rules) as answer:
        return b"".join([chunk async for chunk in answer.chunks])


@asynccontextmanager
async def serving(**answers: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[TestServer]:
    application = web.Application()
    application.add_routes([web.get(f"/{name}", answer) for name, answer in answers.items()])
    server = TestServer(application, host="127.0.0.1")
    async with server:
        yield server


async def report(request: web.Request) -> web.Response:
    return web.Response(text=f"for {request.headers['Host']}", headers={"X-One": "1"})


def to(place: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def redirect(_request: web.Request) -> web.Response:
        raise web.HTTPFound(place)

    return redirect


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (["127.0.0.1"], "inside"),
        (["93.184.216.34", "10.0.0.7"], "inside"),
        (["::ffff:10.0.0.7"], "inside"),
        (["fe80::1%eth0"], "inside"),
        ([], "inside"),
    ],
)
async def test_a_name_with_any_address_of_our_own_is_not_asked(addresses: list[str], why: str) -> None:
    with pytest.raises(CannotFetch) as refused:
        await read(Fetcher(resolve=resolving(*addresses)), "https://report.example.org/")
    assert refused.value.why == why


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://localhost/"]
)
async def test_an_address_of_our_own_is_not_asked_however_it_is_written(text: str) -> None:
    with pytest.raises(CannotFetch) as refused:
        await read(Fetcher(), text, ANYWHERE)
    assert refused.value.why == "inside"


async def test_a_name_is_resolved_once_and_the_connection_goes_to_the_address_that_was_judged() -> None:
    asked: list[str] = []
    dialled: list[str] = []

    async def other_every_time(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["10.0.0.7"]

    async with serving(report=report) as server:

        def dial(address: str, _port: int) -> tuple[str, int]:
            dialled.append(address)
            return "127.0.0.1", server.port or 0

        fetcher = Fetcher(resolve=other_every_time, dial=dial)
        assert await read(fetcher, "http://a.example.org/report") == b"for a.example.org"
    assert (asked, dialled) == (["a.example.org"], [PUBLIC])


async def test_what_came_says_from_where_by_which_way_and_with_which_headers() -> None:
    async with (
        serving(report=report, old=to("/report")) as server,
        local(server).get("http://a.example.org/old", RULES) as answer,
    ):
        assert answer.status == 200
        assert (answer.via, answer.url) == (["http://a.example.org/old"], "http://a.example.org/report")
        assert (answer.header("x-one"), answer.address) == ("1", PUBLIC)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("https://evil.example.com/", "not_allowed"),
        ("http://jonas:secret@a.example.org/", "credentials"),
        ("file:///etc/passwd", "no_address"),
        ("http://2130706433/", "odd_host"),
        ("/loop", "redirects"),
    ],
)
async def test_every_redirect_is_judged_like_the_first_address(place: str, why: str) -> None:
    async with serving(begin=to(place), loop=to("/loop")) as server:
        with pytest.raises(CannotFetch) as refused:
            await read(local(server), "http://a.example.org/begin")
    assert refused.value.why == why


async def test_a_redirect_to_a_name_inside_is_not_followed() -> None:
    async def inside_for_b(host: str, _port: int) -> Sequence[str]:
        return ["10.0.0.7"] if host.startswith("b.") else [PUBLIC]

    async with serving(begin=to("http://b.example.org/")) as server:
        with pytest.raises(CannotFetch) as refused:
            await read(local(server, inside_for_b), "http://a.example.org/begin")
    assert refused.value.why == "inside"


async def test_secret_headers_do_not_follow_to_another_host() -> None:
    async def told(request: web.Request) -> web.Response:
        return web.Response(text=request.headers.get("Authorization", "none"))

    async with serving(own=to("/told"), away=to("http://b.example.org/told"), told=told) as server:
        said = {}
        for path in ("own", "away"):
            async with local(server).get(f"http://a.example.org/{path}", RULES, {"Authorization": "key"}) as answer:
                said[path] = b"".join([chunk async for chunk in answer.chunks])
    assert said == {"own": b"key", "away": b"none"}


@pytest.mark.parametrize(("text", "allowed"), [("http://a.example.org/report", True), ("http://example.com/", False)])
async def test_only_hosts_that_are_allowed_are_asked(text: str, allowed: bool) -> None:
    async with serving(report=report) as server:
        if allowed:
            assert await read(local(server), text)
            return
        with pytest.raises(CannotFetch) as refused:
            await read(local(server), text)
    assert refused.value.why == "not_allowed"


async def test_without_the_setting_nothing_is_asked_unencrypted() -> None:
    with pytest.raises(CannotFetch) as refused:
        await read(Fetcher(), "http://a.example.org/", Rules(["*"], 1000))
    assert refused.value.why == "not_allowed"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_beyond_the_limit_is_not_read_to_its_end(announced: bool) -> None:
    async def large(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        if announced:
            answer.content_length = 1001
        await answer.prepare(request)
        await answer.write(b"x" * 1001)
        return answer

    async with serving(large=large) as server:
        with pytest.raises(CannotFetch) as refused:
            await read(local(server), "http://a.example.org/large")
    assert refused.value.why == "too_large"


@pytest.mark.parametrize(("between", "in_all"), [(0.1, 5), (5, 0.2)])
async def test_a_server_that_stalls_is_given_up(between: float, in_all: float) -> None:
    enough = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"x")
        await enough.wait()
        return answer

    async with serving(stalls=stalls) as server:
        with pytest.raises(CannotFetch) as refused:
            await read(local(server, between=between, in_all=in_all), "http://a.example.org/stalls")
        enough.set()
    assert refused.value.why == "no_answer"
