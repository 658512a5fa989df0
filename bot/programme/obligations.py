"""Obligations at the edge: `/iso obligations`, its pages and its form."""

from collections.abc import Callable
from typing import Any

from bot.requirements import requirements
from bot.slack.calls import Call, Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.programme import obligations as words
from messages.programme.obligations import ObligationItem
from messages.programme.payloads import ObligationRef
from messages.words.kit import Message
from messages.words.payloads import Nothing, PageRef
from messages.words.recurrence import Rhythm
from storage.programme.tables import Obligation, Urgency
from storage.tasks import queries as task_queries
from workflows.dates import recurrence
from workflows.deed import Deed
from workflows.evidence import file_kinds
from workflows.people.permissions import Permission
from workflows.programme import obligations
from workflows.programme.shapes import Wishes

PER_PAGE = 8

# --- what the words need to know ---


def rhythm(rule: str) -> Rhythm:
    """A recurrence as the words take it."""
    found = recurrence.understood(rule)
    parts = {name: value for name, value in vars(found).items() if name != "week_starts"}
    return Rhythm(**parts | {"frequency": found.frequency.value})


def _page(deed: Deed, *, page: int) -> Message:
    found = obligations.listing(deed)
    pages = max(1, -(-len(found) // PER_PAGE))
    shown = min(max(page, 1), pages)
    first = (shown - 1) * PER_PAGE
    items = [_item(deed, each) for each in found[first : first + PER_PAGE]]
    may_change = deed.may(Permission.CHANGE_OBLIGATIONS)
    return words.listing(items, page=shown, pages=pages, total=len(found), may_change=may_change)


def _page_with(deed: Deed, *, obligation_id: int) -> int:
    """The page of the list on which one stands, or the first one."""
    ids = [each.id for each in obligations.listing(deed)]
    return ids.index(obligation_id) // PER_PAGE + 1 if obligation_id in ids else 1


def _kept(deed: Deed, *, obligation_id: int) -> Message:
    return words.kept(_item(deed, deed.uow.get(Obligation, obligation_id)))


def _item(deed: Deed, obligation: Obligation) -> ObligationItem:
    coming = task_queries.of_obligation(deed.uow, obligation.id, task_queries.NOT_DECIDED)
    return ObligationItem(
        ref=ObligationRef(obligation.id, obligation.version),
        title=obligation.title,
        requirements=requirements(deed.uow, obligation.requirements),
        owner=obligations.handle(deed.uow, obligation) or obligation.owner_id,
        owner_kind=obligation.owner_kind.value,
        deputy_id=obligation.deputy_id,
        rhythm=rhythm(obligation.recurrence),
        next_due=coming[0].due_on if coming else None,
        ends_on=obligation.ends_on,
        urgency=obligation.urgency.value,
        is_paused=obligation.paused_at is not None,
        may_change=deed.actor.may(Permission.CHANGE_OBLIGATIONS) and obligation.kind in obligations.CHOSEN,
    )


def _to_change(deed: Deed, *, obligation_id: int, version: int) -> Wishes:
    found = obligations.to_change(deed, obligation_id=obligation_id, version=version)
    return obligations.wishes_of(deed.uow, found)


def choices() -> words.ObligationChoices:
    """What the form offers."""
    return words.ObligationChoices(
        kinds=obligations.CHOSEN,
        urgencies=tuple(Urgency),
        owners=obligations.OWNERS,
        rhythms=[(key, rhythm(rule)) for key, rule in recurrence.CHOICES.items()],
        file_kinds=[each.key for each in file_kinds.kinds()],
    )


# --- what people do ---


async def listing(call: Command) -> Reply:
    """`/iso obligations`, `/iso obligations 2`."""
    return await _tell(call, int(call.text) if call.text.isdecimal() else 1)


async def turned(call: Press[PageRef]) -> Reply:
    """Another page of them."""
    return await _tell(call, call.payload.page)


async def _tell(call: Call, page: int) -> Reply:
    return Tell(await call.ask(_page, page=page), replace=True)


async def add(call: Press[Nothing]) -> Reply:
    """A lead is about to add one."""
    return Open(words.form(await call.ask(obligations.to_add), choices()))


async def added(call: Form[Nothing]) -> Reply:
    """The lead wrote it down."""
    kept = await call.act(obligations.add, wishes=filled(call, Wishes))
    return Tell(await call.ask(_kept, obligation_id=kept.id))


async def change(call: Press[ObligationRef]) -> Reply:
    """A lead is about to change one."""
    return Open(words.form(await call.ask(_to_change, **_which(call)), choices(), call.payload))


async def changed(call: Form[ObligationRef]) -> Reply:
    """The lead wrote down how it should be."""
    kept = await call.act(obligations.change, **_which(call), wishes=filled(call, Wishes))
    return Tell(await call.ask(_kept, obligation_id=kept.id))


async def pause(call: Press[ObligationRef]) -> Reply:
    """Nothing more is planned of it for now."""
    return await _act_in_list(call, obligations.pause)


async def resume(call: Press[ObligationRef]) -> Reply:
    """It goes on."""
    return await _act_in_list(call, obligations.resume)


async def end(call: Press[ObligationRef]) -> Reply:
    """It is over."""
    return await _act_in_list(call, obligations.end)


async def _act_in_list(call: Press[ObligationRef], command: Callable[..., Obligation]) -> Reply:
    page = await call.ask(_page_with, obligation_id=call.payload.obligation)
    await call.act(command, **_which(call))
    return await _tell(call, page)


def _which(call: Press[ObligationRef] | Form[ObligationRef]) -> dict[str, Any]:
    return {"obligation_id": call.payload.obligation, "version": call.payload.version}


ROUTES = (
    verb("obligations", handler=listing),
    press(words.NEXT, PageRef, turned),
    press(words.PREVIOUS, PageRef, turned),
    press(words.ADD, Nothing, add),
    press(words.CHANGE, ObligationRef, change),
    press(words.PAUSE, ObligationRef, pause),
    press(words.RESUME, ObligationRef, resume),
    press(words.END, ObligationRef, end),
    form(words.ADD_FORM, Nothing, added),
    form(words.CHANGE_FORM, ObligationRef, changed),
)
