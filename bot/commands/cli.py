"""The commands for whoever runs the bot."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
import yaml
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from bot import settings, tracing
from bot.clock import WallClock
from bot.commands import backup, doctor, evidence, importing, logs, packs, problems, questions, serving, store_check
from bot.commands.console import CannotGoOn
from bot.machines import probes
from bot.nudges import ladders
from bot.rooms import ROUTES
from bot.settings import Places, Settings, SettingsWrong
from bot.slack.errors import SlackError
from bot.slack.manifest import manifest as manifest_of
from storage.copying import moving
from storage.engine import connecting
from storage.engine.database import Database
from storage.engine.errors import StorageError
from storage.files.blobs import BlobStore
from storage.record import signing
from workflows.machines.probe_files import ProbesWrong
from workflows.nudges.ladders import LaddersWrong

WRONG_SETTINGS = 2
T = TypeVar("T")

commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
evidence_commands = typer.Typer(no_args_is_help=True, help="The files in the evidence store.")
commands.add_typer(evidence_commands, name="evidence")


def main() -> None:
    """The entry point of `deskaudit` and of `python -m bot`."""
    commands()


@commands.callback(invoke_without_command=True)
def deskaudit(
    version: Annotated[bool, typer.Option("--version", help="Show the version.", is_eager=True)] = False,
) -> None:
    """A Slack bot that keeps an ISO management system alive between audits."""
    if version:
        print(version_of("deskaudit"))  # noqa: T201 - what was asked for
        raise typer.Exit


@commands.command()
def run(until_stdin_closes: Annotated[bool, typer.Option(hidden=True)] = False) -> None:
    """Run the bot until it is told to stop."""
    given = _settings()
    logs.configure(given)
    try:
        ladders.own(given)
        probes.own(given)
    except (LaddersWrong, ProbesWrong) as wrong:
        _give_up(str(wrong), WRONG_SETTINGS)
    try:
        with tracing.sent():
            serving.serve(given, until_stdin_closes=until_stdin_closes)
    except tracing.TracingNotInstalled as error:
        _give_up(str(error), WRONG_SETTINGS)
    except (StorageError, SlackError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))


@commands.command()
def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Discard what was done before and start over.")] = False,
    port: Annotated[int, typer.Option(help="The port on which to serve the page on this machine.")] = 8765,
    story: Annotated[
        str | None,
        typer.Option(help="Play a story and exit: its name or a YAML file. An unknown name lists the available ones."),
    ] = None,
) -> None:
    """Try the bot with a sample company on this machine; no Slack is needed."""
    from bot.commands import demo as stage  # noqa: PLC0415 - the demo brings a whole Slack along, which nothing else needs

    raise typer.Exit(stage.main(reset=reset, port=port, story=story))


@commands.command()
def sandbox(
    manifest: Annotated[Path | None, typer.Option(help="The app's manifest, YAML or JSON. Default: a sample.")] = None,
    port: Annotated[int, typer.Option(help="The port to listen on; 0 picks a free one.")] = 8766,
    company: Annotated[
        list[Path] | None,
        typer.Option(help="Who works there, as YAML; repeat for several workspaces. Default: a sample."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The folder in which to keep everything.")] = Path("var/sandbox"),
) -> None:
    """Open a Slack workspace on this machine for any Slack app, and print what the app needs as NAME=value lines."""
    from sandbox import alone  # noqa: PLC0415 - a whole Slack, which nothing else needs

    given = alone.Given(folder=folder, port=port, manifest=manifest, companies=tuple(company or ()))
    raise typer.Exit(alone.main(given))


@commands.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="The public address of this bot, to use HTTP.")] = None,
) -> None:
    """Print the app manifest to paste into Slack."""
    request_url = f"{url.rstrip('/')}/slack/events" if url else None
    print(yaml.safe_dump(manifest_of(ROUTES, request_url), sort_keys=False, allow_unicode=True))  # noqa: T201


@commands.command(name="doctor")
def examine(
    live: Annotated[
        bool, typer.Option("--live", help="Have Slack judge a sample of every message and view; nothing is posted.")
    ] = False,
) -> None:
    """Check whether everything the bot needs is there; without a token for Slack, the database and the store alone."""
    console = Console()
    with Progress(console=console, transient=True) as progress:
        findings = asyncio.run(_examined(progress if live else None))
    if not doctor.show(findings, console):
        raise typer.Exit(1)


async def _examined(live: Progress | None) -> list[doctor.Finding]:
    places = _places()
    return await (doctor.look(places) if places.bot_token is None else doctor.examine(_settings(), ROUTES, live))


@commands.command()
def verify() -> None:
    """Check that the audit trail, every row of the record and every kept file are what they were. Needs no Slack."""
    console = Console()
    try:
        found = asyncio.run(_with_store(_places(), console, doctor.inspect))
    except (StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))
    for said in (*found.notes, *found.faults):
        console.print(said, markup=False, highlight=False, soft_wrap=True)
    if found.faults:
        raise typer.Exit(1)
    console.print(f"intact: {found.entries:,} entries, {found.rows:,} rows, {found.files:,} files")


@commands.command()
def key() -> None:
    """Make a key to sign packs and published heads with, or show the public half of the one that is set."""
    is_set = _places().signer()
    signer = is_set or signing.signer(signing.new_secret())
    if not is_set:
        typer.echo(f"DESKAUDIT_SIGNING_KEY={signer.secret}")
        typer.echo("Set this where the bot runs, and keep a copy away from the database: it is shown this once.")
    typer.echo(f"Public half, to be told to auditors by another way: {signer.key}")
    typer.echo(f"Its fingerprint, as the weekly digest shows it: {signing.fingerprint(signer.key)}")


@commands.command(name="backup")
def back_up(folder: Annotated[Path, typer.Argument(help="A folder that's empty or not there yet.")]) -> None:
    """Copy database and files into a folder, while the bot runs."""
    console = Console()
    try:
        with Progress(console=console, transient=True) as progress:
            found = asyncio.run(backup.back_up(_places(), folder, WallClock(), progress))
    except (StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))
    _tell_faults(console, found.faults)
    console.print(f"{folder}: database and {found.files} files", highlight=False, markup=False, soft_wrap=True)
    if found.faults:
        raise typer.Exit(1)


@commands.command()
def restore(folder: Annotated[Path, typer.Argument(help="A backup.", exists=True, file_okay=False)]) -> None:
    """Put a backup back where no database is, and check all of it."""
    console = Console()
    try:
        with Progress(console=console, transient=True) as progress:
            found = asyncio.run(backup.restore(_places(), folder, progress))
    except (StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))
    _tell_faults(console, found.faults)
    if found.faults:
        raise typer.Exit(1)
    console.print(f"restored, intact: {found.entries} entries, {found.files} files")


@commands.command()
def move(
    target: Annotated[
        str,
        typer.Argument(
            help="The new database, postgresql://…; may come by the environment.", envvar="DESKAUDIT_MOVE_TO"
        ),
    ],
) -> None:
    """Copy the SQLite database into an empty PostgreSQL one, compared row by row. Stop the bot first."""
    console = Console()
    try:
        with Progress(console=console, transient=True) as progress:
            moved = moving.move(*_from_and_to(target), _bar(progress, "rows"))
    except (StorageError, SQLAlchemyError, OSError, ValueError) as error:
        _give_up(doctor.first_line(error))
    console.print(f"moved and compared: {moved.rows} rows of {moved.tables} tables", highlight=False)
    console.print("Now set DESKAUDIT_DATABASE_URL to the new database and start the bot.", soft_wrap=True)


@evidence_commands.command()
def check() -> None:
    """Hash every kept file again, and name what is missing, altered or left over. Nothing is removed."""
    console = Console()
    try:
        found = asyncio.run(_with_store(_places(), console, store_check.check))
    except (StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))
    for line in (*found.faults, *(f"left over: {each}" for each in found.left_over)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{found.files} files, {len(found.faults)} at fault, {len(found.left_over)} left over")
    if found.faults:
        raise typer.Exit(1)


@evidence_commands.command()
def rotate() -> None:
    """Encrypt every kept file with the first key of DESKAUDIT_EVIDENCE_KEY; may be cut off and run again."""
    given, console = _places(), Console()
    if given.evidence_key is None:
        _give_up("DESKAUDIT_EVIDENCE_KEY is not set, so there is no key to encrypt with. Nothing was changed.")
    try:
        with Progress(console=console, transient=True) as progress:
            found = asyncio.run(store_check.seal(given.existing_store(), progress))
    except (StorageError, OSError) as error:
        _give_up(doctor.first_line(error))
    for line in found.faults:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{found.files - len(found.faults)} files re-encrypted, {len(found.faults)} at fault")
    if found.faults:
        raise typer.Exit(1)


@evidence_commands.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Files to keep.", exists=True, dir_okay=False, readable=True)],
    person: Annotated[str, typer.Option("--as", help="Who provides them: e-mail, @name or full name.")],
    task: Annotated[int | None, typer.Option(help="The number of the task they are for.")] = None,
    obligation: Annotated[str | None, typer.Option(help="Or the key of the task's obligation.")] = None,
    period: Annotated[str | None, typer.Option(help="2026, 2026-Q3, 2026-09 or 2026-07-01..2026-09-30.")] = None,
    note: Annotated[str, typer.Option(help="Anything a reader should know.")] = "",
    workspace: Annotated[str | None, typer.Option(help="The id of the workspace, if there are several.")] = None,
) -> None:
    """Keep files as evidence for a task: all of them or none."""
    given = evidence.Given(files, person, task, obligation, period, note, workspace)
    try:
        evidence.main(_settings(), given, Console())
    except (CannotGoOn, StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))


@commands.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="XLSX or CSV.", exists=True, dir_okay=False, readable=True)],
    lead: Annotated[str, typer.Option("--as", help="The compliance lead who imports: e-mail, @name or full name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be imported.")] = False,
    once_more: Annotated[bool, typer.Option("--once-more", help="Even if it was imported before.")] = False,
    column: Annotated[list[str] | None, typer.Option(help="Say which column holds what, such as owner=C.")] = None,
    workspace: Annotated[str | None, typer.Option(help="The id of the workspace, if there are several.")] = None,
) -> None:
    """Import a spreadsheet of controls, tasks and open findings: all rows or none."""
    given = importing.Given(file, lead, workspace, tuple(column or ()), dry_run, once_more)
    try:
        all_is_well = importing.main(_settings(), given, Console())
    except (CannotGoOn, StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))
    if not all_is_well:
        raise typer.Exit(1)


@commands.command()
def pack(  # noqa: PLR0913, PLR0917 - each is an option somebody types
    file: Annotated[Path, typer.Argument(help="The ZIP to write; it must not exist yet.", dir_okay=False)],
    lead: Annotated[str, typer.Option("--as", help="The compliance lead who makes it: e-mail, @name or full name.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the period.")],
    standard: Annotated[list[str] | None, typer.Option(help="Such as iso27001-2022. Default: all.")] = None,
    theme: Annotated[list[str] | None, typer.Option(help="Only this theme.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="Only what this person owns.")] = None,
    requirement: Annotated[list[str] | None, typer.Option(help="Only this requirement, such as A.5.18.")] = None,
    workspace: Annotated[str | None, typer.Option(help="The id of the workspace, if there are several.")] = None,
) -> None:
    """Make an audit pack, which an auditor can check without this program: whole or not at all."""
    narrowed = packs.Narrowed(tuple(standard or ()), tuple(theme or ()), tuple(owner or ()), tuple(requirement or ()))
    given = packs.Given(file, lead, workspace, first.date(), last.date(), narrowed)
    try:
        packs.main(_places(), given, Console())
    except (CannotGoOn, StorageError, SQLAlchemyError, OSError) as error:
        _give_up(doctor.first_line(error))


Looking = Callable[[Database, BlobStore, Progress], Awaitable[T]]


async def _with_store(given: Places, console: Console, look: Looking[T]) -> T:
    database = Database.open_existing(given.database_url)
    try:
        with Progress(console=console, transient=True) as progress:
            return await look(database, given.existing_store(), progress)
    finally:
        await database.close()


def _from_and_to(target: str) -> tuple[URL, URL]:
    return connecting.database_url(_places().database_url), connecting.database_url(target)


def _bar(progress: Progress, description: str) -> Callable[[int, int], None]:
    task = progress.add_task(description, total=None)
    return lambda done, of: progress.update(task, completed=done, total=of)


def _tell_faults(console: Console, faults: Iterable[str]) -> None:
    for fault in faults:
        console.print(fault, markup=False, highlight=False, soft_wrap=True)


def _settings() -> Settings:
    try:
        return settings.load()
    except SettingsWrong as wrong:
        _give_up(str(wrong), WRONG_SETTINGS)


def _places() -> Places:
    try:
        return settings.load_places()
    except SettingsWrong as wrong:
        _give_up(str(wrong), WRONG_SETTINGS)


def _give_up(sentence: str, code: int = 1) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


problems.add_to(commands, _places, _give_up)
questions.add_to(commands, _give_up)
