"""Samples of the conversation that leads to an answer, and of the cards of the actions that it plans."""

from collections.abc import Callable, Mapping
from functools import partial

from messages.corrective_actions import cards as action_words
from messages.corrective_actions.payloads import ActionRef
from messages.nudges.day import day
from messages.responses import asking as words
from messages.responses.payloads import TurnRef
from messages.words.kit import Message, Modal
from storage.nonconformities.tables import Asking
from tests.messages.values import DUE, JONAS, LIAM, MIRA, TODAY, Say, files
from workflows.nonconformities.gates import Gate
from workflows.responses.commands import NO_DAY, NO_PERSON, NOT_ASKED
from workflows.responses.rules import Tap

TURN = TurnRef(draft=3, number=4)
WITH_EXAMPLES = (Asking.WHY, Asking.ACTION, Asking.MEASURE, Asking.SOURCE, Asking.PERIOD)
WITH_DAYS = (Asking.ACTION_DUE, Asking.CHECK)


def turn(say: Say, asking: Asking, back: str = "", *, about: bool = True, is_asked: bool = True) -> Message:
    """A question of the conversation."""
    return words.question(
        words.Turn(
            ref=TURN,
            number=12,
            asking=asking.value,
            asked_back=back,
            statement=say("Access of people who leave isn't always removed in time"),
            about=say("Nobody compares the leavers with the accounts") if about else "",
            place=2,
            examples=[say("No list shows who left")] if asking in WITH_EXAMPLES else [],
            days=[DUE] if asking in WITH_DAYS else [],
            latest=DUE if asking is Asking.ACTION_DUE else None,
            target="98 %",
            may_stand=back in (Gate.ENDS_WITH_PERSON, Gate.ONLY_TRAINING),
            is_asked=is_asked,
        )
    )


def read_back(say: Say, *, is_whole: bool = True, is_asked: bool = True) -> Message:
    """Everything that was understood."""
    said = ("correction", "contained", "consequences", "extent", "effect_criterion", "effect_target")
    rest = ("effect_source", "effect_period", "risk_decision", "system_decision", "stands_because")
    steps = [say("Nobody compares the leavers with the accounts"), say("It was never anyone's job")]
    action = words.SaidAction(say("A ticket opens from the HR date"), [1, 2], JONAS, DUE, say("The first ticket"))
    return words.read_back(
        words.ReadBack(
            ref=TURN,
            number=12,
            said={name: say("Closed on 11 October, as the log shows") if is_whole else "" for name in (*said, *rest)},
            causes=[words.SaidCause(place, steps, say("No list shows it")) for place in (1, 2)] if is_whole else [],
            actions=[action] if is_whole else [],
            check_on=TODAY if is_whole else None,
            sent_to=[LIAM, MIRA] if is_whole else [],
            is_asked=is_asked,
        )
    )


ACTION = ActionRef(action=5, version=2)
ACTION_STATES = ("planned", "started", "claimed", "returned", "accepted", "cancelled", "over")


def action_card(
    say: Say, state: str = "planned", *, moves: tuple[str, ...] = ("claim", "start", "hand_back")
) -> Message:
    """The card of an action in one of its states."""
    return action_words.card(action(say, state, moves))


def action(say: Say, state: str, moves: tuple[str, ...]) -> action_words.ActionCard:
    """An action as its card shows it."""
    is_done = state in ("claimed", "accepted")
    return action_words.ActionCard(
        ref=ACTION,
        number=12,
        text=say("A ticket opens from the HR date"),
        statement=say("Access of people who leave isn't always removed in time"),
        owner_id=MIRA,
        assignee_id=JONAS,
        due_on=DUE,
        expected_proof=say("The first ticket"),
        state=state,
        today=TODAY,
        moves=frozenset(moves),
        proof=f"1: {say('The rule is in the settings of the HR system')}" if is_done else "",
        remark=f"1: {say('on leave until May')}" if state == "planned" else "",
        returned=f"1: {say('The rule is there, but no ticket yet')}",
        files=files(say) if is_done else (),
    )


def action_day(say: Say, rung: str, state: str = "planned") -> Message:
    """An action in the message of the day, alone or with another."""
    shown = action(say, state, ("claim", "hand_back") if rung == "due" else ("give_to",))
    return day([action_words.day_item(shown, JONAS, rung)] * (2 if state == "over" else 1), person_id=JONAS)


def action_form(say: Say, move: str) -> Modal:
    """What is asked for a move."""
    return action_words.form(ACTION, move=move, number=12, text=say("A ticket opens from the HR date"))


def action_samples() -> Mapping[str, Callable[[Say], Message | Modal]]:
    """Every state of an action, what is told of it, and its forms."""
    return {
        **{f"case action, {state}": partial(action_card, state=state) for state in ACTION_STATES},
        "case action, for the owner": partial(action_card, moves=("give_to",)),
        **{f"case action told, {rung}": partial(action_day, rung=rung) for rung in ("due", "claimed", "handed_back")},
        "case action told, came back": partial(action_day, rung="came_back"),
        "case action told, settled": partial(action_day, rung="due", state="over"),
        **{f"case action modal, {move}": partial(action_form, move=move) for move in ("claim", "hand_back", "give_to")},
    }


def response_samples() -> Mapping[str, Callable[[Say], Message | Modal]]:
    """Every kind of message and form of the conversation."""
    asked = [each for each in Asking if each not in (Asking.STANDS, Asking.READ_BACK)]
    back = [*Gate, NO_DAY, NO_PERSON, NOT_ASKED]
    examples = partial(words.example_modal, TURN, asking="why")
    return {
        **{f"case question, {each}": partial(turn, asking=each) for each in asked},
        "case question, first why": partial(turn, asking=Asking.WHY, about=False),
        "case question, other target": partial(turn, asking=Asking.TARGET, back=Tap.OTHER.value),
        **{f"case question back, {each}": partial(turn, asking=Asking.WHY, back=str(each)) for each in back},
        "case question back, unnoticed by somebody": partial(turn, asking=Asking.UNNOTICED, back="ends_with_person"),
        "case question, why it stands": partial(turn, asking=Asking.STANDS, back="only_training"),
        "case question, answered": partial(turn, asking=Asking.CAUSE, is_asked=False),
        "case read back": read_back,
        "case read back, hardly begun": partial(read_back, is_whole=False),
        "case read back, sent": partial(read_back, is_asked=False),
        "case asked elsewhere": lambda _: words.goes_on_in_thread(),
        "case person modal": lambda say: words.person_modal(TURN, action=say("A ticket opens from the HR date")),
        "case day modal": lambda _: words.day_modal(TURN, given=TODAY, latest=DUE),
        "case day modal, no limit": lambda _: words.day_modal(TURN, given=None, latest=None),
        "case example modal": lambda say: examples(examples=[say("No list shows who left"), say("Nobody compares")]),
        "case words modal": lambda say: words.words_modal(TURN, asking="measure", given=say("Leavers, of all")),
    }
