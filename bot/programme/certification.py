"""Certification at the edge: `/iso certification` and the form for the dates."""

from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.frameworks.payloads import EditionRef
from messages.programme import certification as words
from messages.programme.certification import CertificateItem, MilestoneItem
from messages.words.kit import Message
from storage.programme.tables import Certificate, CertificateState
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.people.permissions import Permission
from workflows.programme import certification
from workflows.programme.certification import Dated
from workflows.programme.shapes import CertificateDates
from workflows.shapes import of_row

NEW = 0
"""The version of a certificate that is not written down yet."""

# --- what the words need to know ---


def _listing(deed: Deed) -> Message:
    known = {each.edition: each for each in certification.listing(deed)}
    items = [_item(edition, known.get(edition)) for edition in deed.uow.workspace().standards]
    today = deed.today
    return words.listing(items, today=today, may_set=deed.may(Permission.SET_DATES_OF_CERTIFICATION))


def _item(edition: str, certificate: Certificate | None) -> CertificateItem:
    standard = framework_rules.catalogue(edition).standard
    if certificate is None:
        return CertificateItem(EditionRef(edition, NEW), standard)
    return CertificateItem(
        ref=EditionRef(edition, certificate.version),
        standard=standard,
        state=certificate.state.value,
        certification_body=certificate.certification_body,
        scope=certificate.scope,
        **certification.days_told(certificate),
        milestones=[_milestone(each) for each in certification.of_certificate(certificate)],
    )


def _milestone(each: Dated) -> MilestoneItem:
    best_from = each.window[0] if each.window else None
    return MilestoneItem(each.milestone.title, each.due_on, each.milestone.strength, best_from=best_from)


# --- what people do ---


async def listing(call: Command) -> Reply:
    """`/iso certification`: how each certificate stands, and what comes when."""
    return Tell(await call.ask(_listing))


async def set_dates(call: Press[EditionRef]) -> Reply:
    """A lead is about to set the dates of a certificate."""
    edition = call.payload.edition
    known = await call.ask(certification.to_set, edition=edition)
    begun = CertificateDates(state=CertificateState.APPLICANT, owner_id=call.person_id)
    return Open(
        words.form(
            EditionRef(edition, known.version if known else NEW),
            standard=framework_rules.catalogue(edition).standard,
            given=of_row(CertificateDates, known) if known else begun,
            states=tuple(CertificateState),
        )
    )


async def dates_set(call: Form[EditionRef]) -> Reply:
    """The lead set them."""
    ref, wanted = call.payload, filled(call, CertificateDates)
    await call.act(certification.set_dates, edition=ref.edition, wanted=wanted, version=ref.version or None)
    return Tell(await call.ask(_listing))


ROUTES = (
    verb("certification", handler=listing),
    press(words.SET, EditionRef, set_dates),
    form(words.SET_FORM, EditionRef, dates_set),
)
