"""Whatever an app or a page sends, the sandbox answers with a refusal and never trips over it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.api import METHODS
from sandbox.api.method import Arguments, Call
from sandbox.company import Company
from sandbox.refusal import Refusal
from sandbox.server import Sandbox
from tests.sandbox.kit import home, modal, section
from tests.sandbox.manifest import MANIFEST

_KEYS = st.sampled_from(["type", "id", "event_type", "event_payload", "blocks", "text"])
_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=2),
    max_leaves=5,
)
_LIKELY = st.sampled_from(
    [
        "C0MGMT",
        "D0MIRA",
        "U0MIRA",
        "F0NONE",
        "hello",
        "1.5",
        "[]",
        "{}",
        "[1]",
        modal(),
        home(),
        [section("x")],
        [{"id": 1}],
    ]
)
_NAMES = st.sampled_from(
    [
        "blocks",
        "channel",
        "channel_id",
        "channels",
        "cursor",
        "error",
        "external_id",
        "file",
        "filename",
        "files",
        "hash",
        "inclusive",
        "latest",
        "length",
        "limit",
        "message",
        "message_ts",
        "metadata",
        "name",
        "oldest",
        "text",
        "thread_ts",
        "timestamp",
        "trigger_id",
        "ts",
        "types",
        "user",
        "user_id",
        "users",
        "view",
        "view_id",
    ]
)


_ENDS = {"auth.revoke", "apps.uninstall"}  # after these there is no app that could call the others


@pytest.fixture(scope="module")
def quiet_sandbox() -> Iterator[Sandbox]:
    """A sandbox that nobody is connected to; its methods are called directly."""
    with TemporaryDirectory() as folder:
        yield Sandbox(folder=Path(folder), manifest=MANIFEST | {"settings": {}}, companies=[Company.load()])


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(set(METHODS) - _ENDS)), st.dictionaries(_NAMES, _LIKELY | _ODD, max_size=5))
def test_methods_answer_or_refuse(quiet_sandbox: Sandbox, method: str, arguments: dict[str, Any]) -> None:
    with suppress(Refusal):
        call = Call(quiet_sandbox.world, Arguments(arguments), quiet_sandbox.worlds)
        answer = METHODS[method].run(call)
        assert isinstance(answer, dict)


BODIES: list[Any] = [
    {"channel": ["C0MGMT"], "text": {"a": 1}, "thread_ts": 5},
    {"channel": "C0MGMT", "ts": 1, "action_id": ["x"], "selected": {}},
    {"view_id": 7, "values": ["x"]},
    {"view_id": {"a": 1}, "values": {"x": {}}},
    {"command": "/tea", "channel": 5, "text": ["a"]},
    {"callback_id": "keep", "channel": None, "ts": {}},
    {"advance": True, "to": 5, "playing": "yes", "speed": "fast"},
    {"playing": True, "speed": "fast"},
    {"to": "9999-12-31T23:59:59+00:00", "advance": "x"},
    {"advance": 1e300},
    [1],
    "text",
    None,
]


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/hands/U0MIRA/{name}"
            for name in ("say", "command", "press", "shortcut", "submit", "close", "read", "files", "upload")
        ),
        "/clock",
        "/response/T0ALDER/none",
        "/response/none/none",
    ],
)
async def test_hands_answer_or_refuse(sandbox: Sandbox, path: str) -> None:
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        answers = await asyncio.gather(*(client.post(path, json=body) for body in BODIES))
    assert {answer.status_code for answer in answers} <= {200, 400, 404, 409}
