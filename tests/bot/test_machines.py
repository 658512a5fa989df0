"""Machines that bring evidence: what is signed, timely and new is kept once; all else is refused with a sentence."""

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.machines.keys import ADDRESS, Intake
from bot.services import Services
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.people.tables import RoleGrant
from storage.record.inbox import Arrival
from storage.tasks.tables import Task, TaskState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, StoppedClock
from tests.storage.samples import stored_task
from tests.workflows.conftest import deed
from workflows.machines import keys as machine_keys
from workflows.machines.keys import Claim

SERVER_SECRET = "s" * 32
BODY = b'{"open_findings": 0}'


@dataclass
class Machine:
    """A tool with a key, and the door it knocks at."""

    services: Services
    client: TestClient[web.Request, web.Application]
    key_id: int
    public_id: str
    secret: str

    async def sends(self, body: Any = BODY, **changed: Any) -> tuple[int, dict[str, Any]]:
        """A request that is right but for what is changed; `header_…` is changed after signing."""
        said = {name: value for name, value in changed.items() if not name.startswith("header_")}
        claim = self.claim(body, **said)
        headers = headers_of(claim) | {
            name.removeprefix("header_").replace("_", "-"): value
            for name, value in changed.items()
            if name.startswith("header_")
        }
        answer = await self.client.post(f"/evidence/{claim.public_id}", data=body, headers=headers)
        return answer.status, await answer.json()

    def claim(self, body: Any = BODY, *, secret: str = "", **said: str) -> Claim:
        told = {
            "public_id": self.public_id,
            "timestamp": str(int(NOON.timestamp())),
            "nonce": "nonce-of-16-signs",
            "once": "",
            "name": "scan.json",
            "sha256": hashlib.sha256(body if isinstance(body, bytes) else b"").hexdigest(),
            **said,
        }
        claim = Claim(**told, signature="")
        return replace(claim, signature=machine_keys.signature_of(secret or self.secret, claim))

    def kept(self) -> list[Evidence]:
        with self.services.database.unit_of_work(WORKSPACE) as uow:
            return uow.all(Evidence)


def headers_of(claim: Claim) -> dict[str, str]:
    return {
        "X-Deskaudit-Timestamp": claim.timestamp,
        "X-Deskaudit-Nonce": claim.nonce,
        "X-Deskaudit-Name": claim.name,
        "X-Deskaudit-SHA256": claim.sha256,
        "X-Deskaudit-Signature": claim.signature,
        **({"Idempotency-Key": claim.once} if claim.once else {}),
    }


@pytest.fixture
async def machine(services: Services) -> AsyncIterator[Machine]:
    with services.database.unit_of_work(WORKSPACE) as uow:
        task = uow.change(stored_task(uow), state=TaskState.OPEN)
        key, secret = machine_keys.make(
            deed(uow, "U0MIRA", NOON),
            name="Nightly scan",
            obligation_id=task.obligation_id,
            server_secret=SERVER_SECRET,
        )
    settings = services.settings.model_copy(update={"machine_secret": SecretStr(SERVER_SECRET), "evidence_most_mb": 1})
    application = web.Application()
    intake = Intake(replace(services, settings=settings), WORKSPACE, patience=0.3)
    application.add_routes([web.post(ADDRESS, intake.receive)])
    async with TestClient(TestServer(application)) as client:
        yield Machine(services, client, key.id, key.public_id, secret)


async def test_what_a_machine_brings_is_kept_for_the_open_task_of_its_keys_obligation(machine: Machine) -> None:
    status, said = await machine.sends()
    [kept] = machine.kept()
    assert status == 201
    assert said == {
        "kept": True,
        "evidence": kept.id,
        "sha256": hashlib.sha256(BODY).hexdigest(),
        "size": len(BODY),
        "task": "Review who may enter",
        "sentence": "Kept as evidence for “Review who may enter”.",
    }
    assert (kept.name, kept.way_in, kept.provided_by) == ("scan.json", WayIn.ENDPOINT, "U0MIRA")
    assert kept.media_type == "application/json"
    assert await machine.services.blobs.check(kept.sha256 or "")
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        [task] = uow.all(Task)
    assert task.state is TaskState.SUBMITTED


FAR = {"ahead": timedelta(minutes=5, seconds=1), "behind": -timedelta(minutes=5, seconds=1)}


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "status", "fault"),
    [
        ({"header_X_Deskaudit_Signature": "v1=" + "0" * 64}, 401, "unsigned"),
        ({"header_X_Deskaudit_Signature": ""}, 401, "unsigned"),
        ({"header_X_Deskaudit_Signature": "ä"}, 401, "unsigned"),
        ({"secret": "another"}, 401, "unsigned"),
        ({"public_id": "0" * 16}, 401, "unsigned"),
        ({"header_X_Deskaudit_Name": "other.json"}, 401, "unsigned"),
        ({"header_X_Deskaudit_Nonce": "another-of-16-signs"}, 401, "unsigned"),
        ({"header_Idempotency_Key": "another"}, 401, "unsigned"),
        ({"header_X_Deskaudit_SHA256": "0" * 64}, 401, "unsigned"),
        ({"sha256": "0" * 64}, 422, "digest_differs"),
        ({"sha256": "0" * 63}, 400, "malformed"),
        ({"timestamp": "yesterday"}, 400, "malformed"),
        ({"nonce": "short"}, 400, "malformed"),
        ({"name": ""}, 400, "malformed"),
        ({"name": "x" * 121}, 400, "malformed"),
        ({"timestamp": str(int((NOON + FAR["ahead"]).timestamp()))}, 401, "old"),
        ({"timestamp": str(int((NOON + FAR["behind"]).timestamp()))}, 401, "old"),
        ({"body": b""}, 422, "empty"),
        ({"body": b"x" * 1_000_001}, 413, "too_large"),
    ],
)
async def test_what_is_refused_and_why(machine: Machine, changed: dict[str, Any], status: int, fault: str) -> None:
    found, said = await machine.sends(**changed)
    assert (found, said["fault"], said["kept"]) == (status, fault, False)
    assert said["sentence"]
    assert machine.kept() == []
    assert await machine.services.blobs.leftovers() == []


@ON_SQLITE
async def test_whoever_is_refused_again_and_again_fills_no_log(machine: Machine) -> None:
    with structlog.testing.capture_logs() as logged:
        for _ in range(10):
            assert (await machine.sends(header_X_Deskaudit_Signature="0" * 64))[0] == 401
    assert [line["event"] for line in logged] == ["a machine was refused"]


@ON_SQLITE
@pytest.mark.parametrize("seconds", [-299, 0, 299])
async def test_a_clock_may_be_a_little_off(machine: Machine, seconds: int) -> None:
    status, _ = await machine.sends(timestamp=str(int(NOON.timestamp()) + seconds))
    assert status == 201


async def test_the_same_request_again_is_refused_and_nothing_is_kept_twice(machine: Machine) -> None:
    assert (await machine.sends())[0] == 201
    status, said = await machine.sends()
    assert (status, said["fault"]) == (409, "replayed")
    assert len(machine.kept()) == 1


async def test_the_same_request_ten_times_at_once_is_kept_once(machine: Machine) -> None:
    answers = await asyncio.gather(*(machine.sends() for _ in range(10)))
    assert sorted(status for status, _ in answers) == [201] + [409] * 9
    assert len(machine.kept()) == 1


@ON_SQLITE
async def test_an_idempotency_key_is_answered_as_before_and_keeps_once(machine: Machine) -> None:
    first, said = await machine.sends(once="build-17")
    again, repeated = await machine.sends(b"other bytes", once="build-17", nonce="a-second-nonce-of-it")
    assert (first, again) == (201, 200)
    assert repeated["evidence"] == said["evidence"]
    assert "already kept" in repeated["sentence"]
    assert len(machine.kept()) == 1


@ON_SQLITE
async def test_what_failed_may_be_sent_again_as_it_was(machine: Machine) -> None:
    set_state(machine, TaskState.ACCEPTED)
    assert (await machine.sends())[1]["fault"] == "no_task"
    set_state(machine, TaskState.OPEN)
    assert (await machine.sends())[0] == 201


def set_state(machine: Machine, state: TaskState) -> None:
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        [task] = uow.all(Task)
        uow.change(task, state=state)


@ON_SQLITE
async def test_a_revoked_key_is_refused(machine: Machine) -> None:
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        machine_keys.revoke(deed(uow, "U0MIRA", NOON), key_id=machine.key_id)
    assert (await machine.sends())[1]["fault"] == "revoked"


@ON_SQLITE
async def test_a_key_ends_with_the_role_of_whoever_made_it(machine: Machine) -> None:
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        [grant] = uow.all(RoleGrant)
        uow.change(grant, ended_by="U0MIRA", ended_at=NOON)
    assert (await machine.sends())[1]["fault"] == "maker_gone"


@ON_SQLITE
async def test_a_file_of_another_kind_is_refused_and_leaves_no_row(machine: Machine) -> None:
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        [task] = uow.all(Task)
        uow.change(task, accepts=["pdf"])
    status, said = await machine.sends()
    assert (status, said["fault"]) == (415, "wrong_kind")
    assert machine.kept() == []


@ON_SQLITE
@pytest.mark.parametrize("chunks", [[b"x" * 600_000] * 2, [b"x" * 1_000_001]])
async def test_a_body_of_no_stated_size_is_counted_as_it_comes(machine: Machine, chunks: list[bytes]) -> None:
    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    assert (await machine.sends(body()))[0] == 413
    assert await machine.services.blobs.leftovers() == []


@ON_SQLITE
async def test_a_body_that_stops_coming_is_given_up(machine: Machine) -> None:
    enough = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"half"
        await enough.wait()

    status, said = await machine.sends(body())
    enough.set()
    assert (status, said["fault"]) == (408, "stalled")
    assert machine.kept() == []
    assert await machine.services.blobs.leftovers() == []


@ON_SQLITE
async def test_without_a_secret_of_ours_nothing_is_taken(services: Services) -> None:
    application = web.Application()
    application.add_routes([web.post(ADDRESS, Intake(services, WORKSPACE).receive)])
    server = TestServer(application)
    async with server, ClientSession() as anybody:
        claim = Claim("0" * 16, "1", "nonce-of-16-signs", "", "scan.json", "0" * 64, "v1=")
        answer = await anybody.post(server.make_url("/evidence/00"), headers=headers_of(claim), data=b"x")
        assert (answer.status, json.loads(await answer.text())["fault"]) == (503, "not_set_up")


@ON_SQLITE
async def test_the_secret_of_a_key_stands_nowhere_in_the_database(machine: Machine, database_url: str) -> None:
    await machine.sends()
    files = Path(database_url.removeprefix("sqlite:///")).parent.glob("deskaudit.db*")
    assert not any(machine.secret.encode() in each.read_bytes() for each in files)
    with machine.services.database.unit_of_work(WORKSPACE) as uow:
        assert uow.count(Arrival) == 1
        assert EvidenceState.KEPT in {each.state for each in uow.all(Evidence)}


@ON_SQLITE
@pytest.mark.skipif(not all(map(shutil.which, ("sh", "curl", "openssl"))), reason="needs sh, curl and openssl")
async def test_the_example_of_the_guide_works(machine: Machine, clock: StoppedClock, tmp_path: Path) -> None:
    clock.at = datetime.now(UTC)  # noqa: TID251 - the program reads the machine's own clock
    guide = (Path(__file__).parents[2] / "docs" / "administrator.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```sh\n(send_evidence.+?)```", guide, re.DOTALL)
    scan = tmp_path / "scan.json"
    scan.write_bytes(BODY)
    url = str(machine.client.make_url(f"/evidence/{machine.public_id}"))
    run = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        f"{program}\nsend_evidence {scan}",
        env={**os.environ, "EVIDENCE_URL": url, "EVIDENCE_SECRET": machine.secret, "NO_PROXY": "*"},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await run.communicate()
    assert json.loads(said)["kept"] is True
    assert [each.name for each in machine.kept()] == ["scan.json"]
