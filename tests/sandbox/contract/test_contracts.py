"""Every method of the registry: right calls in every encoding, and what it refuses with which of Slack's codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.api import METHODS
from sandbox.company import Channel, Company
from sandbox.server import Sandbox
from tests.sandbox.conftest import Build
from tests.sandbox.contract.chat import CHAT
from tests.sandbox.contract.contract import NOTHING, Json, as_form, filled, full_manifest, scene
from tests.sandbox.contract.conversations import CONVERSATIONS, ITEMS
from tests.sandbox.contract.people import APP, PEOPLE
from tests.sandbox.contract.surfaces import FILES, VIEWS

CONTRACTS = {**CHAT, **CONVERSATIONS, **ITEMS, **PEOPLE, **APP, **VIEWS, **FILES}
SECRET = Channel(id="C0SECRET", name="secret", members=("U0DAVID",), private=True)


class Caller:
    """Calls methods of one sandbox over plain HTTP with the token that each takes."""

    def __init__(self, sandbox: Sandbox, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.scene = scene(sandbox)
        self._http = http

    async def __call__(self, name: str, arguments: Json, encoding: str = "form") -> Json:
        """The answer to a call whose arguments may stand for something in the scene."""
        address, given = f"{self.sandbox.url}/api/{name}", filled(arguments, self.scene)
        token = self._token(name)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        match encoding:
            case "query":
                response = await self._http.get(address, params=as_form(given), headers=headers)
            case "json":
                response = await self._http.post(address, json=given, headers=headers)
            case _:
                response = await self._http.post(address, data=as_form(given), headers=headers)
        assert response.status_code == 200
        answer: Json = response.json()
        return answer

    async def error(self, name: str, arguments: Json, encoding: str = "form") -> str:
        """The code of a refusal, empty for a call that went well."""
        return str((await self(name, arguments, encoding)).get("error", ""))

    def _token(self, name: str) -> str:
        caller = METHODS[name].caller
        kinds = {"bot": "SLACK_BOT_TOKEN", "app": "SLACK_APP_TOKEN"}
        return self.sandbox.environment[kinds[caller]] if caller in kinds else ""


@pytest.fixture
async def start(build: Build) -> Build:
    """Starts sandboxes whose app may do everything, in a company that also keeps a secret."""
    sample = Company.load()
    company = replace(sample, channels=(*sample.channels, SECRET))

    async def started(**settings: Any) -> Sandbox:
        return await build(**{"manifest": full_manifest(), "companies": [company], **settings})

    return started


@pytest.fixture
async def call(start: Build) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(verify=False) as http:
        yield Caller(await start(), http)


def test_every_method_has_a_contract() -> None:
    assert set(CONTRACTS) == set(METHODS)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_id_has_a_row_for_nothing(name: str) -> None:
    contract = CONTRACTS[name]
    assert set(contract.right) & set(NOTHING) == set(contract.unknown)


@pytest.mark.parametrize("encoding", ["query", "form", "json"])
@pytest.mark.parametrize("name", CONTRACTS)
async def test_right_call(call: Caller, name: str, encoding: str) -> None:
    contract = CONTRACTS[name]
    answer = await call(name, contract.right, encoding)
    if encoding == "json" and not METHODS[name].json:
        # The body is not looked at: it is as if nothing had been said.
        expected = next(iter(contract.missing.values()), contract.refused)
        assert answer.get("error", "") == expected
        return
    assert answer.get("error", "") == contract.refused, answer
    assert answer["ok"] is not bool(contract.refused)
    wanted = (*contract.answer, *([contract.listed] if contract.listed else []))
    assert set(wanted) <= answer.keys()


@pytest.mark.parametrize("name", [name for name in CONTRACTS if not CONTRACTS[name].refused])
async def test_refusals(call: Caller, name: str) -> None:
    contract = CONTRACTS[name]
    cases = [({argument: None}, error) for argument, error in contract.missing.items()]
    cases += [({argument: NOTHING[argument]}, error) for argument, error in contract.unknown.items()]
    cases += contract.wrong
    found = [(str(change)[:200], await call.error(name, contract.right | change)) for change, _ in cases]
    assert found == [(str(change)[:200], error) for change, error in cases]


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if method.scopes])
async def test_missing_scope(call: Caller, name: str) -> None:
    call.sandbox.world.app.grant(["commands"])
    answer = await call(name, CONTRACTS[name].right)
    assert (answer["error"], answer["provided"]) == ("missing_scope", "commands")
    assert set(answer["needed"].split(",")) <= set(METHODS[name].scopes)


@pytest.mark.parametrize("name", [name for name, contract in CONTRACTS.items() if contract.listed])
async def test_pages(call: Caller, name: str) -> None:
    contract = CONTRACTS[name]
    whole = (await call(name, contract.right))[contract.listed]
    assert len(whole) > 1
    pages: list[Any] = []
    cursor = ""
    while cursor or not pages:
        answer = await call(name, contract.right | {"limit": 1, "cursor": cursor})
        assert len(answer[contract.listed]) == 1
        pages += answer[contract.listed]
        cursor = answer["response_metadata"]["next_cursor"]
    assert pages == whole
    for cursor in ("zz", "bmV4dDp4", "€"):
        assert await call.error(name, contract.right | {"cursor": cursor}) == "invalid_cursor"
    for limit in (-1, "many", 10**6, "²"):
        assert await call.error(name, contract.right | {"limit": limit}) == "invalid_limit"


# The SDK's own methods, where they do more than pass arguments on.
SDK: dict[str, Json] = {
    "chat_postMessage": {"channel": "C0MGMT", "text": "x"},
    "chat_scheduleMessage": {"channel": "C0MGMT", "text": "x", "post_at": "$soon"},
    "chat_scheduledMessages_list": {},
    "chat_getPermalink": {"channel": "C0MGMT", "message_ts": "$ts"},
    "conversations_list": {"types": ["public_channel", "im"]},
    "conversations_invite": {"channel": "C0MGMT", "users": ["U0TOM", "U0VERA"]},
    "conversations_open": {"users": ["U0MIRA"]},
    "conversations_replies": {"channel": "C0MGMT", "ts": "$ts"},
    "users_conversations": {"user": "U0MIRA"},
    "users_profile_get": {"user": "U0MIRA"},
    "users_getPresence": {"user": "U0MIRA"},
    "bots_info": {"bot": "B0LUNCH"},
    "dnd_info": {"user": "U0TOM"},
    "dnd_teamInfo": {"users": ["U0TOM"]},
    "usergroups_users_list": {"usergroup": "S0IT"},
    "files_list": {"user": "U0MIRA"},
    "files_delete": {"file": "$file"},
    "pins_list": {"channel": "C0MGMT"},
    "reactions_get": {"channel": "C0MGMT", "timestamp": "$ts"},
    "views_publish": {"user_id": "U0MIRA", "view": {"type": "home", "blocks": []}},
}


@pytest.mark.parametrize("name", SDK)
async def test_right_call_of_the_sdk(call: Caller, name: str) -> None:
    environment = call.sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    assert (await getattr(slack, name)(**filled(SDK[name], call.scene)))["ok"]
