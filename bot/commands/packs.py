"""`deskaudit pack`: a pack written to a file on this machine, with a bar that says how far it is."""

import asyncio
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.clock import WallClock
from bot.commands.console import CannotGoOn, in_words, person_named, workspace_of
from bot.packs.making import chosen_for
from bot.packs.packing import PackFails, Packing
from bot.settings import Places
from messages.packs import cards as words
from storage.engine.database import Database
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.packs.tables import Pack
from storage.record.signing import Signer
from workflows.deed import Deed
from workflows.packs import commands
from workflows.packs.commands import Outcome
from workflows.packs.selection import Selection
from workflows.refusals import Refusal


@dataclass(frozen=True)
class Narrowed:
    """What a pack is about beside its period. No standard means all of them, elsewhere nothing narrows nothing down."""

    standards: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What was typed: the file to write, who makes the pack, the period, and what it is narrowed down to."""

    file: Path
    lead: str
    workspace: str | None
    first: date
    last: date
    narrowed: Narrowed


def main(places: Places, given: Given, console: Console) -> None:
    """Make a pack, or say why not. Raises `CannotGoOn`."""
    if given.file.exists():
        raise CannotGoOn(f"{given.file} already exists. Nothing was written; choose another file name.")
    database = Database.open_existing(places.database_url)
    try:
        blobs = places.existing_store()  # before anybody has asked for a pack
        workspace_id = workspace_of(database, given.workspace)
        with database.unit_of_work(workspace_id) as uow:
            pack = _ask(uow, given)
        with Progress(console=console, transient=True) as progress:
            making = _Making(database, blobs, places.signer(), workspace_id, progress)
            outcome = asyncio.run(making.of(pack, given.file))
    finally:
        database.shut_down()
    _say(
        console, f"{given.file}: {outcome.files:,} files of evidence, {outcome.size:,} bytes, SHA-256 {outcome.sha256}"
    )
    _say(console, f"SHA-256 of manifest.json, for the auditor: {outcome.manifest_sha256}")


def _ask(uow: UnitOfWork, given: Given) -> Pack:
    narrowed = given.narrowed
    deed = Deed.of(uow, person_named(uow, given.lead), WallClock().now())
    try:
        scope = commands.scope_for(
            uow,
            editions=narrowed.standards or commands.may_ask(deed),
            days=(given.first, given.last),
            themes=narrowed.themes,
            owners=[person_named(uow, each) for each in narrowed.owners],
            typed=narrowed.requirements,
        )
        return commands.ask(deed, scope=scope, in_slack=False)
    except Refusal as no:
        raise CannotGoOn(in_words(uow, no)) from no


class _Making:
    """One pack on its way into a file."""

    def __init__(
        self, database: Database, blobs: BlobStore, signer: Signer | None, workspace_id: str, progress: Progress
    ) -> None:
        self._database, self._blobs, self._signer = database, blobs, signer
        self._workspace_id, self._progress = workspace_id, progress

    async def of(self, pack: Pack, file: Path) -> Outcome:
        """Write it, and say on the trail what was written. Raises `CannotGoOn`; no file is left then."""
        with self._database.unit_of_work(self._workspace_id) as uow:
            selection = chosen_for(uow, pack)
        try:
            with selection:
                outcome = await self._packed(selection, file)
        except PackFails as no:
            self._fail(pack, no)
            raise CannotGoOn(words.why_failed(why=no.reason, fault=no.fault)) from no
        with self._database.unit_of_work(self._workspace_id) as uow:
            commands.settle(Deed.of_the_bot(uow, WallClock().now()), pack_id=pack.id, outcome=outcome, handed_out=True)
        return outcome

    async def _packed(self, selection: Selection, file: Path) -> Outcome:
        bar = self._progress.add_task("Packing", total=len(selection.rows("files")))
        packing = Packing(
            database=self._database,
            blobs=self._blobs,
            selection=selection,
            told=lambda number: self._progress.update(bar, completed=number),
            signer=self._signer,
        )
        try:
            return packing.outcome(*await _written(packing, file))
        except StoreUnavailable as error:  # whoever sits at the terminal tries again themselves
            raise PackFails(commands.STORE_AWAY) from error

    def _fail(self, pack: Pack, no: PackFails) -> None:
        with self._database.unit_of_work(self._workspace_id) as uow:
            commands.fail(Deed.of_the_bot(uow, WallClock().now()), pack_id=pack.id, reason=no.reason, fault=no.fault)


async def _written(packing: Packing, file: Path) -> tuple[str, int]:
    """The SHA-256 and size of what was written; under its own name the file is whole or not there."""
    part = file.with_name(f"{file.name}.part")
    hashed, size = hashlib.sha256(), 0
    try:
        with part.open("xb") as written:
            async for piece in packing:
                hashed.update(piece)
                size += written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        part.rename(file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return hashed.hexdigest(), size


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
