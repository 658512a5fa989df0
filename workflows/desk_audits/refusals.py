"""Desk audits: what it says no to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.desk_audits.tables import AuditState
from workflows.desk_audits.choosing_people import LeftOut
from workflows.refusals import OfAField, Refusal


class Missing(StrEnum):
    """What a plan can't go out or begin without; its words are in `plan_not_ready.j2`."""

    PEOPLE = "people"
    EXCEPTIONS = "exceptions"
    DAYS = "days"
    LEAD = "lead_missing"


@dataclass(eq=False)
class PlanNotReady(Refusal):
    """Something is still to be settled before others are told of an audit, or asked."""

    missing: Sequence[Missing]


@dataclass(eq=False)
class LeadIsAudited(OfAField, Refusal):
    """Whoever answers for what is audited can't lead the audit, whatever is written down."""

    field_name: str = ""


@dataclass(eq=False)
class LeadOwnsFinding(OfAField, Refusal):
    """Whoever answers for something that an audit found can't lead it and judge that; `others` are those who could."""

    others: tuple[str, ...]
    field_name: str = "lead_id"


@dataclass(eq=False)
class CannotBeAsked(OfAField, Refusal):
    """Somebody was chosen who can't be asked: no account, part of the team, or a report of it."""

    called: str
    why: LeftOut
    field_name: str = ""


@dataclass(eq=False)
class DeskClosed(Refusal):
    """The report of an audit is signed (`reported`), or it was withdrawn: what is on record of it stays as it is."""

    audit: int
    state: AuditState
    lead: str


@dataclass(eq=False)
class OwnCompetence(OfAField, Refusal):
    """Nobody vouches for their own competence."""

    field_name: str = "person_id"


@dataclass(eq=False)
class OwnArea(Refusal):
    """Nobody reads what others say about an area that they own or manage; `can_go_on` are those who may instead."""

    audit: int
    can_go_on: tuple[str, ...]
