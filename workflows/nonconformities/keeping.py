"""The seats of a case: another owner, another judge, somebody from outside, and a manager where there is none."""

from datetime import date

from storage.nonconformities.tables import CaseAccess, NamedSeat, Nonconformity, Seat
from workflows.deed import Deed
from workflows.nonconformities import cases, drafts, needs
from workflows.nonconformities.answers import must_be_an_insider
from workflows.nonconformities.carrying_out import planned
from workflows.nonconformities.lifecycle import BALL
from workflows.nonconformities.moving import move_on, to_move
from workflows.nonconformities.saying import want
from workflows.nonconformities.shapes import Outsider
from workflows.packs.auditors import LONGEST_ACCESS
from workflows.people import questions as people_questions
from workflows.refusals import EndBeforeStart, InputWanted
from workflows.wishes import Wish


def reassign_owner(deed: Deed, *, nonconformity_id: int, version: int, owner_id: str, reason: str) -> Nonconformity:
    """Another owner takes over, with the limits as they stand. What they signed before lapses."""
    finding = to_move(deed, "reassign_owner", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    people_questions.must_be_an_owner(deed.uow, owner_id)
    must_be_an_insider(deed.uow, owner_id, "owner_id")
    if owner_id == finding.owner_id:
        raise InputWanted("owner_id", Wish.CHOOSE_OWNER)
    _name(deed, finding, Seat.OWNER, owner_id, reason)
    earlier = [*dict.fromkeys([*(finding.earlier_owners or ()), finding.owner_id])]
    said = {"from": finding.owner_id, "to": owner_id, "reason": reason.strip()}
    _hand_on_work(deed, finding, owner_id)
    return move_on(deed, finding, "reassign_owner", said, owner_id=owner_id, earlier_owners=earlier)


def _hand_on_work(deed: Deed, finding: Nonconformity, owner_id: str) -> None:
    """What the owner was still to do themselves goes along with the case, so that it waits for nobody who has gone."""
    for each in (*planned(deed, finding), *drafts.actions(deed.uow, finding)):
        if each.assignee_id == finding.owner_id and each.state in needs.STILL_TO_BE_DONE:
            deed.uow.change(each, assignee_id=owner_id)


def reassign_judge(deed: Deed, *, nonconformity_id: int, version: int, person_id: str, reason: str) -> Nonconformity:
    """Another one of those who may is asked first."""
    finding = to_move(deed, "reassign_judge", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    seat = BALL[finding.state]
    if person_id not in cases.filling(deed.uow, finding, seat).people:
        raise InputWanted("person_id", Wish.CHOOSE_FREE_JUDGE)
    _name(deed, finding, seat, person_id, reason)
    return move_on(deed, finding, "reassign_judge", {"seat": seat.value, "to": person_id, "reason": reason.strip()})


def call_outsider(deed: Deed, *, nonconformity_id: int, version: int, outsider: Outsider) -> Nonconformity:
    """Somebody from outside gets access to this case for some days, to judge and to sign (92 days at most).

    They hold no role here, and what ties them to the work and shows that they can judge it is on record.
    """
    finding = to_move(deed, "call_outsider", nonconformity_id, version)
    _must_be_from_outside(deed, finding, outsider)
    called = deed.uow.add(
        CaseAccess(
            nonconformity_id=finding.id,
            person_id=outsider.person_id,
            starts_on=outsider.starts_on,
            ends_on=outsider.ends_on,
            competence=outsider.competence.strip(),
            independence=outsider.independence.strip(),
            is_open=outsider.starts_on <= deed.today,
            mark=cases.filling(deed.uow, finding, Seat.KEEPER, acting=deed.by).mark,
            called_by=deed.by,
            called_at=deed.at,
        )
    )
    said = {"person": called.person_id, "from": called.starts_on.isoformat(), "until": called.ends_on.isoformat()}
    return move_on(deed, finding, "call_outsider", said)


def _must_be_from_outside(deed: Deed, finding: Nonconformity, outsider: Outsider) -> None:
    want(outsider.independence, "independence", Wish.SAY_WHAT_TIES_THEM)
    want(outsider.competence, "competence", Wish.SAY_WHAT_SHOWS_THEY_CAN)
    if not people_questions.reachable(deed.uow, outsider.person_id):
        raise InputWanted("person_id", Wish.CHOOSE_REACHABLE_PERSON)
    has_a_part = outsider.person_id in cases.doers(deed.uow, finding)
    if has_a_part or people_questions.actor(deed.uow, outsider.person_id).roles:
        raise InputWanted("person_id", Wish.CHOOSE_SOMEONE_EXTERNAL)
    _must_be_days(outsider.starts_on, outsider.ends_on, deed.today)


def _must_be_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise EndBeforeStart(first, last, field_name="ends_on")
    if last < today:
        raise InputWanted("ends_on", Wish.CHOOSE_LAST_DAY)
    if last - first > LONGEST_ACCESS:
        raise InputWanted("ends_on", Wish.CHOOSE_DATE_WITHIN, {"days": LONGEST_ACCESS.days})


def name_manager(deed: Deed, *, nonconformity_id: int, version: int, person_id: str, reason: str) -> Nonconformity:
    """Where nobody has the role of management, somebody in the house is named for this case."""
    finding = to_move(deed, "name_manager", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    must_be_an_insider(deed.uow, person_id, "person_id")
    _name(deed, finding, Seat.CONSENTER, person_id, reason)
    return move_on(deed, finding, "name_manager", {"to": person_id, "reason": reason.strip()})


def _name(deed: Deed, finding: Nonconformity, seat: Seat, person_id: str, reason: str) -> None:
    mark = cases.filling(deed.uow, finding, Seat.KEEPER, acting=deed.by).mark
    deed.uow.add(
        NamedSeat(
            nonconformity_id=finding.id,
            seat=seat,
            person_id=person_id,
            reason=reason.strip(),
            mark=mark,
            named_by=deed.by,
            named_at=deed.at,
        )
    )
