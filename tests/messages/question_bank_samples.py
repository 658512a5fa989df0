"""Samples of what is said about the bank of questions."""

from collections.abc import Callable
from functools import partial

from messages.question_bank import cards, forms
from messages.question_bank.cards import AuditorsQuestion, BankLine
from messages.question_bank.payloads import BankRef
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from tests.messages.values import MIRA, TODAY, Say
from workflows.question_bank.shapes import (
    AnswerKind,
    AskedQuestion,
    Condition,
    FollowUp,
    ForAuditor,
    Mode,
    Option,
    Question,
    Reworded,
    Sample,
    SampleSource,
    Trait,
    WantedEvidence,
)

REF = BankRef("7", 2)
WHENS = (
    Condition(Trait.ANSWER_IS, answers=("unknown", "none")),
    Condition(Trait.NO_FILE, evidence="1"),
    Condition(Trait.FILE_OLDER_THAN, evidence="1"),
    Condition(Trait.FEWER_WORDS_THAN, than=8),
    Condition(Trait.NUMBER_BELOW, than=9),
    Condition(Trait.NUMBER_ABOVE, than=9),
    Condition(Trait.DATE_OLDER_THAN_DAYS, than=183),
    Condition(Trait.ANY, of=(Condition(Trait.FEWER_WORDS_THAN, than=8), Condition(Trait.NO_FILE, evidence="1"))),
    Condition(Trait.ALL, of=(Condition(Trait.FEWER_WORDS_THAN, than=8), Condition(Trait.NO_FILE, evidence="1"))),
)


def question(say: Say, kind: AnswerKind = AnswerKind.OPEN) -> AskedQuestion:
    is_choice, is_sample = kind is AnswerKind.CHOICE, kind is AnswerKind.SAMPLE
    return Question(
        id="7",
        text=say("How does IT learn that someone leaves?"),
        mode=Mode.INTERVIEW,
        kind=kind,
        audience=("hr",),
        requirements={"iso27001-2022": ("A.5.18",)},
        minutes=1.5,
        for_auditor=ForAuditor(
            say("Accounts close on the last day."), (say("a notice by itself"),), (say("a list from memory"),)
        ),
        options=tuple(Option(str(place), say("At home")) for place in range(10)) if is_choice else (),
        none_possible=True,
        wanted_evidence=(
            WantedEvidence("1", say("List of leavers"), ask=True, max_age_days=31),
            WantedEvidence("2", say("Training record"), ask=False, holder="hr"),
        ),
        follow_ups=tuple(FollowUp(each, say("And how do you notice?")) for each in WHENS),
        sample=_sample(say) if is_sample else None,
        version=2,
    )


def _sample(say: Say) -> Sample[str]:
    return Sample(
        SampleSource.GIVEN_LIST, (say("accounts closed"),), (say("staff number"),), say("From where?"), say("{rows}")
    )


def one(say: Say, kind: AnswerKind, *, is_retired: bool = False) -> Message:
    by, on = (MIRA, TODAY) if is_retired else (None, None)
    return cards.one(
        AuditorsQuestion(
            ref=REF,
            question=question(say, kind),
            audience=[say("People and culture")],
            requirements=[Requirement(say("ISO/IEC 27001:2022"), "A.5.18", say("Access rights"))],
            added_by=by,
            added_on=on,
            retired_by=by,
            retired_on=on,
        )
    )


def listing(say: Say, *, lines: int, page: int = 1) -> Message:
    line = BankLine(REF, say("How does IT learn that someone leaves?"), "open", [say("People and culture")])
    return cards.listing([line] * lines, looked_for="27001", page=page, total=lines * 3)


def preview(say: Say, kind: AnswerKind) -> Message:
    return cards.preview(question(say, kind), MIRA)


def change_modal(say: Say) -> Modal:
    given = Reworded(
        say("How?"), "hr", "iso27001-2022: A.5.18", "2", say("It works."), say("a notice"), say("from memory")
    )
    return forms.change_modal(REF, given=given)


def question_bank_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    return {
        "questions": partial(listing, lines=10),
        "questions, last page": partial(listing, lines=10, page=3),
        "questions, nothing": partial(listing, lines=0),
        **{f"question, {kind}": partial(one, kind=kind) for kind in AnswerKind},
        "question, retired": partial(one, kind=AnswerKind.OPEN, is_retired=True),
        **{f"question preview, {kind}": partial(preview, kind=kind) for kind in AnswerKind},
        "question preview, follow-up": lambda say: cards.tried(say("And how do you notice?"), is_answer=True),
        "question preview, no follow-up": lambda _: cards.tried("", is_answer=True),
        "question preview, no answer": lambda _: cards.tried("", is_answer=False),
        "question kept": lambda _: cards.kept(REF, is_retired=False),
        "question retired": lambda _: cards.kept(REF, is_retired=True),
        "questions taken": lambda say: cards.taken(file=say("own.yaml"), added=1, changed=2, unchanged=3),
        "questions read": lambda say: forms.reading(say("own.yaml")),
        "questions import modal": lambda _: forms.import_modal(),
        "question add modal": lambda _: forms.add_modal(kinds=[each for each in AnswerKind if each != "sample"]),
        "question change modal": change_modal,
    }
