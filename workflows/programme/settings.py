"""Programme room: the settings of a programme that runs, and changing them. Standards come and go in `standards.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.engine.workspace import Workspace
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation, OwnerKind
from storage.tasks import queries as task_queries
from storage.tasks.tables import TaskState
from workflows.dates import workweek
from workflows.deed import Deed
from workflows.frameworks import commands as framework_commands
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.programme import calendar
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.proposals import OwnerGroup
from workflows.programme.starting.steps import ChannelState
from workflows.tasks import handovers, owners

# --- commands ---


def set_owners(deed: Deed, *, named: Mapping[str, str], deputies: Mapping[str, str]) -> None:
    """Name who looks after each field of work. What its owner so far had of it changes hands, as far as it is not open.

    Obligations that were given to somebody else stay with them. Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted`
    or `CannotTakeOver`.
    """
    known = settings(deed)
    steps.check_owners(deed.uow, known.groups, named, deputies)
    for group in known.groups:
        _hand_on(deed, group.key, known.workspace.owners.get(group.key, ""), named[group.key])
        _name_deputy(deed.uow, group.key, known.workspace.deputies.get(group.key), deputies.get(group.key))
    deed.uow.put_workspace(
        owners={**known.workspace.owners, **named},
        deputies={**known.workspace.deputies, **deputies},
    )
    deed.record("owners.set", ("programme", deed.uow.workspace_id), owners=dict(named), deputies=dict(deputies))


def _hand_on(deed: Deed, group: str, before: str, now: str) -> None:
    if before == now:
        return
    given = [each for each in _of_group(deed.uow, group) if _is_owned_by(each, before)]
    handovers.give_obligations(deed, given, now)
    for each in given:
        for task in task_queries.of_obligation(deed.uow, each.id, [TaskState.SCHEDULED]):
            if task.owner_id == before:
                owners.move(deed, task, now, verb="task.assign")


def _name_deputy(uow: UnitOfWork, group: str, before: str | None, now: str | None) -> None:
    for each in _of_group(uow, group):
        if (each.deputy_id or "") == (before or "") != (now or ""):
            uow.change(each, deputy_id=now or None)
            for task in task_queries.of_obligation(uow, each.id, [TaskState.SCHEDULED]):
                uow.change(task, deputy_id=now or None)


def _of_group(uow: UnitOfWork, group: str) -> list[Obligation]:
    """What was proposed for a field of work and is still kept."""
    keys = {each.key for each in proposals.proposals() if each.owner == group}
    return [each for each in programme_queries.living(uow) if each.key in keys]


def _is_owned_by(obligation: Obligation, person_id: str) -> bool:
    return obligation.owner_kind is OwnerKind.PERSON and obligation.owner_id == person_id


def set_working_days(deed: Deed, *, weekdays: Sequence[int], country: str | None, region: str | None) -> bool:
    """Say when and where the organisation works; what is planned and not yet open follows.

    False where a new country has regions, one of which may be meant.

    Raises `NotAllowed`, `NoProgrammeYet` or `InputWanted`.
    """
    known = settings(deed).workspace
    is_elsewhere = country != known.country
    chosen = None if is_elsewhere and region not in workweek.regions_of(country) else region
    workweek.check(weekdays, country, chosen)
    before = working_days.of_organisation(deed.uow)
    deed.uow.put_workspace(working_weekdays=list(weekdays), country=country, region=chosen)
    moved = calendar.follow_working_days(deed, before)
    details: dict[str, JSON] = {"weekdays": list(weekdays), "country": country, "region": chosen, "moved": moved}
    deed.record("working_days.set", ("programme", deed.uow.workspace_id), **details)
    return not (is_elsewhere and workweek.regions_of(country))


def set_digest(deed: Deed, *, channel_id: str, channel: ChannelState, shows_titles: bool) -> None:
    """Say where management reads, and how requirements are named there and everywhere.

    Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted` or `ChannelNotUsable`.
    """
    known = settings(deed).workspace
    steps.check_channel(channel_id, channel)
    if channel_id != known.digest_channel_id:
        deed.uow.put_workspace(digest_channel_id=channel_id)
        deed.record("digest.set", ("programme", deed.uow.workspace_id), from_=known.digest_channel_id, to=channel_id)
    if shows_titles != known.shows_titles:
        framework_commands.switch_titles(deed, shown=shows_titles)


# --- questions ---


@dataclass(frozen=True)
class Settings:
    """What is set, and the fields of work that the standards followed ask for."""

    workspace: Workspace
    groups: Sequence[OwnerGroup]
    started_on: date


def settings(deed: Deed) -> Settings:
    """What is set for the programme. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.CHANGE_SETTINGS_OF_PROGRAMME)
    started_on = people_questions.programme_must_run(deed.uow)
    workspace = deed.uow.workspace()
    return Settings(workspace, proposals.groups_of(workspace.standards), started_on)
