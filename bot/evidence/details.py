"""Evidence room at the edge: the form with the details of a file."""

from bot.slack.calls import Form, Open, Press, Reply
from bot.slack.routes import form, press
from messages.evidence import details as words
from messages.evidence.payloads import EvidenceRef
from messages.words.kit import Modal
from storage.evidence.tables import Classification
from workflows.deed import Deed
from workflows.evidence import details as evidence_details
from workflows.evidence import file_kinds
from workflows.evidence.details import Details
from workflows.refusals import InputWanted

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
            sniffed=file_kinds.called(found.media_type),
            revision=found.revision,
            given_by=found.provided_by,
            collected_on=found.collected_on,
            period_begins=found.period_begins,
            period_ends=found.period_ends,
            classification=found.classification.value,
            personal_data=found.personal_data,
            retain_until=found.retain_until,
            legal_hold=found.legal_hold,
            may_hold=deed.may("put evidence on hold"),
        )
    )


async def described(call: Form[EvidenceRef]) -> Reply:
    """They have said it."""
    ref = call.payload
    await call.act(evidence_details.describe, evidence_id=ref.evidence, version=ref.version, details=_given(call))
    return None


def _given(call: Form[EvidenceRef]) -> Details:
    collected_on, chosen = call.day(words.COLLECTED_ON), call.choice(words.CLASSIFICATION)
    if collected_on is None:
        raise InputWanted(words.COLLECTED_ON, "enter the date the file is from")
    return Details(
        collected_on=collected_on,
        period_begins=call.day(words.BEGINS),
        period_ends=call.day(words.ENDS),
        classification=Classification(chosen) if chosen else Classification.INTERNAL,
        personal_data=words.PERSONAL_DATA in call.choices(words.PERSONAL_DATA),
        legal_hold=call.text(words.LEGAL_HOLD) if words.LEGAL_HOLD in call.fields else None,
    )


ROUTES = (
    press(words.DETAILS, EvidenceRef, details),
    form(words.DETAILS_FORM, EvidenceRef, described),
)
