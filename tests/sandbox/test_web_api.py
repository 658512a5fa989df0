"""Every call: tokens, scopes, arguments, unknown methods, rate limits."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.api import METHODS
from sandbox.limits import PACES, Limits
from sandbox.server import Sandbox
from tests.sandbox.conftest import Build
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]


async def call(sandbox: Sandbox, method: str, token: str | None = None, **arguments: Any) -> Json:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(verify=False) as client:
        response = await client.post(f"{sandbox.url}/api/{method}", headers=headers, data=arguments)
    assert response.status_code == 200
    answer: Json = response.json()
    return answer


async def test_who_am_i(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    answer = await slack.auth_test()
    assert (answer["team"], answer["team_id"]) == ("Aldermoor Instruments", "T0ALDER")
    assert (answer["user_id"], answer["bot_id"], answer["user"]) == ("U0APP", "B0APP", "teapot")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.caller != "anybody"])
async def test_nobody_and_strangers_are_refused(sandbox: Sandbox, method: str) -> None:
    assert (await call(sandbox, method))["error"] == "not_authed"
    assert (await call(sandbox, method, "xoxb-stranger"))["error"] == "invalid_auth"
    wrong = "SLACK_BOT_TOKEN" if METHODS[method].caller == "app" else "SLACK_APP_TOKEN"
    assert (await call(sandbox, method, sandbox.environment[wrong]))["error"] == "not_allowed_token_type"


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.scopes])
async def test_without_scopes_the_answer_names_them(build: Build, method: str) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = ["commands"]
    sandbox = await build(manifest=manifest)
    answer = await call(sandbox, method, sandbox.environment["SLACK_BOT_TOKEN"])
    assert answer["error"] == "missing_scope"
    assert answer["needed"].split(",") == list(METHODS[method].scopes)
    assert answer["provided"] == "commands"


async def test_unknown_method(sandbox: Sandbox) -> None:
    assert await call(sandbox, "tea.brew") == {"ok": False, "error": "unknown_method", "req_method": "tea.brew"}


@pytest.mark.parametrize("where", ["query", "form", "json", "json text in form"])
async def test_arguments_come_in_every_way(sandbox: Sandbox, where: str) -> None:
    token = sandbox.environment["SLACK_BOT_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{sandbox.url}/api/chat.postMessage"
    plain: Json = {"channel": "C0MGMT", "text": "hello"}
    blocks = [{"type": "divider"}]
    async with httpx.AsyncClient(headers=headers, verify=False) as client:
        match where:
            case "query":
                response = await client.get(address, params=plain)
            case "form":
                response = await client.post(address, data=plain)
            case "json":
                response = await client.post(address, json={**plain, "blocks": blocks})
            case _:
                response = await client.post(address, data={**plain, "blocks": '[{"type": "divider"}]'})
    message = response.json()["message"]
    assert message["text"] == "hello"
    assert [block["type"] for block in message.get("blocks", ())] == (["divider"] if "json" in where else [])


@pytest.mark.parametrize("body", ["[1]", "{not json", '"text"', ""])
async def test_a_body_that_is_no_object_is_no_traceback(sandbox: Sandbox, body: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.environment['SLACK_BOT_TOKEN']}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(headers=headers, verify=False) as client:
        response = await client.post(f"{sandbox.url}/api/chat.postMessage", content=body)
    assert response.status_code == 200
    assert response.json()["error"] in ("invalid_arguments", "invalid_json", "json_not_object")


async def test_the_log_tells_what_was_refused_and_why(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    with pytest.raises(SlackApiError):
        await slack.chat_postMessage(channel="C0MGMT", blocks=[{"type": "header"}], text="x")
    (entry,) = sandbox.world.log.after(0)
    assert (entry["kind"], entry["name"], entry["ok"], entry["error"]) == (
        "call",
        "chat.postMessage",
        False,
        "invalid_blocks",
    )
    assert "missing required field: text [json-pointer:/blocks/0]" in entry["detail"]
    assert sandbox.environment["SLACK_BOT_TOKEN"] not in str(entry)


async def test_posting_too_fast_is_answered_with_429(build: Build) -> None:
    sandbox = await build(rate_factor=1.0)
    client = AsyncWebClient(token=sandbox.environment["SLACK_BOT_TOKEN"], base_url=sandbox.environment["SLACK_API_URL"])
    for _ in range(5):
        await client.chat_postMessage(channel="C0MGMT", text="x")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0MGMT", text="x")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="U0MIRA", text="another channel has its own pace")


@pytest.mark.parametrize(("pace", "a_minute"), [("tier1", 1), ("tier2", 20), ("tier3", 50), ("tier4", 100)])
def test_tiers_refill_by_the_minute(pace: str, a_minute: int) -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    assert [limits.wait_seconds(pace, "m") for _ in range(a_minute)] == [0] * a_minute
    wait = limits.wait_seconds(pace, "m")
    assert wait == -(-60 // a_minute)
    now[0] += PACES[pace].seconds_each
    assert limits.wait_seconds(pace, "m") == 0


def test_the_factor_scales_and_none_switches_off() -> None:
    generous = Limits(lambda: 0.0, factor=2)
    assert sum(generous.wait_seconds("tier2", "m") == 0 for _ in range(50)) == 40
    off = Limits(lambda: 0.0, factor=None)
    assert all(off.wait_seconds("tier1", "m") == 0 for _ in range(50))
