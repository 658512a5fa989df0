"""The steps of an import: who takes them, when each is possible, and the trail they leave."""

from collections.abc import Callable

import pytest
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun, ImportState
from storage.people.tables import Role
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from tests.workflows.test_importing import ON_SQLITE, SHA256, at_state
from workflows.deed import Deed
from workflows.importing import commands
from workflows.importing.commands import MOVES, BroughtFile
from workflows.importing.guessing import Field
from workflows.people import commands as people_commands
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale

Step = Callable[[UnitOfWork, Actor, ImportRun], object]
STEPS: dict[str, Step] = {
    "map": lambda uow, who, run: commands.confirm_columns(
        Deed(uow, who, MONDAY), run_id=run.id, version=run.version, columns={Field.OWNER: 2, Field.TITLE: 1}
    ),
    "do": lambda uow, who, run: commands.begin(Deed(uow, who, MONDAY), run_id=run.id, version=run.version),
    "cancel": lambda uow, who, run: commands.cancel(Deed(uow, who, MONDAY), run_id=run.id, version=run.version),
}


@ON_SQLITE
@pytest.mark.parametrize("state", ImportState)
@pytest.mark.parametrize("move", STEPS)
def test_a_step_is_possible_exactly_where_the_table_says(programme: UnitOfWork, move: str, state: ImportState) -> None:
    run, mira = at_state(programme, state), actor(programme, "UMIRA")
    if state in MOVES[move][0]:
        STEPS[move](programme, mira, run)
    else:
        with pytest.raises(AlreadyDecided):
            STEPS[move](programme, mira, run)


@ON_SQLITE
@pytest.mark.parametrize("role", [each for each in Role if each is not Role.LEAD])
@pytest.mark.parametrize("move", STEPS)
def test_only_leads_import(programme: UnitOfWork, move: str, role: Role) -> None:
    run = at_state(programme, ImportState.CHECKED)
    people_commands.grant(deed(programme, "UMIRA"), "UTOM", role)
    tom = actor(programme, "UTOM")
    with pytest.raises(NotAllowed):
        STEPS[move](programme, tom, run)
    with pytest.raises(NotAllowed):
        commands.receive(Deed(programme, tom, MONDAY), file=BroughtFile("a.csv", "F2"))


@pytest.mark.parametrize("move", STEPS)
def test_a_click_on_an_old_card_changes_nothing(programme: UnitOfWork, move: str) -> None:
    run = at_state(programme, ImportState.CHECKED)
    old = replace_version(run)
    with pytest.raises(Stale):
        STEPS[move](programme, actor(programme, "UMIRA"), old)
    assert programme.get(ImportRun, run.id).version == run.version


def replace_version(run: ImportRun) -> ImportRun:
    return ImportRun(**{**run.model_dump(), "version": run.version - 1})


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({Field.TITLE: 1}, "owner"),
        ({Field.OWNER: 2}, "title"),
        ({Field.OWNER: 99, Field.TITLE: 1}, "owner"),
    ],
)
def test_without_the_columns_that_count_nothing_is_checked(
    programme: UnitOfWork, columns: dict[Field, int], field: str
) -> None:
    run = at_state(programme, ImportState.READ)
    with pytest.raises(InputWanted) as wanted:
        commands.confirm_columns(deed(programme, "UMIRA"), run_id=run.id, version=run.version, columns=columns)
    assert wanted.value.field == field


def test_while_it_is_being_imported_nobody_can_cancel(programme: UnitOfWork) -> None:
    run, mira = at_state(programme, ImportState.CHECKED), actor(programme, "UMIRA")
    begun = commands.begin(Deed(programme, mira, MONDAY), run_id=run.id, version=run.version)
    with pytest.raises(AlreadyDecided):
        commands.cancel(Deed(programme, mira, MONDAY), run_id=run.id, version=begun.version)


def test_a_failure_comes_too_late_for_what_has_moved_on(programme: UnitOfWork) -> None:
    run = at_state(programme, ImportState.CHECKED)
    commands.cancel(deed(programme, "UMIRA"), run_id=run.id, version=run.version)
    after = commands.fail(the_bot(programme), run_id=run.id, version=run.version, reason="unexpected")
    assert after.state is ImportState.CANCELLED


def test_every_step_and_every_row_is_on_the_trail(programme: UnitOfWork) -> None:
    run = at_state(programme, ImportState.DONE)
    said = programme.all(TrailEntry, col(TrailEntry.verb).like("%import%") | (col(TrailEntry.verb).like("%take_over")))
    steps = [each.verb for each in said if each.subject == "import_run" and each.subject_id == str(run.id)]
    assert steps == [f"import.{step}" for step in ("receive", "read", "map", "check", "begin", "do")]
    rows = [each.verb for each in said if each.subject != "import_run"]
    assert rows == [*["obligation.import"] * 3, "nonconformity.take_over"]
    assert SHA256 in said[-1].details
