"""Evidence room: what people read of a probe that failed, on the card of the task that this opened."""

from messages.words import limits
from messages.words.wording import words

MOST_IN_A_TITLE = 200


def failure_title(name: str) -> str:
    """What the task is called."""
    return limits.shorten(words("machines/probes/failure", name=name).title.plain, MOST_IN_A_TITLE)


def failure_purpose(*, name: str, expected: str, seen: str) -> str:
    """What was expected and what was seen; nothing is expected where no answer came, and `seen` is why."""
    wording = words("machines/probes/failure", name=name, expected=expected, seen=seen)
    return (wording.not_as_expected if expected else wording.no_answer).plain


def evidence_wanted() -> str:
    """What shows that it was put right."""
    return words("machines/probes/failure").evidence_wanted.plain


def recovered(name: str) -> str:
    """That all is well again."""
    return words("machines/probes/failure", name=name).recovered.plain
