"""Checks for whoever runs the bot: `doctor` looks whether it can work, `verify` whether its records are intact."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.clock import WallClock
from bot.commands import live_check, store_check
from bot.machines import probes
from bot.nudges import ladders
from bot.settings import Places, Settings
from bot.slack.errors import SlackError
from bot.slack.gateway import Gateway
from bot.slack.manifest import scopes
from bot.slack.objects import Identity
from bot.slack.routes import Routes
from storage.engine.database import Database
from storage.engine.errors import BlobMissing, StorageError, StoreMissing, StoreUnavailable
from storage.files import probe
from storage.files.blobs import BlobStore
from storage.programme import queries as programme_queries
from storage.record import checking
from storage.record.checking import Checked
from workflows.interviews import sealing
from workflows.machines.probe_files import ProbesWrong
from workflows.nudges.ladders import LaddersWrong

CLOCKS_MAY_DIFFER = 60
"""Seconds. Slack reference: "Verifying requests from Slack": a request five minutes old is to be refused."""


@dataclass(frozen=True)
class Finding:
    """What one check found; `remedy` is empty when all is well."""

    about: str
    sentence: str
    remedy: str = ""


async def examine(settings: Settings, routes: Routes, live: Progress | None = None) -> list[Finding]:
    """Look at the database, the evidence store and Slack; each check tells what it found, none stops the others.

    `live` shows how far Slack is with judging every message and view, if that is asked for.
    """
    gateway = Gateway.open(token=settings.bot_token.get_secret_value(), base_url=settings.slack_api_url)
    try:
        found = [Finding("settings", "All required settings are there and look right.")]
        found += _ladders(settings)
        found += _probes(settings)
        found += await _database(settings)
        found += await _probed(settings)
        found += await _blobs(settings)
        found += await _slack(gateway, routes)
        found += await _socket(gateway, settings)
        return found + (await _judged(gateway, live) if live else [])
    finally:
        await gateway.close()


async def look(places: Places) -> list[Finding]:
    """Look at the database and the evidence store only, for whoever has no token for Slack."""
    left_out = "Slack was left out, since SLACK_BOT_TOKEN is not set. The bot needs one to run; looking needs none."
    return [Finding("Slack", left_out), *await _database(places), *await _blobs(places)]


def _ladders(settings: Settings) -> list[Finding]:
    try:
        ladders.own(settings)
    except LaddersWrong as wrong:
        remedy = "Correct the file named in DESKAUDIT_LADDERS, or remove the setting."
        return [Finding("ladders", sentence, remedy) for sentence in wrong.sentences]
    whose = "your own file and the built-in ones" if settings.ladders else "the built-in ones"
    return [Finding("ladders", f"The reminder ladders are valid: {whose}.")]


def _probes(settings: Settings) -> list[Finding]:
    try:
        found = probes.own(settings)
    except ProbesWrong as wrong:
        remedy = "Correct the file named in DESKAUDIT_PROBES, or remove the setting."
        return [Finding("probes", sentence, remedy) for sentence in wrong.sentences]
    return [Finding("probes", f"{len(found)} probes are ready.")] if settings.probes else []


async def _database(settings: Places) -> list[Finding]:
    try:
        database = Database.open_existing(settings.database_url)
        known = await asyncio.to_thread(database.workspaces)
        database.shut_down()
    except (SQLAlchemyError, StorageError, ValueError) as error:
        remedy = "Check DESKAUDIT_DATABASE_URL. A new database gets its tables when `deskaudit run` starts."
        return [Finding("database", f"The database cannot be read: {first_line(error)}", remedy)]
    return [Finding("database", f"The database can be read and holds {len(known)} workspaces.")]


async def _probed(settings: Settings) -> list[Finding]:
    """Whether what the probes are for is there; until a programme runs nothing is."""
    try:
        asked = probes.own(settings)
        living = await _living(settings) if asked else {}
    except (ProbesWrong, SQLAlchemyError, StorageError, ValueError):
        return []  # told already
    keys = ", ".join(f"{key} ({title})" for key, title in sorted(living.items()))
    remedy = f"Correct the key in the file named in DESKAUDIT_PROBES; until then this probe is skipped. Keys: {keys}."
    return [
        Finding("probes", f"Probe {each.name} is for the obligation {each.obligation}, which does not exist.", remedy)
        for each in asked
        if living and each.obligation not in living
    ]


async def _living(settings: Settings) -> dict[str, str]:
    database = Database.open_existing(settings.database_url)
    try:
        known = await asyncio.to_thread(database.workspaces)
        return {
            each.key: each.title
            for workspace in known
            for each in await database.read(workspace.id, programme_queries.living)
        }
    finally:
        database.shut_down()


async def _blobs(settings: Places) -> list[Finding]:
    try:
        sound = await probe.works(settings.existing_store())
    except StoreMissing as missing:
        return [Finding("evidence store", first_line(missing), "Check DESKAUDIT_EVIDENCE_URL.")]
    except (StoreUnavailable, BlobMissing, OSError) as error:
        remedy = "Check DESKAUDIT_EVIDENCE_URL, the free space, and the rights of this account."
        return [Finding("evidence store", f"The store does not work: {first_line(error)}", remedy)]
    if not sound:
        return [Finding("evidence store", "What was written came back different.", "Check the disk or the bucket.")]
    return [Finding("evidence store", "A test file was written, read back and found unchanged.")]


async def _slack(gateway: Gateway, routes: Routes) -> list[Finding]:
    try:
        identity = await gateway.identify()
    except SlackError as error:
        remedy = "Check SLACK_BOT_TOKEN and that this machine can reach Slack."
        return [Finding("Slack", f"Slack does not know this bot: {error}", remedy)]
    known = Finding("Slack", f"Slack knows this bot in the workspace {identity.team}.")
    return [known, _scopes(identity, routes), *_clock(identity)]


def _clock(identity: Identity) -> list[Finding]:
    if identity.slack_time is None:
        return []
    apart = abs(WallClock().now() - identity.slack_time).total_seconds()
    if apart < CLOCKS_MAY_DIFFER:
        return [Finding("clock", "This machine's clock agrees with Slack's.")]
    sentence = f"This machine's clock and Slack's are {apart:,.0f} seconds apart."
    remedy = "Have the clock set by NTP. From five minutes on, nothing from Slack is believed."
    return [Finding("clock", sentence, remedy)]


def _scopes(identity: Identity, routes: Routes) -> Finding:
    missing = sorted(set(scopes(routes)) - identity.scopes)
    if not missing:
        return Finding("scopes", "All required scopes have been granted.")
    remedy = "Paste the output of `deskaudit manifest` into the app's manifest and reinstall the app."
    return Finding("scopes", f"These scopes were not granted: {', '.join(missing)}.", remedy)


async def _judged(gateway: Gateway, live: Progress) -> list[Finding]:
    try:
        objections = await live_check.refused(gateway, live)
    except SlackError as error:
        return [Finding("messages", f"Slack was not able to judge them: {error}", "Try again later.")]
    if not objections:
        return [Finding("messages", "Slack would take a sample of every message and view.")]
    remedy = "Report this to whoever maintains Deskaudit."
    return [Finding("messages", f"Slack would refuse {each}.", remedy) for each in objections]


async def _socket(gateway: Gateway, settings: Settings) -> list[Finding]:
    if settings.app_token is None:
        return [Finding("connection", "Slack calls this bot over HTTP, since SLACK_APP_TOKEN is not set.")]
    try:
        await gateway.socket_url(settings.app_token.get_secret_value())
    except SlackError as error:
        remedy = "Check SLACK_APP_TOKEN, its scope connections:write, and that Socket Mode is on for the app."
        return [Finding("connection", f"Slack opens no socket: {error}", remedy)]
    return [Finding("connection", "Slack opens a socket for this bot.")]


def show(findings: Sequence[Finding], console: Console) -> bool:
    """Print the findings as a table; True when all is well."""
    table = Table("", "", "What was found", "What to do")
    for each in findings:
        table.add_row("[red]✗[/]" if each.remedy else "[green]✓[/]", each.about, each.sentence, each.remedy)
    console.print(table)
    return not any(each.remedy for each in findings)


# --- verify ---


@dataclass(frozen=True)
class Inspection:
    """What was looked at, every fault by name, and what is worth knowing and no fault."""

    entries: int
    rows: int
    files: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


async def inspect(database: Database, blobs: BlobStore, progress: Progress) -> Inspection:
    """Walk every workspace's audit trail, hold its record against it, and hash every kept file again."""
    known = await asyncio.to_thread(database.trails)
    held = [await _held_against_its_trail(database, workspace_id, progress) for workspace_id in known]
    files = await store_check.needed_files(database)
    faults = [fault for found in held for fault in found.faults]
    faults += [
        fault for workspace_id in known for fault in await _held_against_what_was_confirmed(database, workspace_id)
    ]
    faults += [fault async for fault in store_check.faults_of(blobs, files, progress)]
    return Inspection(
        entries=sum(found.entries for found in held),
        rows=sum(found.rows for found in held),
        files=len(files),
        faults=tuple(faults),
        notes=tuple(note for found in held for note in found.notes),
    )


async def _held_against_its_trail(database: Database, workspace_id: str, progress: Progress) -> Checked:
    task = progress.add_task(f"audit trail of {workspace_id}", total=None)

    def tell(checked: int, of: int) -> None:
        progress.update(task, completed=checked, total=of)

    return await database.read(workspace_id, checking.check, tell)


async def _held_against_what_was_confirmed(database: Database, workspace_id: str) -> list[str]:
    """The interviews whose fingerprint, taken again, is another than the one that both sides keep."""
    wrong = await database.read(workspace_id, sealing.differing)
    return [f"interview {each.id} of {each.person_id} is not what was confirmed" for each in wrong]


def first_line(error: Exception) -> str:
    """What an error says, without the pages that drivers add to it; of a database also what to look at."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    if not isinstance(error, OperationalError):
        return said
    looked_at = "Check DESKAUDIT_DATABASE_URL, the rights of this account, and whether another program locks it."
    return f"The database can't be used: {str(error.orig).splitlines()[0]}. {looked_at}"
