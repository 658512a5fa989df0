"""Interviews: an answer may be several messages; each is remembered, and has its place by when it was written."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, AnswerMessage
from workflows.interviews.rules import Reply

NO_MESSAGE = ""
"""In the place of a message's `ts`: words that were tapped, typed in a form, or noted."""


def messages_of(uow: UnitOfWork, answer: Answer) -> list[AnswerMessage]:
    """The messages whose words an answer is, in the order in which they were written; none of a tap or a form."""
    found = [each for each in uow.matching(AnswerMessage, answer_id=answer.id) if each.counts]
    return sorted(found, key=lambda each: each.message_ts)


def with_one_more(uow: UnitOfWork, answer: Answer, reply: Reply) -> str:
    """What an answer says with a message more, which may have been written before one that was heard of earlier."""
    said = [(each.message_ts, each.text) for each in messages_of(uow, answer)] or [(NO_MESSAGE, answer.text)]
    one_more = (reply.message_ts or said[-1][0], reply.text.strip())
    return _together([text for _, text in sorted([*said, one_more], key=lambda each: each[0])])


def add(uow: UnitOfWork, before: Answer, reply: Reply) -> None:
    """The words of a message belong to an answer; what was said in another way before them stands first."""
    if before.text and not messages_of(uow, before):
        _put(uow, before, NO_MESSAGE, before.text)
    _put(uow, before, reply.message_ts or NO_MESSAGE, reply.text.strip())


def begin(uow: UnitOfWork, answer: Answer, reply: Reply) -> None:
    """An answer is given anew: it is this message if it was one, and those before it are no part of it any more."""
    for each in messages_of(uow, answer):
        uow.change(each, counts=False)
    if reply.message_ts is not None:
        _put(uow, answer, reply.message_ts, reply.text.strip())


def empty(uow: UnitOfWork, answer: Answer) -> None:
    """Words of an answer are gone, and so they are of its messages."""
    for each in uow.matching(AnswerMessage, answer_id=answer.id):
        uow.change(each, text="", edited_text=None)


def as_it_reads_now(messages: Sequence[AnswerMessage]) -> str:
    """What an answer would say if every edit and deletion in Slack counted."""
    standing = [each for each in messages if each.deleted_at is None]
    return _together([each.text if each.edited_text is None else each.edited_text for each in standing])


def take_as_they_read(uow: UnitOfWork, messages: Sequence[AnswerMessage]) -> None:
    """An answer says what its messages say now."""
    for each in messages:
        now = each.text if each.edited_text is None else each.edited_text
        uow.change(uow.get(AnswerMessage, each.id), text=now, edited_text=None, counts=each.deleted_at is None)


def _put(uow: UnitOfWork, answer: Answer, message_ts: str, text: str) -> None:
    said: Mapping[str, Any] = {"text": text, "edited_text": None, "deleted_at": None, "counts": True}
    known = uow.matching(AnswerMessage, answer_id=answer.id, message_ts=message_ts)
    if known:
        uow.change(known[0], **said)
    else:
        uow.add(AnswerMessage(answer_id=answer.id, message_ts=message_ts, **said))


def _together(texts: Sequence[str]) -> str:
    return "\n".join(filter(None, texts))
