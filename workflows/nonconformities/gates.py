"""What is asked back when an answer looks thin: checks over form, not over sense. The reviewer judges the sense.

A gate that stops asks until it is so; one that only asks lets the answer stand for a reason, which the reviewer sees.
The words to look for are English, as the answers are; an answer in another language passes and is left to the reviewer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from storage.nonconformities.tables import Grade
from workflows.wishes import Wish


class Gate(StrEnum):
    """What an answer is asked about."""

    REPEATS_FINDING = "repeats_finding"
    FEW_STEPS = "few_steps"
    ENDS_WITH_PERSON = "ends_with_person"
    NAMES_PERSON = "names_person"
    UNNOTICED = "unnoticed"
    CAUSE_WITHOUT_ACTION = "cause_without_action"
    ACTION_WITHOUT_CAUSE = "action_without_cause"
    ONLY_TRAINING = "only_training"
    CORRECTION_AGAIN = "correction_again"
    SAME_AS_BEFORE = "same_as_before"
    NO_NUMBER = "no_number"
    FILLER = "filler"


STOPS: Mapping[Gate, frozenset[Grade]] = MappingProxyType(
    {
        Gate.REPEATS_FINDING: frozenset(Grade),
        Gate.FEW_STEPS: frozenset(Grade),
        Gate.ENDS_WITH_PERSON: frozenset({Grade.MAJOR}),
        Gate.NAMES_PERSON: frozenset(),
        Gate.UNNOTICED: frozenset({Grade.MAJOR}),
        Gate.CAUSE_WITHOUT_ACTION: frozenset(Grade),
        Gate.ACTION_WITHOUT_CAUSE: frozenset({Grade.MAJOR}),
        Gate.ONLY_TRAINING: frozenset({Grade.MAJOR}),
        Gate.CORRECTION_AGAIN: frozenset(Grade),
        Gate.SAME_AS_BEFORE: frozenset(Grade),
        Gate.NO_NUMBER: frozenset(Grade),
        Gate.FILLER: frozenset(Grade),
    }
)
"""For which grades a gate stops; for the other it asks, and a reason lets the answer stand."""

ASKS: Mapping[Gate, Wish] = MappingProxyType(
    {
        Gate.REPEATS_FINDING: Wish.SAY_WHAT_MADE_IT_POSSIBLE,
        Gate.FEW_STEPS: Wish.GO_ONE_STEP_DEEPER,
        Gate.ENDS_WITH_PERSON: Wish.SAY_WHAT_LET_IT_HAPPEN,
        Gate.NAMES_PERSON: Wish.SAY_WHAT_LET_IT_HAPPEN,
        Gate.UNNOTICED: Wish.SAY_WHY_UNNOTICED,
        Gate.CAUSE_WITHOUT_ACTION: Wish.NAME_ACTION_FOR_CAUSE,
        Gate.ACTION_WITHOUT_CAUSE: Wish.NAME_CAUSE_OF_ACTION,
        Gate.ONLY_TRAINING: Wish.SAY_WHAT_HOLDS_WITHOUT_TRAINING,
        Gate.CORRECTION_AGAIN: Wish.SAY_WHAT_PREVENTS_THE_NEXT,
        Gate.SAME_AS_BEFORE: Wish.SAY_WHAT_IS_DIFFERENT_NOW,
        Gate.NO_NUMBER: Wish.GIVE_NUMBER,
        Gate.FILLER: Wish.WRITE_A_FEW_WORDS_MORE,
    }
)
"""What each gate asks."""

FEWEST_STEPS: Mapping[Grade, int] = MappingProxyType({Grade.MAJOR: 3, Grade.MINOR: 2})
ALIKE = 0.8
"""How much of the words of two texts must be the same for one to repeat the other."""

FEWEST_WORDS = 3
_PERSON = re.compile(
    r"\b(human error|mistakes? by|forg[oe]t(ten|s)?|careless\w*|inattentive|not paying attention|did(n't| not) follow"
    r"|(was|were)(n't| not) followed|overlook(ed)?|oversight|negligen(ce|t)|not trained|lack of awareness"
    r"|(had|has|have) (a lot|too much|much) to do|(was|were) (too )?busy|happens to (all|any|every)\w*)\b",
    re.IGNORECASE,
)
_TRAINING = re.compile(
    r"\b((re-?)?train(ed|ing|s)?|remind(ed|s)?|tell|told|brief(ed|ing)?|instruct(ed|ion|s)?|awareness"
    r"|be more careful|pay attention)\b",
    re.IGNORECASE,
)
_HOLDS_BY_ITSELF = re.compile(
    r"\b(system|ticket|automat\w*|by itself|checklist|list|rule|procedure|compar\w*|review\w*|block\w*|script|form"
    r"|daily|weekly|monthly|quarterly)\b",
    re.IGNORECASE,
)
_MENTION = re.compile(r"<@|@\w")
_A_NUMBER = re.compile(
    r"\d|\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half)\b", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"^\W*(yes|no)\s*([/:,;.(]|$)", re.IGNORECASE)
_ALSO_WORDS = frozenset({"art", "bill", "dawn", "faith", "grace", "grant", "hope", "mark", "may", "rose", "will"})
"""First names that are words too: written in small letters, they name nobody."""
_KNOWS_NOT = re.compile(
    r"\W*((i|we) )?(really )?(do(n['\u2019]?t| not) know|have no idea|no idea|not sure|can(['\u2019]?t|not) say)"
    r"( (yet|really|why))?\W*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Why:
    """A cause: the steps of asking why, the last being the root, and why nobody noticed."""

    steps: Sequence[str]
    how_unnoticed: str = ""


@dataclass(frozen=True)
class Remedy:
    """A corrective action, and the places of the causes that it removes."""

    text: str
    causes: Sequence[int] = ()


@dataclass(frozen=True)
class Answer:
    """What the gates look at. `names` are the first names of people here; `tried` are actions that did not work."""

    statement: str
    correction: str
    causes: Sequence[Why]
    actions: Sequence[Remedy]
    target: str
    texts: Mapping[str, str]
    names: frozenset[str] = frozenset()
    tried: Sequence[str] = ()


@dataclass(frozen=True)
class Asked:
    """A question back: which gate, about which field of the answer, and of the cause at which place."""

    gate: Gate
    field: str
    place: int = 1

    def stops(self, grade: Grade) -> bool:
        """Whether the answer can't stand as it is, whatever the reason."""
        return grade in STOPS[self.gate]


def asked_back(answer: Answer, grade: Grade) -> Iterator[Asked]:
    """Everything that is asked back about an answer, in the order of its fields."""
    yield from (Asked(Gate.FILLER, name) for name, text in answer.texts.items() if is_filler(text))
    for place, cause in enumerate(answer.causes, 1):
        yield from (replace(each, place=place) for each in _of_cause(answer, place, cause, grade))
    yield from _of_actions(answer)
    if not is_measured(answer.target):
        yield Asked(Gate.NO_NUMBER, "effect_target")


def _of_cause(answer: Answer, place: int, cause: Why, grade: Grade) -> Iterator[Asked]:
    steps = [step for step in cause.steps if step.strip()]
    last = f"causes_{max(len(steps), 1)}"
    if not steps or any(alike(steps[-1], each) for each in (answer.statement, *steps[:-1])):
        yield Asked(Gate.REPEATS_FINDING, last)
    elif names_a_person(steps[-1], answer.names):
        yield Asked(Gate.ENDS_WITH_PERSON, last)
    yield from _on_the_way(steps[:-1], answer.names)
    if len(steps) < FEWEST_STEPS[grade]:
        yield Asked(Gate.FEW_STEPS, f"causes_{len(steps) + 1}")
    if not cause.how_unnoticed.strip():
        yield Asked(Gate.UNNOTICED, "how_unnoticed")
    elif names_a_person(cause.how_unnoticed, answer.names):
        yield Asked(Gate.ENDS_WITH_PERSON, "how_unnoticed")
    if not any(place in action.causes for action in answer.actions):
        yield Asked(Gate.CAUSE_WITHOUT_ACTION, "corrective_action")


def _on_the_way(steps: Sequence[str], names: frozenset[str]) -> Iterator[Asked]:
    """Asking why may pass what people do, as long as it doesn't end there; a name needn't stand anywhere."""
    for number, step in enumerate(steps, 1):
        if _MENTION.search(step) or _named_in(step, names):
            yield Asked(Gate.NAMES_PERSON, f"causes_{number}")


def _of_actions(answer: Answer) -> Iterator[Asked]:
    checks: Mapping[Gate, Callable[[Remedy], bool]] = {
        Gate.ACTION_WITHOUT_CAUSE: lambda each: not each.causes,
        Gate.CORRECTION_AGAIN: lambda each: alike(each.text, answer.correction),
        Gate.SAME_AS_BEFORE: lambda each: any(alike(each.text, before) for before in answer.tried),
    }
    yield from (Asked(gate, "corrective_action") for gate, holds in checks.items() if any(map(holds, answer.actions)))
    if answer.actions and all(is_only_training(each.text) for each in answer.actions):
        yield Asked(Gate.ONLY_TRAINING, "corrective_action")


def alike(text: str, other: str) -> bool:
    """Whether two texts say the same in mostly the same words, order and case aside."""
    words, others = _words(text), _words(other)
    if not words or not others:
        return False
    return len(words & others) >= ALIKE * max(len(words), len(others))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def is_measured(text: str) -> bool:
    """Whether a target or a value is a number, in figures or in words, or a plain yes or no."""
    return bool(_A_NUMBER.search(text) or _YES_OR_NO.search(text))


def is_filler(text: str) -> bool:
    """Fewer than three words, or that nobody knows; what may be left empty is looked at by other rules."""
    if not text.strip():
        return False
    return len(_WORD.findall(text)) < FEWEST_WORDS or _KNOWS_NOT.fullmatch(text) is not None


def is_only_training(text: str) -> bool:
    """Whether an action trains or reminds people, and nothing holds by itself beside it."""
    found = _TRAINING.search(text)
    return found is not None and (not text[: found.start()].strip() or not _HOLDS_BY_ITSELF.search(text))


def names_a_person(text: str, names: frozenset[str]) -> bool:
    """Whether a text ends in a person: by a mention, a first name, or a word for what people do."""
    return bool(_PERSON.search(text) or _MENTION.search(text) or _named_in(text, names))


def _named_in(text: str, names: frozenset[str]) -> frozenset[str]:
    in_any_case = frozenset(name.casefold() for name in names) - _ALSO_WORDS
    return (names & frozenset(_WORD.findall(text))) | (in_any_case & _words(text))
