"""Interviews: what becomes of one when people change: they leave, or the auditor comes to manage whoever is asked."""

from collections.abc import Sequence

from sqlmodel import col

from storage.desk_audits.tables import DeskAudit
from storage.interviews.tables import Interview, InterviewState
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.interviews import handing_on
from workflows.interviews.questions import must_be_of_the_team
from workflows.interviews.rules import OPEN_STATES, is_follow_up
from workflows.people import questions as people_questions
from workflows.refusals import AlreadyDecided, Thing

NOT_ANSWERED = (InterviewState.LEFT, InterviewState.DECLINED, InterviewState.WITHDRAWN)
"""After which the same questions may be put to somebody else."""


def tick(deed: Deed) -> None:
    """Close what people who have left were asked, and say where an auditor has come to manage whoever answers."""
    found = deed.uow.all(Interview, col(Interview.state).in_(OPEN_STATES), order_by=col(Interview.id))
    people = {each.slack_id: each for each in people_queries.among(deed.uow, [each.person_id for each in found])}
    for interview in found:
        person = people.get(interview.person_id)
        if person is not None and person.is_deactivated:
            _close(deed, interview)
        elif person is not None and person.manager_id:
            _point_out(deed, interview, person)


def ask_instead(deed: Deed, *, interview_id: int, person_id: str) -> Interview:
    """An auditor of the team puts the questions of somebody who didn't answer them to somebody else.

    Raises `NotAllowed`, `AlreadyDecided` while they may still answer, `AuditsItself`, `AskedAlready` or `InputWanted`.
    """
    ended = to_ask_instead(deed, interview_id=interview_id)
    questions = [each for each in ended.questions or () if not is_follow_up(each["id"])]
    asked = handing_on.ask_in_place_of(deed, ended, questions, person_id)
    deed.record("interview.ask_instead", asked, instead_of=ended.person_id)
    return asked


def to_ask_instead(deed: Deed, *, interview_id: int) -> Interview:
    """An interview that ended without answers, for an auditor of its team. Raises `NotAllowed` or `AlreadyDecided`."""
    ended, _ = must_be_of_the_team(deed, interview_id)
    if ended.state not in NOT_ANSWERED:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=ended.state.value, by=None)
    return ended


def _close(deed: Deed, interview: Interview) -> None:
    left = deed.uow.change(interview, state=InterviewState.LEFT, asking=None)
    deed.record("interview.left", left)
    deed.redraw(left)
    deed.daily([deed.uow.get(DeskAudit, left.desk_audit_id).auditor_id], left, "left", what="ended")
    handing_on.give_back(deed, left)


def _point_out(deed: Deed, interview: Interview, person: Person) -> None:
    """Nobody audits those they manage without its being on record (ISO 19011, 4 e); what was begun goes on."""
    manager = person.manager_id or ""
    if manager not in access.team(deed.uow, deed.uow.get(DeskAudit, interview.desk_audit_id)):
        return
    if deed.uow.first_time(f"interview.manages:{interview.id}:{manager}", deed.at):
        deed.record("interview.auditor_manages", interview, auditor=manager)
        deed.daily(_told(deed, manager), interview, "manages", what=manager)


def _told(deed: Deed, manager: str) -> Sequence[str]:
    return list(dict.fromkeys([manager, *people_questions.holders(deed.uow, Role.LEAD)]))
