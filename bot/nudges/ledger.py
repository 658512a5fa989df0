"""Nudges room at the edge: `/iso nudges`, what somebody was told, what not, and why."""

from bot.nudges import facts, ladders
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import press, verb
from messages.nudges import ledger as words
from messages.nudges.payloads import LedgerRef
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.nudges import ledger
from workflows.nudges.ledger import Entry
from workflows.tasks.work_lists import person_meant

PREVIEW = "preview"

# --- what the words need to know ---


def _page(deed: Deed, *, person_id: str, number: int) -> Message:
    found = ledger.page(deed, person_id=person_id, number=number)
    return words.ledger(
        words.Ledger(
            person_id=person_id,
            is_own=person_id == deed.by,
            entries=[_entry(deed.uow, each) for each in found.entries],
            page=found.number,
            pages=found.pages,
            total=found.total,
        )
    )


def _entry(uow: UnitOfWork, entry: Entry) -> words.Entry:
    return words.Entry(
        kind=entry.kind,
        about=facts.about(uow, entry.subject, entry.subject_id),
        state=entry.state.value,
        at=entry.at,
        reason=entry.reason,
        put_off=entry.put_off,
    )


# --- what people do ---


async def nudges(call: Command) -> Reply:
    """`/iso nudges`, `/iso nudges @person`, `/iso nudges preview access review`."""
    first, _, rest = call.text.partition(" ")
    if first.casefold() == PREVIEW:
        return await ladders.preview(call, rest.strip())
    return Tell(await call.ask(_page, person_id=person_meant(call.text, own_id=call.person_id), number=1))


async def turned(call: Press[LedgerRef]) -> Reply:
    """Another page, in the place of the one before."""
    return Tell(await call.ask(_page, person_id=call.payload.person, number=call.payload.page), replace=True)


ROUTES = (
    verb("nudges", handler=nudges, for_all=True),
    press(words.NEXT, LedgerRef, turned),
    press(words.PREVIOUS, LedgerRef, turned),
)
