"""Interviews: the rules, as plain functions of values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.desk_audits.tables import DeskAudit
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, WayGiven
from workflows.question_bank.shapes import AnswerKind as QuestionKind
from workflows.question_bank.shapes import AskedQuestion, SampleSource, Tap
from workflows.refusals import InputWanted
from workflows.wishes import Wish

LONGEST_ANSWER = 40_000
"""Characters; a longer message is cut off by Slack (reference: "chat.postMessage"). A form takes fewer."""

FOLLOW_UP = "follow-up:"
"""How the id of a follow-up begins; the answer that it follows comes behind it."""

SAMPLE = "sample:"
"""How the id of a question about a list begins; the answer with the list comes behind it, then what is asked."""

FURTHER = "further-"
"""How the id of a question begins that an auditor wrote after they had read an answer, whose number comes behind it."""

COMPLETE = "complete"
"""How the id of the question ends whether a list is complete; that of a row ends with the draw and its number."""

OPEN_STATES = (InterviewState.INVITED, InterviewState.ANSWERING, InterviewState.CONFIRMING)
"""In which somebody still has something to say."""


class Ack(StrEnum):
    """What is said before a question: what became of the answer before it, or why it is asked again."""

    FIRST = "first"
    KEPT = "kept"
    AFTER_FOLLOW_UP = "after_follow_up"
    NOT_KNOWN = "not_known"
    THERE_IS_NONE = "there_is_none"
    SKIPPED = "skipped"
    GOES_ON = "goes_on"
    NOT_ASKED = "not_asked"
    BACK = "back"
    CHANGE = "change"
    FURTHER = "further"
    CAME_BACK = "came_back"
    NO_NUMBER = "no_number"
    NO_DAY = "no_day"
    ONLY_SIGNS = "only_signs"
    FILE_ALONE = "file_alone"
    KEPT_ALREADY = "kept_already"
    VOICE = "voice"
    ASK_WHOM = "ask_whom"
    LIST_IN_WORDS = "list_in_words"
    NO_LIST = "no_list"
    NO_ROWS = "no_rows"
    LIST_TOO_LONG = "list_too_long"
    LIST_AGAIN = "list_again"
    OTHER_LIST = "other_list"


ABOUT_A_LIST = frozenset({Ack.LIST_IN_WORDS, Ack.NO_LIST, Ack.NO_ROWS, Ack.LIST_TOO_LONG})
"""Why no rows can be drawn from what came."""

ASKED_BACK = ABOUT_A_LIST | {
    Ack.NO_NUMBER,
    Ack.NO_DAY,
    Ack.ONLY_SIGNS,
    Ack.FILE_ALONE,
    Ack.KEPT_ALREADY,
    Ack.VOICE,
    Ack.ASK_WHOM,
    Ack.BACK,
    Ack.CHANGE,
    Ack.LIST_AGAIN,
}
"""With these the question has an answer already, which can be left as it is."""


class Pause(StrEnum):
    """Why nothing is asked for now, though questions are left."""

    HANDED_ON = "handed_on"
    NOT_NOW = "not_now"
    TALKED = "talked"


@dataclass(frozen=True)
class Reply:
    """What somebody answers, however they do it. `chosen` is a `Tap` or an option; `message_ts` is their message.

    `is_no_secret`: they were asked, and say that what looks like a password or key in it is none.
    """

    way: WayGiven
    text: str = ""
    chosen: str = ""
    day: date | None = None
    message_ts: str | None = None
    is_no_secret: bool = False


KINDS: Mapping[str, AnswerKind] = {
    Tap.UNKNOWN: AnswerKind.UNKNOWN,
    Tap.NONE: AnswerKind.NONE,
    Tap.SKIP: AnswerKind.SKIPPED,
}
"""What the taps make of an answer that answers nothing."""

TAPS: Mapping[AnswerKind | None, Tap] = {kind: Tap(tap) for tap, kind in KINDS.items()}

ACKS: Mapping[AnswerKind, Ack] = {
    AnswerKind.UNKNOWN: Ack.NOT_KNOWN,
    AnswerKind.NONE: Ack.THERE_IS_NONE,
    AnswerKind.SKIPPED: Ack.SKIPPED,
}


def is_follow_up(question_id: str) -> bool:
    """Whether a question was asked because of the form of an answer."""
    return question_id.startswith(FOLLOW_UP)


def is_of_the_moment(question_id: str) -> bool:
    """Whether a question was made in this interview, of what was said in it: for a row of a list, or by an auditor."""
    return question_id.startswith((SAMPLE, FURTHER))


def followed_by(question_id: str) -> int | None:
    """The answer that a question follows, if it is a follow-up or about a list."""
    is_child = question_id.startswith((FOLLOW_UP, SAMPLE))
    return int(_first_id(question_id).split(":")[1]) if is_child else None


def _first_id(question_id: str) -> str:
    """The id of a question as it was asked first: where it is asked anew, `-2` and so on stand behind it."""
    return re.sub(r"-\d+$", "", question_id)


def complete_id(answer_id: int) -> str:
    """The id of the question whether a list is complete."""
    return f"{SAMPLE}{answer_id}:{COMPLETE}"


def is_complete(question_id: str) -> bool:
    """Whether a question asks if a list is complete."""
    return question_id.startswith(SAMPLE) and _first_id(question_id).endswith(f":{COMPLETE}")


def row_id(answer_id: int, draw_id: int, row: int) -> str:
    """The id of the question for one row of a draw, by its number in the list."""
    return f"{SAMPLE}{answer_id}:{draw_id}:{row}"


def draw_of(question_id: str) -> int | None:
    """The draw that a question belongs to, if it asks for one of its rows."""
    is_row = question_id.startswith(SAMPLE) and not is_complete(question_id)
    return int(question_id.split(":")[2]) if is_row else None


def row_of(question_id: str) -> int:
    """The number in its list of the row that a question asks for."""
    return int(_first_id(question_id).rpartition(":")[2])


def wants_list(question: AskedQuestion) -> bool:
    """Whether a list is wanted, to draw rows from it."""
    return question.sample is not None and question.sample.source is SampleSource.GIVEN_LIST and _is_asked(question)


def holds_rows(question: AskedQuestion) -> bool:
    """Whether rows are drawn that the bot holds itself."""
    return (
        question.sample is not None
        and question.sample.source is SampleSource.APPLICABLE_CONTROLS
        and _is_asked(question)
    )


def _is_asked(question: AskedQuestion) -> bool:
    return question.kind is QuestionKind.SAMPLE


def is_open(answer: Answer | None) -> bool:
    """Whether a question waits for its answer: nothing was said, or whoever it was handed to gave it back."""
    return answer is None or (answer.kind is AnswerKind.HANDED_ON and answer.handed_to is None)


@dataclass(frozen=True)
class Step:
    """Where an interview stands: all that it asks, in order, and what was said by the id of the question."""

    interview: Interview
    audit: DeskAudit
    asked: tuple[AskedQuestion, ...]
    given: Mapping[str, Answer]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was said, in the order of the questions."""
        return tuple(self.given[each.id] for each in self.asked if each.id in self.given)

    @property
    def question(self) -> AskedQuestion | None:
        """The question that is asked now."""
        return next((each for each in self.asked if each.id == self.interview.asking), None)

    @property
    def main(self) -> list[AskedQuestion]:
        """The questions that are counted: all that follow none of these answers."""
        return [each for each in self.asked if not self.is_child(each.id)]

    def is_child(self, question_id: str) -> bool:
        """Whether a question follows an answer of this interview; what a colleague handed on does not."""
        return followed_by(question_id) in {each.id for each in self.given.values()}

    @property
    def total(self) -> int:
        """How many questions the interview has."""
        return len(self.main)

    @property
    def done(self) -> int:
        """How many of them were dealt with."""
        return sum(not is_open(self.given.get(each.id)) for each in self.main)

    @property
    def minutes(self) -> int:
        """What it takes, rounded up."""
        return max(1, round(sum(each.minutes for each in self.asked) + 0.49))

    @property
    def next(self) -> AskedQuestion | None:
        """The question that is asked now, or else the first that waits for its answer."""
        return self.question or self.after("")

    def after(self, question_id: str) -> AskedQuestion | None:
        """The open question that comes after another, or else the first that was left open before it."""
        waiting = [each for each in self.asked if is_open(self.given.get(each.id))]
        places = {each.id: place for place, each in enumerate(self.asked)}
        later = [each for each in waiting if places[each.id] > places.get(question_id, -1)]
        return next(iter([*later, *waiting]), None)

    def before(self, question_id: str) -> AskedQuestion | None:
        """The question before another, whether it has an answer or not."""
        ids = [each.id for each in self.asked]
        place = ids.index(question_id)
        return self.asked[place - 1] if place else None

    def find(self, question_id: str | None) -> AskedQuestion:
        """A question of this interview. Raises `InputWanted` if it is none of it."""
        found = next((each for each in self.asked if each.id == question_id), None)
        if found is None:
            raise InputWanted("answer", Wish.ANSWER_QUESTION_OF_INTERVIEW)
        return found

    def number_of(self, question_id: str) -> int:
        """Its number, counted from 1; a follow-up has that of the question before it."""
        ids = [each.id for each in self.asked]
        before = self.asked[: ids.index(question_id) + 1]
        return max(1, sum(not self.is_child(each.id) for each in before))
