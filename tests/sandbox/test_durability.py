"""What people saw is there again after a restart, and after a kill."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import MONDAY, Build
from tests.sandbox.kit import actions, button, home
from tests.sandbox.manifest import MANIFEST

_RUN = """
import asyncio, json, sys
from datetime import datetime
from pathlib import Path
from sandbox.company import Company
from sandbox.server import Sandbox

async def run():
    manifest = json.loads(sys.argv[2])
    start = datetime.fromisoformat(sys.argv[3])
    companies = [Company.load()]
    sandbox = Sandbox(folder=Path(sys.argv[1]), manifest=manifest, companies=companies, start=start, rate_factor=None)
    await sandbox.start()
    print(json.dumps({"url": sandbox.url, **sandbox.environment}), flush=True)
    await asyncio.Event().wait()

asyncio.run(run())
"""


def again(folder: Path) -> Sandbox:
    return Sandbox(folder=folder, manifest=MANIFEST, companies=[Company.load()], start=MONDAY, rate_factor=None)


async def test_everything_survives_a_kill(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _RUN,
        str(tmp_path),
        json.dumps(MANIFEST),
        MONDAY.isoformat(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    slack = AsyncWebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"])
    async with Hands(told["url"]) as hands:
        mira = hands.person("U0MIRA")
        root = await slack.chat_postMessage(channel="U0MIRA", text="root", blocks=[actions(button())])
        await mira.say("reply", thread_ts=root["ts"])
        shared = await mira.upload(("plan.txt", b"the plan"), text="see")
        await slack.chat_postEphemeral(channel="D0MIRA", user="U0MIRA", text="psst")
        await slack.views_publish(user_id="U0MIRA", view=home(actions(button())))
        await hands.play(False)
        clock = await hands.clock()
        before = await mira.messages()
        conversations = await mira.conversations()
    process.send_signal(signal.SIGKILL)
    await process.wait()

    sandbox = again(tmp_path)
    await sandbox.start()
    async with Hands(sandbox.url) as hands:
        mira = hands.person("U0MIRA")
        assert [without_addresses(one) for one in await mira.messages()] == [without_addresses(one) for one in before]
        assert [one["text"] for one in await mira.thread(root["ts"])] == ["root", "reply"]
        assert await mira.file(shared["files"][0]["id"]) == b"the plan"
        assert await mira.conversations() == conversations
        assert await mira.home() is not None
        assert await hands.clock() == clock
        assert sandbox.environment["SLACK_BOT_TOKEN"] == told["SLACK_BOT_TOKEN"]
        assert await mira.say("later") > before[-1]["ts"]
    async with SocketApp(sandbox) as app:
        texts = [(await app.event("message"))["text"] for _ in range(3)]
        assert texts == ["root", "reply", "see"]  # what no app had taken yet is delivered now
    await sandbox.stop()


def without_addresses(message: dict[str, Any]) -> dict[str, Any]:
    """Files and pictures live at the port of the day."""
    files = [{"id": file["id"], "size": file["size"]} for file in message.get("files", ())]
    return {key: value for key, value in message.items() if key != "bot_profile"} | {"files": files}


async def test_a_playing_clock_never_goes_back(build: Build, tmp_path: Path) -> None:
    first = await build(folder=tmp_path / "w")
    first.clock.play(True, speed=3600)
    reading = first.clock.now()
    second = await build(folder=tmp_path / "w")  # the first was never stopped: as after a kill
    assert second.clock.now() >= reading
    assert second.clock.state()["speed"] == 3600


async def test_a_new_manifest_renames_the_app(build: Build, tmp_path: Path) -> None:
    first = await build(folder=tmp_path / "w")
    await first.stop()
    renamed = {**MANIFEST, "features": {**MANIFEST["features"], "bot_user": {"display_name": "Kettle"}}}
    second = await build(folder=tmp_path / "w", manifest=renamed)
    assert second.world.workspace.person("U0APP")["real_name"] == "Kettle"
