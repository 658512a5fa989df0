"""Whether questions that somebody has written can be asked; if not, every fault of each."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflows.question_bank import asking
from workflows.question_bank.bank import audiences, general
from workflows.question_bank.faults import Fault, Why
from workflows.question_bank.marked import Path
from workflows.question_bank.reachable import leaves, taps, unreachable
from workflows.question_bank.reading import Reading
from workflows.question_bank.shapes import (
    AnswerKind,
    BankQuestion,
    Condition,
    Mode,
    SampleSource,
    Tap,
    Texts,
    Trait,
)

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
PLACES = re.compile(r"\{\w*\}")
ROWS = "{rows}"

WANTS: Mapping[Trait, AnswerKind] = {
    Trait.NUMBER_BELOW: AnswerKind.NUMBER,
    Trait.NUMBER_ABOVE: AnswerKind.NUMBER,
    Trait.DATE_OLDER_THAN_DAYS: AnswerKind.DATE,
}
"""Of which kind a question has to be for a condition to make sense."""

COUNTS = frozenset({Trait.FEWER_WORDS_THAN, Trait.DATE_OLDER_THAN_DAYS})
"""What counts words or days."""


@dataclass(frozen=True)
class Ground:
    """What questions may refer to: the numbers of requirements by edition, and other questions by id.

    `of_own`: whether the organisation's own frameworks are among them; otherwise theirs are taken as they are.
    """

    requirements: Mapping[str, Collection[str]]
    questions: Mapping[str, BankQuestion]
    own: str
    of_own: bool = False


@dataclass(frozen=True)
class Checked:
    """The questions that can be asked as they stand, and everything that is wrong with the others."""

    questions: tuple[BankQuestion, ...]
    faults: tuple[Fault, ...]


def checked(rows: Sequence[Any], ground: Ground) -> Checked:
    """Look at questions as somebody wrote them, each a mapping as YAML would say it. Paths begin with its place."""
    written_out, faults = asking.with_texts(rows, {key: each.text for key, each in ground.questions.items()})
    reading = Reading()
    read = [reading.question(row, (place,)) for place, row in enumerate(written_out)]
    found = [(place, each) for place, each in enumerate(read) if each]
    faults += reading.faults
    faults += [replace(fault, at=(place, *fault.at)) for place, each in found for fault in faults_of(each, ground)]
    faults = [fault for fault in faults if not asking.is_borrowed(rows, fault)] + list(_doubled(rows))
    wrong = {fault.at[0] for fault in faults if fault.at}
    return Checked(tuple(each for place, each in found if place not in wrong), tuple(faults))


def faults_of(question: BankQuestion, ground: Ground) -> Iterator[Fault]:
    """What is wrong with a question that could be read."""
    if not ID.fullmatch(question.id):
        yield Fault(("id",), Why.ID_WANTED)
    for rule in (_requirements(question, ground), _audience(question), _texts(question), _size(question)):
        yield from rule
    yield from _kind(question)
    yield from _sample(question)
    yield from _evidence(question)
    yield from _follow_ups(question)


def _doubled(rows: Sequence[Any]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        name = row.get("id") if isinstance(row, dict) else None
        if isinstance(name, str) and first.setdefault(name, place) != place:
            yield Fault((place, "id"), Why.DOUBLED_ID, {"word": name})


def _requirements(question: BankQuestion, ground: Ground) -> Iterator[Fault]:
    if not any(question.requirements.values()):
        yield Fault(("requirements",), Why.EMPTY)
    for edition, numbers in question.requirements.items():
        known = ground.requirements.get(edition)
        if known is not None:
            for place, number in enumerate(numbers):
                if number not in known:
                    at = ("requirements", edition, place)
                    yield Fault(at, Why.UNKNOWN_REQUIREMENT, {"edition": edition, "word": number})
        elif ground.of_own or not edition.startswith(ground.own):
            known_editions = tuple(ground.requirements)
            yield Fault(("requirements", edition), Why.UNKNOWN_EDITION, {"word": edition, "known": known_editions})


def _audience(question: BankQuestion) -> Iterator[Fault]:
    if not question.audience:
        yield Fault(("audience",), Why.EMPTY)
    holders = [
        (("wanted_evidence", place, "holder"), each.holder) for place, each in enumerate(question.wanted_evidence)
    ]
    asked = [(("audience", place), each) for place, each in enumerate(question.audience)]
    for at, name in [*asked, *holders]:
        if name and name not in audiences():
            yield Fault(at, Why.UNKNOWN_AUDIENCE, {"word": name, "known": tuple(audiences())})


def _texts(question: BankQuestion) -> Iterator[Fault]:
    places = [(at, text) for at, texts in _all_texts(question) for text in texts.values()]
    for at, text in places:
        most = general().limits.label if at[0] == "options" else general().limits.text
        if len(text) > most:
            yield Fault(at, Why.TOO_LONG, {"length": len(text), "most": most})
        for place in PLACES.findall(text):
            if place not in {"{subject}", ROWS}:
                yield Fault(at, Why.UNKNOWN_WORD, {"word": place})
        if any(re.search(each, text, re.IGNORECASE) for each in general().asks_for_people):
            yield Fault(at, Why.ASKS_FOR_PEOPLE)


def _all_texts(question: BankQuestion) -> Iterator[tuple[Path, Texts]]:
    yield ("text",), question.text
    yield from ((("options", place), each.label) for place, each in enumerate(question.options))
    yield from ((("wanted_evidence", place, "what"), each.what) for place, each in enumerate(question.wanted_evidence))
    yield from ((("follow_ups", place, "text"), each.text) for place, each in enumerate(question.follow_ups))
    if question.sample:
        sample = question.sample
        yield from ((("sample", "columns", place), each) for place, each in enumerate(sample.columns))
        yield from ((("sample", "show", place), each) for place, each in enumerate(sample.show))
        yield from ((("sample", name), each) for name in ("complete", "for_each") if (each := getattr(sample, name)))


def _size(question: BankQuestion) -> Iterator[Fault]:
    limits = general().limits
    if question.mode is Mode.INTERVIEW and not 0 < question.minutes <= limits.minutes_per_person:
        yield Fault(("minutes",), Why.TOO_MANY_MINUTES, {"most": limits.minutes_per_person})
    for name, most in (
        ("follow_ups", limits.follow_ups),
        ("options", limits.options),
        ("wanted_evidence", limits.evidence),
    ):
        if len(getattr(question, name)) > most:
            yield Fault((name, most), Why.TOO_MANY, {"most": most, "key": name})


def _kind(question: BankQuestion) -> Iterator[Fault]:
    is_choice = question.kind is AnswerKind.CHOICE
    if is_choice and len(question.options) < 2:
        yield Fault((), Why.MISSING, {"key": "options"})
    if question.options and not is_choice:
        yield Fault(("options",), Why.NOT_THIS_KIND, {"key": "options", "kind": AnswerKind.CHOICE})
    yield from _ids(question.options, "options", taken=tuple(Tap))


def _ids(named: Iterable[Any], key: str, taken: Collection[str] = ()) -> Iterator[Fault]:
    seen = set(taken)
    for place, each in enumerate(named):
        if not ID.fullmatch(each.id):
            yield Fault((key, place, "id"), Why.ID_WANTED)
        elif each.id in seen:
            yield Fault((key, place, "id"), Why.DOUBLED_ID, {"word": each.id})
        seen.add(each.id)


def _sample(question: BankQuestion) -> Iterator[Fault]:
    sample, is_sample = question.sample, question.kind is AnswerKind.SAMPLE
    if sample is None:
        if is_sample:
            yield Fault((), Why.MISSING, {"key": "sample"})
        return
    if not is_sample:
        yield Fault(("sample",), Why.NOT_THIS_KIND, {"key": "sample", "kind": AnswerKind.SAMPLE})
    if sample.source is SampleSource.APPLICABLE_CONTROLS:
        yield from _with_rows(question.text, ("text",))
        return
    for key in ("columns", "complete", "for_each"):
        if not getattr(sample, key):
            yield Fault(("sample",), Why.MISSING, {"key": key})
    yield from _days(sample.period_days, ("sample", "period_days"))
    yield from _with_rows(sample.for_each or {}, ("sample", "for_each"))


def _with_rows(texts: Texts, at: Path) -> Iterator[Fault]:
    if any(ROWS not in each for each in texts.values()):
        yield Fault(at, Why.NO_ROWS_IN_TEXT)


def _evidence(question: BankQuestion) -> Iterator[Fault]:
    yield from _ids(question.wanted_evidence, "wanted_evidence")
    for place, each in enumerate(question.wanted_evidence):
        yield from _days(each.max_age_days, ("wanted_evidence", place, "max_age_days"))


def _days(days: int | None, at: Path) -> Iterator[Fault]:
    if days is not None and not 0 < days <= general().limits.days:
        yield Fault(at, Why.OUT_OF_RANGE, {"most": general().limits.days})


def _follow_ups(question: BankQuestion) -> Iterator[Fault]:
    faults = [
        Fault(("follow_ups", place, "when"), why, about)
        for place, each in enumerate(question.follow_ups)
        for why, about in _condition(question, each.when)
    ]
    yield from faults
    if not faults and len(question.follow_ups) <= general().limits.follow_ups:
        yield from (Fault(("follow_ups", place), Why.UNREACHABLE) for place in unreachable(question))


def _condition(question: BankQuestion, when: Condition) -> Iterator[tuple[Why, Mapping[str, object]]]:
    if any(each.of for each in when.of) or len(when.of) > general().limits.conditions:
        yield Why.NESTED, {"most": general().limits.conditions}
        return
    for each in leaves(when):
        yield from _looks(question, each)
        yield from _answers(question, each)
        yield from _files(question, each)


def _looks(question: BankQuestion, when: Condition) -> Iterator[tuple[Why, Mapping[str, object]]]:
    if when.trait in WANTS and question.kind is not WANTS[when.trait]:
        yield Why.NOT_OF_KIND, {"word": when.trait, "kind": WANTS[when.trait]}
    if when.trait in COUNTS and not 0 < when.than <= general().limits.days:
        yield Why.OUT_OF_RANGE, {"most": general().limits.days}


def _answers(question: BankQuestion, when: Condition) -> Iterator[tuple[Why, Mapping[str, object]]]:
    possible = taps(question)
    for each in when.answers:
        if each not in possible:
            yield Why.UNKNOWN_ANSWER, {"word": each, "known": tuple(possible)}


def _files(question: BankQuestion, when: Condition) -> Iterator[tuple[Why, Mapping[str, object]]]:
    wanted = question.evidence(when.evidence)
    if when.evidence and (wanted is None or not wanted.ask):
        yield Why.UNKNOWN_EVIDENCE, {"word": when.evidence}
    elif wanted and when.trait is Trait.FILE_OLDER_THAN and wanted.max_age_days is None:
        yield Why.NO_AGE, {"word": when.evidence}
