"""Which follow-up an answer gets, if any. Looked at is the form of the answer, never its words."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from workflows.question_bank.shapes import Condition, FollowUp, Question, Said, Tap, Trait, W

ENDS_THE_QUESTION = frozenset({Tap.SOMEBODY_ELSE, Tap.SKIP})
"""Whoever asks somebody else, or skips, is asked nothing more."""

HOLDS_NOTHING = frozenset({Tap.UNKNOWN, Tap.NONE})
"""Answers of which only `answer_is` knows anything: there are no words, figures or files to look at."""


def follow_up_for(question: Question[W], said: Said) -> FollowUp[W] | None:
    """The first follow-up that fits, so that there is at most one for an answer."""
    if said.chosen in ENDS_THE_QUESTION:
        return None
    return next((each for each in question.follow_ups if fits(question, each.when, said)), None)


def fits(question: Question[W], when: Condition, said: Said) -> bool:
    """Whether an answer has the form that a condition describes."""
    match when.trait:
        case Trait.ANY:
            return any(fits(question, each, said) for each in when.of)
        case Trait.ALL:
            return all(fits(question, each, said) for each in when.of)
        case Trait.ANSWER_IS:
            return said.chosen in when.answers
        case Trait.FILE_OLDER_THAN:
            return said.chosen not in HOLDS_NOTHING and _is_older(question, when.evidence, said)
    return said.chosen not in HOLDS_NOTHING and _LOOKS[when.trait](when, said)


def _is_older(question: Question[W], evidence_id: str, said: Said) -> bool:
    wanted, shown_on = question.evidence(evidence_id), said.files.get(evidence_id)
    if wanted is None or wanted.max_age_days is None or shown_on is None:
        return False
    return said.on - shown_on > timedelta(days=wanted.max_age_days)


_LOOKS: Mapping[Trait, Callable[[Condition, Said], bool]] = MappingProxyType(
    {
        Trait.NO_FILE: lambda when, said: when.evidence not in said.files,
        # A file or a tap in place of words is no short answer.
        Trait.FEWER_WORDS_THAN: lambda when, said: 0 < len(said.text.split()) < when.than,
        Trait.NUMBER_BELOW: lambda when, said: said.number is not None and said.number < when.than,
        Trait.NUMBER_ABOVE: lambda when, said: said.number is not None and said.number > when.than,
        Trait.DATE_OLDER_THAN_DAYS: lambda when, said: (
            said.day is not None and said.on - said.day > timedelta(days=when.than)
        ),
    }
)
