"""Who may make which move, who must act next, and why nobody judges own work.

The verifier is neither owner nor submitter nor giver of evidence, as the follow-up of an audit expects.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity
from storage.people.tables import Role
from workflows.evidence import verdicts
from workflows.nonconformities.refusals import OwnCorrection
from workflows.nonconformities.rules import MOVES, State
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, NotAllowed, Stale, Thing, Tried, WhoMay


def _owner(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    if actor.person_id != finding.owner_id:
        raise NotAllowed(Tried.DO_THIS, WhoMay.OWNER, finding.owner_id)


def _issuer(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    actor.must(Permission.ISSUE_NONCONFORMITY)
    _not_own(finding.number, actor, {finding.owner_id})


def _plan_reviewer(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    """Whoever may consent to the plan for a major may return it too."""
    if finding.grade is not Grade.MAJOR or not actor.may(Permission.CONSENT_TO_MAJOR):
        actor.must(Permission.REVIEW_RESPONSE)
    _not_own(finding.number, actor, _who_did_the_work(uow, finding))


def _plan_accepter(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    if finding.grade is Grade.MAJOR:
        actor.must(Permission.CONSENT_TO_MAJOR)
    _plan_reviewer(uow, finding, actor)


def _verifier(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    actor.must(Permission.VERIFY_CORRECTION)
    _not_own(finding.number, actor, _who_did_the_work(uow, finding))


def _judge_of_effect(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    _verifier(uow, finding, actor)
    if finding.effect_confirmed_by is not None:
        raise AlreadyDecided(
            what=Thing.NAMED, called=f"NC-{finding.number}", state="co_sign", by=finding.effect_confirmed_by
        )


def _co_signer(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> None:
    actor.must(Permission.CO_SIGN_MAJOR)
    if finding.effect_confirmed_by is None:
        raise Stale(Thing.NAMED, f"NC-{finding.number}")
    _not_own(finding.number, actor, _who_did_the_work(uow, finding) | {finding.effect_confirmed_by})


def _not_own(number: int, actor: Actor, doers: set[str]) -> None:
    if actor.person_id in doers:
        raise OwnCorrection(number=number)


def _who_did_the_work(uow: UnitOfWork, finding: Nonconformity) -> set[str]:
    """Owner, submitters of every round and everybody who gave evidence: none of them is independent."""
    submitters = {each.submitted_by for each in nonconformity_queries.responses(uow, finding.id)}
    givers = verdicts.givers(evidence_queries.for_nonconformity(uow, finding.id))
    return {finding.owner_id} | submitters | givers


MAY_MOVE: Mapping[str, Callable[[UnitOfWork, Nonconformity, Actor], None]] = MappingProxyType(
    {
        "issue": _issuer,
        "discard": _issuer,
        "acknowledge": _owner,
        "respond": _owner,
        "return_plan": _plan_reviewer,
        "accept_plan": _plan_accepter,
        "claim_done": _owner,
        "reject_implementation": _verifier,
        "confirm_implementation": _verifier,
        "confirm_ineffective": _judge_of_effect,
        "confirm_effective": _judge_of_effect,
        "co_sign": _co_signer,
    }
)
"""Who may make a person's move: raises `NotAllowed` or `OwnCorrection` when the actor may not."""


def moves_for(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> frozenset[str]:
    """The moves this person can make now: exactly these have buttons on the card."""
    begins_here = [move for move, (begins, _) in MOVES.items() if begins is finding.state and move in MAY_MOVE]
    return frozenset(move for move in begins_here if _allows(uow, finding, actor, move))


def _allows(uow: UnitOfWork, finding: Nonconformity, actor: Actor, move: str) -> bool:
    try:
        MAY_MOVE[move](uow, finding, actor)
    except (NotAllowed, OwnCorrection, AlreadyDecided, Stale):
        return False
    return True


def actors_next(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """Who must act now. Nobody while the effect is being watched, and nobody once it is over."""
    return [person for person in _candidates(uow, finding) if people_questions.reachable(uow, person)]


def _candidates(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    owners = (State.ISSUED, State.RESPONDING, State.IMPLEMENTING)
    if finding.state in owners:
        return [finding.owner_id]
    rules: Mapping[State, Callable[[], list[str]]] = {
        State.DRAFT: lambda: _independent(uow, finding, [finding.raised_by], _leads_and_auditors(uow)),
        State.PLAN_REVIEW: lambda: _plan_reviewers(uow, finding),
        State.VERIFYING: lambda: _verifiers(uow, finding),
        State.EFFECTIVENESS_REVIEW: lambda: _judges_of_effect(uow, finding),
    }
    return rules[finding.state]() if finding.state in rules else []


def _plan_reviewers(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    if finding.grade is Grade.MAJOR:
        return _independent(uow, finding, people_questions.holders(uow, Role.MANAGEMENT))
    return _independent(uow, finding, [finding.issued_by or finding.raised_by], _leads_and_auditors(uow))


def _verifiers(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """For a minor the leads; for a major the auditors, so that a lead is left for the second signature."""
    first = Role.AUDITOR if finding.grade is Grade.MAJOR else Role.LEAD
    return _independent(uow, finding, people_questions.holders(uow, first), _leads_and_auditors(uow))


def _judges_of_effect(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    confirmed_by = finding.effect_confirmed_by
    if confirmed_by is None:
        return _independent(uow, finding, [finding.verified_by or finding.raised_by], _leads_and_auditors(uow))
    leads, management = people_questions.holders(uow, Role.LEAD), people_questions.holders(uow, Role.MANAGEMENT)
    return [each for each in _independent(uow, finding, _but(confirmed_by, leads), management) if each != confirmed_by]


def _leads_and_auditors(uow: UnitOfWork) -> list[str]:
    return list(dict.fromkeys(people_questions.holders(uow, Role.LEAD) + people_questions.holders(uow, Role.AUDITOR)))


def _but(person: str, persons: list[str]) -> list[str]:
    return [each for each in persons if each != person]


def _independent(uow: UnitOfWork, finding: Nonconformity, *choices: list[str]) -> list[str]:
    """Those of the first choice who did none of the work; if there are none, those of the next."""
    doers = _who_did_the_work(uow, finding)
    found = ([person for person in choice if person not in doers] for choice in choices)
    return next((chosen for chosen in found if chosen), [])
