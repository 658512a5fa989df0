"""Frameworks room: which requirements apply and why, and the Statement of Applicability made of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.frameworks.tables import Applicability, GapRating, StatementOfApplicability
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import readiness
from workflows.frameworks.refusals import MustApply, StatementIncomplete
from workflows.frameworks.rules import Catalogue, Requirement
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, Stale

# --- rules ---


@dataclass(frozen=True)
class StatementLine:
    """A requirement that may be left out: what was decided, how well it is met, whether fresh evidence shows it."""

    requirement: Requirement
    decision: Applicability | None
    rating: GapRating | None
    is_shown: bool


@dataclass(frozen=True)
class Statement:
    """What applies of one framework, as decided now. `approved` is the latest version that somebody signed."""

    catalogue: Catalogue
    lines: tuple[StatementLine, ...]
    approved: StatementOfApplicability | None

    @property
    def undecided(self) -> list[StatementLine]:
        """Requirements nobody has decided about, in the order of the standard."""
        return [line for line in self.lines if line.decision is None]

    @property
    def decisions(self) -> dict[str, JSON]:
        """Every decision, as an approved version keeps it."""
        return {line.requirement.number: _kept(line.decision) for line in self.lines if line.decision}

    @property
    def is_approved(self) -> bool:
        """Whether the latest approved version says what is decided now."""
        return self.approved is not None and self.approved.decisions == self.decisions

    def after(self, number: str) -> StatementLine | None:
        """The next undecided requirement behind this one, else the first there is."""
        order = [line.requirement.number for line in self.lines]
        place = order.index(number) if number in order else -1
        behind = [line for line in self.undecided if order.index(line.requirement.number) > place]
        return next(iter([*behind, *self.undecided]), None)


def _kept(decision: Applicability) -> Mapping[str, JSON]:
    return {"applies": decision.applies, "reason": decision.reason}


# --- commands ---


def decide(
    uow: UnitOfWork,
    actor: Actor,
    *,
    reference: str,
    version: int,
    applies: bool | None,
    reason: str,
    at: datetime,
) -> Applicability:
    """A lead says whether a requirement applies, and why; `version` (0: none yet) guards what was seen.

    Raises `NotAllowed`, `MustApply`, `InputWanted` or `Stale`.
    """
    actor.must("decide what applies")
    requirement = framework_questions.find(uow, reference)
    if not requirement.may_be_left_out:
        raise MustApply(requirement.standard, requirement.number)
    if applies is None:
        raise InputWanted("applies", "choose one of the two")
    if not reason.strip():
        raise InputWanted("reason", "say why, in a sentence; an auditor will ask either way")
    known = framework_queries.applicability(uow, reference)
    if (known.version if known else 0) != version:
        raise Stale(what=f"The decision on {requirement.number}")
    return _put(uow, actor, known, reference, applies=applies, reason=reason.strip(), at=at)


def apply_the_rest(uow: UnitOfWork, actor: Actor, *, edition: str, theme: str, reason: str, at: datetime) -> int:
    """Everything of a theme that nobody decided about applies, for one reason; returns how much that was."""
    actor.must("decide what applies")
    if not reason.strip():
        raise InputWanted("reason", "say why they apply, in a sentence")
    rest = [line.requirement for line in _statement(uow, edition, at).undecided if line.requirement.theme == theme]
    for each in rest:
        _put(uow, actor, None, each.reference, applies=True, reason=reason.strip(), at=at)
    return len(rest)


def _put(
    uow: UnitOfWork,
    actor: Actor,
    known: Applicability | None,
    reference: str,
    *,
    applies: bool,
    reason: str,
    at: datetime,
) -> Applicability:
    values: dict[str, Any] = {"applies": applies, "reason": reason, "decided_by": actor.person_id, "decided_at": at}
    row = uow.change(known, **values) if known else uow.add_once(Applicability(reference=reference, **values))
    if row is None:  # somebody else was first, on another replica
        raise Stale(what="This decision")
    uow.record(
        actor=actor.person_id,
        verb="applicability.decide",
        subject="applicability",
        subject_id=row.id,
        at=at,
        details={"reference": reference, "applies": applies, "reason": reason, "version": row.version},
    )
    return row


def approve(uow: UnitOfWork, actor: Actor, *, edition: str, at: datetime) -> StatementOfApplicability:
    """A lead approves what is decided now as the next version.

    Raises `NotAllowed`, `StatementIncomplete`, or `AlreadyDecided` when nothing has changed since the last version.
    """
    actor.must("approve the Statement of Applicability")
    now = _statement(uow, edition, at)
    if now.undecided:
        raise StatementIncomplete(now.catalogue.standard, len(now.undecided))
    if now.approved and now.is_approved:
        raise AlreadyDecided(f"Version {now.approved.number}", "approved", now.approved.approved_by)
    number = now.approved.number + 1 if now.approved else 1
    version = uow.add_once(
        StatementOfApplicability(
            edition=edition, number=number, decisions=now.decisions, approved_by=actor.person_id, approved_at=at
        )
    )
    if version is None:
        raise Stale(what="The statement")
    _record(uow, actor, "statement.approve", edition, at, {"number": number, "decisions": now.decisions})
    return version


def export(uow: UnitOfWork, actor: Actor, *, edition: str, at: datetime) -> Statement:
    """The statement to be taken out of the house; that somebody did is on the trail."""
    found = statement(uow, actor, edition=edition, at=at)
    _record(uow, actor, "statement.export", edition, at, {"version": found.approved.number if found.approved else None})
    return found


def _record(uow: UnitOfWork, actor: Actor, verb: str, edition: str, at: datetime, details: Mapping[str, JSON]) -> None:
    uow.record(actor=actor.person_id, verb=verb, subject="statement", subject_id=edition, at=at, details=details)


# --- questions ---


def statement(uow: UnitOfWork, actor: Actor, *, edition: str, at: datetime) -> Statement:
    """What applies of one framework. Raises `NotAllowed`, or `KeyError` for a framework that is not there."""
    actor.must("see the frameworks")
    return _statement(uow, edition, at)


def statements(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[Statement]:
    """One statement for each framework in scope of which something may be left out. Raises `NotAllowed`."""
    actor.must("see the frameworks")
    found = (_statement(uow, edition, at) for edition in framework_questions.scope(uow))
    return [each for each in found if each.lines]


def to_decide(uow: UnitOfWork, actor: Actor, *, reference: str, at: datetime) -> StatementLine:
    """One requirement with what was decided about it. Raises `NotAllowed`, or `MustApply`."""
    actor.must("decide what applies")
    return to_look_at(uow, actor, reference=reference, at=at)


def to_look_at(uow: UnitOfWork, actor: Actor, *, reference: str, at: datetime) -> StatementLine:
    """The same for those who may only see it. Raises `NotAllowed`, or `MustApply`."""
    actor.must("see the frameworks")
    requirement = framework_questions.find(uow, reference)
    if not requirement.may_be_left_out:
        raise MustApply(requirement.standard, requirement.number)
    [line] = _lines(uow, [requirement], at)
    return line


def _statement(uow: UnitOfWork, edition: str, at: datetime) -> Statement:
    catalogue = framework_questions.catalogue_of(uow, edition)
    may_go = [each for each in catalogue.requirements.values() if each.may_be_left_out]
    return Statement(catalogue, tuple(_lines(uow, may_go, at)), framework_queries.latest_statement(uow, edition))


def _lines(uow: UnitOfWork, requirements: Iterable[Requirement], at: datetime) -> list[StatementLine]:
    decided, rated, shown = (
        framework_queries.applicabilities(uow),
        framework_queries.gap_ratings(uow),
        readiness.shown(uow, at),
    )
    return [
        StatementLine(each, decided.get(each.reference), rated.get(each.reference), each.reference in shown)
        for each in requirements
    ]
