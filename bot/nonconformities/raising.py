"""Nonconformities at the edge: the form in which one is written down, from nothing or from what is known already."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.requirements import requirement
from bot.slack.calls import Form, Open, Press, Reply
from bot.slack.filling import filled
from bot.slack.routes import Routes, form, press
from messages.nonconformities import raising as words
from messages.nonconformities.payloads import CameFrom
from messages.words.kit import Modal
from messages.words.payloads import Payload
from storage.evidence.tables import Evidence
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.nonconformities import origins, sources
from workflows.nonconformities.shapes import Finding, Raised
from workflows.people.permissions import Permission

PLAIN = CameFrom("", 0)
"""From nothing of ours: where it comes from is asked."""


def begin(deed: Deed) -> Modal:
    """`/iso nc raise`, for those who may raise one. Raises `NotAllowed`."""
    return modal(deed, words.RAISE_FORM, PLAIN)


def modal(
    deed: Deed, callback_id: str, ref: Payload, *, given: Mapping[str, Any] | None = None, source: str = ""
) -> Modal:
    """The form, with what is known already. Raises `NotAllowed`."""
    deed.must(Permission.ISSUE_NONCONFORMITY)
    used = origins.used_before(deed.uow)
    known = words.RaiseForm(
        requirements=_requirements(deed), places=used.places, processes=used.processes, given=given or {}, source=source
    )
    return words.raise_modal(callback_id, ref, known)


def _requirements(deed: Deed) -> list[words.Choosable]:
    catalogues = [framework_questions.catalogue_of(deed.uow, each) for each in framework_questions.scope(deed.uow)]
    found = [each.reference for catalogue in catalogues for each in catalogue.requirements.values()]
    return [words.Choosable(each, requirement(deed.uow, each)) for each in found]


def seen(said: str, files: Sequence[Evidence]) -> str:
    """What was seen, and the files that show it with the beginning of their fingerprints."""
    return "\n".join([*([said] if said else []), *(f"{each.name} ({(each.sha256 or '')[:12]})" for each in files)])


def written_down(call: Form[Any]) -> tuple[Finding, str, str]:
    """What was written down: the finding, what it is against, and where it comes from, if that was asked."""
    said = filled(call, Raised)
    return sources.finding_of(said), said.against, said.source


async def from_a_row(call: Press[CameFrom]) -> Reply:
    """A nonconformity from evidence that was returned, a task that was missed, or a probe that failed."""
    return Open(await call.ask(_from_a_row, ref=call.payload))


def _from_a_row(deed: Deed, *, ref: CameFrom) -> Modal:
    known = sources.known_of(deed, source=ref.source, row_id=ref.row)
    given = {
        "requirement": known.requirement or None,
        "evidence": seen(known.seen, known.files),
        "owner_id": known.owner_id,
    }
    return modal(deed, words.RAISE_FORM, ref, given=given, source=ref.source)


async def raised(call: Form[CameFrom]) -> Reply:
    """The draft; whoever grades it gets its card."""
    finding, against, source = written_down(call)
    ref = call.payload
    await call.act(sources.raise_from, finding=finding, against=against, source=ref.source or source, row_id=ref.row)
    return None


ROUTES: Routes = (
    press(words.RAISE, CameFrom, from_a_row),
    form(words.RAISE_FORM, CameFrom, raised),
)
