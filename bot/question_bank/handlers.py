"""Question bank room at the edge: `/iso questions`, a question with its preview, and own questions by form or file."""

import hashlib

from bot.errands import Conclusion, Kind, telling
from bot.question_bank import facts
from bot.services import Services
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.objects import SlackFile
from bot.slack.routes import Routes, form, press, verb
from bot.slack.uploads import contents, given
from messages.question_bank import cards as words
from messages.question_bank import forms
from messages.question_bank.payloads import BankPage, BankRef, TriedTap
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from storage.question_bank.tables import OwnQuestion
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.question_bank import commands, own_files, questions
from workflows.question_bank.shapes import AnswerKind, Reworded, Written

IN_A_FORM = [each.value for each in AnswerKind if each is not AnswerKind.SAMPLE]
"""A sample has more to say than a form has room for."""


async def show(call: Command) -> Reply:
    """`/iso questions`, with words to look for, the id of one, or `import`."""
    typed = call.text.strip()
    if typed.lower() == "import":
        return Open(await call.ask(_import_modal))
    return Tell(await call.ask(_found, typed=typed))


def _found(deed: Deed, *, typed: str) -> Message:
    """The one of that id; else those that the words fit."""
    questions.may_see(deed)
    if typed.lower() in questions.bank_of(deed.uow):
        return facts.one(deed, key=typed.lower())
    return facts.listing(deed, looked_for=typed, page=1)


async def more(call: Press[BankPage]) -> Reply:
    """Another page, in the place of the one before."""
    page = call.payload
    return Tell(await call.ask(facts.listing, looked_for=page.words, page=page.page), replace=True)


async def show_one(call: Press[BankRef]) -> Reply:
    """A question with everything that auditors know of it."""
    return Tell(await call.ask(facts.one, key=call.payload.question))


async def preview(call: Press[BankRef]) -> Reply:
    """The question as whoever answers reads it."""
    return Tell(await call.ask(facts.preview, key=call.payload.question))


async def try_(call: Press[TriedTap]) -> Reply:
    """What would be asked after an answer; nothing is kept."""
    return Tell(await call.ask(facts.tried, key=call.payload.question, chosen=call.payload.chosen))


async def begin_to_add(call: Press[Nothing]) -> Reply:
    """Ask for a new question."""
    await call.ask(questions.may_see)
    return Open(forms.add_modal(kinds=IN_A_FORM))


async def added(call: Form[Nothing]) -> Reply:
    """The question is in the bank."""
    return _kept(await call.act(commands.add, said=filled(call, Written)))


async def begin_to_change(call: Press[BankRef]) -> Reply:
    """Ask for the new version, with the one before in the fields."""
    return Open(await call.ask(facts.change_modal, key=call.payload.question))


async def changed(call: Form[BankRef]) -> Reply:
    """The new version counts from now on."""
    ref = call.payload
    said = filled(call, Reworded)
    return _kept(await call.act(commands.change, key=ref.question, revision=ref.revision, said=said))


async def retire(call: Press[BankRef]) -> Reply:
    """The question is asked no more."""
    ref = call.payload
    return _kept(await call.act(commands.retire, key=ref.question, revision=ref.revision))


def _kept(row: OwnQuestion) -> Reply:
    return Tell(words.kept(BankRef(row.key, row.revision), is_retired=row.retired_at is not None))


async def begin_to_bring(call: Press[Nothing]) -> Reply:
    """Ask for a file of questions."""
    return Open(await call.ask(_import_modal))


def _import_modal(deed: Deed) -> Modal:
    questions.may_see(deed)
    return forms.import_modal()


async def bring(call: Form[Nothing]) -> Reply:
    """The file is read beside everything else; all its questions are taken, or none."""
    files = call.files(forms.FILE)
    if not files:
        return None
    await call.act(_given, file=files[0])
    return Tell(forms.reading(files[0].name))


def _given(deed: Deed, *, file: SlackFile) -> None:
    questions.may_see(deed)
    deed.errand(BRING, values={"file": file.id}, about=file.name)


async def read_questions(services: Services, errand: Errand) -> Conclusion:
    """Read a file of own questions; all of them are taken, or what is wrong is told line by line."""
    data = await contents(services, given(errand))
    found = await services.reader.read(own_files.rows_of, errand.about, data)
    sha256 = hashlib.sha256(data).hexdigest()

    def conclude(deed: Deed) -> None:
        own = Deed.of(deed.uow, errand.person_id, deed.at)
        taken = commands.take_file(own, file=errand.about, found=found, sha256=sha256)
        telling(errand, words.taken(file=errand.about, **vars(taken)))(deed)

    return conclude


BRING = "question_bank.bring"
ERRANDS = {BRING: Kind(read_questions)}

ROUTES: Routes = (
    verb("questions", handler=show),
    press(words.MORE, BankPage, more),
    press(words.SHOW, BankRef, show_one),
    press(words.PREVIEW, BankRef, preview),
    *(press(each, TriedTap, try_) for each in words.TRIES),
    press(words.ADD, Nothing, begin_to_add),
    form(forms.ADD_FORM, Nothing, added),
    press(words.CHANGE, BankRef, begin_to_change),
    form(forms.CHANGE_FORM, BankRef, changed),
    press(words.RETIRE, BankRef, retire),
    press(words.IMPORT, Nothing, begin_to_bring),
    form(forms.IMPORT_FORM, Nothing, bring),
)
