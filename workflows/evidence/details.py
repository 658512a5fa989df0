"""Evidence room: what is said about a piece of evidence: its period, who may read it, and what holds it."""

from collections.abc import Mapping

from storage.engine.unit_of_work import JSON
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Classification, Evidence, Verdict
from workflows.deed import Deed
from workflows.evidence import retention, reuse
from workflows.evidence.shapes import Details
from workflows.people.permissions import Permission, who_may
from workflows.refusals import EndBeforeStart, InputWanted, NotAllowed, Stale, Thing, Tried, want_all
from workflows.shapes import values_of
from workflows.tasks.refusals import NothingKept
from workflows.wishes import Wish


def _spoken(values: Mapping[str, object]) -> dict[str, JSON]:
    """Values as they stand on the trail."""
    plain = (bool, type(None))
    return {name: value if isinstance(value, plain) else str(value) for name, value in values.items()}


# --- commands ---


def describe(deed: Deed, *, evidence_id: int, version: int, details: Details) -> Evidence:
    """Say what a file shows and who may read it; only leads put on or lift a legal hold.

    Raises `NotAllowed`, `NothingKept`, `InputWanted`, `EndBeforeStart` or `Stale`.
    """
    evidence = to_describe(deed, evidence_id=evidence_id)
    if evidence.version != version:
        raise Stale(Thing.NAMED, evidence.name)
    want_all(details)
    if details.collected_on > deed.today:
        raise InputWanted("collected_on", Wish.CHOOSE_DATE_UP_TO_TODAY)
    wanted = {**values_of(details), "classification": Classification(details.classification)}
    if details.legal_hold is None:
        del wanted["legal_hold"]
    if wanted.get("legal_hold", evidence.legal_hold) != evidence.legal_hold:
        deed.must(Permission.PUT_EVIDENCE_ON_HOLD)
    if details.period_begins and details.period_ends and details.period_ends < details.period_begins:
        raise EndBeforeStart(details.period_begins, details.period_ends, field_name="period_ends")
    described = retention.plan(deed.uow, deed.uow.change(evidence, **wanted))
    deed.record(
        "evidence.describe",
        evidence,
        before=_spoken({name: getattr(evidence, name) for name in wanted}),
        after=_spoken(wanted),
    )
    return described


# --- questions ---


def may_describe(deed: Deed, evidence: Evidence) -> bool:
    """Whether `to_describe` would let the actor."""
    try:
        to_describe(deed, evidence_id=evidence.id)
    except (NotAllowed, NothingKept):
        return False
    return True


def to_describe(deed: Deed, *, evidence_id: int) -> Evidence:
    """A kept file about which the actor may say more: its giver until it is accepted, leads always.

    Raises `NotAllowed` or `NothingKept`.
    """
    evidence = reuse.to_extend(deed, evidence_id=evidence_id)
    accepted = any(use.verdict is Verdict.ACCEPTED for use in evidence_queries.uses_of(deed.uow, evidence.id))
    if accepted and not deed.may(Permission.PUT_EVIDENCE_ON_HOLD):
        raise NotAllowed(Tried.CHANGE_DETAILS_OF_ACCEPTED, who_may(Permission.PUT_EVIDENCE_ON_HOLD))
    return evidence
