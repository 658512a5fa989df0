"""Tasks room: lists of tasks, narrowed down by whose they are, how they stand and which standard they serve."""

import re
from dataclasses import dataclass
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.tasks import queries as task_queries
from storage.tasks.tables import UNDECIDED, Task, TaskState, Wanted
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.refusals import PersonNotUnderstood
from workflows.tasks.refusals import FilterUnknown

# --- rules ---

PER_PAGE = 8
MINE, TEAM, ALL = "mine", "team", "all"
SHORTEST_NUMBER = len("9001")
A_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
WORDS = (MINE, TEAM, ALL, "overdue", *TaskState)


@dataclass(frozen=True)
class Chosen:
    """What a list is narrowed down to. `whose` is mine, team, all or a person's id; empty `state`: whatever waits."""

    whose: str = MINE
    state: str = ""
    overdue: bool = False
    edition: str = ""
    page: int = 0


def chosen(text: str) -> Chosen:
    """The words after `/iso tasks` in any order, such as "team overdue" or "all missed". Raises `FilterUnknown`."""
    found = Chosen()
    for word in text.split():
        found = Chosen(**{**vars(found), **_narrowed(word)})
    return found


def person_meant(text: str, *, own_id: str) -> str:
    """Whom the words after a command name; oneself where there are none. Raises `PersonNotUnderstood`."""
    named = A_PERSON.search(text)
    if text.strip() and named is None:
        raise PersonNotUnderstood(text=text.strip())
    return named[1] if named else own_id


def _narrowed(word: str) -> dict[str, str | bool]:
    plain = word.casefold()
    if person := A_PERSON.fullmatch(word):
        return {"whose": person[1]}
    if plain in (MINE, TEAM, ALL):
        return {"whose": plain}
    if plain == "overdue":
        return {"overdue": True}
    if plain in list(TaskState):
        return {"state": plain}
    number = plain.removeprefix("iso")
    editions = (each for each in framework_rules.EDITIONS if each.removeprefix("iso").startswith(number))
    if len(number) < SHORTEST_NUMBER or (edition := next(editions, None)) is None:
        raise FilterUnknown(word=word, known=WORDS)
    return {"edition": edition}


# --- questions ---


@dataclass(frozen=True)
class WorkList:
    """One page of a list, seen on `today` in the organisation's zone. `total` counts what is on all pages."""

    chosen: Chosen
    tasks: list[Task]
    total: int
    today: date

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))


def work_list(deed: Deed, *, chosen: Chosen) -> WorkList:
    """The tasks that somebody asks for, as far as they may see them. Raises `NotAllowed` or `NoProgrammeYet`."""
    owner_ids = _owners(deed, chosen.whose)
    people_questions.programme_must_run(deed.uow)
    today = deed.today
    wanted = Wanted(
        owner_ids=owner_ids,
        states=(TaskState(chosen.state),) if chosen.state else UNDECIDED,
        due_before=today if chosen.overdue else None,
        edition=chosen.edition,
    )
    tasks, total = task_queries.listed(deed.uow, wanted, first=chosen.page * PER_PAGE, most=PER_PAGE)
    return WorkList(chosen, tasks, total, today)


def _owners(deed: Deed, whose: str) -> list[str] | None:
    """Whose tasks these are; None for everybody's. A manager sees those of the people who report to them."""
    if whose in (MINE, deed.by):
        return [deed.by]
    team = team_of(deed.uow, deed.by)
    if whose == TEAM or whose in team:
        return team if whose == TEAM else [whose]
    deed.must(Permission.SEE_EVERYONES_TASKS)
    return None if whose == ALL else [whose]


def team_of(uow: UnitOfWork, manager_id: str) -> list[str]:
    """Those who report to somebody, and are still here."""
    return [person.slack_id for person in people_queries.team_of(uow, manager_id) if not person.is_deactivated]


def tabs(deed: Deed) -> list[str]:
    """The lists somebody can choose from on their Home tab."""
    team = [TEAM] if team_of(deed.uow, deed.by) else []
    return [MINE, *team, *([ALL] if Role.LEAD in deed.actor.roles else [])]
