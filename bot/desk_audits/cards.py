"""Desk audits: the card of an audit's desk, and the pages of what lies on it, for one reader as things stand."""

from datetime import date

from bot.desk_audits import facts
from bot.requirements import requirement
from messages.desk_audits import desk as words
from messages.desk_audits.findings import found as found_card
from messages.desk_audits.payloads import AuditRef, SheetRef
from messages.words.kit import Message, Modal
from messages.words.refusals import refusal
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, InterviewState
from workflows.audit_reports import questions as report_questions
from workflows.deed import Deed
from workflows.desk_audits import access, comparison, desk, findings
from workflows.desk_audits.access import Sight
from workflows.desk_audits.counting import has_confirmed, state_of
from workflows.desk_audits.desk import Desk, Page, Progress
from workflows.desk_audits.refusals import OwnArea
from workflows.frameworks import questions as framework_questions
from workflows.refusals import NotAllowed

GOING_ON = (InterviewState.INVITED, InterviewState.ANSWERING)
PAGES = {words.QUESTION: desk.by_question, words.PERSON: desk.by_person}


def desk_message(deed: Deed, audit_id: int) -> Message:
    """The card as the actor may see it now; for whom it is closed by now, a sentence that says why."""
    try:
        shown = desk.opened(deed, audit_id=audit_id)
    except (OwnArea, NotAllowed) as error:
        return refusal(error.name, **error.values)
    return words.desk(desk_card(deed, shown))


def desk_card(deed: Deed, shown: Desk) -> words.DeskCard:
    """Everything the card says."""
    uow, plan = deed.uow, shown.plan
    closed = access.closed(uow, shown.audit)
    return words.DeskCard(
        ref=AuditRef(shown.audit.id),
        sight=shown.sight.value,
        title=shown.audit.title,
        standard=framework_questions.catalogue_of(uow, shown.audit.edition).standard,
        auditor_id=shown.audit.auditor_id,
        state=plan.state.value if plan else None,
        closed=closed.value if closed else None,
        has_report=report_questions.has_for(deed, audit_id=shown.audit.id),
        objective=plan.objective if plan else "",
        scope=plan.scope if plan else "",
        begins_on=plan.begins_on if plan else None,
        ends_on=plan.ends_on if plan else None,
        is_due=desk.report_is_due(plan, deed.today),
        people=[_person(each, deed.today) for each in shown.people],
        readable=shown.readable,
        unrated=shown.unrated,
        findings=[facts.finding(uow, each) for each in shown.findings],
        to_show=len(shown.to_show) if shown.sight is Sight.DESK else 0,
    )


def _person(each: Progress, today: date) -> words.PersonProgress:
    interview = each.interview
    pauses = interview.resumes_on is not None and interview.resumes_on > today and interview.state in GOING_ON
    return words.PersonProgress(
        person_id=interview.person_id,
        state=state_of(interview).value if has_confirmed(interview) or not pauses else "paused",
        answered=each.answered,
        total=each.total,
        handed_on=each.handed_on,
        further=each.further,
        resumes_on=interview.resumes_on,
        wants_to_talk=interview.talk_wanted_at is not None,
    )


def sheet(deed: Deed, *, ref: SheetRef) -> Modal:
    """A page of the answers."""
    return words.sheet(page(deed, ref=ref))


def page(deed: Deed, *, ref: SheetRef) -> words.Sheet:
    """What stands on it; on the nearest there is, where pages have become fewer."""
    pages = PAGES.get(ref.by, desk.by_question)(deed, audit_id=ref.audit)
    if not pages:
        return words.Sheet(SheetRef(ref.audit, ref.by, 1), 1)
    return _sheet(deed, ref, pages[min(max(ref.page, 1), len(pages)) - 1])


def _sheet(deed: Deed, ref: SheetRef, page: Page) -> words.Sheet:
    said = [facts.on_desk(deed, each, ref.by) for each in page.said]
    follows_id = page.said[0].answer.follows_id if ref.by == words.QUESTION else None
    after = deed.uow.get(Answer, follows_id).prompt if follows_id else ""
    return words.Sheet(SheetRef(ref.audit, ref.by, page.number), page.total, said, after)


def answer(deed: Deed, *, answer_id: int, by: str) -> Modal:
    """One answer whole, with the way back to the page it stands on."""
    said = desk.to_read(deed, answer_id=answer_id)
    shown = facts.on_desk(deed, said, by)
    pages = PAGES.get(by, desk.by_question)(deed, audit_id=shown.audit)
    number = next((page.number for page in pages if said in page.said), 1)
    return words.answer(shown, SheetRef(shown.audit, by, number))


def compared(deed: Deed, *, audit_id: int) -> Modal:
    """The audit beside the last one of its area."""
    found = comparison.comparison(deed, audit_id=audit_id)
    return words.comparison(_comparison(deed.uow, found) if found else None)


def _comparison(uow: UnitOfWork, found: comparison.Comparison) -> words.ComparisonCard:
    return words.ComparisonCard(
        number=found.last.id,
        title=found.last.title,
        opened_at=found.last.opened_at,
        ratings=[
            words.ComparedRequirement(requirement(uow, row.requirement), _key(row.then), _key(row.now))
            for row in found.ratings
        ],
        still_open=[facts.finding(uow, each) for each in found.still_open],
    )


def _key(rating: int | None) -> str | None:
    return None if rating is None else f"rating_{rating}"


def found_message(uow: UnitOfWork, audit: DeskAudit, owner_id: str) -> Message:
    """What somebody was shown of what was found in their work."""
    shown = [facts.finding(uow, each) for each in findings.shown_to(uow, audit.id, owner_id)]
    return found_card(ref=AuditRef(audit.id), title=audit.title, auditor_id=audit.auditor_id, items=shown)


def own_audit(found: Desk, today: date) -> words.OwnAudit:
    """An audit on the Home tab of somebody in its team."""
    states = [state_of(each.interview) for each in found.people]
    return words.OwnAudit(
        ref=AuditRef(found.audit.id),
        title=found.audit.title,
        confirmed=states.count(InterviewState.CONFIRMED),
        asked=len(states),
        unrated=found.unrated,
        to_show=len(found.to_show),
        is_due=desk.report_is_due(found.plan, today),
    )
