"""Programme room: a standard that is followed from now on, and one that is not followed any longer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import TaskState
from workflows.deed import Deed
from workflows.frameworks import overlap
from workflows.frameworks import rules as framework_rules
from workflows.nudges.rules import local_day
from workflows.people import working_days
from workflows.programme import calendar, certification
from workflows.programme.refusals import LastStandard
from workflows.programme.settings import settings
from workflows.programme.starting import proposals, steps
from workflows.programme.starting.proposals import OwnerGroup, Proposal
from workflows.refusals import AlreadyDecided, InputWanted, Thing
from workflows.tasks import commands as task_commands
from workflows.wishes import Wish

LONGEST_REASON = 3_000

# --- rules ---


@dataclass(frozen=True)
class Addition:
    """What comes with a standard: obligations that serve it already, each with the references it gets, and new ones.

    `groups` are the fields of work that nobody looks after yet.
    """

    edition: str
    serving: Sequence[tuple[Obligation, tuple[str, ...]]]
    new: Sequence[Proposal]
    groups: Sequence[OwnerGroup]


# --- commands ---


def add(
    deed: Deed, *, edition: str, wanted: Collection[str], owners: Mapping[str, str], deputies: Mapping[str, str]
) -> Addition:
    """Follow a standard from now on: what serves it already gets its numbers too, and what is wanted is planned.

    `wanted` are keys of what is new. Raises as `to_add` does, or what is wrong with the owners.
    """
    found = to_add(deed, edition=edition)
    steps.check_owners(deed.uow, found.groups, owners, deputies)
    known = deed.uow.workspace()
    all_owners, all_deputies = {**known.owners, **owners}, {**known.deputies, **deputies}
    standards = [*known.standards, edition]
    deed.uow.put_workspace(standards=standards, owners=all_owners, deputies=all_deputies)
    for obligation, references in found.serving:
        _serve(deed.uow, obligation, [*obligation.requirements, *references])
    today, working = local_day(known.zone, deed.at), working_days.of_organisation(deed.uow)
    for each in found.new:
        if each.key in wanted:
            new = proposals.obligation(each, standards, all_owners, all_deputies, today, working)
            _put(deed.uow, new, planned_until=today - timedelta(days=1))
    calendar.tick(deed.by_itself)
    task_commands.tick(deed.by_itself)
    details: dict[str, JSON] = {
        "edition": edition,
        "serving": [each.key for each, _ in found.serving],
        "added": [each.key for each in found.new if each.key in wanted],
    }
    deed.record("standard.add", ("programme", deed.uow.workspace_id), **details)
    return found


def _put(uow: UnitOfWork, new: Obligation, **more: object) -> None:
    """Write an obligation down, or let one that had ended go on as it is wanted now."""
    ended = next((each for each in programme_queries.beginning_with(uow, new.key) if each.key == new.key), None)
    values = {
        name: getattr(new, name)
        for name in ("requirements", "owner_id", "owner_kind", "deputy_id", "recurrence", "starts_on", "lead_days")
    }
    if ended is not None:
        uow.change(ended, **values, **more, ended_at=None, paused_at=None)
    else:
        added = uow.add(new)
        uow.change(added, **more)


def _serve(uow: UnitOfWork, obligation: Obligation, references: Sequence[str]) -> None:
    """Let an obligation, and what is planned of it and not yet open, stand for these references."""
    uow.change(obligation, requirements=list(references))
    for task in task_queries.of_obligation(uow, obligation.id, [TaskState.SCHEDULED]):
        uow.change(task, requirements=list(references))


def end(deed: Deed, *, edition: str, reason: str) -> list[Obligation]:
    """Follow a standard no longer: what was for it alone ends, what others share stays, its certificate is given up.

    Gives back what has ended. Raises `NotAllowed`, `NoProgrammeYet`, `AlreadyDecided`, `LastStandard` or `InputWanted`.
    """
    may_end(deed, edition=edition)
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InputWanted("reason", Wish.SAY_WHY_UP_TO, {"most": LONGEST_REASON})
    followed = [each for each in deed.uow.workspace().standards if each != edition]
    deed.uow.put_workspace(standards=followed)
    certification.give_up(deed, edition)
    touched = [
        each for each in programme_queries.living(deed.uow) if framework_rules.in_scope(each.requirements, [edition])
    ]
    ended = [each for each in touched if not _left(each, edition)]
    for each in touched:
        if left := _left(each, edition):
            _serve(deed.uow, each, left)
        else:
            calendar.withdraw(deed, each, reason=reason)
            deed.uow.change(each, ended_at=deed.at)
    details: dict[str, JSON] = {"edition": edition, "reason": reason, "ended": [each.key for each in ended]}
    deed.record("standard.end", ("programme", deed.uow.workspace_id), **details)
    return ended


def _left(obligation: Obligation, edition: str) -> list[str]:
    """What an obligation is still for without an edition."""
    return [each for each in obligation.requirements if each.partition(":")[0] != edition]


# --- questions ---


def to_add(deed: Deed, *, edition: str) -> Addition:
    """What would come with a standard. Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted` or `AlreadyDecided`."""
    known = settings(deed).workspace
    if edition not in framework_rules.EDITIONS:
        raise InputWanted("edition", Wish.CHOOSE_STANDARD_FROM_LIST)
    if edition in known.standards:
        raise AlreadyDecided(
            what=Thing.NAMED, called=framework_rules.catalogue(edition).standard, state="followed", by=None
        )
    serving = list(_serving(deed.uow, edition))
    served = {reference for _, references in serving for reference in references}
    keys = {each.key for each in programme_queries.living(deed.uow)}
    new = [
        each
        for each in proposals.of_standards([edition])
        if each.key not in keys and not served.issuperset(framework_rules.in_scope(each.requirements, [edition]))
    ]
    needed = {each.owner for each in new}
    groups = [each for each in proposals.owner_groups() if each.key in needed and each.key not in known.owners]
    return Addition(edition, serving, new, groups)


def _serving(uow: UnitOfWork, edition: str) -> Iterator[tuple[Obligation, tuple[str, ...]]]:
    """What is kept already and serves the edition too: as it was proposed, or through harmonised clauses."""
    proposed = {each.key: framework_rules.in_scope(each.requirements, [edition]) for each in proposals.proposals()}
    for each in programme_queries.living(uow):
        if each.kind is not Kind.CERTIFICATION:
            meant = (*proposed.get(each.key, ()), *overlap.serves(each.requirements, [edition]))
            gained = tuple(dict.fromkeys(name for name in meant if name not in each.requirements))
            if gained:
                yield each, gained


def may_end(deed: Deed, *, edition: str) -> str:
    """The name of a standard that a lead may end. Raises as `end` does, but for the reason."""
    followed = settings(deed).workspace.standards
    standard = framework_rules.catalogue(edition).standard
    if edition not in followed:
        raise AlreadyDecided(what=Thing.NAMED, called=standard, state="ended", by=None)
    if followed == [edition]:
        raise LastStandard(standard=standard)
    return standard
