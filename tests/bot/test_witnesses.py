"""Published heads reach witnesses outside, by mail and by address, once, signed, and again after a failure."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.reviews import witnesses
from bot.rooms import composers
from bot.services import Services
from bot.settings import Settings
from bot.slack.calls import Post
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.record import signing
from storage.record.outbox import OutboxRow
from storage.record.signing import Signer, head_message, new_secret
from storage.record.trail import TrailEntry
from storage.reviews.tables import Digest, HeadNotice
from tests.bot.conftest import ON_SQLITE, TOKENS
from tests.bot.kit import NOON, WORKSPACE, StoppedClock
from tests.messages.readable import readable
from tests.messages.values import figures
from workflows.packs import verify
from workflows.packs.verify import is_signed
from workflows.reviews.witnesses import LONGEST_PAUSE, pause_after

PROJECT = Path(__file__).parents[2]
SECRET = new_secret()
HEAD = {"workspace": WORKSPACE, "week_of": NOON.date().isoformat(), "sequence": 41, "hash": "ab" * 32}


@pytest.fixture
def published(services: Services) -> Services:
    """A house whose digest has published a head."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.add(Digest(week_of=NOON.date(), trail_sequence=41, trail_hash="ab" * 32, prepared_at=NOON))
    return services


def told_by(services: Services, **changed: object) -> Services:
    values = {"signing_key": SecretStr(SECRET), **changed}
    return replace(services, settings=services.settings.model_copy(update=values))


async def beat(services: Services) -> None:
    await witnesses.publish(services, WORKSPACE)
    await services.background.finish(seconds=10)


def notices(services: Services) -> list[HeadNotice]:
    with services.database.unit_of_work(WORKSPACE) as uow:
        return uow.all(HeadNotice)


@ON_SQLITE
async def test_an_address_is_told_once_and_the_trail_says_so(published: Services) -> None:
    taken: list[dict[str, Any]] = []

    async def takes(request: web.Request) -> web.Response:
        taken.append(await request.json())
        return web.Response()

    async with witness(takes) as address:
        services = told_by(published, witness_url=address)
        await beat(services)
        await beat(services)
    [stated] = taken
    key, signature = bytes.fromhex(stated.pop("key")), bytes.fromhex(stated.pop("signature"))
    assert stated == HEAD
    assert is_signed(key, head_message(WORKSPACE, 41, "ab" * 32), signature)
    with services.database.unit_of_work(WORKSPACE) as uow:
        [entry] = uow.matching(TrailEntry, verb="digest.witness")
    assert json.loads(entry.details) == {"hash": "ab" * 32, "sequence": 41, "way": "post"}


@ON_SQLITE
async def test_a_witness_that_does_not_take_it_is_told_again_after_a_pause(
    published: Services, clock: StoppedClock
) -> None:
    answers = [web.Response(status=500), web.Response()]

    async def takes_later(_request: web.Request) -> web.Response:
        return answers.pop(0)

    async with witness(takes_later) as address:
        services = told_by(published, witness_url=address)
        await beat(services)
        [notice] = notices(services)
        assert (notice.told_at, notice.reason, len(answers)) == (None, "HTTPStatusError", 1)
        await beat(services)
        assert len(answers) == 1
        clock.advance(timedelta(minutes=5))
        await beat(services)
    [notice] = notices(services)
    assert (notice.told_at, notice.attempts) == (clock.at, 2)


@ON_SQLITE
async def test_a_mail_says_the_head_and_its_signature(published: Services) -> None:
    async with mail_server() as (port, mails):
        services = told_by(
            published,
            smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
            witness_mail=("auditor@example.org", "second@example.org"),
            mail_from="deskaudit@example.com",
        )
        await beat(services)
    [mail] = mails
    assert f"Subject: Audit trail of {WORKSPACE}, week of {HEAD['week_of']}: entry 41" in mail
    assert f"Hash: {'ab' * 32}" in mail
    assert "To: auditor@example.org, second@example.org" in mail
    assert "Signature: " in mail
    assert notices(services)[0].told_at == NOON


@ON_SQLITE
async def test_nobody_is_told_where_no_witness_is_named(published: Services) -> None:
    await beat(published)
    assert notices(published) == []


def test_pauses_grow_and_end() -> None:
    assert [pause_after(each) for each in (1, 2, 3)] == [timedelta(minutes=minutes) for minutes in (5, 10, 20)]
    assert pause_after(400) == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DESKAUDIT_WITNESS_MAIL", "nobody"),
        ("DESKAUDIT_WITNESS_MAIL", "a@example.org"),  # and no server to send it
        ("DESKAUDIT_WITNESS_URL", "ftp://example.org"),
        ("DESKAUDIT_SMTP_URL", "mail.example.org"),
        ("DESKAUDIT_SIGNING_KEY", "short"),
    ],
)
def test_settings_that_reach_no_witness_are_refused(name: str, value: str) -> None:
    values: dict[str, Any] = {**TOKENS, name: value}
    with pytest.raises(ValueError, match="validation error"):
        Settings(**values)


@asynccontextmanager
async def witness(takes: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[SecretStr]:
    """Somebody outside who takes heads; gives their address."""
    application = web.Application()
    application.add_routes([web.post("/heads", takes)])
    async with TestServer(application, host="127.0.0.1") as server:
        yield SecretStr(str(server.make_url("/heads")))


@asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[int, list[str]]]:
    """As much of SMTP (RFC 5321) as a mail needs; gives its port and the mails it has taken."""
    mails: list[str] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper()
            writer.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 good\r\n"))
            if word == b"DATA":
                mails.append((await reader.readuntil(b"\r\n.\r\n")).decode().replace("\r\n ", " "))
                writer.write(b"250 taken\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], mails


# --- the digest itself ---


def digest_by(uow: UnitOfWork, signer: Signer | None) -> str:
    """What the digest of Monday says, composed by a house with this key."""
    told = uow.add(
        Digest(
            week_of=NOON.date(),
            figures=dict(figures(str)),
            trail_sequence=41,
            trail_hash="ab" * 32,
            prepared_at=NOON,
        )
    )
    row = OutboxRow(slot="digest", kind="digest.weekly", subject="digest", subject_id=told.id, recipient="C0MGMT")
    said = composers(signer)["digest.weekly"](uow, row, NOON)
    assert isinstance(said, Post)
    return readable(said.message)


@pytest.fixture
def checks_heads(tmp_path: Path) -> Callable[..., str]:
    """The program on the auditor's page, beside the `verify.py` of a pack."""
    page = (PROJECT / "docs" / "auditor.md").read_text(encoding="utf-8")
    [program] = [each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "deskaudit-head" in each]
    (tmp_path / "check_head.py").write_text(program, encoding="utf-8")
    shutil.copy(verify.__file__, tmp_path / "verify.py")

    def check(*given: str) -> str:
        asked = [sys.executable, "check_head.py", *given]
        return subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    return check


@ON_SQLITE
def test_an_auditor_checks_the_signature_of_a_digest_with_what_stands_in_it(
    database: Database, checks_heads: Callable[..., str]
) -> None:
    signer = signing.signer(SECRET)
    with database.unit_of_work(WORKSPACE) as uow:
        said = digest_by(uow, signer)
    found = re.search(r"Signed for workspace (\w+) with the key ([0-9a-f ]{19}): ([0-9a-f]{128})", said)
    assert found is not None
    workspace, shown, signature = found.groups()
    answered = checks_heads(workspace, "41", "ab" * 32, signer.key, signature)
    assert answered.splitlines() == [f"fingerprint: {shown.replace(' ', '')}", "signed"]
    assert checks_heads(workspace, "42", "ab" * 32, signer.key, signature).endswith("NOT signed\n")


@ON_SQLITE
def test_without_a_key_a_digest_names_the_head_alone(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        said = digest_by(uow, None)
    assert "ab" * 32 in said
    assert "Signed for" not in said
