"""What a lead writes down of the programme, in the order in which it is asked: obligations and certificates."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Choices, Line, Person

BY_RULE = "other"
"""The choice for a rhythm that is written as a rule."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a lead writes down for an obligation, as it was typed where it was typed.

    `owner_kind` is `person`, `group` or a role; the first two are named by `owner_id` and `group`. `rhythm` is one of
    the choices, or `BY_RULE` with the rule as `recurrence`.
    """

    title: Line
    purpose: str = ""
    kind: Choice
    urgency: Choice
    requirements: Line = ""
    owner_kind: Choice
    owner_id: Person | None = None
    group: Line = ""
    deputy_id: Person | None = None
    rhythm: Choice
    recurrence: Line = ""
    starts_on: date
    ends_on: date | None = None
    lead_days: Line
    evidence_wanted: Line = ""
    evidence_required: bool = False
    accepts: Choices = ()


@dataclass(frozen=True, kw_only=True)
class CertificateDates:
    """What a lead says about the certificate of an edition. Without `expires_on`, the printed date, it is counted."""

    state: Choice
    stage_1_on: date | None = None
    stage_2_on: date | None = None
    decided_on: date | None = None
    expires_on: date | None = None
    last_surveillance_on: date | None = None
    next_audit_on: date | None = None
    suspended_on: date | None = None
    transition_by: date | None = None
    certification_body: Line = ""
    scope: str = ""
    owner_id: Person
