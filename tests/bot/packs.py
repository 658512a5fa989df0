"""A programme with files in a real store, and packs made of it."""

import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlmodel import col

from bot.packs.packing import Packing
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.people.tables import Role
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import deed, the_bot
from workflows.evidence import commands as evidence_commands
from workflows.evidence.rules import OfferedFile, Place
from workflows.packs import verify
from workflows.packs.rules import Scope
from workflows.packs.selecting import select
from workflows.packs.selection import Selection
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry
from workflows.programme.starting import commands as starting_commands
from workflows.programme.starting import proposals
from workflows.programme.starting.answers import Answers
from workflows.tasks import commands as task_commands

WORKSPACE = "T0SAMPLE"
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THE_YEAR = Scope(frozenset({"iso27001-2022"}), date(2026, 1, 1), date(2026, 12, 31))

HOSTILE = (
    "../../x",
    "=cmd()|' /C calc'!A0.csv",
    f"{'a' * 300}.pdf",
    "\u202efdp.exe",
    "CON.txt",
    "Review.PDF",
    "review.pdf",
    "<script>alert(1)</script>.svg",
)


def begin(uow: UnitOfWork) -> None:
    """Mira and Ines lead; Jonas owns everything of ISO/IEC 27001."""
    names = {"UMIRA": "Mira", "UINES": "Ines", "UJONAS": "Jonas <b>"}
    people_commands.sync(
        the_bot(uow), [DirectoryEntry(each, name, "", "Europe/Berlin") for each, name in names.items()]
    )
    for lead in ("UMIRA", "UINES"):
        people_commands.grant(deed(uow, "UMIRA"), lead, Role.LEAD)
    owners = dict.fromkeys((group.key for group in proposals.owner_groups()), "UJONAS")
    answers = Answers(
        standards=("iso27001-2022", "iso9001-2015"),
        owners=owners,
        auditors=("UINES",),
        management=("UMIRA",),
        digest_channel="C0MGMT",
    )
    starting_commands.start_programme(deed(uow, "UMIRA"), answers)


async def keep(
    database: Database, blobs: BlobStore, files: Sequence[tuple[str, bytes]], *, accepted: bool = True
) -> None:
    """Files given for the access review and kept; a lead has accepted them."""
    for number, (name, data) in enumerate(files):
        kept = await blobs.put(_chunks(data))
        with database.unit_of_work(WORKSPACE) as uow:
            task = the_access_review(uow)
            offered = OfferedFile(f"F{task.id}-{number}", name, len(data), "https://example.com/f")
            [given] = evidence_commands.give(
                deed(uow, "UJONAS"), task_id=task.id, files=[offered], place=Place("D1", "1.1")
            )
            evidence_commands.keep(
                the_bot(uow), evidence_id=given.id, sha256=kept.sha256, size=kept.size, media_type="text/plain"
            )
    if accepted:
        with database.unit_of_work(WORKSPACE) as uow:
            task = the_access_review(uow)
            later = MONDAY + timedelta(hours=1)
            task_commands.accept(deed(uow, "UMIRA", later), task_id=task.id, version=task.version)


def the_access_review(uow: UnitOfWork) -> Task:
    """The first open task that asks for evidence of who has access."""
    open_ = (TaskState.OPEN, TaskState.SUBMITTED)
    task = uow.first(
        Task,
        col(Task.title) == "Review who has access to what",
        col(Task.state).in_(open_),
        order_by=col(Task.due_on),
    )
    assert task is not None
    return task


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


def chosen(database: Database, scope: Scope = THE_YEAR) -> Selection:
    """What a pack of the scope holds."""
    with database.unit_of_work(WORKSPACE) as uow:
        return select(uow, scope, asked_by="UMIRA", at=MONDAY)


async def packed(database: Database, blobs: BlobStore, selection: Selection) -> bytes:
    """The ZIP of a selection. Raises `PackFails`."""
    return b"".join([piece async for piece in Packing(database=database, blobs=blobs, selection=selection)])


def unpacked(zipped: bytes, folder: Path) -> Path:
    """The pack as an auditor has it on the disk."""
    path = folder / "pack.zip"
    path.write_bytes(zipped)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "pack")
    return folder / "pack"


def checked(*given: object) -> tuple[int, list[str]]:
    """What the pack's own program says, in a process of its own that knows nothing of this one."""
    program = Path(verify.__file__)
    command = [sys.executable, "-I", "-S", str(program), *map(str, given)]
    found = subprocess.run(command, capture_output=True, text=True, env={}, check=False, cwd="/")
    assert found.stderr == ""
    return found.returncode, found.stdout.splitlines()
