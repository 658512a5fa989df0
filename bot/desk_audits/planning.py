"""Desk audits room at the edge: planning an audit in three steps, sending it, settling its days, withdrawing it."""

from collections.abc import Mapping

from bot.desk_audits import plan_facts as facts
from bot.slack.calls import Clear, Command, Form, Next, Open, Press, Reply
from bot.slack.filling import filled, prose
from bot.slack.routes import form, press
from messages.desk_audits import plan_forms as forms
from messages.desk_audits import plans as words
from messages.desk_audits.payloads import BeginRef, PlanRef
from messages.words.kit import Modal
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditState, DeskAudit
from workflows.deed import Deed
from workflows.desk_audits import lifecycle, planning, plans, slices
from workflows.desk_audits.plans import Planned
from workflows.desk_audits.shapes import Agreed, Basics, NewLead, OtherDays
from workflows.desk_audits.slices import Chosen
from workflows.question_bank.freezing import ENGLISH, in_language

NO_TASK = 0

# --- the three steps ---


async def begin(call: Command) -> Reply:
    """`/iso audit`: plan an audit, or go on with a draft."""
    return Open(await call.ask(_basics_modal, task_id=None))


async def plan_it(call: Press[BeginRef]) -> Reply:
    """Plan the audit that a task of the calendar asks for."""
    return Open(await call.ask(_basics_modal, task_id=call.payload.task or None))


def _basics_modal(deed: Deed, *, task_id: int | None) -> Modal:
    found = planning.to_begin(deed, task_id=task_id)
    task = found.task
    given = {"lead_id": deed.by, **({"title": task.title, "ends_on": task.due_on} if task else {})}
    return forms.basics_modal(
        BeginRef(task_id or NO_TASK),
        templates=[(each.id, in_language(each.name, ENGLISH)) for each in found.templates],
        drafts=[_draft(deed, each) for each in found.drafts],
        given=given,
        task=task.title if task else "",
    )


def _draft(deed: Deed, audit: DeskAudit) -> forms.Draft:
    plan = desk_audit_queries.plan_of(deed.uow, audit.id)
    return forms.Draft(PlanRef(audit.id, plan.version if plan else 0), audit.title)


async def begun(call: Form[BeginRef]) -> Reply:
    """The first step is saved; the second follows."""
    said, task_id = filled(call, Basics), call.payload.task or None
    return Next(await call.act(_begun, basics=said, task_id=task_id))


def _begun(deed: Deed, *, basics: Basics, task_id: int | None) -> Modal:
    return facts.agreed_modal(deed, planning.begin(deed, basics=basics, task_id=task_id))


async def begun_again(call: Form[PlanRef]) -> Reply:
    """The first step is saved once more."""
    return Next(await call.act(_begun_again, ref=call.payload, basics=filled(call, Basics)))


def _begun_again(deed: Deed, *, ref: PlanRef, basics: Basics) -> Modal:
    known = planning.change_basics(deed, audit_id=ref.audit, version=ref.version, basics=basics)
    return facts.agreed_modal(deed, known)


async def agreed(call: Form[PlanRef]) -> Reply:
    """The second step is saved; the third follows."""
    return Next(await call.act(_agreed, ref=call.payload, agreed=filled(call, Agreed)))


def _agreed(deed: Deed, *, ref: PlanRef, agreed: Agreed) -> Modal:
    known = planning.agree(deed, audit_id=ref.audit, version=ref.version, agreed=agreed)
    return facts.people_modal(deed, known)


async def people_chosen(call: Form[PlanRef]) -> Reply:
    """The third step is saved. Where another number was drawn, or a check failed, it is shown once more."""
    known = await call.act(
        slices.choose,
        audit_id=call.payload.audit,
        version=call.payload.version,
        chosen=_chosen(call),
        reason=prose(call, forms.REASON),
        exceptions=_after(call, forms.EXCEPTION),
    )
    return Clear() if plans.is_settled(known) else Next(await call.ask(_people_modal, audit_id=call.payload.audit))


def _chosen(call: Form[PlanRef]) -> Mapping[int, Chosen]:
    wanted = _after(call, forms.WANTED)
    return {int(each): Chosen(said, tuple(call.people(f"{forms.PEOPLE}_{each}"))) for each, said in wanted.items()}


def _after(call: Form[PlanRef], name: str) -> dict[str, str]:
    """What was typed into the fields of this name, by what they are about."""
    names = [each for each in call.fields if each.startswith(f"{name}_")]
    return {each.removeprefix(f"{name}_"): call.text(each) for each in names}


def _people_modal(deed: Deed, *, audit_id: int) -> Modal:
    return facts.people_modal(deed, _to_change(deed, audit_id, AuditState.PLANNED))


def _to_change(deed: Deed, audit_id: int, *states: AuditState) -> Planned:
    return plans.to_change(deed, audit_id=audit_id, version=None, states=states)


async def change(call: Press[PlanRef]) -> Reply:
    """Change a plan: of a draft the steps once more, of one that was sent the reason first."""
    return Open(await call.ask(_change_modal, audit_id=call.payload.audit))


async def go_on(call: Press[PlanRef]) -> Reply:
    """Go on with a draft, in the place of the form that offered it."""
    return Next(await call.ask(_change_modal, audit_id=call.payload.audit))


def _change_modal(deed: Deed, *, audit_id: int) -> Modal:
    known = _to_change(deed, audit_id, AuditState.PLANNED, AuditState.ANNOUNCED)
    if known.plan.state is AuditState.ANNOUNCED:
        return forms.reopen_modal(facts.ref(known))
    return forms.basics_again_modal(facts.ref(known), given=facts.basics_given(known))


async def reopened(call: Form[PlanRef]) -> Reply:
    """A plan that was sent is a draft again; its steps follow."""
    return Next(await call.act(_reopened, ref=call.payload, change=prose(call, forms.REASON)))


def _reopened(deed: Deed, *, ref: PlanRef, change: str) -> Modal:
    lifecycle.reopen(deed, audit_id=ref.audit, version=ref.version, change=change)
    return _change_modal(deed, audit_id=ref.audit)


# --- its way ---


async def send(call: Press[PlanRef]) -> Reply:
    """Send the plan to everybody whom it concerns."""
    await call.act(lifecycle.announce, audit_id=call.payload.audit, version=call.payload.version)
    return None


async def confirm(call: Press[PlanRef]) -> Reply:
    """The auditee confirms the opening."""
    await call.act(lifecycle.confirm_opening, audit_id=call.payload.audit, version=call.payload.version)
    return None


async def other_days(call: Press[PlanRef]) -> Reply:
    """The auditee would rather have other days."""
    return Open(await call.ask(_other_days_modal, ref=call.payload))


def _other_days_modal(deed: Deed, *, ref: PlanRef) -> Modal:
    plan = lifecycle.to_propose(deed, audit_id=ref.audit, version=ref.version).plan
    given = {"proposed_begins_on": plan.begins_on, "proposed_ends_on": plan.ends_on}
    return forms.other_days_modal(ref, given=given)


async def days_proposed(call: Form[PlanRef]) -> Reply:
    """The auditee has said which, and why."""
    ref = call.payload
    await call.act(lifecycle.propose_days, audit_id=ref.audit, version=ref.version, other=filled(call, OtherDays))
    return None


async def take_days(call: Press[PlanRef]) -> Reply:
    """The days that the auditee proposed will do."""
    await call.act(lifecycle.take_days, audit_id=call.payload.audit, version=call.payload.version)
    return None


async def keep_days(call: Press[PlanRef]) -> Reply:
    """The days stay as they are."""
    await call.act(lifecycle.keep_days, audit_id=call.payload.audit, version=call.payload.version)
    return None


async def start(call: Press[PlanRef]) -> Reply:
    """Ask people from now on."""
    await call.act(lifecycle.start, audit_id=call.payload.audit, version=call.payload.version)
    return None


async def withdraw(call: Press[PlanRef]) -> Reply:
    """Somebody is about to call an audit off."""
    return Open(await call.ask(_withdraw_modal, audit_id=call.payload.audit))


def _withdraw_modal(deed: Deed, *, audit_id: int) -> Modal:
    known = _to_change(deed, audit_id, *lifecycle.LIVING)
    return forms.withdraw_modal(facts.ref(known), title=known.audit.title)


async def withdrawn(call: Form[PlanRef]) -> Reply:
    """It is called off."""
    ref, reason = call.payload, prose(call, forms.REASON)
    await call.act(lifecycle.withdraw, audit_id=ref.audit, version=ref.version, reason=reason)
    return None


async def another_lead(call: Press[PlanRef]) -> Reply:
    """Somebody else is to lead."""
    return Open(await call.ask(_lead_modal, audit_id=call.payload.audit))


def _lead_modal(deed: Deed, *, audit_id: int) -> Modal:
    return forms.lead_modal(facts.ref(_to_change(deed, audit_id, *lifecycle.LIVING)))


async def lead_named(call: Form[PlanRef]) -> Reply:
    """Somebody else leads."""
    ref = call.payload
    await call.act(lifecycle.name_lead, audit_id=ref.audit, version=ref.version, named=filled(call, NewLead))
    return None


ROUTES = (
    form(forms.BASICS_FORM, BeginRef, begun),
    form(forms.BASICS_AGAIN_FORM, PlanRef, begun_again),
    form(forms.AGREED_FORM, PlanRef, agreed),
    form(forms.PEOPLE_FORM, PlanRef, people_chosen),
    form(forms.REOPEN_FORM, PlanRef, reopened),
    form(forms.WITHDRAW_FORM, PlanRef, withdrawn),
    form(forms.OTHER_DAYS_FORM, PlanRef, days_proposed),
    form(forms.LEAD_FORM, PlanRef, lead_named),
    press(forms.GO_ON, PlanRef, go_on),
    press(words.SEND, PlanRef, send),
    press(words.CHANGE, PlanRef, change),
    press(words.START, PlanRef, start),
    press(words.WITHDRAW, PlanRef, withdraw),
    press(words.CONFIRM, PlanRef, confirm),
    press(words.OTHER_DAYS, PlanRef, other_days),
    press(words.TAKE_DAYS, PlanRef, take_days),
    press(words.KEEP_DAYS, PlanRef, keep_days),
    press(words.ANOTHER_LEAD, PlanRef, another_lead),
)
