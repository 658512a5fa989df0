"""Certification at the edge: `/iso certification` and the form for the dates."""

from dataclasses import replace

from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.routes import form, press, verb
from messages.frameworks.payloads import EditionRef
from messages.programme import certification as words
from messages.programme.certification import CertificateDraft, CertificateItem, MilestoneItem
from messages.words.kit import Message
from storage.programme.tables import Certificate
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.people.permissions import Permission
from workflows.programme import certification
from workflows.programme.certification import CertificateDates, Dated

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
        decided_on=certificate.decided_on,
        expires_on=certificate.expires_on,
        milestones=[_milestone(each) for each in certification.of_certificate(certificate)],
    )


def _milestone(each: Dated) -> MilestoneItem:
    best_from = each.window[0] if each.window else None
    return MilestoneItem(each.milestone.title, each.due_on, each.milestone.strength, best_from)


def _draft(edition: str, known: Certificate | None) -> CertificateDraft:
    empty = CertificateDraft(framework_rules.catalogue(edition).standard)
    if known is None:
        return empty
    return replace(
        empty,
        state=known.state.value,
        scope=known.scope,
        certification_body=known.certification_body,
        owner_id=known.owner_id,
        days={name: getattr(known, name) for name in words.DAYS},
    )


# --- what people do ---


async def listing(call: Command) -> Reply:
    """`/iso certification`: how each certificate stands, and what comes when."""
    return Tell(await call.ask(_listing))


async def set_dates(call: Press[EditionRef]) -> Reply:
    """A lead is about to set the dates of a certificate."""
    edition = call.payload.edition
    known = await call.ask(certification.to_set, edition=edition)
    draft = _draft(edition, known)
    asked = draft if draft.owner_id else replace(draft, owner_id=call.person_id)
    return Open(words.form(asked, EditionRef(edition, known.version if known else NEW)))


async def dates_set(call: Form[EditionRef]) -> Reply:
    """The lead set them."""
    wanted = CertificateDates(
        edition=call.payload.edition,
        state=call.choice(words.STATE) or "",
        scope=call.text(words.SCOPE),
        certification_body=call.text(words.BODY),
        owner_id=call.person(words.OWNER) or "",
        **{name: call.day(name) for name in words.DAYS},
    )
    await call.act(certification.set_dates, wanted=wanted, version=call.payload.version or None)
    return Tell(await call.ask(_listing))


ROUTES = (
    verb("certification", usage="", sentence="shows the dates of each certificate", handler=listing),
    press(words.SET, EditionRef, set_dates),
    form(words.SET_FORM, EditionRef, dates_set),
)
