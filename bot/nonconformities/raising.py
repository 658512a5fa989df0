"""Nonconformities at the edge: the form in which one is written down, from nothing or from what is known already."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.requirements import requirement
from bot.slack.calls import Call, Form, Open, Reply
from bot.slack.filling import filled
from bot.slack.routes import Routes, form
from messages.nonconformities import raising as words
from messages.nonconformities.payloads import CameFrom
from messages.tasks.payloads import TaskRef
from messages.words.kit import Modal
from messages.words.payloads import Payload
from storage.evidence.tables import Evidence
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import origins, sources
from workflows.nonconformities.shapes import Raised
from workflows.people.permissions import Permission

PLAIN = CameFrom("", 0)
"""From nothing of ours: where it comes from is asked."""


def begin(deed: Deed) -> Modal:
    """`/iso nc raise`, for those who may raise one. Raises `NotAllowed`."""
    deed.must(Permission.ISSUE_NONCONFORMITY)
    return modal(deed, words.RAISE_FORM, PLAIN)


def modal(
    deed: Deed, callback_id: str, ref: Payload, *, given: Mapping[str, Any] | None = None, source: str = ""
) -> Modal:
    """The form, with what is known already, for whoever may begin with it where they stand."""
    used = origins.used_before(deed.uow)
    known = words.RaiseForm(
        requirements=_requirements(deed),
        places=_choices(used.places),
        processes=_choices(used.processes),
        given=given or {},
        source=source,
    )
    return words.raise_modal(callback_id, ref, known)


def _choices(named: origins.Named) -> list[tuple[str, str]]:
    return [(str(id_), each) for id_, each in named]


def _requirements(deed: Deed) -> list[words.Choosable]:
    catalogues = [framework_questions.catalogue_of(deed.uow, each) for each in framework_questions.scope(deed.uow)]
    found = [each.reference for catalogue in catalogues for each in catalogue.requirements.values()]
    return [words.Choosable(each, requirement(deed.uow, each)) for each in found]


def seen(said: str, files: Sequence[Evidence]) -> str:
    """What was seen, and the files that show it with the beginning of their fingerprints."""
    return "\n".join([*([said] if said else []), *(f"{each.name} ({(each.sha256 or '')[:12]})" for each in files)])


async def from_task(call: Call, ref: TaskRef) -> Reply:
    """A nonconformity from a task that was missed, whose evidence was returned, or that a failed probe opened."""
    return Open(await call.ask(_from_task, task_id=ref.task))


def _from_task(deed: Deed, *, task_id: int) -> Modal:
    source, row_id = sources.what_went_wrong(deed, task_id=task_id)
    known = sources.known_of(deed.uow, source, row_id)
    given = {
        "requirement": known.requirement or None,
        "evidence": seen(known.seen, known.files),
        "owner_id": known.owner_id,
    }
    return modal(deed, words.RAISE_FORM, CameFrom(source.value, row_id), given=given, source=source.value)


DEEDS = {"nonconformity": from_task}
"""What the menu of a task's card leads to, in this room."""


async def raised(call: Form[CameFrom]) -> Reply:
    """The draft; whoever grades it gets its card."""
    ref, said = call.payload, filled(call, Raised)
    await call.act(sources.raise_from, said=said, source=ref.source or said.source, row_id=ref.row)
    return None


ROUTES: Routes = (form(words.RAISE_FORM, CameFrom, raised),)
