"""Evidence room at the edge: the form with the details of a file."""

from bot.slack.calls import Form, Open, Press, Reply
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.evidence import details as words
from messages.evidence.payloads import EvidenceRef
from messages.words.kit import Modal
from storage.evidence.tables import Classification
from workflows.deed import Deed
from workflows.evidence import details as evidence_details
from workflows.evidence import file_kinds
from workflows.evidence.shapes import Details
from workflows.people.permissions import Permission
from workflows.shapes import of_row

# --- what people do ---


async def details(call: Press[EvidenceRef]) -> Reply:
    """Somebody wants to say more about a file."""
    return Open(await call.ask(_modal, evidence_id=call.payload.evidence))


def _modal(deed: Deed, *, evidence_id: int) -> Modal:
    found = evidence_details.to_describe(deed, evidence_id=evidence_id)
    return words.form(
        words.DetailsDraft(
            ref=EvidenceRef(found.id, found.version),
            name=found.name,
            sniffed=file_kinds.kind_of(found.media_type),
            revision=found.revision,
            given_by=found.provided_by,
            said=of_row(Details, found),
            retain_until=found.retain_until,
            classifications=tuple(Classification),
            may_hold=deed.may(Permission.PUT_EVIDENCE_ON_HOLD),
        )
    )


async def described(call: Form[EvidenceRef]) -> Reply:
    """They have said it."""
    ref, details = call.payload, filled(call, Details)
    await call.act(evidence_details.describe, evidence_id=ref.evidence, version=ref.version, details=details)
    return None


ROUTES = (
    press(words.DETAILS, EvidenceRef, details),
    form(words.DETAILS_FORM, EvidenceRef, described),
)
