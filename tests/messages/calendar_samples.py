"""Samples of what the calendar says: obligations, certificates, the month and its feeds."""

from collections.abc import Callable
from datetime import date

from messages import obligations
from messages.kit import Message, Modal
from messages.payloads import ObligationRef
from messages.recurrence import Rhythm
from tests.messages.values import DAVID, DUE, JONAS, Say, requirement

OBLIGATION = ObligationRef(obligation=3, version=2)
RHYTHM = Rhythm("MONTHLY", interval=3, until=date(2030, 12, 31), month_days=(-1,), workday="BEFORE")


def obligation_list(say: Say) -> Message:
    owners = [("person", JONAS), ("role", "auditor"), ("group", "S0QUALITY")]
    items = [
        obligations.ObligationItem(
            ref=OBLIGATION,
            title=say("Review who has access"),
            requirements=[requirement(say)],
            owner=owner,
            owner_kind=kind,
            deputy_id=DAVID,
            rhythm=RHYTHM,
            next_due=DUE,
            ends_on=DUE,
            is_paused=kind == "role",
            may_change=True,
        )
        for kind, owner in owners
    ]
    return obligations.listing(items, page=2, pages=3, total=19, may_change=True)


def obligation_form(say: Say, ref: ObligationRef | None = None) -> Modal:
    draft = obligations.ObligationDraft(
        title=say("Review who has access"),
        purpose=say("People change jobs"),
        requirements=say("A.5.18"),
        owner_id=JONAS,
        deputy_id=DAVID,
        starts_on=DUE,
        evidence_wanted=say("The signed list"),
    )
    return obligations.form(draft, rhythms=[("month_end", RHYTHM)], ref=ref)


def calendar_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every one by name."""
    return {
        "obligations": obligation_list,
        "obligations, none": lambda _: obligations.listing([], page=1, pages=1, total=0, may_change=True),
        "obligation form": obligation_form,
        "obligation form, change": lambda say: obligation_form(say, ref=OBLIGATION),
    }
