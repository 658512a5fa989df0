"""Lists of tasks: what words narrow them down to, who sees whose, and their pages."""

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.tasks.tables import Task, TaskState
from tests.workflows.conftest import deed
from workflows.people import commands as people_commands
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import NotAllowed
from workflows.tasks import work_lists
from workflows.tasks.refusals import FilterUnknown
from workflows.tasks.work_lists import Chosen, chosen


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Chosen()),
        ("mine", Chosen()),
        ("<@UJONAS|jonas>", Chosen(whose="UJONAS")),
        ("TEAM overdue", Chosen(whose="team", overdue=True)),
        ("all missed 27001", Chosen(whose="all", state="missed", edition="iso27001-2022")),
        ("iso9001 <@U1> scheduled", Chosen(whose="U1", state="scheduled", edition="iso9001-2015")),
    ],
)
def test_words_narrow_a_list_down(words: str, meant: Chosen) -> None:
    assert chosen(words) == meant


@pytest.mark.parametrize("word", ["latest", "99999", "iso", "@jonas", "2022"])
def test_a_word_that_narrows_nothing_is_named(word: str) -> None:
    with pytest.raises(FilterUnknown) as refused:
        chosen(f"all {word}")
    assert refused.value.word == word


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("UJONAS", "mine", True),
        ("UJONAS", "UJONAS", True),
        ("UJONAS", "UPRIYA", False),
        ("UJONAS", "all", False),
        ("UTOM", "team", True),
        ("UTOM", "UJONAS", True),
        ("UTOM", "UPRIYA", False),
        ("ULIAM", "all", True),
        ("UMIRA", "UJONAS", True),
    ],
)
def test_who_sees_whose_tasks(programme: UnitOfWork, who: str, whose: str, may: bool) -> None:
    people_commands.name_manager_and_deputy(
        deed(programme, "UJONAS"), person_id="UJONAS", manager_id="UTOM", deputy_id=None
    )
    asking = deed(programme, who)
    if not may:
        with pytest.raises(NotAllowed):
            work_lists.work_list(asking, chosen=Chosen(whose=whose))
        return
    found = work_lists.work_list(asking, chosen=Chosen(whose=whose))
    owners = {task.owner_id for task in found.tasks}
    assert owners <= ({"UJONAS"} if whose != "all" else {"UJONAS", "UPRIYA"})


def test_before_the_programme_runs_there_is_no_list(directory: UnitOfWork) -> None:
    with pytest.raises(NoProgrammeYet):
        work_lists.work_list(deed(directory, "UJONAS"), chosen=Chosen())


def test_pages_show_every_task_once(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    first = work_lists.work_list(mira, chosen=Chosen(whose="all", state="scheduled"))
    pages = [work_lists.work_list(mira, chosen=Chosen("all", "scheduled", page=page)) for page in range(first.pages)]
    seen = [task.id for page in pages for task in page.tasks]
    assert len(seen) == len(set(seen)) == first.total > work_lists.PER_PAGE


def test_overdue_and_standard_are_counted_by_the_database(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    none = work_lists.work_list(mira, chosen=Chosen(whose="all", overdue=True))
    assert none.total == 0
    quality = Chosen(whose="all", state="scheduled", edition="iso9001-2015")
    found = work_lists.work_list(mira, chosen=quality)
    matching = [
        task
        for task in programme.all(Task)
        if task.state is TaskState.SCHEDULED and any(each.startswith("iso9001-2015:") for each in task.requirements)
    ]
    assert found.total == len(matching) > 0


@pytest.mark.parametrize(
    ("who", "tabs"), [("UMIRA", ["mine", "all"]), ("UTOM", ["mine", "team"]), ("UDAVID", ["mine"])]
)
def test_which_lists_stand_on_the_home_tab(programme: UnitOfWork, who: str, tabs: list[str]) -> None:
    people_commands.name_manager_and_deputy(
        deed(programme, "UJONAS"), person_id="UJONAS", manager_id="UTOM", deputy_id=None
    )
    assert work_lists.tabs(deed(programme, who)) == tabs
