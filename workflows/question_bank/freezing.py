"""What an interview keeps of a question, so that later edits of the bank change no interview under way."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from workflows.question_bank.bank import general
from workflows.question_bank.plain import made, plain
from workflows.question_bank.shapes import (
    AskedQuestion,
    BankQuestion,
    FollowUp,
    Option,
    Question,
    Sample,
    Texts,
    WantedEvidence,
)

ENGLISH = "en"
Say = Callable[[Texts], str]


def frozen(question: BankQuestion, language: str, standards: Sequence[str]) -> dict[str, Any]:
    """Everything an interview needs of a question, as JSON: as asked, with what stands beside it for the auditor.

    `language` is the reader's, such as `en`; `standards` the editions in the plan's criteria.
    """
    found: dict[str, Any] = plain(asked(question, language, standards))
    return found


def thawed(kept: dict[str, Any]) -> AskedQuestion:
    """The question as it was frozen. Raises `KeyError` or `ValueError` for what `frozen` never wrote."""
    found: AskedQuestion = made(Question, kept)
    return found


def asked(question: BankQuestion, language: str, standards: Sequence[str]) -> AskedQuestion:
    """The question in one language, about the standards of its plan."""

    def say(texts: Texts) -> str:
        return in_language(texts, language).replace("{subject}", subject(standards, language))

    return Question(
        id=question.id,
        text=say(question.text),
        mode=question.mode,
        kind=question.kind,
        audience=question.audience,
        requirements={edition: each for edition, each in question.requirements.items() if edition in standards},
        minutes=question.minutes,
        for_auditor=question.for_auditor,
        options=tuple(Option(each.id, say(each.label)) for each in question.options),
        none_possible=question.none_possible,
        wanted_evidence=tuple(_evidence(each, say) for each in question.wanted_evidence),
        follow_ups=tuple(FollowUp(each.when, say(each.text)) for each in question.follow_ups),
        sample=None if question.sample is None else _sample(question.sample, say),
        version=question.version,
    )


def in_language(texts: Texts, language: str) -> str:
    """A text in the language asked for; where there is none, in English, or else in what it was written in."""
    return texts.get(language) or texts.get(ENGLISH) or next(iter(texts.values()))


def subject(standards: Collection[str], language: str) -> str:
    """What an audit of these standards is about, for `{subject}` in a question."""
    known = general()
    about = [in_language(texts, language) for edition, texts in known.subjects.items() if edition in standards]
    if len(about) not in (1, 2) or len(about) < len(standards):
        return in_language(known.many, language)
    return f" {in_language(known.and_, language)} ".join(about)


def _evidence(wanted: WantedEvidence[Texts], say: Say) -> WantedEvidence[str]:
    return WantedEvidence(wanted.id, say(wanted.what), wanted.ask, wanted.holder, wanted.max_age_days)


def _sample(sample: Sample[Texts], say: Say) -> Sample[str]:
    return Sample(
        source=sample.source,
        show=tuple(map(say, sample.show)),
        columns=tuple(map(say, sample.columns)),
        complete=None if sample.complete is None else say(sample.complete),
        for_each=None if sample.for_each is None else say(sample.for_each),
        period_days=sample.period_days,
    )
