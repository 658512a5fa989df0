"""What people, and the bot itself, can ask about files on their way in."""

from collections import defaultdict
from datetime import datetime

from storage import importing as stored
from storage import people as stored_people
from storage.importing import ImportRun
from storage.unit_of_work import UnitOfWork
from workflows import frameworks
from workflows.importing.checking import Ground
from workflows.importing.commands import MOVES, may_import
from workflows.importing.values import Directory
from workflows.nudges import local_day
from workflows.people import Actor


def to_map(uow: UnitOfWork, actor: Actor, *, run_id: int, at: datetime) -> ImportRun:
    """The file whose columns a lead is about to choose. Raises `NotAllowed` or `NoProgrammeYet`."""
    may_import(uow, actor, at=at)
    return uow.get(ImportRun, run_id)


def ground(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Ground:
    """What rows are held against: the directory, the requirements that are followed, the actor's day and locale."""
    references: defaultdict[str, list[str]] = defaultdict(list)
    titles = {}
    for edition in frameworks.scope(uow):
        for each in frameworks.catalogue_of(uow, edition).requirements.values():
            references[each.number.casefold()].append(each.reference)
            references[each.reference.casefold()].append(each.reference)
            titles[each.reference] = f"{each.number} {frameworks.title(uow, each)}".strip()
    return Ground(
        directory=Directory.of(stored_people.directory(uow)),
        references=references,
        titles=titles,
        today=local_day(actor.zone, at),
        locale=actor.locale,
    )


def imported_before(uow: UnitOfWork, run: ImportRun) -> ImportRun | None:
    """The import of exactly this file that was carried out before, while that matters."""
    return stored.done_before(uow, run.sha256) if run.sha256 and run.state in MOVES["cancel"][0] else None
