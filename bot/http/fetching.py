"""Fetching from addresses that people and files name, without ever reaching into our own network.

The name is resolved once, every address it has is judged, and the connection goes to the address that was judged, so a
name that means something else a moment later leads nowhere else. Each redirect is a request of its own.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import MappingProxyType

import httpx

MOST_REDIRECTS = 5
SECONDS_TO_CONNECT = 5.0
SECONDS_BETWEEN_CHUNKS = 15.0
SECONDS_IN_ALL = 120.0
PORTS = {"https": 443, "http": 80}

IPV6_OF_THE_INTERNET = ip_network("2000::/3")
"""All that was ever given out for the open internet (RFC 4291; IANA "IPv6 Address Space"). What leads on to an IPv4
address lies outside of it: mapped (::ffff:0:0/96), translated by NAT64 (64:ff9b::/96, 64:ff9b:1::/48)."""

NOT_OF_THE_INTERNET: Mapping[IPv4Network | IPv6Network, str] = MappingProxyType(
    {
        ip_network(each): source
        for each, source in {
            "0.0.0.0/8": "RFC 791, this network",
            "10.0.0.0/8": "RFC 1918, private",
            "100.64.0.0/10": "RFC 6598, shared by a provider's customers",
            "127.0.0.0/8": "RFC 1122, loopback",
            "168.63.129.16/32": "Azure WireServer: a public address that tells machines of that cloud their secrets",
            "169.254.0.0/16": "RFC 3927, link local; clouds tell their machines secrets there",
            "172.16.0.0/12": "RFC 1918, private",
            "192.0.0.0/24": "RFC 6890, protocol assignments",
            "192.0.2.0/24": "RFC 5737, documentation",
            "192.88.99.0/24": "RFC 7526, relays of 6to4",
            "192.168.0.0/16": "RFC 1918, private",
            "198.18.0.0/15": "RFC 2544, benchmarks",
            "198.51.100.0/24": "RFC 5737, documentation",
            "203.0.113.0/24": "RFC 5737, documentation",
            "224.0.0.0/4": "RFC 5771, multicast",
            "240.0.0.0/4": "RFC 1112, reserved, with the broadcast address",
            "2001::/23": "RFC 2928, protocol assignments: Teredo (RFC 4380), benchmarks (RFC 5180), ORCHID (RFC 7343)",
            "2001:db8::/32": "RFC 3849, documentation",
            "2002::/16": "RFC 3056, 6to4, which leads on to any IPv4 address",
            "3fff::/20": "RFC 9637, documentation",
        }.items()
    }
)
"""Ranges that are special, and why (IANA "IPv4" and "IPv6 Special-Purpose Address Registry"). Python knows most of them
too, but which ones depends on its version."""

_NUMBER_AT_THE_END = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
"""A last label that is a number makes a resolver read the whole as an address, in octal, hexadecimal or short forms."""

SECRET = ("set-cookie",)
"""Headers of an answer that may open a door later, and are never kept."""

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Dial = Callable[[str, int], tuple[str, int]]


class CannotFetch(Exception):
    """Nothing was fetched. `why` names the sentence for it; the address is left out, since it may hold a secret."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Rules:
    """What may be fetched: from which hosts (patterns such as *.example.org), how much, and whether unencrypted too."""

    hosts: Sequence[str]
    most_bytes: int
    plain_http: bool = False


@dataclass(frozen=True)
class Answer:
    """What an address answered; `chunks` are the bytes as they came over the wire. `via` are the addresses before."""

    url: str
    via: Sequence[str]
    address: str
    status: int
    headers: Sequence[tuple[str, str]]
    chunks: AsyncIterator[bytes]

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        return next((value for each, value in self.headers if each.lower() == name), "")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet: no machine, network or cloud of ours."""
    if isinstance(address, IPv6Address) and address not in IPV6_OF_THE_INTERNET:
        return False
    return address.is_global and not any(address in network for network in NOT_OF_THE_INTERNET)


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def parsed(text: str) -> httpx.URL:
    """An address that may be asked at all. Raises `CannotFetch`: no_address, credentials, odd_host or port."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise CannotFetch("no_address") from error
    if url.scheme not in PORTS or not url.host or len(text) > 2000 or not text.isprintable() or " " in text:
        raise CannotFetch("no_address")
    if url.userinfo:
        raise CannotFetch("credentials")
    if _literal(url.host) is None and _NUMBER_AT_THE_END.search(url.host):
        raise CannotFetch("odd_host")
    if url.port not in (None, PORTS[url.scheme]):
        raise CannotFetch("port")
    return url


def allowed(url: httpx.URL, rules: Rules) -> bool:
    """Whether the settings let us fetch from there."""
    host = url.host.lower().rstrip(".")
    return (url.scheme == "https" or rules.plain_http) and any(fnmatchcase(host, each) for each in rules.hosts)


def names_a_machine_of_ones_own(url: httpx.URL) -> bool:
    """Whether an address means the machine or the wire of whoever reads it; it shows nothing to anybody else."""
    host = url.host.lower().rstrip(".")
    number = _literal(host)
    if number is None:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_link_local or number.is_unspecified


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


@cache
def machines_certificates() -> ssl.SSLContext:
    """Whom this machine trusts; read once, as there are hundreds of them."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Fetcher:
    """Fetches by these rules. The fields are for tests, which have nothing but loopback; no setting reaches them.

    `dial` says where a connection to an address that was judged really goes.
    """

    resolve: Resolve = resolve
    dial: Dial = lambda address, port: (address, port)
    tls: ssl.SSLContext = field(default_factory=machines_certificates)
    seconds_between_chunks: float = SECONDS_BETWEEN_CHUNKS
    seconds_in_all: float = SECONDS_IN_ALL

    @asynccontextmanager
    async def get(self, text: str, rules: Rules, headers: Mapping[str, str] = {}) -> AsyncIterator[Answer]:
        """What stands at an address, after at most five redirects. Raises `CannotFetch`, also from its chunks."""
        try:
            async with asyncio.timeout(self.seconds_in_all), self._client() as client:
                response, via, address = await self._follow(client, text, rules, headers)
                try:
                    yield _answer(response, via, address, rules.most_bytes)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise CannotFetch("no_answer") from error

    def _client(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(self.seconds_between_chunks, connect=SECONDS_TO_CONNECT)
        # No connection is used twice: two names may share an address, and each has to show a certificate of its own.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=timeout, limits=limits)

    async def _follow(
        self, client: httpx.AsyncClient, text: str, rules: Rules, headers: Mapping[str, str]
    ) -> tuple[httpx.Response, list[str], str]:
        via: list[str] = []
        for _ in range(MOST_REDIRECTS + 1):
            url = parsed(text)
            if not allowed(url, rules):
                raise CannotFetch("not_allowed")
            address = await self._judged_address(url)
            # What is secret goes to the host it was meant for, and not to where that host sends us.
            sent = headers if not via or url.host == httpx.URL(via[0]).host else {}
            response = await client.send(self._pinned(client, url, address, sent), stream=True)
            if not response.has_redirect_location:
                return response, [*via, str(url)], address
            await response.aclose()
            via.append(str(url))
            text = str(url.join(response.headers["location"]))
        raise CannotFetch("redirects")

    async def _judged_address(self, url: httpx.URL) -> str:
        try:
            found = await self.resolve(url.host, url.port or PORTS[url.scheme])
        except OSError as error:
            raise CannotFetch("no_answer") from error
        if not found or not all(is_public(ip_address(each.partition("%")[0])) for each in found):
            raise CannotFetch("inside")
        return found[0]

    def _pinned(
        self, client: httpx.AsyncClient, url: httpx.URL, address: str, headers: Mapping[str, str]
    ) -> httpx.Request:
        host, port = self.dial(address, url.port or PORTS[url.scheme])
        return client.build_request(
            "GET",
            url.copy_with(host=host, port=port),
            headers={
                "Accept-Encoding": "identity",
                "User-Agent": "Deskaudit",
                **headers,
                "Host": url.netloc.decode("ascii"),
            },
            # The certificate is still asked for the name.
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )


def _answer(response: httpx.Response, via: list[str], address: str, most_bytes: int) -> Answer:
    if int(response.headers.get("content-length", "0") or 0) > most_bytes:
        raise CannotFetch("too_large")
    return Answer(
        url=via[-1],
        via=via[:-1],
        address=address,
        status=response.status_code,
        headers=[(name, value) for name, value in response.headers.multi_items() if name.lower() not in SECRET],
        chunks=_counted(response, most_bytes),
    )


async def _counted(response: httpx.Response, most_bytes: int) -> AsyncIterator[bytes]:
    received = 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        if received > most_bytes:
            raise CannotFetch("too_large")
        yield chunk
