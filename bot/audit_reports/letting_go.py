"""Audit reports room at the edge: how long answers are kept, and two people who let go of what is past its day."""

from collections.abc import Mapping
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.sending.day import Subject
from bot.slack.calls import Composer, Form, Open, Press, Redraw, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.audit_reports import letting_go as words
from messages.audit_reports.payloads import AnswersRef
from messages.nudges.day import DayItem
from messages.words.kit import Message
from messages.words.payloads import Nothing
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import AnswerDisposal
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.audit_reports import letting_go
from workflows.audit_reports.letting_go import Kept
from workflows.audit_reports.shapes import KeepingTime
from workflows.deed import Deed
from workflows.nudges.reasons import Moved, moved_on
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor

# --- what the words need to know ---


def overview(deed: Deed) -> list[Block]:
    """What `/iso retention` says of answers. Raises `NotAllowed`."""
    found = letting_go.overview(deed)
    return words.overview(
        [_due(each) for each in found.kept],
        [_card(deed.uow, each, deed.actor) for each in found.proposals],
        months=found.months,
        may_propose=deed.may(Permission.PROPOSE_DISPOSAL) and not found.proposals,
        may_set=deed.may(Permission.CHANGE_SETTINGS_OF_PROGRAMME),
    )


def _due(kept: Kept) -> words.DueAnswers:
    return words.DueAnswers(kept.audit.id, kept.audit.title, kept.answers, kept.until)


def _card(uow: UnitOfWork, disposal: AnswerDisposal, reader: Actor | None) -> words.AnswersCard:
    audits = [uow.get(DeskAudit, each) for each in disposal.desk_audit_ids]
    return words.AnswersCard(
        ref=AnswersRef(disposal.id),
        state=letting_go.state_of(disposal),
        proposed_by=disposal.proposed_by,
        audits=[words.DueAnswers(each.id, each.title, letting_go.answers_of(uow, each.id), None) for each in audits],
        approved_by=disposal.approved_by,
        deeds=letting_go.deeds_for(reader, disposal),
    )


def _decided(deed: Deed, *, disposal_id: int) -> Message:
    return words.decided(_card(deed.uow, deed.uow.get(AnswerDisposal, disposal_id), deed.actor))


# --- what people do ---


async def propose(call: Press[Nothing]) -> Reply:
    """A lead proposes to let go of what is past its day."""
    disposal = await call.act(letting_go.propose)
    return Tell(await call.ask(_decided, disposal_id=disposal.id))


async def approve(call: Press[AnswersRef]) -> Reply:
    """Somebody else agrees, and the words are gone."""
    await call.act(letting_go.approve, disposal_id=call.payload.proposal)
    return Tell(await call.ask(_decided, disposal_id=call.payload.proposal), replace=True)


async def decline(call: Press[AnswersRef]) -> Reply:
    """Somebody wants it all kept."""
    await call.act(letting_go.decline, disposal_id=call.payload.proposal)
    return Tell(await call.ask(_decided, disposal_id=call.payload.proposal), replace=True)


async def ask_how_long(call: Press[Nothing]) -> Reply:
    """A lead wants answers to be kept for another time."""
    months = await call.ask(_months)
    return Open(words.keep_for_modal(months=months, least=letting_go.FEWEST_MONTHS, most=letting_go.MOST_MONTHS))


def _months(deed: Deed) -> int:
    deed.must(Permission.CHANGE_SETTINGS_OF_PROGRAMME)
    return letting_go.months_kept(deed.uow)


async def keep_for(call: Form[Nothing]) -> Reply:
    """They said how long."""
    return Tell(words.kept_for(await call.act(letting_go.keep_for, said=filled(call, KeepingTime))))


ROUTES = (
    press(words.PROPOSE, Nothing, propose),
    press(words.APPROVE, AnswersRef, approve),
    press(words.DECLINE, AnswersRef, decline),
    press(words.KEEP_FOR, Nothing, ask_how_long),
    form(words.KEEP_FOR_FORM, Nothing, keep_for),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need decide any more, or nothing."""
    state = letting_go.state_of(uow.get(AnswerDisposal, nudge.subject_id))
    return "" if state == "proposed" else moved_on(Moved.PROPOSAL, f"disposal_{state}")


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """The proposal, for somebody who may agree; later, what came of it."""
    disposal = uow.get(AnswerDisposal, nudge.subject_id)
    return words.day_item(_card(uow, disposal, people_questions.reader(uow, nudge.person_id)))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """A proposal stands in messages of the day only, which are drawn anew as a whole."""
    return Redraw(lambda place: None)


COMPOSERS: Mapping[str, Composer] = {"answer_disposal.redraw": redraw}
SUBJECTS = {"answer_disposal": Subject(day_item, why_not)}
