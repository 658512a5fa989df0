"""The third step of a plan: whom to ask. Proposed from the audiences of its template, and confirmed by the auditor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditPlan, AuditSlice, AuditState, DeskAudit, Mode
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.desk_audits import choosing_people, team
from workflows.desk_audits.choosing_people import LeftOut
from workflows.desk_audits.plan_templates import audiences, template_of
from workflows.desk_audits.plans import Planned, is_settled, planned, to_change
from workflows.desk_audits.refusals import CannotBeAsked
from workflows.question_bank.shapes import Slice
from workflows.refusals import InputWanted
from workflows.wishes import Wish

LONGEST_TEXT = 3_000
NEVER_ASKED = (LeftOut.BOT, LeftOut.ACCOUNT_CLOSED, LeftOut.IN_THE_TEAM, LeftOut.REPORTS_TO_THE_TEAM)
"""Those whom no reason brings in; guests and people who are away can be picked with one."""


def propose_people(deed: Deed, plan: AuditPlan) -> None:
    """Who belongs to each audience now, who can't be asked, and whom the seed draws; what was confirmed stays."""
    if Mode.INTERVIEW not in plan.modes:
        return
    audit = deed.uow.get(DeskAudit, plan.desk_audit_id)
    known = desk_audit_queries.slices(deed.uow, audit.id)
    elsewhere: set[str] = set()
    for number, each in enumerate(template_of(audit).ask):
        before = known[number] if number < len(known) else None
        elsewhere.update(_proposed(deed, plan, each, before, elsewhere).people)


def _proposed(deed: Deed, plan: AuditPlan, of: Slice, before: AuditSlice | None, elsewhere: set[str]) -> AuditSlice:
    there = _choice(deed, plan, of, elsewhere)
    values = _drawn(deed, plan, of, before, there)
    if before is None:
        added = AuditSlice(desk_audit_id=plan.desk_audit_id, audience=of.audience, **values)
        return deed.uow.add(added.model_copy(update={"question_ids": list(of.questions), "people": added.drawn}))
    if before.confirmed_at and not any(each in there.left_out for each in before.people):
        return deed.uow.change(before, **values)
    return deed.uow.change(before, **values, people=values["drawn"], confirmed_by=None, confirmed_at=None)


def _choice(deed: Deed, plan: AuditPlan, of: Slice, elsewhere: set[str]) -> choosing_people.Choice:
    found = choosing_people.population(deed.uow, audiences()[of.audience], plan.requirements, deed.today)
    members = {each.person_id for each in desk_audit_queries.members(deed.uow, plan.desk_audit_id)}
    return choosing_people.choice(deed.uow, found, team=members, elsewhere=elsewhere, on=plan.ends_on)


def _drawn(
    deed: Deed, plan: AuditPlan, of: Slice, before: AuditSlice | None, there: choosing_people.Choice
) -> dict[str, Any]:
    """The columns of a draw. Its seed stays for ever, and so does the number that was confirmed."""
    is_confirmed = before is not None and before.confirmed_at is not None
    usual = choosing_people.wanted_of(of.people, there.eligible, plan.auditee_id)
    wanted = min(before.wanted, len(there.eligible)) if before and is_confirmed else usual
    seed = before.seed if before else choosing_people.seed_of(deed.today, plan.desk_audit_id)
    return {
        "population": list(there.population),
        "left_out": [{"person": person, "why": why.value} for person, why in there.left_out.items()],
        "wanted": wanted,
        "seed": seed,
        "drawn": choosing_people.drawn(there.eligible, wanted, seed, owner=plan.auditee_id),
    }


@dataclass(frozen=True)
class Chosen:
    """What the auditor says of one slice: how many, as it was typed, and whom."""

    wanted: str
    people: tuple[str, ...]


def choose(
    deed: Deed,
    *,
    audit_id: int,
    version: int,
    chosen: Mapping[int, Chosen],
    reason: str,
    exceptions: Mapping[str, str],
) -> Planned:
    """Confirm whom to ask, or have another number drawn; and write down why somebody audits though a check failed.

    Where another number is drawn nothing is confirmed yet: whoever chooses looks at it first.
    Raises as `to_change` does, and `InputWanted` or `CannotBeAsked`.
    """
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.PLANNED])
    others = [each for each in known.slices if _choose(deed, known, each, chosen.get(each.id), reason)]
    for member in known.team:
        if said := exceptions.get(member.person_id, "").strip()[:LONGEST_TEXT]:
            deed.uow.change(member, exception=said)
    plan = deed.uow.change(known.plan)
    team.check_again(deed.uow, plan)
    deed.record("audit_plan.choose", plan, people=planned(deed.uow, plan).asked, others_than_drawn=len(others))
    if is_settled(now := planned(deed.uow, plan)):
        planners = dict.fromkeys([deed.by, now.audit.auditor_id])
        deed.message(planners, plan, "audit_plan.card", what=("planned",), at_once=True)
    deed.redraw(plan)
    return now


def _choose(deed: Deed, known: Planned, of: AuditSlice, said: Chosen | None, reason: str) -> bool:
    """Keep what was said of one slice; True where others are asked than were drawn."""
    if said is None:
        return False
    eligible = [each for each in of.population if each not in {one["person"] for one in of.left_out}]
    wanted = _wanted(of, said.wanted, eligible, known.plan.auditee_id)
    if wanted != of.wanted:
        drawn = choosing_people.drawn(eligible, wanted, of.seed, owner=known.plan.auditee_id)
        deed.uow.change(of, wanted=wanted, drawn=drawn, people=drawn, confirmed_by=None, confirmed_at=None)
        return False
    _must_be_askable(deed, known, of, said.people)
    differs = set(said.people) != set(of.drawn)
    if differs and not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_OTHERS)
    values = {"people": list(said.people), "reason": reason.strip()[:LONGEST_TEXT] if differs else ""}
    deed.uow.change(of, **values, confirmed_by=deed.by, confirmed_at=deed.at)
    return differs


def _wanted(of: AuditSlice, typed: str, eligible: Sequence[str], owner: str) -> int:
    try:
        return choosing_people.wanted_of(typed.strip().casefold() or str(of.wanted), eligible, owner)
    except ValueError:
        raise InputWanted(f"wanted_{of.id}", Wish.ENTER_HOW_MANY) from None


def _must_be_askable(deed: Deed, known: Planned, of: AuditSlice, people: Sequence[str]) -> None:
    members = {each.person_id for each in known.team}
    elsewhere = {person for each in known.slices if each.id < of.id for person in each.people}
    for person_id in people:
        why = choosing_people.why_not(deed.uow, person_id, team=members, elsewhere=elsewhere, on=known.plan.ends_on)
        if why in (*NEVER_ASKED, LeftOut.ASKED_ELSEWHERE):
            raise CannotBeAsked(called=_name(deed, person_id), why=why, field_name=f"people_{of.id}")


def _name(deed: Deed, person_id: str) -> str:
    known = people_queries.person(deed.uow, person_id)
    return known.name if known else person_id
