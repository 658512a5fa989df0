"""Which follow-ups can ever be asked: every form that an answer can have, as far as the conditions tell forms apart."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from workflows.question_bank.follow_ups import follow_up_for
from workflows.question_bank.shapes import AnswerKind, Condition, Question, Said, Tap, Trait, W

ANY_DAY = date(2001, 1, 1)
"""Conditions look at how long ago something was, so that on which day they are tried makes no difference."""

NOT_GIVEN = date.min
YES_OR_NO = (Tap.YES, Tap.NO, Tap.UNSURE)


def unreachable(question: Question[W]) -> list[int]:
    """The places of follow-ups, counted from 0, that no answer leads to: each is too late, or fits nothing."""
    asked = [follow_up_for(question, said) for said in _forms(question)]
    return [place for place, each in enumerate(question.follow_ups) if not any(each is other for other in asked)]


def taps(question: Question[W]) -> list[str]:
    """What can be answered to a question by a button, and meets a condition."""
    own = [each.id for each in question.options] if question.kind is AnswerKind.CHOICE else []
    yes_or_no = YES_OR_NO if question.kind is AnswerKind.YES_NO_UNSURE else ()
    return [*own, *yes_or_no, Tap.UNKNOWN, *([Tap.NONE] if question.none_possible else [])]


def leaves(when: Condition) -> Iterator[Condition]:
    """The condition itself, or those it is made of."""
    if not when.of:
        yield when
    for each in when.of:
        yield from leaves(each)


def _forms(question: Question[W]) -> Iterator[Said]:
    looked_at = [each for follow_up in question.follow_ups for each in leaves(follow_up.when)]
    files = {each.evidence for each in looked_at if each.evidence}
    for chosen, words, number, ago, shown in product(
        ["", *taps(question)],
        [0, *_around(looked_at, Trait.FEWER_WORDS_THAN)],
        [None, *_around(looked_at, Trait.NUMBER_BELOW, Trait.NUMBER_ABOVE)],
        [None, *_around(looked_at, Trait.DATE_OLDER_THAN_DAYS)],
        product(*[_shown(question, each) for each in sorted(files)]),
    ):
        given = {name: day for name, day in zip(sorted(files), shown, strict=True) if day != NOT_GIVEN}
        yield Said(ANY_DAY, "word " * int(words), chosen, number, None if ago is None else _before(ago), given)


def _shown(question: Question[W], evidence_id: str) -> list[date | None]:
    """A file that didn't come, one of which nobody said its day, one of today, and one that is too old."""
    wanted = question.evidence(evidence_id)
    too_old = [_before(wanted.max_age_days + 1)] if wanted and wanted.max_age_days is not None else []
    return [NOT_GIVEN, None, ANY_DAY, *too_old]


def _around(looked_at: Iterable[Condition], *traits: Trait) -> list[float]:
    limits = {each.than for each in looked_at if each.trait in traits}
    return sorted({near for limit in limits for near in (limit - 1, limit, limit + 1)})


def _before(days: float) -> date:
    return ANY_DAY - timedelta(days=days)
