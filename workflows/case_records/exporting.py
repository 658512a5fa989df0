"""Case records: the register as rows, for leads, auditors and management, as a spreadsheet or as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.nonconformities import queries
from storage.nonconformities.tables import Nonconformity
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import exceptions
from workflows.nonconformities.lifecycle import PHASES
from workflows.nudges.rules import local_day
from workflows.people.permissions import Permission


@dataclass(frozen=True)
class RegisterRow:
    """A case as a row; people by their names, and keys for what words name. Days are the organisation's."""

    number: int
    state: str
    phase: str
    grade: str
    requirement: str
    statement: str
    evidence: str
    place: str
    process: str
    source: str
    owner: str
    raised_on: date
    due_on: date | None
    closed_on: date | None
    rounds: int
    returned: int
    marks: tuple[str, ...]


def may_export(deed: Deed) -> None:
    """Raise `NotAllowed` unless the actor may take the whole register away."""
    deed.must(Permission.EXPORT_REGISTER)


def rows(deed: Deed) -> Iterator[RegisterRow]:
    """Every case, drafts and void ones included, by its number. Raises `NotAllowed`."""
    may_export(deed)
    names = {each.slack_id: each.name for each in people_queries.directory(deed.uow)}
    return (_row(deed, each, names.get(each.owner_id, each.owner_id)) for each in queries.every(deed.uow))


def _row(deed: Deed, case: Nonconformity, owner: str) -> RegisterRow:
    uow, zone = deed.uow, deed.uow.workspace().zone
    return RegisterRow(
        number=case.number,
        state=case.state.value,
        phase=PHASES.get(case.state, case.state).value,
        grade=case.grade.value if case.grade else "",
        requirement=case.criterion or _requirement(deed, case.requirement),
        statement=case.statement,
        evidence=case.evidence,
        place=case.place,
        process=case.process or "",
        source=case.source.value if case.source else "",
        owner=owner,
        raised_on=local_day(zone, case.raised_at),
        due_on=case.due_on,
        closed_on=local_day(zone, case.closed_at) if case.closed_at else None,
        rounds=len(queries.rounds(uow, case.id)),
        returned=sum(bool(each.review_comment) for each in queries.responses(uow, case.id)),
        marks=tuple(mark.value for mark in exceptions.of_case(uow, case, deed.today)),
    )


def _requirement(deed: Deed, reference: str) -> str:
    if not reference:
        return ""
    found = framework_questions.find(deed.uow, reference)
    return f"{found.standard} {found.number}"
