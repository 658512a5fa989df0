"""Frameworks room: which requirements apply and why, and the Statement of Applicability made of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from storage.engine.unit_of_work import JSON
from storage.frameworks import queries as framework_queries
from storage.frameworks.tables import Applicability, GapRating, StatementOfApplicability
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import readiness
from workflows.frameworks.refusals import MustApply, StatementIncomplete
from workflows.frameworks.rules import Catalogue, Requirement
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, InputWanted, Stale, Thing
from workflows.wishes import Wish

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


def decide(deed: Deed, *, reference: str, version: int, applies: bool | None, reason: str) -> Applicability:
    """A lead says whether a requirement applies, and why; `version` (0: none yet) guards what was seen.

    Raises `NotAllowed`, `MustApply`, `InputWanted` or `Stale`.
    """
    deed.must(Permission.DECIDE_WHAT_APPLIES)
    requirement = framework_questions.find(deed.uow, reference)
    if not requirement.may_be_left_out:
        raise MustApply(requirement.standard, requirement.number)
    if applies is None:
        raise InputWanted("applies", Wish.CHOOSE_ONE_OF_TWO)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_TO_AUDITOR)
    known = framework_queries.applicability(deed.uow, reference)
    if (known.version if known else 0) != version:
        raise Stale(Thing.DECISION_ON, requirement.number)
    return _put(deed, known, reference, applies=applies, reason=reason.strip())


def apply_the_rest(deed: Deed, *, edition: str, theme: str, reason: str) -> int:
    """Everything of a theme that nobody decided about applies, for one reason; returns how much that was."""
    deed.must(Permission.DECIDE_WHAT_APPLIES)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_THEY_APPLY)
    rest = [line.requirement for line in _statement(deed, edition).undecided if line.requirement.theme == theme]
    for each in rest:
        _put(deed, None, each.reference, applies=True, reason=reason.strip())
    return len(rest)


def _put(deed: Deed, known: Applicability | None, reference: str, *, applies: bool, reason: str) -> Applicability:
    values: dict[str, Any] = {"applies": applies, "reason": reason, "decided_by": deed.by, "decided_at": deed.at}
    row = deed.uow.change(known, **values) if known else deed.uow.add_once(Applicability(reference=reference, **values))
    if row is None:  # somebody else was first, on another replica
        raise Stale(Thing.THIS_DECISION)
    deed.record("applicability.decide", row, reference=reference, applies=applies, reason=reason, version=row.version)
    return row


def approve(deed: Deed, *, edition: str) -> StatementOfApplicability:
    """A lead approves what is decided now as the next version.

    Raises `NotAllowed`, `StatementIncomplete`, or `AlreadyDecided` when nothing has changed since the last version.
    """
    deed.must(Permission.APPROVE_STATEMENT_OF_APPLICABILITY)
    now = _statement(deed, edition)
    if now.undecided:
        raise StatementIncomplete(now.catalogue.standard, len(now.undecided))
    if now.approved and now.is_approved:
        raise AlreadyDecided(Thing.VERSION, "approved", now.approved.approved_by, called=now.approved.number)
    number = now.approved.number + 1 if now.approved else 1
    version = deed.uow.add_once(
        StatementOfApplicability(
            edition=edition, number=number, decisions=now.decisions, approved_by=deed.by, approved_at=deed.at
        )
    )
    if version is None:
        raise Stale(Thing.STATEMENT)
    deed.record("statement.approve", ("statement", edition), number=number, decisions=now.decisions)
    return version


def export(deed: Deed, *, edition: str) -> Statement:
    """The statement to be taken out of the house; that somebody did is on the trail."""
    found = statement(deed, edition=edition)
    deed.record("statement.export", ("statement", edition), version=found.approved.number if found.approved else None)
    return found


# --- questions ---


def statement(deed: Deed, *, edition: str) -> Statement:
    """What applies of one framework. Raises `NotAllowed`, or `KeyError` for a framework that is not there."""
    deed.must(Permission.SEE_STATEMENT_OF_APPLICABILITY)
    return _statement(deed, edition)


def statements(deed: Deed) -> list[Statement]:
    """One statement for each framework in scope of which something may be left out. Raises `NotAllowed`."""
    deed.must(Permission.SEE_STATEMENT_OF_APPLICABILITY)
    found = (_statement(deed, edition) for edition in framework_questions.scope(deed.uow))
    return [each for each in found if each.lines]


def to_decide(deed: Deed, *, reference: str) -> StatementLine:
    """One requirement with what was decided about it. Raises `NotAllowed`, or `MustApply`."""
    deed.must(Permission.DECIDE_WHAT_APPLIES)
    return to_look_at(deed, reference=reference)


def to_look_at(deed: Deed, *, reference: str) -> StatementLine:
    """The same for those who may only see it. Raises `NotAllowed`, or `MustApply`."""
    deed.must(Permission.SEE_STATEMENT_OF_APPLICABILITY)
    requirement = framework_questions.find(deed.uow, reference)
    if not requirement.may_be_left_out:
        raise MustApply(requirement.standard, requirement.number)
    [line] = _lines(deed, [requirement])
    return line


def _statement(deed: Deed, edition: str) -> Statement:
    catalogue = framework_questions.catalogue_of(deed.uow, edition)
    may_go = [each for each in catalogue.requirements.values() if each.may_be_left_out]
    return Statement(catalogue, tuple(_lines(deed, may_go)), framework_queries.latest_statement(deed.uow, edition))


def _lines(deed: Deed, requirements: Iterable[Requirement]) -> list[StatementLine]:
    decided, rated, shown = (
        framework_queries.applicabilities(deed.uow),
        framework_queries.gap_ratings(deed.uow),
        readiness.shown(deed.uow, deed.at),
    )
    return [
        StatementLine(each, decided.get(each.reference), rated.get(each.reference), each.reference in shown)
        for each in requirements
    ]
