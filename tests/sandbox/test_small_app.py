"""An app that is not ours, unchanged and as a process of its own, against `deskaudit sandbox` over both transports."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.hands import Hands, Person
from tests.sandbox.processes import PATIENCE_SECONDS, process, sandbox_alone, says

SMALL_APP = Path(__file__).with_name("small_app.py")


def manifest(port: int | None) -> dict[str, Any]:
    """What the small app asks for; with `port` over HTTP, to be called there."""
    address = {"request_url": f"http://127.0.0.1:{port}/slack/events"} if port else {}
    command = {"command": "/note", "description": "Keep a note"} | ({"url": address["request_url"]} if port else {})
    return {
        "display_information": {"name": "Notes"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Notes"},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "files:read", "im:history"]}},
        "settings": {
            "event_subscriptions": {"bot_events": ["message.im"], **address},
            "interactivity": {"is_enabled": True, **address},
            "socket_mode_enabled": port is None,
        },
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def until(look: Callable[[], Awaitable[object]]) -> None:
    """Wait until `look` finds something: the app is another process and answers when it answers."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await look():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("over_http", [False, True], ids=["socket", "http"])
async def test_command_modal_home_and_file(tmp_path: Path, over_http: bool) -> None:
    port = free_port() if over_http else None
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest(port)), encoding="utf-8")
    async with sandbox_alone(tmp_path, "--manifest", str(path)) as (sandbox, environment):
        assert ("SLACK_APP_TOKEN" in environment) is not over_http
        transport = {"PORT": str(port)} if over_http else {}
        address = environment["SLACK_API_URL"].removesuffix("/api/")
        async with process(str(SMALL_APP), **environment, **transport), Hands(address) as hands:
            if over_http:
                await says(sandbox, "answered Slack's challenge")
            else:
                await until(lambda: connected(hands))
            await use(hands.person("U0TOM"))


async def connected(hands: Hands) -> bool:
    return bool((await hands.workspace())["app"]["connected"])


async def use(tom: Person) -> None:
    """What somebody does with the small app, and what they then see."""
    await tom.command("/note")
    await until(tom.modal)
    assert await tom.submit({"note": "Buy tea"}) == {"closed": True}
    await until(tom.home)
    assert "Buy tea" in str(await tom.home())

    async def weighed() -> bool:
        return any(message["text"] == "tea.txt has 6 bytes." for message in await tom.messages())

    await tom.upload(("tea.txt", b"Assam\n"))
    await until(weighed)


def test_the_small_app_is_small_and_not_ours() -> None:
    lines = SMALL_APP.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 50
    ours = ("sandbox", "bot", "workflows", "messages", "storage", "tests")
    imports = [line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))]
    assert not set(imports) & set(ours)
