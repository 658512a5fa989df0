"""Question bank: what it says no to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.question_bank.faults import Why
from workflows.refusals import OfAField, Refusal


@dataclass(frozen=True)
class LineFault:
    """What is wrong on a line of a file, or in a row; `question` is the id of the question that it belongs to."""

    line: int
    question: str
    why: Why
    about: Mapping[str, object] = field(default_factory=dict)


@dataclass(eq=False)
class QuestionsAtFault(Refusal):
    """Some questions of a file need another look, so none was taken. `of` is how many there are."""

    file: str
    faults: Sequence[LineFault]
    of: int = 0


@dataclass(eq=False)
class NoSuchQuestion(Refusal):
    """There is no question of that id."""

    id: str


@dataclass(eq=False)
class QuestionAtFault(OfAField, Refusal):
    """What was entered for a question can't be asked; `fault` says why, and `field_name` where."""

    field_name: str
    fault: LineFault
