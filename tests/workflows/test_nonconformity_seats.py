"""Who may do what with a case: every state, every event, every person; and every size of organisation."""

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade, Mark, Nonconformity, NonconformityState, Seat, Signs
from storage.people.tables import Role
from tests.workflows.conftest import actor
from tests.workflows.test_nonconformities import make, put
from workflows.nonconformities import independence, seats, settling
from workflows.nonconformities.lifecycle import BALL, EVENTS, required
from workflows.nonconformities.refusals import NotYourSeat, OwnCorrection
from workflows.nonconformities.seats import RULES, Facts, Filling, House
from workflows.refusals import AlreadyDecided, NotAllowed, Refusal

State = NonconformityState
EVERYBODY = ("UMIRA", "UINES", "ULIAM", "UJONAS", "UDAVID", "UTOM")
JUDGES, KEEPERS, OWNER = {"UMIRA", "UINES", "ULIAM"}, {"UMIRA", "UINES", "UDAVID"}, {"UJONAS"}
WHO_MAY: dict[Seat, set[str]] = {
    Seat.BOT: set(),
    Seat.OWNER: OWNER,
    Seat.GRADER: JUDGES,
    Seat.REVIEWER: JUDGES,
    Seat.CONSENTER: {"UDAVID"},
    Seat.VERIFIER: JUDGES,
    Seat.SECOND_SIGNER: {"UINES", "ULIAM"},  # Mira has confirmed the effect, David has consented
    Seat.DECIDER: {"UMIRA", "UINES"},  # Liam has signed the grade
    Seat.EXTENDER: {"UDAVID"},
    Seat.RECORDER: JUDGES | {"UDAVID"},
    Seat.KEEPER: KEEPERS,
    Seat.RECURRER: JUDGES | {"UDAVID"} | OWNER,
    Seat.REOPENER: JUDGES | {"UDAVID"},
}
"""Mira and Ines lead, Liam audits and has graded and reviewed, David is management, Jonas owns it, Tom has no role."""

REACHABLE = [state for state in State if state is not State.VOID]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", REACHABLE)
def test_every_event_in_every_state_for_everybody(programme: UnitOfWork, state: State) -> None:
    found = put(programme, state, Grade.MAJOR)
    for verb, event in EVENTS.items():
        for person in EVERYBODY:
            may = state in event.begins and person in WHO_MAY[event.by]
            offered = verb in independence.moves_for(programme, found, actor(programme, person))
            assert not offered or may, f"{person} is offered {verb}"
            if event.by is Seat.BOT or offered:
                continue
            with pytest.raises(Refusal) as refused:
                make(programme, verb, found, person, **_anything(verb))
            expected = (NotAllowed, NotYourSeat, OwnCorrection) if state in event.begins else AlreadyDecided
            assert may or isinstance(refused.value, expected), f"{person}, {verb}: {refused.value!r}"
    assert programme.get(Nonconformity, found.id) == found


ONLY_REFUSED: dict[str, dict[str, object]] = {
    "merge": {"survivor_id": 1},
    "reassign_judge": {"person_id": "UTOM", "reason": "Away"},
    "call_outsider": {"outsider": None},
    "name_manager": {"person_id": "UTOM", "reason": "Nobody else"},
    "note_body": {"letter": None},
    "record_body": {"letter": "Of today", "track": "warned"},
    "dispute_at_body": {"until": None, "reason": "It was met"},
    **{verb: {"letter": "Of today"} for verb in ("body_rejects", "body_withdraws", "body_closes", "close_after_body")},
    "body_regrades": {"letter": "Of today", "grade": "minor"},
}


def _anything(verb: str) -> dict[str, object]:
    """Values for a command that is refused before it looks at them."""
    return ONLY_REFUSED.get(verb, {})


@pytest.mark.parametrize("state", BALL)
def test_every_open_state_has_one_seat_that_acts_and_an_event_for_it(state: State) -> None:
    moves = [event for event in EVENTS.values() if state in event.begins and event.by is BALL[state]]
    assert any(event.ends != state for event in moves)


LEAD, AUDITOR, MANAGER = frozenset({Role.LEAD}), frozenset({Role.AUDITOR}), frozenset({Role.MANAGEMENT})
BOTH = frozenset({Role.LEAD, Role.MANAGEMENT})
NOBODY: frozenset[Role] = frozenset()


@pytest.mark.parametrize(
    ("house", "grade", "signed", "seat", "people", "mark"),
    [
        # one person: somebody from outside judges, the owner consents as manager
        (House({"O": BOTH}), Grade.MINOR, {}, Seat.REVIEWER, (), None),
        (House({"O": BOTH}, ("X",)), Grade.MINOR, {}, Seat.REVIEWER, ("X",), Mark.OUTSIDER),
        (House({"O": BOTH}, ("X",)), Grade.MAJOR, {}, Seat.CONSENTER, ("O",), Mark.MANAGING_DOER),
        (
            House({"O": BOTH}, ("X",)),
            Grade.MAJOR,
            {Signs.CONSENT: "O", Signs.EFFECT: "X"},
            Seat.SECOND_SIGNER,
            ("X",),
            Mark.SAME_OUTSIDER,
        ),
        (House({"O": BOTH}), Grade.MINOR, {}, Seat.KEEPER, ("O",), Mark.OWN_KEEPER),
        # two people, of whom one works
        (House({"O": NOBODY, "L": LEAD}), Grade.MINOR, {}, Seat.VERIFIER, ("L",), None),
        (House({"O": NOBODY, "M": MANAGER}), Grade.MINOR, {}, Seat.VERIFIER, ("M",), Mark.MANAGEMENT),
        (House({"O": NOBODY, "M": BOTH}), Grade.MAJOR, {}, Seat.REVIEWER, (), None),
        (House({"O": NOBODY, "M": BOTH}, ("X",)), Grade.MAJOR, {}, Seat.REVIEWER, ("X",), Mark.OUTSIDER),
        (House({"O": MANAGER, "L": LEAD}), Grade.MAJOR, {}, Seat.REVIEWER, ("L",), None),
        (House({"O": MANAGER, "L": LEAD}), Grade.MAJOR, {}, Seat.CONSENTER, ("O",), Mark.MANAGING_DOER),
        # three people
        (
            House({"O": NOBODY, "L": LEAD, "M": MANAGER}),
            Grade.MAJOR,
            {Signs.CONSENT: "M", Signs.EFFECT: "L"},
            Seat.SECOND_SIGNER,
            ("M",),
            Mark.CONSENT_SIGNER,
        ),
        (House({"O": NOBODY, "L": LEAD, "M": MANAGER}), Grade.MAJOR, {}, Seat.EXTENDER, ("M",), None),
        # nobody with a role
        (House({"O": NOBODY}, (), ("W",)), Grade.MINOR, {}, Seat.KEEPER, ("W",), Mark.ADMIN),
        (House({"A": AUDITOR, "O": NOBODY}), Grade.MINOR, {Signs.GRADE: "A"}, Seat.DECIDER, ("A",), Mark.GRADE_SIGNER),
    ],
)
def test_a_seat_in_organisations_of_every_size(
    house: House, grade: Grade, signed: dict[Signs, str], seat: Seat, people: tuple[str, ...], mark: Mark | None
) -> None:
    assert seats.fill(seat, Facts("O", grade, signed=signed), house) == Filling(people, mark)


def test_whoever_was_named_is_asked_first_and_others_still_may() -> None:
    facts = Facts("O", Grade.MINOR, named={Seat.VERIFIER: "A"})
    house = House({"L": LEAD, "A": AUDITOR, "O": NOBODY})
    assert seats.fill(Seat.VERIFIER, facts, house).people == ("A", "L")


def test_no_doer_ever_judges_whoever_is_there() -> None:
    facts = Facts("O", Grade.MAJOR, doers=frozenset({"L", "A"}))
    house = House({"L": LEAD, "A": AUDITOR, "O": BOTH}, ("A",))
    judging = [seat for seat in RULES if seats.Bar.DOERS in RULES[seat].bars and seat is not Seat.CONSENTER]
    assert [seats.fill(seat, facts, house).people for seat in judging] == [()] * len(judging)


@pytest.mark.parametrize(
    ("state", "signed", "owner", "grade", "ends", "lapsed"),
    [
        (State.IMPLEMENTING, {Signs.GRADE: "A", Signs.REVIEW: "A"}, "O", Grade.MINOR, State.IMPLEMENTING, set()),
        (State.IMPLEMENTING, {Signs.REVIEW: "A"}, "O", Grade.MAJOR, State.CONSENTING, set()),
        (
            State.EFFECTIVENESS_REVIEW,
            {Signs.GRADE: "G", Signs.REVIEW: "A", Signs.IMPLEMENTATION: "B"},
            "A",
            Grade.MINOR,
            State.PLAN_REVIEW,
            {Signs.REVIEW, Signs.IMPLEMENTATION},
        ),
        (
            State.SECOND_SIGNATURE,
            {Signs.REVIEW: "A", Signs.CONSENT: "M", Signs.IMPLEMENTATION: "B", Signs.EFFECT: "C"},
            "C",
            Grade.MAJOR,
            State.EFFECTIVENESS_REVIEW,
            {Signs.EFFECT},
        ),
        (State.ISSUED, {Signs.GRADE: "A"}, "A", Grade.MINOR, State.ISSUED, {Signs.GRADE}),
    ],
)
def test_with_another_owner_or_grade_a_case_goes_back_to_the_first_signature_it_lacks(
    state: State, signed: dict[Signs, str], owner: str, grade: Grade, ends: State, lapsed: set[Signs]
) -> None:
    found = settling.settle(state, signed, owner=owner, grade=grade, is_correction_only=False)
    assert (found.state, found.lapsed) == (ends, frozenset(lapsed))


def test_a_slip_that_becomes_a_major_is_answered_anew() -> None:
    signed = {Signs.GRADE: "A", Signs.REVIEW: "A"}
    found = settling.settle(State.VERIFYING, signed, owner="O", grade=Grade.MAJOR, is_correction_only=True)
    assert found.state is State.RESPONDING


def test_what_a_case_takes_to_close() -> None:
    assert required(Grade.MAJOR, is_correction_only=False) == tuple(Signs)
    assert Signs.EFFECT not in required(Grade.MINOR, is_correction_only=True)
