"""What is asked back: "Jonas forgot / retrained staff / better / fine" closes no major."""

from dataclasses import replace

import pytest

from storage.nonconformities.tables import Grade
from workflows.nonconformities.gates import ASKS, STOPS, Answer, Gate, Remedy, Why, alike, asked_back

STATEMENT = "Access of people who leave is not always removed in time"
STEPS = ("IT is told by a mail", "Nothing reminds anybody of it", "Two teams each think the other does it")
GOOD = Answer(
    statement=STATEMENT,
    correction="The account was closed on 11 October",
    causes=[Why(STEPS, "No list is compared with the accounts")],
    actions=[Remedy("The HR system opens a ticket by itself", (1,))],
    target="100 %",
    texts={"correction": "The account was closed on 11 October"},
    names=frozenset({"Jonas"}),
)
BLUFF = replace(
    GOOD,
    causes=[Why(("Jonas forgot",), "")],
    actions=[Remedy("Retrained staff", (1,))],
    target="better",
    texts={"correction": "fine"},
)


def asked(answer: Answer, grade: Grade = Grade.MAJOR) -> set[Gate]:
    """Which gates ask back."""
    return {each.gate for each in asked_back(answer, grade)}


def test_a_good_answer_is_not_asked_about() -> None:
    assert asked(GOOD) == set()


def test_a_bluff_stops_at_every_gate_it_ought_to() -> None:
    assert asked(BLUFF) == {
        Gate.FILLER,
        Gate.ENDS_WITH_PERSON,
        Gate.FEW_STEPS,
        Gate.UNNOTICED,
        Gate.ONLY_TRAINING,
        Gate.NO_NUMBER,
    }
    assert all(each.stops(Grade.MAJOR) for each in asked_back(BLUFF, Grade.MAJOR))


@pytest.mark.parametrize(
    ("answer", "gate"),
    [
        (replace(GOOD, causes=[Why((*STEPS[:2], STATEMENT.upper()), "No list")]), Gate.REPEATS_FINDING),
        (replace(GOOD, causes=[Why((*STEPS, "by a mail IT is TOLD"), "No list")]), Gate.REPEATS_FINDING),
        (replace(GOOD, causes=[Why((*STEPS, "Jonas was on holiday"), "No list")]), Gate.ENDS_WITH_PERSON),
        (replace(GOOD, causes=[Why((*STEPS, "The rule was not followed"), "No list")]), Gate.ENDS_WITH_PERSON),
        (replace(GOOD, causes=[Why((*STEPS, "<@U1> did it"), "No list")]), Gate.ENDS_WITH_PERSON),
        (replace(GOOD, causes=[*GOOD.causes, Why(STEPS, "No list")]), Gate.CAUSE_WITHOUT_ACTION),
        (replace(GOOD, actions=[*GOOD.actions, Remedy("A monthly comparison")]), Gate.ACTION_WITHOUT_CAUSE),
        (replace(GOOD, actions=[Remedy("Remind everybody by mail", (1,))]), Gate.ONLY_TRAINING),
        (replace(GOOD, actions=[Remedy("On 11 October the account was closed", (1,))]), Gate.CORRECTION_AGAIN),
        (replace(GOOD, tried=["The HR system opens a ticket by itself"]), Gate.SAME_AS_BEFORE),
        *(
            (replace(GOOD, texts={"extent": said}), Gate.FILLER)
            for said in ("n/a", "I don't know", "We really don\u2019t know yet.")
        ),
        (replace(GOOD, causes=[Why(STEPS, "jonas forgot it")]), Gate.ENDS_WITH_PERSON),
        (replace(GOOD, causes=[Why(("Ask jonas about it", *STEPS), "No list")]), Gate.NAMES_PERSON),
        (replace(GOOD, causes=[Why((*STEPS, "That happens to all of us"), "No list")]), Gate.ENDS_WITH_PERSON),
        (replace(GOOD, actions=[Remedy("Staff was retrained by the lead", (1,))]), Gate.ONLY_TRAINING),
        *((replace(GOOD, target=target), Gate.NO_NUMBER) for target in ("all better", "no problems", "every time")),
    ],
)
def test_each_gate_asks_about_what_it_is_for(answer: Answer, gate: Gate) -> None:
    assert asked(answer) == {gate}


def test_training_beside_something_that_holds_without_it_is_fine() -> None:
    actions = [*GOOD.actions, Remedy("Train both teams in the new way", (1,))]
    assert asked(replace(GOOD, actions=actions)) == set()


def test_a_reworded_bluff_stops_too() -> None:
    steps = ("Jonas had a lot to do", "Jonas forgot the mail", "That happens to all of us")
    actions = [Remedy("Staff was retrained by Jonas", (1,))]
    bluff = replace(GOOD, causes=[Why(steps, "Jonas forgot it")], actions=actions, target="all better")
    stopping = {(each.gate, each.field) for each in asked_back(bluff, Grade.MAJOR) if each.stops(Grade.MAJOR)}
    assert stopping == {
        (Gate.ENDS_WITH_PERSON, "causes_3"),
        (Gate.ENDS_WITH_PERSON, "how_unnoticed"),
        (Gate.ONLY_TRAINING, "corrective_action"),
        (Gate.NO_NUMBER, "effect_target"),
    }


@pytest.mark.parametrize("target", ["zero open accounts", "14 of 14", "Yes: the rule is switched on", "no"])
def test_a_number_in_words_or_a_plain_yes_or_no_is_a_target(target: str) -> None:
    assert asked(replace(GOOD, target=target)) == set()


def test_a_reminder_that_the_system_sends_is_no_training() -> None:
    assert asked(replace(GOOD, actions=[Remedy("The system will remind IT by a ticket", (1,))])) == set()


def test_will_is_a_word_and_will_is_a_name_only_in_capitals() -> None:
    causes = [Why((*STEPS, "Nobody knows who will look"), "No list")]
    assert asked(replace(GOOD, causes=causes, names=frozenset({"Will"}))) == set()


def test_every_gate_has_a_question_and_stops_for_majors_or_only_asks() -> None:
    assert set(ASKS) == set(STOPS) == set(Gate)
    assert {gate for gate, grades in STOPS.items() if Grade.MAJOR not in grades} == {Gate.NAMES_PERSON}


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [("a b c d e", "e d c b A", True), ("a b c d e", "a b c d f", True), ("a b c", "a b d", False), ("", "", False)],
)
def test_two_texts_are_alike_by_their_words(text: str, other: str, same: bool) -> None:
    assert alike(text, other) is same
