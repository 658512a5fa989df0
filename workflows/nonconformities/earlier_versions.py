"""Cases that were issued before there were rounds and signatures of their own: they go on as what their rows tell."""

from collections.abc import Iterator

from storage.nonconformities import queries
from storage.nonconformities.tables import (
    Grade,
    Nonconformity,
    NonconformityRound,
    NonconformityState,
    Signature,
    Signs,
)
from workflows.deed import Deed
from workflows.nonconformities.questions import latest_response
from workflows.nudges.rules import local_day

State = NonconformityState

WAITS_FOR_REVIEW = (State.ISSUED, State.RESPONDING, State.PLAN_REVIEW)
WATCHED = (State.MONITORING, State.EFFECTIVENESS_REVIEW)


def take_over(deed: Deed, finding: Nonconformity) -> Nonconformity:
    """Give a case its first round, and the signatures that its row tells of; one that has them stays as it is.

    Whoever consented to a major's plan had reviewed it by the same act then; these signatures say that they were taken
    over.
    A major whose effect was confirmed waits in `effectiveness_review` no more, but for its second signature.
    """
    if finding.issued_at is None or finding.state in queries.ENDED or queries.rounds(deed.uow, finding.id):
        return finding
    began = local_day(deed.uow.workspace().zone, finding.issued_at)
    deed.uow.add(NonconformityRound(nonconformity_id=finding.id, number=1, began_on=began, begun_by="issue"))
    for signs, person in _told(deed, finding):
        deed.uow.add(_signature(finding, signs, person))
    waits = finding.state is State.EFFECTIVENESS_REVIEW and finding.effect_confirmed_by is not None
    taken = deed.uow.change(finding, state=State.SECOND_SIGNATURE if waits else finding.state)
    deed.by_itself.record("nonconformity.take_over_signatures", taken, number=taken.number, state=taken.state.value)
    return taken


def _told(deed: Deed, finding: Nonconformity) -> Iterator[tuple[Signs, str]]:
    response = latest_response(deed.uow, finding)
    reviewer = response.reviewed_by if response and finding.state not in WAITS_FOR_REVIEW else None
    is_watched = finding.state in WATCHED
    told = {
        Signs.GRADE: finding.issued_by,
        Signs.REVIEW: reviewer,
        Signs.CONSENT: reviewer if finding.grade is Grade.MAJOR else None,
        Signs.IMPLEMENTATION: finding.verified_by if is_watched else None,
        Signs.EFFECT: finding.effect_confirmed_by if is_watched else None,
    }
    yield from ((signs, person) for signs, person in told.items() if person)


def _signature(finding: Nonconformity, signs: Signs, person: str) -> Signature:
    return Signature(
        nonconformity_id=finding.id,
        round=1,
        signs=signs,
        person_id=person,
        version_seen=finding.version,
        checks=[{"check": "taken_over", "passed": True}],
        signed_at=finding.issued_at or finding.moved_at,
    )
