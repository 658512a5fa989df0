"""Question bank: what the words need to know, looked up in rows."""

from collections.abc import Sequence

from bot.requirements import requirements
from messages.question_bank import cards as words
from messages.question_bank import forms
from messages.question_bank.payloads import BankRef
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.nudges.rules import local_day
from workflows.question_bank import questions as bank_questions
from workflows.question_bank.bank import audiences
from workflows.question_bank.follow_ups import follow_up_for
from workflows.question_bank.freezing import ENGLISH, asked, in_language
from workflows.question_bank.own_files import as_cells
from workflows.question_bank.questions import Kept
from workflows.question_bank.shapes import AskedQuestion, BankQuestion, Said


def listing(deed: Deed, *, looked_for: str, page: int) -> Message:
    found = bank_questions.search(deed, words=looked_for)
    shown = found[(page - 1) * words.PER_PAGE : page * words.PER_PAGE]
    return words.listing([_line(deed.uow, each) for each in shown], looked_for=looked_for, page=page, total=len(found))


def _line(uow: UnitOfWork, kept: Kept) -> words.BankLine:
    return words.BankLine(
        ref=_ref(kept),
        text=as_read(uow, kept.question).text,
        kind=kept.question.kind.value,
        audience=_called(kept.question.audience),
    )


def one(deed: Deed, *, key: str) -> Message:
    kept = bank_questions.one(deed, key=key)
    zone = deed.uow.workspace().zone
    return words.one(
        words.AuditorsQuestion(
            ref=_ref(kept),
            question=as_read(deed.uow, kept.question),
            audience=_called(kept.question.audience),
            requirements=requirements(deed.uow, kept.question.references),
            added_by=kept.added_by,
            added_on=local_day(zone, kept.added_at) if kept.added_at else None,
            retired_by=kept.retired_by,
            retired_on=local_day(zone, kept.retired_at) if kept.retired_at else None,
        )
    )


def preview(deed: Deed, *, key: str) -> Message:
    return words.preview(as_read(deed.uow, bank_questions.one(deed, key=key).question), deed.by)


def tried(deed: Deed, *, key: str, chosen: str) -> Message:
    question = as_read(deed.uow, bank_questions.one(deed, key=key).question)
    follow_up = follow_up_for(question, Said(deed.today, chosen=chosen)) if chosen else None
    return words.tried(follow_up.text if follow_up else "", is_answer=bool(chosen))


def change_modal(deed: Deed, *, key: str) -> Modal:
    kept = bank_questions.one(deed, key=key)
    return forms.change_modal(_ref(kept), given=as_cells(kept.question))


def as_read(uow: UnitOfWork, question: BankQuestion) -> AskedQuestion:
    """The question as an audit of everything that the programme follows would ask it."""
    return asked(question, ENGLISH, framework_questions.scope(uow))


def _ref(kept: Kept) -> BankRef:
    return BankRef(kept.question.id, kept.revision)


def _called(names: Sequence[str]) -> list[str]:
    return [in_language(audiences()[each].label, ENGLISH) for each in names]
