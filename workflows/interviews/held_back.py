"""Interviews: of a message that looks like holding a secret nothing is kept, and its writer is asked."""

from dataclasses import dataclass

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import HeldBack, HeldBackAs, Interview
from workflows.deed import Deed
from workflows.interviews.rules import Reply
from workflows.nudges import rules as nudge_rules
from workflows.pasted_secrets import Found, found_in
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay

HELD_BACK = "interview.held_back"
"""The message that asks what to do about it, under what was written."""


@dataclass(frozen=True)
class Written:
    """Where a message stands: its conversation and, if it is in one, the thread."""

    channel_id: str
    thread_ts: str = ""


def suspected(reply: Reply) -> Found | None:
    """What an answer looks like holding, unless its writer says that it's no secret."""
    return None if reply.is_no_secret else found_in(reply.text)


def hold(deed: Deed, interview: Interview, reply: Reply, found: Found, where: Written) -> None:
    """Keep nothing of a message but where it stands, and ask; a second time does nothing."""
    held = deed.uow.add_once(
        HeldBack(
            interview_id=interview.id,
            channel_id=where.channel_id,
            thread_ts=where.thread_ts,
            message_ts=reply.message_ts or "",
            looks_like=found.kind.value,
            line=found.line,
            held_at=deed.at,
        )
    )
    if held is not None:
        deed.record("interview.hold_back", interview, looks_like=held.looks_like, line=held.line)
        deed.uow.schedule(
            slot=nudge_rules.slot(HELD_BACK, held.id),
            kind=HELD_BACK,
            recipient=held.channel_id,
            subject="held_back",
            subject_id=held.id,
            not_before=deed.at,
            at=deed.at,
        )


def own(deed: Deed, *, held_id: int) -> HeldBack:
    """A message of the actor's own that is still held back. Raises `NotAllowed` or `AlreadyDecided`."""
    held = deed.uow.get(HeldBack, held_id)
    writer = deed.uow.get(Interview, held.interview_id).person_id
    if deed.by != writer:
        raise NotAllowed(Tried.ANSWER_HERE, WhoMay.WHO_WAS_ASKED, writer)
    if held.settled_as is not None:
        raise AlreadyDecided(what=Thing.THIS_ANSWER, state=held.settled_as.value, by=writer)
    return held


def write_again(deed: Deed, *, held_id: int) -> HeldBack:
    """They will write it without the secret, or have taken it out of Slack. Raises as `own` does."""
    return settle(deed, own(deed, held_id=held_id), HeldBackAs.REWRITTEN)


def settle(deed: Deed, held: HeldBack, how: HeldBackAs) -> HeldBack:
    """Nothing more is asked about it."""
    settled = deed.uow.change(held, settled_as=how, settled_at=deed.at)
    deed.record("interview.settle_held_back", settled, settled_as=how.value)
    deed.redraw(settled)
    return settled


def at_place(uow: UnitOfWork, channel_id: str, message_ts: str) -> HeldBack | None:
    """The message of a place if it is still held back."""
    found = uow.matching(HeldBack, channel_id=channel_id, message_ts=message_ts)
    return next((each for each in found if each.settled_as is None), None)
