"""Whatever an app or a page sends, the sandbox answers with a refusal and never trips over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
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
from sandbox.judge import judged_blocks, judged_view
from sandbox.refusal import Refusal
from sandbox.routes.hands import DEEDS
from sandbox.server import Sandbox
from tests.sandbox.conftest import MONDAY
from tests.sandbox.contract.contract import filled, full_manifest, scene
from tests.sandbox.contract.test_contracts import CONTRACTS
from tests.sandbox.kit import actions, button, home, input_block, modal, option, section, select, text_input

Json = dict[str, Any]

_KEYS = st.sampled_from(["type", "id", "event_type", "event_payload", "blocks", "text", "order", "words"])
_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=2),
    max_leaves=5,
)
_LIKELY = st.sampled_from(
    [
        *("C0MGMT", "D0MIRA", "U0MIRA", "F0NONE", "C0MOVE", "USLACKBOT", "hello", "1.5", "1e9", "²", "[]", "{}", "[1]"),
        *(modal(), home(), [section("x")], [{"id": 1}], {"order": "x"}, ["x"]),
    ]
)
# Arguments beside those of the right calls.
_MORE = (
    *("attachments", "blocks", "channels", "count", "cursor", "error", "exclude_archived", "external_id", "force"),
    *("hash", "inclusive", "include_users", "latest", "limit", "markdown_text", "message", "nonsense", "oldest"),
    *("page", "reply_broadcast", "return_im", "thread_ts", "ts_from", "types"),
)
_ARGUMENTS = sorted({*chain.from_iterable(contract.right for contract in CONTRACTS.values()), *_MORE})
# These take the app away from the workspace; what they do with odd arguments stands in their contracts.
_ENDS = {"auth.revoke", "apps.uninstall", "oauth.v2.access"}
_QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def quiet_sandbox() -> Iterator[Sandbox]:
    """A sandbox that nobody is connected to; its methods are called directly."""
    manifest = full_manifest() | {"settings": {}}
    with TemporaryDirectory() as folder:
        yield Sandbox(folder=Path(folder), manifest=manifest, companies=[Company.load()], start=MONDAY)


@pytest.fixture(scope="module")
def found(quiet_sandbox: Sandbox) -> dict[str, Any]:
    return scene(quiet_sandbox)


@settings(_QUICK, max_examples=500)
@given(st.sampled_from(sorted(set(METHODS) - _ENDS)), st.dictionaries(st.sampled_from(_ARGUMENTS), _LIKELY | _ODD))
def test_methods_answer_or_refuse(quiet_sandbox: Sandbox, found: dict[str, Any], method: str, odd: Json) -> None:
    arguments = filled(CONTRACTS[method].right, found) | odd
    with suppress(Refusal):
        call = Call(quiet_sandbox.world, Arguments(arguments), quiet_sandbox.worlds)
        assert isinstance(METHODS[method].run(call), dict)


@settings(_QUICK, max_examples=8)
@given(st.sampled_from(["{", "[1]", '"x"', "[" * 3_000, "€", "\x00", ""]), st.sampled_from(["query", "form", "json"]))
@pytest.mark.parametrize("method", ["chat.postMessage", "users.info", "views.publish", "api.test"])
async def test_bodies_that_are_none(sandbox: Sandbox, method: str, text: str, kind: str) -> None:
    kinds = {"query": "text/plain", "form": "application/x-www-form-urlencoded", "json": "application/json"}
    headers = {"Authorization": f"Bearer {sandbox.world.app.token}", "Content-Type": kinds[kind]}
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(f"{sandbox.url}/api/{method}", content=text.encode(), headers=headers)
    assert (answer.status_code, type(answer.json()["ok"])) == (200, bool)


_BODY = st.dictionaries(
    st.sampled_from(
        [
            *("action_id", "block_id", "callback_id", "channel", "command", "gone", "name", "selected", "text"),
            *("thread_ts", "ts", "typing", "value", "values", "view_id", "advance", "to", "playing", "speed"),
        ]
    ),
    _LIKELY | _ODD,
    max_size=2,
)
_PLACES: tuple[Json, ...] = (
    {},
    {"action_id": "choose"},
    {"action_id": "words", "block_id": "order"},
    {"action_id": "outside"},
)


def _where(sandbox: Sandbox, in_view: bool) -> Json:
    """A modal, or a message, with something of each kind to act on."""
    external = {"type": "external_select", "action_id": "outside"}
    row = actions(select(option("a")), button("words"), external)
    number = {"type": "number_input", "action_id": "pots", "is_decimal_allowed": True, "min_value": "1"}
    file, tags = {"type": "file_input", "action_id": "proof"}, {"type": "multi_external_select", "action_id": "tags"}
    inputs = {"order": text_input(), "pick": select(option("a")), "pots": number, "proof": file, "tags": tags}
    view = modal(blocks=[*(input_block(one, block_id=name, optional=True) for name, one in inputs.items()), row])
    if in_view:
        return {"view_id": sandbox.world.views.open("U0MIRA", judged_view(view, "modal"))["id"]}
    message = {**sandbox.world.app.author, "text": "x", "blocks": judged_blocks([row], "message")}
    return {"channel": "C0MGMT", "ts": sandbox.world.messages.post("C0MGMT", message)["ts"]}


@settings(_QUICK, max_examples=10)
@given(
    _BODY,
    st.sampled_from(_PLACES),
    st.booleans(),
    _LIKELY | _ODD,
    st.sampled_from(["order", "pick", "pots", "proof", "tags"]),
)
@pytest.mark.parametrize(
    "path",
    [*(f"/hands/U0MIRA/{name}" for name in DEEDS), "/clock", "/response/T0ALDER/none", "/response/none/none"],
)
async def test_hands_answer_or_refuse(
    sandbox: Sandbox, path: str, odd: Json, place: Json, in_view: bool, chosen: Any, field: str
) -> None:
    body = _where(sandbox, in_view) | {"values": {field: chosen}, "selected": chosen} | place | odd
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        posted = await client.post(path, content=json.dumps(body))
        looked = await client.get(path, params={"limit": str(odd.get("ts")), "tab": str(odd.get("name"))}, timeout=30)
    assert posted.status_code in (200, 400, 404, 409)
    assert looked.status_code in (200, 400, 404, 405, 409)
