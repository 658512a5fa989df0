"""The sandbox by itself, for whoever develops a Slack app: what the app needs goes to standard output as `NAME=value`.

Everything said to a person goes to standard error, so that standard output can be a file or a variable.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from sandbox import company
from sandbox.clock import wall_clock
from sandbox.company import Company
from sandbox.delivery.courier import NoAnswerError
from sandbox.manifest import Manifest
from sandbox.refusal import Refusal
from sandbox.server import Sandbox

SAMPLE_MANIFEST = Path(__file__).with_name("sample_manifest.yaml")
ASK_AGAIN_SECONDS = 0.5
WRONG_INPUT = 2
CANNOT_START = 1


class Wrong(Exception):
    """Something the sandbox was given cannot be used; the sentence says what and why."""


class CannotStart(Exception):
    """This machine does not let the sandbox start; the sentence says why."""


@dataclass(frozen=True)
class Given:
    """What the sandbox is started with. `port` 0 takes a free one; without files samples are taken.

    There is a workspace for each company.
    """

    folder: Path
    port: int = 0
    manifest: Path | None = None
    companies: tuple[Path, ...] = ()


def main(given: Given) -> int:
    """Run a sandbox until SIGINT or SIGTERM; the exit code (2: something given is wrong, 1: it cannot start)."""
    console = Console(stderr=True, highlight=False)
    try:
        asyncio.run(_serve(given, console))
    except (Wrong, CannotStart) as error:
        console.print(str(error), markup=False, soft_wrap=True)
        return WRONG_INPUT if isinstance(error, Wrong) else CANNOT_START
    return 0


async def _serve(given: Given, console: Console) -> None:
    sandbox = _built(given)
    enough = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, enough.set)
    try:
        await _begin(sandbox, given.port)
        _hand_over(needed_by_app(sandbox))
        console.print(f"A Slack workspace is open: {sandbox.url}", markup=False, soft_wrap=True)
        console.print(f"What happens there is kept in {given.folder}. Ctrl-C stops it.", markup=False, soft_wrap=True)
        await _until(enough, sandbox, console)
    finally:
        await sandbox.stop()
    console.print("Stopped. Everything is kept; start again to go on.")


def _built(given: Given) -> Sandbox:
    path = given.manifest or SAMPLE_MANIFEST
    manifest = _document(path)
    try:
        companies = [_company(each) for each in given.companies or _samples(Manifest(manifest))]
        return Sandbox(folder=given.folder, manifest=manifest, companies=companies, start=wall_clock())
    except Refusal as refusal:
        raise Wrong(f"Slack would refuse the manifest {path}: {'; '.join(refusal.reasons)}.") from refusal
    except ValueError as error:
        raise Wrong(f"These companies cannot be in one sandbox: {_reason(error)}.") from error
    except (OSError, sqlite3.Error) as error:
        raise CannotStart(f"The folder {given.folder} cannot be used: {_reason(error)}.") from error


async def _begin(sandbox: Sandbox, port: int) -> None:
    try:
        await sandbox.start(port)
    except (OSError, OverflowError) as error:
        raise CannotStart(f"The sandbox cannot listen on port {port}: {_reason(error)}.") from error


def _document(path: Path) -> dict[str, Any]:
    """The object in a YAML or JSON file. Raises Wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        # JSON allows tabs where YAML does not.
        found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise Wrong(f"The file {path} cannot be read: {_reason(error)}.") from error
    except (ValueError, yaml.YAMLError) as error:
        kind = "JSON" if path.suffix == ".json" else "YAML"
        raise Wrong(f"The file {path} is no {kind}: {_reason(error)}.") from error
    if not isinstance(found, dict):
        raise Wrong(f"The file {path} holds no names with values.")
    return found


def _company(path: Path) -> Company:
    try:
        return Company.from_document(_document(path))
    except KeyError as error:
        raise Wrong(f"The file {path} describes no company: {error} is missing.") from error
    except (TypeError, AttributeError) as error:
        raise Wrong(f"The file {path} describes no company: {_reason(error)}.") from error


def _samples(manifest: Manifest) -> list[Path]:
    """A second workspace is there for apps that people install over OAuth; the others could never enter it."""
    return [company.SAMPLE, *([company.SECOND] if manifest.redirect_urls else [])]


def needed_by_app(sandbox: Sandbox) -> Mapping[str, str]:
    """What this app has a use for: an app tells by what is there which transport, and which kind of tokens, to use."""
    manifest = sandbox.world.manifest
    useless = {
        *([] if manifest.socket_mode else ["SLACK_APP_TOKEN"]),
        *([] if manifest.redirect_urls else ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"]),
    }
    return {name: value for name, value in sandbox.environment.items() if value and name not in useless}


def _hand_over(environment: Mapping[str, str]) -> None:
    """Print the lines and let go of standard output: `$(deskaudit sandbox … &)` waits until nobody can write to it."""
    sys.stdout.write("".join(f"{name}={value}\n" for name, value in environment.items()))
    sys.stdout.flush()
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


async def _until(enough: asyncio.Event, sandbox: Sandbox, console: Console) -> None:
    manifest = sandbox.world.manifest
    asking = None
    if manifest.events_url and not manifest.socket_mode:
        asking = asyncio.create_task(_verify(sandbox, manifest.events_url, console))
    await enough.wait()
    if asking:
        asking.cancel()


async def _verify(sandbox: Sandbox, address: str, console: Console) -> None:
    """Ask the app's request URL for the challenge until it answers, as Slack does before it sends events there."""
    console.print(f"Waiting for the app at {address} …", markup=False, soft_wrap=True)
    last = ""
    while (reason := await _refused(sandbox)) is not None:
        if reason not in (last, "connection_failed"):
            console.print(f"{address} did not answer Slack's challenge ({reason}).", markup=False, soft_wrap=True)
        last = reason
        await asyncio.sleep(ASK_AGAIN_SECONDS)
    console.print(f"{address} answered Slack's challenge.", markup=False, soft_wrap=True)


async def _refused(sandbox: Sandbox) -> str | None:
    """Why the request URL is not verified, or None once it is."""
    try:
        return None if await sandbox.verify_request_url() else "another answer than the challenge"
    except NoAnswerError as error:
        return str(error)


def _reason(error: Exception) -> str:
    """What an error says, on one line and without a full stop."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}, {error.problem}"
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split()).rstrip(".")
