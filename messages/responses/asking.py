"""Responses room: one question at a time in the thread of the case, and what was understood, read back at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.responses.payloads import DayRef, TapRef, TurnRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.wording import Words, words

TAP = "response.tap"
DAY = "response.day"
SOMEBODY_ELSE = "response.somebody_else"
ANOTHER_DAY = "response.another_day"
EXAMPLE = "response.example"
SEND = "response.send"
CHANGE = "response.change"

PERSON_FORM = "response.person_form"
DAY_FORM = "response.day_form"
EXAMPLE_FORM = "response.example_form"
WORDS_FORM = "response.words_form"

PERSON_FIELD = "person"
DAY_FIELD = "day"
EXAMPLE_FIELD = "example"
ANSWER_FIELD = "answer"

TAPS: Mapping[str, Sequence[str]] = {
    "put_right": ("not_yet",),
    "cause": ("is_cause", "deeper", "branch"),
    "assignee": ("myself",),
    "more": ("that_is_all",),
    "target": ("all_of_them", "target", "other"),
}
"""The buttons under each question."""

MOST_DAYS = 3
_FORWARD = ("is_cause", "all_of_them", "that_is_all")


@dataclass(frozen=True)
class Turn:
    """A question of the conversation. `asking` as the lifecycle has it; `asked_back` is why it is asked again.

    `about` is what it is about: the last step of the whys, or the cause that an action is to remove. `place` counts
    causes. With `may_stand` an answer that was asked back can be left, for a reason. `days` are proposed, `latest` is
    the last that may be chosen; `target` is that of the example. It `is_asked` while it waits for its answer.
    """

    ref: TurnRef
    number: int
    asking: str
    statement: str
    asked_back: str = ""
    about: str = ""
    place: int = 1
    examples: Sequence[str] = ()
    days: Sequence[date] = ()
    latest: date | None = None
    target: str = ""
    may_stand: bool = False
    is_asked: bool = True


@dataclass(frozen=True)
class SaidCause:
    """A cause with its steps, as it is read back."""

    place: int
    steps: Sequence[str]
    how_unnoticed: str


@dataclass(frozen=True)
class SaidAction:
    """An action as it is read back."""

    text: str
    causes: Sequence[int]
    assignee_id: str
    due_on: date
    expected_proof: str


@dataclass(frozen=True)
class ReadBack:
    """The whole answer before it is sent, or as it was sent; fields that weren't said are empty.

    `sent_to` looks at it next.
    """

    ref: TurnRef
    number: int
    said: Mapping[str, str]
    causes: Sequence[SaidCause]
    actions: Sequence[SaidAction]
    check_on: date | None
    sent_to: Sequence[str]
    is_asked: bool = True
    is_sent: bool = False


def question(turn: Turn) -> Message:
    """A question with every way to answer it; without them once it was answered."""
    wording = words("responses/question", turn=turn)
    asked = [kit.section(wording.body)]
    if not turn.is_asked:
        return kit.message(wording.summary, asked)
    return kit.message(wording.summary, [*asked, *_examples(wording, turn), *kit.actions(_buttons(wording, turn))])


def _examples(wording: Words, turn: Turn) -> list[Block]:
    return [kit.context(wording.examples)] if turn.examples else []


def _buttons(wording: Words, turn: Turn) -> list[ButtonElement]:
    taps = [each for each in TAPS.get(turn.asking, ()) if each != "target" or turn.target]
    stands = ["stands"] if turn.may_stand else []
    return [
        *(_tap(wording, turn, each) for each in [*taps, *stands]),
        *_days(turn),
        *([kit.button(wording.button_somebody_else, SOMEBODY_ELSE, turn.ref)] if turn.asking == "assignee" else []),
        *([kit.button(wording.button_another_day, ANOTHER_DAY, turn.ref)] if turn.days else []),
        *([kit.button(wording.button_example, EXAMPLE, turn.ref)] if turn.examples else []),
    ]


def _tap(wording: Words, turn: Turn, tap: str) -> ButtonElement:
    ref = TapRef(turn.ref.draft, turn.ref.number, tap)
    return kit.button(wording[f"button_{tap}"], f"{TAP}.{tap}", ref, style="primary" if tap in _FORWARD else None)


def _days(turn: Turn) -> list[ButtonElement]:
    return [
        kit.button(
            words("responses/question", turn=turn, day=day).button_day,
            f"{DAY}.{place}",
            DayRef(turn.ref.draft, turn.ref.number, day.isoformat()),
        )
        for place, day in enumerate(turn.days[:MOST_DAYS])
    ]


def read_back(read: ReadBack) -> Message:
    """What was understood, whole, to be sent or changed; without buttons once it was."""
    wording = words("responses/read_back", read=read)
    blocks = [
        kit.section(wording.heading),
        kit.section(wording.put_right),
        *(kit.section(words("responses/read_back", read=read, cause=each).a_cause) for each in read.causes),
        *(kit.section(words("responses/read_back", read=read, action=each).an_action) for each in read.actions),
        kit.section(wording.effect),
        kit.section(wording.updates),
    ]
    ways = [
        kit.button(wording.button_send, SEND, read.ref, style="primary"),
        kit.button(wording.button_change, CHANGE, read.ref),
    ]
    return kit.message(wording.summary, [*blocks, *(kit.actions(ways) if read.is_asked else [])])


def goes_on_in_thread() -> Message:
    """Told where somebody pressed elsewhere: the question stands in the thread of the case."""
    said = words("responses/question_elsewhere").said
    return kit.message(said, [kit.section(said)])


def person_modal(ref: TurnRef, *, action: str) -> Modal:
    """Who carries an action out?"""
    wording = words("responses/person_modal", action=action)
    body = [kit.section(wording.action), fields.person(PERSON_FIELD, wording.person, wording.person_hint)]
    return kit.modal(PERSON_FORM, wording.heading, body, submit=wording.submit, payload=ref)


def day_modal(ref: TurnRef, *, given: date | None, latest: date | None) -> Modal:
    """On which day?"""
    wording = words("responses/day_modal", latest=latest)
    hint = wording.day_hint if latest else None
    body = [fields.day(DAY_FIELD, wording.day, hint, given=given)]
    return kit.modal(DAY_FORM, wording.heading, body, submit=wording.submit, payload=ref)


def example_modal(ref: TurnRef, *, asking: str, examples: Sequence[str]) -> Modal:
    """Which of the examples comes nearest? It can be changed before it is taken."""
    wording = words("responses/example_modal", asking=asking)
    choices = [(str(place), each) for place, each in enumerate(examples)]
    body = [kit.section(wording.intro), fields.radio(EXAMPLE_FIELD, wording.example, choices)]
    return kit.modal(EXAMPLE_FORM, wording.heading, body, submit=wording.submit_example, payload=ref)


def words_modal(ref: TurnRef, *, asking: str, given: str) -> Modal:
    """The example in a field, to be made their own."""
    wording = words("responses/example_modal", asking=asking)
    body = [fields.text(ANSWER_FIELD, wording.answer, wording.answer_hint, given=given)]
    return kit.modal(WORDS_FORM, wording.heading, body, submit=wording.submit, payload=ref)
