"""The sandbox by itself: what it prints, how it stops, and a sentence for whatever it cannot be started with."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import alone
from sandbox.alone import SAMPLE_MANIFEST, Given, needed_by_app
from sandbox.company import SAMPLE
from sandbox.hands import Hands
from sandbox.manifest import Manifest
from tests.sandbox.conftest import Build
from tests.sandbox.processes import REPOSITORY, sandbox_alone, says

NAMES = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"}


def test_the_sample_manifest_is_one_slack_takes_and_has_everything_to_try() -> None:
    manifest = Manifest(yaml.safe_load(SAMPLE_MANIFEST.read_text(encoding="utf-8")))
    assert manifest.socket_mode
    assert manifest.interactive
    assert manifest.home_tab
    assert manifest.commands
    assert {shortcut["type"] for shortcut in manifest.shortcuts.values()} == {"global", "message"}


async def test_it_prints_what_an_app_needs_and_stops_cleanly(tmp_path: Path) -> None:
    async with sandbox_alone(tmp_path) as (sandbox, environment):
        assert set(environment) == NAMES
        async with Hands(environment["SLACK_API_URL"].removesuffix("/api/")) as hands:
            assert (await hands.workspace())["app"]["name"] == "Sample app"
        sandbox.send_signal(signal.SIGINT)
        await says(sandbox, "Stopped.")
        assert await sandbox.wait() == 0
    async with sandbox_alone(tmp_path) as (sandbox, again):
        assert {**again, "SLACK_API_URL": ""} == {**environment, "SLACK_API_URL": ""}, "an .env stays good"
        sandbox.send_signal(signal.SIGTERM)
        assert await sandbox.wait() == 0


async def test_a_shell_can_take_what_it_prints_into_its_environment(tmp_path: Path) -> None:
    opened = f"{sys.executable} -m bot sandbox --port 0 --folder {tmp_path}/sandbox 2>{tmp_path}/said & echo PID=$!"
    script = f'export $({opened}); kill "$PID"; echo "$SLACK_API_URL"'
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", script, stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY, env={"PATH": os.environ["PATH"]}
    )
    printed, _ = await asyncio.wait_for(shell.communicate(), 30)
    assert printed.decode().strip().endswith("/api/")


def given(folder: Path, name: str, content: str | None) -> Path:
    path = folder / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("none.yaml", None, "cannot be read: No such file"),
        ("words.yaml", "a: b: c", "is no YAML: line 1"),
        ("words.json", "{'a': 1}", "is no JSON: "),
        ("list.yaml", "- a", "holds no names with values"),
        ("bytes.yaml", "\0", "is no YAML: "),
        ("empty.yaml", "", "holds no names with values"),
        ("app.yaml", "features: {}", "Slack would refuse the manifest"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | None, sentence: str
) -> None:
    code = alone.main(Given(folder=tmp_path / "sandbox", manifest=given(tmp_path, name, content)))
    told = capsys.readouterr()
    assert (code, told.out, told.err.count("\n")) == (2, "", 1)
    assert sentence in told.err
    assert name in told.err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("people: []", "'team' is missing"),
        ("team: {id: T1, name: N, domain: n}\npeople: [1]\nchannels: []", "describes no company"),
        ("team: {id: T1, name: N, domain: n}\npeople: [{id: U1, name: N, shoe: 43}]\nchannels: []", "'shoe'"),
    ],
)
def test_a_company_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, sentence: str
) -> None:
    code = alone.main(Given(folder=tmp_path / "sandbox", companies=(given(tmp_path, "company.yaml", content),)))
    told = capsys.readouterr()
    assert (code, told.err.count("\n")) == (2, 1)
    assert sentence in told.err


def test_companies_that_share_people_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert alone.main(Given(folder=tmp_path / "sandbox", companies=(SAMPLE, SAMPLE))) == 2
    assert "use the same ids" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, NAMES),
        ({"settings": {"socket_mode_enabled": False}}, NAMES - {"SLACK_APP_TOKEN"}),
        (
            {"oauth_config": {"redirect_urls": ["http://127.0.0.1:3000/"], "scopes": {"bot": ["commands"]}}},
            NAMES | {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"},
        ),
    ],
)
async def test_an_app_is_told_what_its_manifest_has_a_use_for(
    build: Build, changed: dict[str, Any], names: set[str]
) -> None:
    sample = yaml.safe_load(SAMPLE_MANIFEST.read_text(encoding="utf-8"))
    sandbox = await build(manifest={**sample, **changed})
    assert set(needed_by_app(sandbox)) == names


def test_a_taken_port_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = alone.main(Given(folder=tmp_path / "sandbox", port=port))
    told = capsys.readouterr()
    assert (code, told.err.count("\n")) == (1, 1)
    assert f"cannot listen on port {port}" in told.err


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], port: int
) -> None:
    assert alone.main(Given(folder=tmp_path / "sandbox", port=port)) == 1
    assert f"cannot listen on port {port}" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert alone.main(Given(folder=tmp_path / "file" / "sandbox")) == 1
    told = capsys.readouterr()
    assert "cannot be used: Not a directory" in told.err
    assert told.err.count("\n") == 1
