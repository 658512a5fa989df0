"""Desk audits: what the bot says by itself of a plan, and the days of an audit as a file for a calendar."""

from datetime import datetime

from bot.desk_audits import plan_facts as facts
from bot.errands import Conclusion, Kind, NotYet, nothing, nothing_said, share_once
from bot.sending.day import Subject
from bot.services import Services
from bot.slack.calls import Post, Redraw, Skip
from messages.desk_audits import plans as words
from messages.nudges.day import DayItem
from messages.words import ics
from messages.words.ics import DatedEvent
from messages.words.kit import Message
from storage.desk_audits.tables import AuditPlan, AuditState
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.posted import Place, where_posted
from storage.nudges.tables import Nudge
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from workflows.desk_audits import lifecycle
from workflows.desk_audits.plans import planned
from workflows.nudges.reasons import Moved, moved_on
from workflows.nudges.rules import local_day

OVER = (AuditState.REPORTED, AuditState.WITHDRAWN)
CARD, SENT, WITHDRAWN = "audit_plan.card", "audit_plan.sent", "audit_plan.withdrawn"


def _for(uow: UnitOfWork, plan: AuditPlan, person_id: str, at: datetime) -> Message:
    known = planned(uow, plan)
    shown = facts.card(uow, known, local_day(uow.workspace().zone, at))
    return words.card(shown, facts.reader_of(uow, known, person_id))


def told(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The plan for one reader, unless the audit is over or the plan taken back by then."""
    plan = uow.get(AuditPlan, row.subject_id)
    is_draft = plan.state is AuditState.PLANNED and row.kind == SENT
    if plan.state in OVER or is_draft:
        return Skip(moved_on(Moved.AUDIT, f"plan_{plan.state.value}"))
    return Post(_for(uow, plan, row.recipient, at))


def called_off(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That the audit won't take place, for those who heard of it."""
    return Post(_for(uow, uow.get(AuditPlan, row.subject_id), row.recipient, at))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the plan as it stands now, each as its reader sees it."""
    plan = uow.get(AuditPlan, row.subject_id)
    readers = {place.recipient for place in where_posted(uow, "audit_plan", plan.id)}
    cards = {reader: _for(uow, plan, reader, at) for reader in readers}
    return Redraw(lambda place: cards.get(place.recipient))


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """Something about a plan as one of the things of the day."""
    known = planned(uow, uow.get(AuditPlan, nudge.subject_id))
    shown = facts.card(uow, known, local_day(uow.workspace().zone, at))
    reader = facts.reader_of(uow, known, nudge.person_id)
    return words.day_item(shown, reader, nudge.rung, person_id=nudge.person_id)


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Nobody is told of what is settled by then."""
    plan = uow.get(AuditPlan, nudge.subject_id)
    is_confirmed = nudge.rung in ("opening_waiting", "days_kept") and plan.opening_confirmed_at is not None
    return moved_on(Moved.AUDIT, f"plan_{plan.state.value}") if plan.state in OVER or is_confirmed else ""


# --- the days, for a calendar ---


async def send_calendar_file(services: Services, errand: Errand) -> Conclusion:
    """The days as they are by now, under the message that told of them."""
    args = (errand.values["plan"], errand.values["person"], services.clock.now())
    place, name, body = await services.database.read(errand.workspace_id, _days, *args)
    await share_once(services, errand, place.channel_id, place.ts, name, body)
    return nothing


def _days(uow: UnitOfWork, plan_id: int, person_id: str, at: datetime) -> tuple[Place, str, bytes]:
    """Where it belongs, its name, and the file. Raises `NotYet` while the message isn't there."""
    plan = uow.get(AuditPlan, plan_id)
    places = [each for each in where_posted(uow, "audit_plan", plan.id) if each.recipient == person_id]
    if not places:
        raise NotYet
    audit, workspace = planned(uow, plan).audit, uow.workspace()
    event = DatedEvent(
        uid=f"audit-{audit.id}@{workspace.id.lower()}.deskaudit",
        title=audit.title,
        day=plan.begins_on,
        last_day=plan.ends_on,
        sequence=plan.version - 1,
        is_called_off=plan.state is AuditState.WITHDRAWN,
        changed_at=plan.announced_at or at,
    )
    return places[0], f"audit-{audit.id}.ics", ics.calendar(audit.title, [event])


COMPOSERS = {CARD: told, SENT: told, WITHDRAWN: called_off, "audit_plan.redraw": redraw}
SUBJECTS = {"audit_plan": Subject(day_item, why_not)}
ERRANDS = {lifecycle.CALENDAR_FILE: Kind(send_calendar_file, nothing_said)}
