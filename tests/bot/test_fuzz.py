"""Whatever arrives on the port is answered: 200, 4xx, or 500 with a reference that stands in the log; nothing hangs.

Seeded by the kind, so that a failure comes again. `make fuzz` sends ten thousand of each.
"""

import asyncio
import json
import string
from collections.abc import AsyncIterator, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from random import Random
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot import rooms
from bot.http import slack_requests
from bot.http.ports import Port
from bot.http.server import Meters
from bot.rooms import ROUTES
from bot.services import Services
from bot.slack.router import Router
from bot.slack.routes import EventRoute, Route, ShortcutRoute, Verb, index
from messages.words.payloads import encode
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, bolt
from tests.bot.kit import WORKSPACE, Json
from tests.bot.signing import FORM, SECRET, FixedTime, signed

pytestmark = [ON_SQLITE, pytest.mark.timeout(3600)]

SECONDS_FOR_ANSWER = 20.0
JSON = "application/json"
OF_MACHINES = ("Timestamp", "Nonce", "Name", "SHA256", "Signature")
PEOPLE = ("U0MIRA", "U0JONAS", "U0OTTO", "U0STRANGER", "")

# --- what Slack sends ---


def one_of(made: type[Any], random: Random, kind: str = "") -> Any:
    """A route of the rooms."""
    return random.choice([each for each in ROUTES if isinstance(each, made) and (not kind or each.kind == kind)])


def payload_of(route: Route, random: Random) -> Any:
    made: dict[str, Any] = {"int": 1, "str": random.choice(["own", "x", "iso27001-2022", "2026-01-01"])}
    return route.payload(**{each.name: made.get(getattr(each.type, "__name__", "")) for each in fields(route.payload)})


def command(random: Random) -> Json:
    text = f"{one_of(Verb, random).name} {random.choice(['', '@mira', 'U0MIRA 1', 'next friday', 'add'])}"
    return kit.slash(text, trigger=str(random.random()), person=random.choice(PEOPLE))


def press(random: Random) -> Json:
    route = one_of(Route, random, kind="press")
    chosen: dict[str, Any] = {"selected_option": {"value": "1"}} if random.random() < 0.3 else {}
    return kit.button(route.id, encode(payload_of(route, random)), trigger=str(random.random()), **chosen)


def form(random: Random) -> Json:
    route = one_of(Route, random, kind="form")
    entered = {
        name: {"value": {"value": "text", "selected_date": "2026-03-04", "selected_user": "U0JONAS", "files": []}}
        for name in ("reason", "text", "title", "owner", "due_on", "file", "name", "key")
    }
    return kit.submission(route.id, payload_of(route, random), entered, trigger=str(random.random()))


def closing(random: Random) -> Json:
    route = one_of(Route, random, kind="form")
    return kit.dismissal(route.id, payload_of(route, random))


def shortcut(random: Random) -> Json:
    return kit.shortcut(one_of(ShortcutRoute, random).id)


def event(random: Random) -> Json:
    name, _, channel_type = one_of(EventRoute, random).type.partition(".")
    inner = {"type": name, "channel_type": channel_type, "channel": "D1", "user": "U0MIRA", "text": "hi", "files": []}
    return kit.happening(inner, event_id=str(random.random()))


KINDS: Mapping[str, Callable[[Random], Json]] = {
    each.__name__: each for each in (command, press, form, closing, shortcut, event)
}

# --- and what becomes of it ---

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1e308, "", "\0", "\ud800", "x" * 5000, "<!channel>", "٣", "2026-02-30"),
    *([], {}, [[]], [None], {"value": None}, {"id": []}, {"type": {}}, [{}] * 50),
)


def mutated(body: Json, random: Random) -> Json:
    """The body with one to three things in it replaced, left out or moved."""
    body = deepcopy(body)
    for _ in range(random.randint(1, 3)):
        holder, key = random.choice(list(places(body)))
        if random.random() < 0.3:
            del holder[key]
        else:
            holder[key] = deepcopy(random.choice(ODD))
        if not body:
            break
    return body


def places(value: Any) -> Any:
    """Every place at which something stands, as what holds it and the key."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield value, key
        yield from places(each)


def shaken(data: bytes, random: Random) -> bytes:
    """The bytes with some of them exchanged, left out, doubled or cut off."""
    found = bytearray(data)
    for _ in range(random.randint(1, 8)):
        begin = random.randrange(len(found) + 1)
        end = min(len(found), begin + random.choice([0, 1, 1, 2, 50]))
        found[begin:end] = random.choice([b"", random.randbytes(3), bytes(found[begin:end]) * 2, b"\r\n", b"\0", b"{["])
    return bytes(found[: random.choice([len(found)] * 4 + [len(found) // 2])])


def on_the_wire(kind: str, body: Json) -> tuple[bytes, str]:
    if kind == "event":
        return json.dumps(body).encode(), JSON
    said = body if kind == "command" else {"payload": json.dumps(body)}
    return urlencode(said, errors="surrogatepass").encode(), FORM


# --- the port, and how it is judged ---


@pytest.fixture
async def port(services: Services, meters: Meters) -> AsyncIterator[Port]:
    """Everything that is reached over HTTP, with the real rooms behind it."""
    settings = services.settings.model_copy(update={"machine_secret": SecretStr("m" * 32)})
    whole = Services(**{**vars(services), "settings": settings})
    pages = [page(whole, WORKSPACE) for page in rooms.PAGES]
    router = Router(whole, index(ROUTES), meters)
    found = Port([*pages, slack_requests.page(bolt(router), SECRET, FixedTime())], seconds_to_finish=5)
    await found.open("127.0.0.1", 0)
    yield found
    await whole.background.finish(seconds=5)
    await found.close()


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    """How many of each kind are sent."""
    return int(request.config.getoption("--fuzz"))


@dataclass(frozen=True)
class Sent:
    """A request; by default one as Slack makes it."""

    body: bytes
    headers: Mapping[str, str]
    path: str = "/slack/events"
    method: str = "POST"


async def judged(port: Port, sent: Sent, logged: list[Any]) -> int:
    """The status of the answer to a request. Fails on whatever is no answer."""
    timeout, url = aiohttp.ClientTimeout(total=SECONDS_FOR_ANSWER), f"http://127.0.0.1:{port.number}/{sent.path[1:]}"
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(sent.method, url, data=sent.body, headers=sent.headers) as answer,
    ):
        text = await answer.text()
    assert answer.status <= 500
    assert answer.status < 500 or any(each.get("reference", "none") in text for each in logged), text
    return answer.status


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_signed_is_answered_whatever_it_is(port: Port, kind: str, times: int) -> None:
    random = Random(kind)
    with structlog.testing.capture_logs() as logged:
        for _ in range(times):
            body, content_type = on_the_wire(kind, mutated(KINDS[kind](random), random))
            body = shaken(body, random) if random.random() < 0.2 else body
            status = await judged(port, Sent(body, signed(body, content_type)), logged)
            assert status != 401 or not is_text(body)
        await as_ever(port)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_not_signed_is_refused_whatever_it_is(port: Port, kind: str, times: int) -> None:
    random = Random(f"unsigned {kind}")
    with structlog.testing.capture_logs() as logged:
        for _ in range(times):
            body, content_type = on_the_wire(kind, KINDS[kind](random))
            odd = "".join(random.choices(string.printable[:95] + "äß٣", k=random.choice([0, 1, 10, 67, 500])))
            header = random.choice(["X-Slack-Signature", "X-Slack-Request-Timestamp"])
            headers = {**signed(body, content_type), header: odd}
            body = shaken(body, random) if random.random() < 0.5 else body
            assert await judged(port, Sent(body, headers), logged) == 401
    assert logged == []


async def test_every_other_address_answers_strangers_whatever_they_send(port: Port, times: int) -> None:
    random = Random("strangers")
    with structlog.testing.capture_logs() as logged:
        for _ in range(times):
            path = random.choice(["/evidence/0a1b", "/calendar/0a1b.ics", "/packs/0a1b.zip", "/slack/events", "/"])
            path = shaken(path.encode(), random).decode("latin-1") if random.random() < 0.3 else path
            values = ["", "1", "x" * 64, "0" * 64, "%00", "ä"]
            headers = {f"X-Deskaudit-{name}": random.choice(values) for name in OF_MACHINES}
            body, method = random.randbytes(random.choice([0, 1, 900])), random.choice(["GET", "POST", "HEAD", "PUT"])
            assert 400 <= await judged(port, Sent(body, headers, path, method), logged) < 500


async def test_what_is_hardly_http_is_answered_or_let_go(port: Port, times: int) -> None:
    random = Random("hardly HTTP")
    whole = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}"
    chunked = whole.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked").replace(b"{}", b"2\r\n{}\r\n0\r\n\r\n")
    for _ in range(times):
        reader, writer = await asyncio.open_connection("127.0.0.1", port.number)
        writer.write(shaken(random.choice([whole, chunked]), random))
        writer.write_eof()
        async with asyncio.timeout(SECONDS_FOR_ANSWER):
            said = await reader.read()
        writer.close()
        assert not said or said[9:10] in b"1234", said
    await as_ever(port)


def is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


async def as_ever(port: Port) -> None:
    """After all that, somebody asks for help and gets it."""
    body = urlencode(kit.slash("help")).encode()
    assert await judged(port, Sent(body, signed(body)), []) == 200
