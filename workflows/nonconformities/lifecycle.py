"""The lifecycle of a nonconformity as one table: its states, and every event with who may, what it takes and signs.

The guide (`docs/states.md`), the tests of who may do what, the buttons and the gate before each command follow it.
What an event says to people stands in `messages/nonconformities/templates/lifecycle.j2` by its name. The order
of things is that of ISO 9001 and ISO/IEC 27001, 10.2; what a certification body adds is from ISO/IEC 17021-1, 9.4.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from storage.nonconformities.tables import Grade, NonconformityState, Seat, Signs

State = NonconformityState


class Phase(StrEnum):
    """What people see of the fourteen states."""

    PUT_RIGHT = "put_right"
    FIND_OUT_WHY = "find_out_why"
    DO_IT = "do_it"
    SHOW_IT_WORKED = "show_it_worked"


PHASES: Mapping[State, Phase] = MappingProxyType(
    {
        State.ISSUED: Phase.PUT_RIGHT,
        State.CONTESTED: Phase.PUT_RIGHT,
        State.RESPONDING: Phase.FIND_OUT_WHY,
        State.PLAN_REVIEW: Phase.FIND_OUT_WHY,
        State.CONSENTING: Phase.FIND_OUT_WHY,
        State.IMPLEMENTING: Phase.DO_IT,
        State.VERIFYING: Phase.DO_IT,
        State.MONITORING: Phase.SHOW_IT_WORKED,
        State.EFFECTIVENESS_REVIEW: Phase.SHOW_IT_WORKED,
        State.SECOND_SIGNATURE: Phase.SHOW_IT_WORKED,
        State.AWAITING_BODY: Phase.SHOW_IT_WORKED,
    }
)
"""The phase of each state in which something is still to be done; a draft, a closed and a void case have none."""

BALL: Mapping[State, Seat] = MappingProxyType(
    {
        State.DRAFT: Seat.GRADER,
        State.ISSUED: Seat.OWNER,
        State.CONTESTED: Seat.DECIDER,
        State.RESPONDING: Seat.OWNER,
        State.PLAN_REVIEW: Seat.REVIEWER,
        State.CONSENTING: Seat.CONSENTER,
        State.IMPLEMENTING: Seat.OWNER,
        State.VERIFYING: Seat.VERIFIER,
        State.MONITORING: Seat.BOT,
        State.EFFECTIVENESS_REVIEW: Seat.VERIFIER,
        State.SECOND_SIGNATURE: Seat.SECOND_SIGNER,
        State.AWAITING_BODY: Seat.RECORDER,
    }
)
"""The seat that is to act in each state: exactly one; none once it is over."""

AFTER_ISSUE = tuple(PHASES)
ANSWERED_OR_NOT = (State.ISSUED, State.RESPONDING)
WATCHED = (State.MONITORING, State.EFFECTIVENESS_REVIEW, State.SECOND_SIGNATURE, State.AWAITING_BODY)
WORKING = (
    *(State.ISSUED, State.RESPONDING, State.PLAN_REVIEW, State.IMPLEMENTING, State.VERIFYING),
    *(State.MONITORING, State.EFFECTIVENESS_REVIEW),
)
JUDGED = (
    *(State.DRAFT, State.CONTESTED, State.PLAN_REVIEW, State.VERIFYING),
    *(State.EFFECTIVENESS_REVIEW, State.SECOND_SIGNATURE),
)


class Target(StrEnum):
    """Where an event leads that does not always lead to the same state."""

    SAME = "same"
    DONE = "done"


class Lapse(StrEnum):
    """Which signatures lapse: of the plan on, the effect's, all but the grade's, or as `settling` finds."""

    PLAN = "plan"
    EFFECT = "effect"
    ROUND = "round"
    SETTLE = "settle"


class Need(StrEnum):
    """What must be so of the case itself; its sentence, where it isn't, is in `refusals/not_yet.j2`."""

    INTERNAL = "internal"
    OF_THE_BODY = "of_the_body"
    BODY_OPEN = "body_open"
    MINOR = "minor"
    MAJOR = "major"
    NO_REPEAT = "no_repeat"
    GRADE_SIGNED = "grade_signed"
    WITH_ACTIONS = "with_actions"
    CORRECTION_ONLY = "correction_only"
    ONCE_A_GRADE = "once_a_grade"
    ONCE_A_ROUND = "once_a_round"
    NO_MANAGER_THERE = "no_manager_there"
    NO_CONSENTER_THERE = "no_consenter_there"
    PROOF_OF_THIS_ROUND = "proof_of_this_round"
    ACTIONS_FINISHED = "actions_finished"


@dataclass(frozen=True)
class Event:
    """One thing that can happen to a case.

    `by` is the seat, `signs` what whoever does it signs, `lapses` which signatures end by it. `is_own_work`: the owner
    goes on with own work whatever the card showed; everything else judges what was seen. `asks` is what to fill in.
    """

    begins: tuple[State, ...]
    ends: State | Target
    by: Seat
    major_ends: State | None = None
    signs: Signs | None = None
    lapses: Lapse | None = None
    needs: tuple[Need, ...] = ()
    asks: tuple[str, ...] = ()
    is_own_work: bool = False


EVENTS: Mapping[str, Event] = MappingProxyType(
    {
        "issue": Event((State.DRAFT,), State.ISSUED, Seat.GRADER, signs=Signs.GRADE, asks=("grade", "rationale")),
        "discard": Event((State.DRAFT,), State.VOID, Seat.GRADER, needs=(Need.INTERNAL,), asks=("reason",)),
        "acknowledge": Event((State.ISSUED,), State.RESPONDING, Seat.OWNER, is_own_work=True),
        # the answer
        "respond": Event((State.RESPONDING,), State.PLAN_REVIEW, Seat.OWNER, asks=("plan",), is_own_work=True),
        "return_plan": Event(
            (State.PLAN_REVIEW,), State.RESPONDING, Seat.REVIEWER, lapses=Lapse.PLAN, asks=("reason",)
        ),
        "accept_plan": Event(
            *((State.PLAN_REVIEW,), State.IMPLEMENTING, Seat.REVIEWER, State.CONSENTING),
            signs=Signs.REVIEW,
            needs=(Need.GRADE_SIGNED,),
        ),
        "accept_correction_only": Event(
            *((State.PLAN_REVIEW,), State.VERIFYING, Seat.REVIEWER),
            signs=Signs.REVIEW,
            needs=(Need.GRADE_SIGNED, Need.MINOR, Need.INTERNAL, Need.NO_REPEAT),
            asks=("reason",),
        ),
        "consent": Event(
            *((State.CONSENTING,), State.IMPLEMENTING, Seat.CONSENTER),
            signs=Signs.CONSENT,
            needs=(Need.GRADE_SIGNED,),
        ),
        "refuse_consent": Event(
            (State.CONSENTING,), State.RESPONDING, Seat.CONSENTER, lapses=Lapse.PLAN, asks=("reason",)
        ),
        "review_anew": Event(
            *((State.CONSENTING,), State.PLAN_REVIEW, Seat.KEEPER),
            lapses=Lapse.PLAN,
            needs=(Need.NO_CONSENTER_THERE,),
            asks=("reason",),
        ),
        # the work
        "change_plan": Event((State.IMPLEMENTING,), State.PLAN_REVIEW, Seat.OWNER, lapses=Lapse.PLAN, asks=("plan",)),
        "extend": Event(
            *((State.IMPLEMENTING,), Target.SAME, Seat.EXTENDER),
            needs=(Need.ONCE_A_ROUND,),
            asks=("until", "reason"),
        ),
        "claim_done": Event((State.IMPLEMENTING,), State.VERIFYING, Seat.OWNER, asks=("proof",), is_own_work=True),
        "reject_implementation": Event(
            (State.VERIFYING,), State.IMPLEMENTING, Seat.VERIFIER, needs=(Need.WITH_ACTIONS,), asks=("reason",)
        ),
        "reject_correction": Event(
            *((State.VERIFYING,), State.RESPONDING, Seat.VERIFIER),
            lapses=Lapse.PLAN,
            needs=(Need.CORRECTION_ONLY,),
            asks=("reason",),
        ),
        "confirm_implementation": Event(
            *((State.VERIFYING,), State.MONITORING, Seat.VERIFIER),
            signs=Signs.IMPLEMENTATION,
            needs=(Need.WITH_ACTIONS,),
            asks=("method_and_sample",),
        ),
        "confirm_correction": Event(
            *((State.VERIFYING,), State.CLOSED, Seat.VERIFIER),
            signs=Signs.IMPLEMENTATION,
            needs=(Need.GRADE_SIGNED, Need.CORRECTION_ONLY),
            asks=("method_and_sample",),
        ),
        # the effect
        "check_effect": Event((State.MONITORING,), State.EFFECTIVENESS_REVIEW, Seat.BOT),
        "watch_longer": Event((State.EFFECTIVENESS_REVIEW,), State.MONITORING, Seat.VERIFIER, asks=("until", "reason")),
        "confirm_ineffective": Event(
            (State.EFFECTIVENESS_REVIEW,), State.RESPONDING, Seat.VERIFIER, lapses=Lapse.ROUND, asks=("value", "result")
        ),
        "confirm_effective": Event(
            *((State.EFFECTIVENESS_REVIEW,), Target.DONE, Seat.VERIFIER, State.SECOND_SIGNATURE),
            signs=Signs.EFFECT,
            needs=(Need.GRADE_SIGNED,),
            asks=("value", "result"),
        ),
        "co_sign": Event(
            *((State.SECOND_SIGNATURE,), Target.DONE, Seat.SECOND_SIGNER),
            signs=Signs.SECOND,
            needs=(Need.GRADE_SIGNED,),
        ),
        "refuse_to_sign": Event(
            *((State.SECOND_SIGNATURE,), State.EFFECTIVENESS_REVIEW, Seat.SECOND_SIGNER),
            lapses=Lapse.EFFECT,
            asks=("reason",),
        ),
        "recur": Event(WATCHED, State.RESPONDING, Seat.RECURRER, lapses=Lapse.ROUND, asks=("reason",)),
        "reopen": Event((State.CLOSED,), State.RESPONDING, Seat.REOPENER, lapses=Lapse.ROUND, asks=("reason",)),
        # the finding and its grade
        "contest": Event(
            *(ANSWERED_OR_NOT, State.CONTESTED, Seat.OWNER),
            needs=(Need.INTERNAL, Need.ONCE_A_GRADE),
            asks=("reason",),
            is_own_work=True,
        ),
        "uphold": Event((State.CONTESTED,), State.RESPONDING, Seat.DECIDER, asks=("heard", "other_side", "reason")),
        "withdraw": Event(
            *((*WORKING, State.CONTESTED, State.CONSENTING), State.VOID, Seat.DECIDER),
            needs=(Need.INTERNAL,),
            asks=("heard", "other_side", "reason"),
        ),
        "merge": Event(ANSWERED_OR_NOT, State.VOID, Seat.GRADER, needs=(Need.INTERNAL,), asks=("survivor",)),
        "regrade": Event(
            *(AFTER_ISSUE, Target.SAME, Seat.GRADER),
            signs=Signs.GRADE,
            lapses=Lapse.SETTLE,
            asks=("grade", "rationale"),
        ),
        "downgrade": Event(
            *(WORKING, Target.SAME, Seat.DECIDER),
            signs=Signs.GRADE,
            lapses=Lapse.SETTLE,
            needs=(Need.INTERNAL, Need.MAJOR),
            asks=("reason",),
        ),
        # the seats
        "reassign_owner": Event(
            *((State.DRAFT, *AFTER_ISSUE), Target.SAME, Seat.KEEPER),
            lapses=Lapse.SETTLE,
            asks=("owner_id", "reason"),
        ),
        "reassign_judge": Event(JUDGED, Target.SAME, Seat.KEEPER, asks=("person_id", "reason")),
        "call_outsider": Event(
            *((State.DRAFT, *AFTER_ISSUE), Target.SAME, Seat.KEEPER),
            asks=("person_id", "independence", "competence", "days"),
        ),
        "name_manager": Event(
            AFTER_ISSUE, Target.SAME, Seat.KEEPER, needs=(Need.NO_MANAGER_THERE,), asks=("person_id", "reason")
        ),
        # the certification body
        "note_body": Event((State.DRAFT,), Target.SAME, Seat.RECORDER, needs=(Need.INTERNAL,), asks=("letter",)),
        "record_body": Event(AFTER_ISSUE, Target.SAME, Seat.RECORDER, needs=(Need.OF_THE_BODY,), asks=("letter",)),
        "dispute_at_body": Event(
            AFTER_ISSUE, Target.SAME, Seat.RECORDER, needs=(Need.OF_THE_BODY,), asks=("until", "reason")
        ),
        "body_rejects": Event(
            *(
                (State.PLAN_REVIEW, State.CONSENTING, State.IMPLEMENTING, State.VERIFYING, *WATCHED),
                State.RESPONDING,
                Seat.RECORDER,
            ),
            lapses=Lapse.ROUND,
            needs=(Need.OF_THE_BODY,),
            asks=("letter",),
        ),
        "body_regrades": Event(
            *(AFTER_ISSUE, Target.SAME, Seat.RECORDER),
            signs=Signs.GRADE,
            lapses=Lapse.SETTLE,
            needs=(Need.OF_THE_BODY,),
            asks=("grade", "letter"),
        ),
        "body_withdraws": Event(AFTER_ISSUE, State.VOID, Seat.RECORDER, needs=(Need.OF_THE_BODY,), asks=("letter",)),
        "body_closes": Event(
            *((*WORKING, State.CONTESTED, State.CONSENTING, State.SECOND_SIGNATURE), Target.SAME, Seat.RECORDER),
            needs=(Need.BODY_OPEN,),
            asks=("letter",),
        ),
        "close_after_body": Event(
            *((State.AWAITING_BODY,), State.CLOSED, Seat.RECORDER),
            needs=(Need.OF_THE_BODY, Need.GRADE_SIGNED),
            asks=("letter",),
        ),
    }
)
"""Every event by its name, which is the verb on the trail: `nonconformity.<name>`. The clock's are those of the bot."""

REQUIRED: Mapping[Grade, tuple[Signs, ...]] = MappingProxyType(
    {
        Grade.MINOR: (Signs.GRADE, Signs.REVIEW, Signs.IMPLEMENTATION, Signs.EFFECT),
        Grade.MAJOR: tuple(Signs),
    }
)
"""The signatures without which no case of a grade closes, in the order in which they are given."""

REQUIRED_FOR_CORRECTION_ONLY = (Signs.GRADE, Signs.REVIEW, Signs.IMPLEMENTATION)

AFTER_WHICH: Mapping[Signs, frozenset[State]] = MappingProxyType(
    {
        Signs.REVIEW: frozenset(AFTER_ISSUE[AFTER_ISSUE.index(State.CONSENTING) :]),
        Signs.CONSENT: frozenset(AFTER_ISSUE[AFTER_ISSUE.index(State.IMPLEMENTING) :]),
        Signs.IMPLEMENTATION: frozenset(WATCHED),
        Signs.EFFECT: frozenset({State.SECOND_SIGNATURE, State.AWAITING_BODY}),
        Signs.SECOND: frozenset({State.AWAITING_BODY}),
    }
)
"""The states that a case reaches only once a signature was given."""

GIVEN_IN: Mapping[Signs, State] = MappingProxyType(
    {
        Signs.REVIEW: State.PLAN_REVIEW,
        Signs.CONSENT: State.CONSENTING,
        Signs.IMPLEMENTATION: State.VERIFYING,
        Signs.EFFECT: State.EFFECTIVENESS_REVIEW,
        Signs.SECOND: State.SECOND_SIGNATURE,
    }
)
"""The state in which each signature is given; the grade's can be given in any."""


def required(grade: Grade, *, is_correction_only: bool) -> tuple[Signs, ...]:
    """The signatures that a case takes to close."""
    return REQUIRED_FOR_CORRECTION_ONLY if is_correction_only else REQUIRED[grade]


def lapsing(lapse: Lapse) -> tuple[Signs, ...]:
    """The signatures that end by an event."""
    if lapse is Lapse.ROUND:
        return tuple(GIVEN_IN)
    if lapse is Lapse.EFFECT:
        return (Signs.EFFECT,)
    return (Signs.REVIEW, Signs.CONSENT) if lapse is Lapse.PLAN else ()


def first_missing(state: State, signed: frozenset[Signs], wanted: tuple[Signs, ...]) -> Signs | None:
    """The first signature that a case in `state` ought to have and hasn't; None where it has them all."""
    ought = (each for each in GIVEN_IN if each in wanted and state in AFTER_WHICH[each])
    return next((each for each in ought if each not in signed), None)


def later_than(signs: Signs) -> tuple[Signs, ...]:
    """The signatures that are given after this one."""
    return tuple(Signs)[tuple(Signs).index(signs) + 1 :]
