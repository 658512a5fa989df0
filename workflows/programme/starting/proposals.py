"""What is proposed to a lead who starts: the obligations that come with a standard, and who is asked for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Kind, Obligation
from workflows.dates import recurrence, workweek
from workflows.dates.workweek import WorkingDays
from workflows.files.data import read_data
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.programme import obligations
from workflows.programme.starting.answers import Answers


@dataclass(frozen=True)
class OwnerGroup:
    """A field of work whose owner the lead names: one person for several obligations."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True)
class Proposal:
    """A proposed obligation, before it has an owner and a date.

    `after_change`: it is to be looked at again when something significant changes.
    """

    key: str
    title: str
    purpose: str
    requirements: tuple[str, ...]
    owner: str
    recurrence: str
    first_due_days: int
    lead_days: int
    evidence_wanted: str
    evidence_required: bool
    kind: Kind
    after_change: bool = False


@cache
def owner_groups() -> tuple[OwnerGroup, ...]:
    """Every field of work."""
    return tuple(OwnerGroup(**group) for group in _programme()["owner_groups"])


@cache
def proposals() -> tuple[Proposal, ...]:
    """Every obligation that some standard brings with it."""
    rows: list[dict[str, Any]] = _programme()["obligations"]
    return tuple(
        Proposal(**{**row, "requirements": tuple(row["requirements"]), "kind": Kind(row["kind"])}) for row in rows
    )


def _programme() -> Any:
    return read_data("programme/programme.yaml")


def of_standards(standards: Iterable[str]) -> list[Proposal]:
    """The proposals that at least one of these standards asks for."""
    chosen = frozenset(standards)
    return [each for each in proposals() if framework_rules.in_scope(each.requirements, chosen)]


def groups_of(standards: Iterable[str]) -> list[OwnerGroup]:
    """The fields of work in which these standards ask for anything."""
    needed = {each.owner for each in of_standards(standards)}
    return [group for group in owner_groups() if group.key in needed]


def obligation(
    proposal: Proposal,
    standards: Sequence[str],
    owners: Mapping[str, str],
    deputies: Mapping[str, str],
    today: date,
    working: WorkingDays,
) -> Obligation:
    """The obligation that comes of a proposal: due first so many days from today, on a working day."""
    return Obligation(
        key=proposal.key,
        title=proposal.title,
        purpose=proposal.purpose,
        requirements=framework_rules.in_scope(proposal.requirements, standards),
        kind=proposal.kind,
        owner_id=owners.get(proposal.owner, ""),
        deputy_id=deputies.get(proposal.owner) or None,
        recurrence=proposal.recurrence,
        starts_on=working.on_or_before(today + timedelta(days=proposal.first_due_days)),
        lead_days=proposal.lead_days,
        evidence_wanted=proposal.evidence_wanted,
        evidence_required=proposal.evidence_required,
    )


# --- questions ---


def working_days_of(answers: Answers, zone: str) -> WorkingDays:
    """When the organisation will work: in the country chosen, or if none was, in that of its zone."""
    country = answers.country or workweek.country_of_zone(zone)
    return WorkingDays(frozenset(answers.weekdays) or workweek.MONDAY_TO_FRIDAY, country, answers.region)


def scope_of(uow: UnitOfWork, answers: Answers) -> list[str]:
    """The editions that will be followed, those of the organisation's own included."""
    return [
        *answers.standards,
        *(each for each in framework_questions.scope(uow) if each not in framework_rules.EDITIONS),
    ]


def proposed(uow: UnitOfWork, answers: Answers, *, zone: str, today: date) -> list[Obligation]:
    """The obligations as the answers want them, those that are left out included, in the order of the catalogue.

    Raises what `obligations.values` refuses, where a change was possible once and is not any more.
    """
    working = working_days_of(answers, zone)
    return [
        _changed(uow, answers, each.key)
        or obligation(each, answers.standards, answers.owners, answers.deputies, today, working)
        for each in of_standards(answers.standards)
    ]


def first_due(wanted: Obligation, working: WorkingDays) -> date:
    """The day on which an obligation is due for the first time: a rule may begin later than it starts to count."""
    return next(recurrence.dates(wanted.recurrence, wanted.starts_on, working))


def _changed(uow: UnitOfWork, answers: Answers, key: str) -> Obligation | None:
    wishes = answers.changed.get(key)
    if wishes is None:
        return None
    scope = scope_of(uow, answers)
    values = obligations.values(uow, wishes, scope)
    return Obligation(key=key, **values | {"requirements": framework_rules.in_scope(values["requirements"], scope)})
