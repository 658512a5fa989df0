"""What people, and the bot itself, can ask about files on their way in."""

from storage.engine.unit_of_work import UnitOfWork
from storage.importing import queries as importing_queries
from storage.importing.tables import ImportRun
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.importing.checking import Ground
from workflows.importing.commands import MOVES, may_import
from workflows.importing.values import Directory


def to_map(deed: Deed, *, run_id: int) -> ImportRun:
    """The file whose columns a lead is about to choose. Raises `NotAllowed` or `NoProgrammeYet`."""
    may_import(deed)
    return deed.uow.get(ImportRun, run_id)


def ground(deed: Deed) -> Ground:
    """What rows are held against: the directory, the requirements that are followed, the actor's day and locale."""
    meant = framework_questions.meant(deed.uow)
    known = {each.reference: each for those in meant.values() for each in those}
    return Ground(
        directory=Directory.of(people_queries.directory(deed.uow)),
        references={name: [each.reference for each in those] for name, those in meant.items()},
        titles={name: f"{each.number} {framework_rules.title(deed.uow, each)}".strip() for name, each in known.items()},
        today=deed.their_today,
        locale=deed.actor.locale,
    )


def imported_before(uow: UnitOfWork, run: ImportRun) -> ImportRun | None:
    """The import of exactly this file that was carried out before, while that matters."""
    return importing_queries.done_before(uow, run.sha256) if run.sha256 and run.state in MOVES["cancel"][0] else None
