"""Responses: what the bot says by itself, composed at the moment of sending."""

from datetime import datetime

from bot.responses import facts
from bot.slack.calls import Post, Redraw, Skip
from messages.responses import asking as words
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Asking, Nonconformity, ResponseDraft
from storage.nudges import posted
from storage.nudges.posted import Place
from storage.record.outbox import OutboxRow
from workflows.nudges.reasons import Moved, moved_on
from workflows.responses import questions
from workflows.responses.questions import QUESTION

STILL_DRAWN = 2
"""The question that is asked, and the one before it, which has lost its buttons."""


def question(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """A question in the thread of the case, unless another is asked by now."""
    draft = uow.get(ResponseDraft, row.subject_id)
    finding = uow.get(Nonconformity, draft.nonconformity_id)
    if not questions.is_asked(draft, row) or finding.owner_id != row.recipient:
        return Skip(moved_on(Moved.NONCONFORMITY, finding.state.value))
    return Post(_message(uow, draft, row, at), questions.thread_of(uow, finding, draft))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """What was answered has no buttons any more; what is asked stands as it was posted."""
    draft = uow.get(ResponseDraft, row.subject_id)
    newest = [place.message_id for place in posted.where_posted(uow, "response_draft", draft.id)][:STILL_DRAWN]

    def drawn(place: Place) -> Message | None:
        row = uow.get(OutboxRow, place.message_id)
        is_done = place.message_id in newest and not questions.is_asked(draft, row)
        return _message(uow, draft, row, at) if is_done else None

    return Redraw(drawn)


def _message(uow: UnitOfWork, draft: ResponseDraft, row: OutboxRow, at: datetime) -> Message:
    _, asking, *_ = row.values["what"]
    if asking == Asking.READ_BACK:
        return words.read_back(facts.read_back(uow, draft, row))
    return words.question(facts.turn(facts.now(uow, at), draft, row))


COMPOSERS = {QUESTION: question, "response_draft.redraw": redraw}
