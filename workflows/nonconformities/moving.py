"""How a case moves: the gate before an event, the row, signatures, the trail, the cards, and whoever is told next."""

from collections.abc import Mapping
from datetime import timedelta

from storage.engine.unit_of_work import JSON
from storage.nonconformities import queries
from storage.nonconformities.tables import Grade, Mark, Nonconformity, NonconformityRound, Signature, Signs
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.nonconformities import cases, earlier_versions, independence, settling
from workflows.nonconformities.lifecycle import EVENTS, Event, Lapse, State, Target, lapsing
from workflows.nonconformities.limits import Clock, due_on
from workflows.nonconformities.questions import graded, latest_response
from workflows.people import rules as people_rules
from workflows.people import working_days
from workflows.refusals import AlreadyDecided, Stale, Thing


def to_move(deed: Deed, verb: str, nonconformity_id: int, version: int) -> Nonconformity:
    """The finding, once it is sure that this person may do this now, and judges what they saw.

    Raises `AlreadyDecided`, `NotAllowed`, `OwnCorrection`, `NotYourSeat`, `Stale` or `NotYet`.
    """
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    taken = earlier_versions.take_over(deed, finding)
    _must_be_able_to(deed, taken, verb, has_seen=version == finding.version)
    return taken


def _must_be_able_to(deed: Deed, finding: Nonconformity, verb: str, *, has_seen: bool) -> None:
    event = EVENTS[verb]
    if finding.state not in event.begins:
        raise AlreadyDecided(what=Thing.NAMED, called=f"NC-{finding.number}", state=finding.state.value, by=None)
    independence.must_sit(deed.uow, finding, verb, deed.actor)
    if not has_seen and not event.is_own_work:
        raise Stale(Thing.NAMED, f"NC-{finding.number}")
    independence.must_be_so(deed.uow, finding, verb)


def to_see(deed: Deed, *, nonconformity_id: int, move: str) -> Nonconformity:
    """The finding for the form in which the actor makes `move`. Raises as the move itself would."""
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    _must_be_able_to(deed, finding, move, has_seen=True)
    return finding


def move_on(
    deed: Deed, finding: Nonconformity, verb: str, details: Mapping[str, JSON] | None = None, **values: object
) -> Nonconformity:
    """Let an event happen: signatures given and ended, the row, its next day, the trail, the cards, and who is next.

    `values` are the columns it changes; they count already for who is asked next.
    """
    event = EVENTS[verb]
    mark = _mark(deed, finding, verb)
    _lapse(deed, finding, verb, lapsing(event.lapses) if event.lapses else ())
    if event.signs is not None:
        _sign(deed, finding, event, event.signs, mark)
    ends = _ends(deed, finding, event)
    moved = deed.uow.change(finding, **{"state": ends, "moved_at": deed.at, **values, **_closing(deed, finding, ends)})
    if event.lapses is Lapse.SETTLE:
        moved = _settled(deed, moved, verb)
    if event.lapses is Lapse.ROUND:
        begin_round(deed, moved, verb)
    moved = _on_time(deed, finding, moved)
    marked = {"mark": mark.value} if mark else {}
    record(deed, moved, verb, {**marked, **(details or {})})
    show(deed, moved)
    return moved


def _mark(deed: Deed, finding: Nonconformity, verb: str) -> Mark | None:
    if deed.by == people_rules.THE_BOT:
        return None
    return cases.filling(deed.uow, finding, EVENTS[verb].by, acting=deed.by).mark


def _ends(deed: Deed, finding: Nonconformity, event: Event) -> State:
    if event.major_ends is not None and graded(finding) is Grade.MAJOR:
        return event.major_ends
    if event.ends is Target.SAME:
        return finding.state
    if event.ends is Target.DONE:
        is_open = cases.body_is_open(queries.of_the_body(deed.uow, finding.id))
        return State.AWAITING_BODY if is_open else State.CLOSED
    return State(event.ends)


def _closing(deed: Deed, finding: Nonconformity, ends: State) -> dict[str, object]:
    if ends is not State.CLOSED:
        return {"closed_by": None, "closed_at": None} if finding.state is State.CLOSED else {}
    return {"closed_by": deed.by, "closed_at": deed.at}


def _sign(deed: Deed, finding: Nonconformity, event: Event, signs: Signs, mark: Mark | None) -> None:
    """What was signed before for the same is signed anew."""
    _lapse(deed, finding, "signed_anew", (signs,))
    deed.uow.add(
        Signature(
            nonconformity_id=finding.id,
            round=_number_of_round(deed, finding),
            signs=signs,
            person_id=deed.by,
            seat=event.by,
            roles=sorted(deed.actor.roles),
            version_seen=finding.version,
            checks=_checks(deed, finding, signs),
            mark=mark,
            signed_at=deed.at,
        )
    )


def _checks(deed: Deed, finding: Nonconformity, signs: Signs) -> list[dict[str, JSON]]:
    """What was found of whoever signs: independence, competence on record, and for a major's verifier another team."""
    edition = finding.requirement.partition(":")[0]
    found: list[dict[str, JSON]] = [
        {"check": "independence", "passed": deed.by not in cases.doers(deed.uow, finding)},
        {"check": "competence", "passed": queries.is_competent(deed.uow, deed.by, edition, deed.today)},
    ]
    if signs is Signs.IMPLEMENTATION and graded(finding) is Grade.MAJOR:
        found.append({"check": "another_team", "passed": not _same_team(deed, finding.owner_id)})
    return found


def _same_team(deed: Deed, owner_id: str) -> bool:
    owner, verifier = (people_queries.person(deed.uow, each) for each in (owner_id, deed.by))
    if owner is None or verifier is None or owner.manager_id is None:
        return False
    return owner.manager_id in (verifier.manager_id, verifier.slack_id)


def _lapse(deed: Deed, finding: Nonconformity, verb: str, ended: tuple[Signs, ...] | frozenset[Signs]) -> None:
    for signs, each in cases.standing(deed.uow, finding).items():
        if signs in ended:
            deed.uow.change(each, lapsed_at=deed.at, lapsed_by=verb)


def _settled(deed: Deed, finding: Nonconformity, verb: str) -> Nonconformity:
    """Where the case stands with another owner or grade: perhaps at an earlier step, whose signature is missing."""
    found = settling.settle(
        finding.state,
        cases.facts(deed.uow, finding).signed,
        owner=finding.owner_id,
        grade=finding.grade,
        is_correction_only=bool(finding.is_correction_only),
    )
    _lapse(deed, finding, verb, found.lapsed)
    if found.state is finding.state:
        return finding
    is_short = bool(finding.is_correction_only) and found.state is not State.RESPONDING
    return deed.uow.change(finding, state=found.state, is_correction_only=is_short)


# --- rounds and days ---


def begin_round(deed: Deed, finding: Nonconformity, verb: str) -> NonconformityRound:
    """A new round, with limits of its own from today on."""
    return deed.uow.add(
        NonconformityRound(
            nonconformity_id=finding.id,
            number=_number_of_round(deed, finding) + 1,
            began_on=deed.today,
            begun_by=verb,
            reason=finding.reason,
        )
    )


def _number_of_round(deed: Deed, finding: Nonconformity) -> int:
    present = cases.present_round(deed.uow, finding)
    return present.number if present else 0


def _on_time(deed: Deed, before: Nonconformity, moved: Nonconformity) -> Nonconformity:
    """The day of whatever is to be done now; a day that stands goes on standing where the case stays as it is."""
    if moved.grade is None or (moved.state is before.state and moved.grade is before.grade):
        return moved
    return deed.uow.change(moved, due_on=due_on(moved.state, clock(deed, moved)))


def clock(deed: Deed, finding: Nonconformity) -> Clock:
    """What the days of a case depend on, as it enters the state it is in now."""
    uow = deed.uow
    present = cases.present_round(uow, finding)
    began = present.began_on + timedelta(present.paused_days) if present else deed.today
    response = latest_response(uow, finding)
    body = queries.of_the_body(uow, finding.id)
    planned = finding.check_effect_on if finding.state is State.MONITORING else response and response.action_due_on
    if finding.state is State.IMPLEMENTING and present and present.extended_to:
        planned = present.extended_to
    return Clock(
        grade=graded(finding),
        entered=deed.today,
        round_began=began,
        working=working_days.of_person(uow, next(iter(cases.asked_next(uow, finding)), finding.owner_id)),
        planned=planned or None,
        outside_by=body.corrected_by if body and cases.body_is_open(body) else None,
        next_audit=cases.next_audit(uow, finding, deed.today),
    )


# --- the record, and whoever hears of it ---


def record(deed: Deed, finding: Nonconformity, move: str, details: Mapping[str, JSON]) -> None:
    """Write an event on the trail, with the number and the state that came of it."""
    deed.record(f"nonconformity.{move}", finding, number=finding.number, state=finding.state.value, **details)


def show(deed: Deed, finding: Nonconformity) -> None:
    """Bring every card up to date and tell whoever must act next; at the end, the owner.

    Whoever has just acted looks at a card already, so no second one is sent to them.
    """
    deed.redraw(finding)
    next_ones = [finding.owner_id] if finding.state is State.CLOSED else independence.actors_next(deed.uow, finding)
    tell_next(
        deed, finding, [person for person in next_ones if person != deed.by], by_itself=deed.by == people_rules.THE_BOT
    )


def tell_next(deed: Deed, finding: Nonconformity, told: list[str], *, by_itself: bool = False) -> None:
    """The card, as an answer to what somebody did; what comes up by itself waits for the message of the day.

    A finding is a conversation of its own over weeks: its evidence and receipts stand in the thread of its card.
    """
    if by_itself:
        deed.daily(told, finding, finding.state.value)
        return
    deed.message(told, finding, "nonconformity.card", what=(finding.state.value, finding.round, finding.version))
