"""Desk audits: how somebody gets the card of an audit's desk, and how it is kept up with what happens in the audit."""

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import DeskAudit
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, InterviewState
from storage.nudges.posted import where_posted
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.refusals import AlreadyDecided, Thing, Tried

ANSWERS = "interview.answers"
"""The card on which one person's answers are rated."""


def bring(deed: Deed, *, audit_id: int) -> DeskAudit:
    """Somebody wants to see an audit: they get its card at once, as often as they ask.

    Raises `NotFound`, `NotAllowed` or `OwnArea`.
    """
    audit = deed.uow.get(DeskAudit, audit_id)
    access.sight(deed, audit)
    deed.message([deed.by], audit, "desk_audit.desk", what=("desk", deed.at.isoformat()), at_once=True)
    return audit


def read(deed: Deed, *, interview_id: int) -> None:
    """An auditor of the team wants to read what one person said, and to rate it: they get the card on which they do.

    Raises `NotAllowed`, `OwnArea`, or `AlreadyDecided` unless the answers are confirmed.
    """
    interview = deed.uow.get(Interview, interview_id)
    access.must_audit(deed, interview.desk_audit_id, Tried.RATE_ANSWERS)
    if interview.state is not InterviewState.CONFIRMED:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    deed.message([deed.by], interview, ANSWERS, what=("read", deed.at.isoformat()), at_once=True)


def drawn_now(deed: Deed, audit: DeskAudit) -> None:
    """Draw the desk anew at once: somebody has just worked at it."""
    deed.redraw(audit, version=deed.at.isoformat())


def drawn_after_the_report(deed: Deed, audit: DeskAudit) -> None:
    """Draw everything anew on which people work: a signed report takes its buttons, a correction brings them back."""
    drawn_now(deed, audit)
    if plan := desk_audit_queries.plan_of(deed.uow, audit.id):
        deed.redraw(plan, version=deed.at.isoformat())
    for each in interview_queries.interviews_of(deed.uow, audit.id):
        if any(place.kind == ANSWERS for place in where_posted(deed.uow, "interview", each.id)):
            deed.redraw(each, version=deed.at.isoformat())


def tick(deed: Deed) -> None:
    """Draw the desks anew of audits in which somebody was heard of since; all that came in within a minute at once."""
    for audit in desk_audit_queries.going_on(deed.uow):
        deed.redraw(audit, version=f"heard{interview_queries.changes(deed.uow, audit.id)}")
