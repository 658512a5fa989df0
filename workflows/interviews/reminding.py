"""Interviews: who is reminded, on which days, until everything is answered; and who hears of it if it isn't."""

from datetime import date

from sqlmodel import col

from storage.desk_audits.tables import DeskAudit
from storage.interviews.tables import Interview
from workflows.deed import Deed
from workflows.interviews.rules import OPEN_STATES
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Climb, Rung
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people import working_days

GOES_ON = "goes_on"
"""The rung on the day on which somebody wanted to go on."""


def tick(deed: Deed) -> None:
    """Note what is due today for the message of the day; what was noted before is not noted again."""
    wanted = col(Interview.due_on).is_not(None) | col(Interview.resumes_on).is_not(None)
    for interview in deed.uow.all(Interview, col(Interview.state).in_(OPEN_STATES), wanted, order_by=col(Interview.id)):
        person = people_questions.reader(deed.uow, interview.person_id)
        today = local_day(person.zone, deed.at) if person else deed.today
        if interview.resumes_on is not None:
            _go_on(deed, interview, today)
        elif interview.due_on is not None:
            _remind(deed, interview, interview.due_on, today)


def _go_on(deed: Deed, interview: Interview, today: date) -> None:
    if interview.resumes_on is not None and interview.resumes_on <= today:
        deed.daily([interview.person_id], interview, GOES_ON, what=interview.resumes_on)
        deed.uow.change(interview, resumes_on=None)


def _remind(deed: Deed, interview: Interview, due_on: date, today: date) -> None:
    rung = climb(deed, interview, due_on).reached(today)
    if rung is ladders.OPENED:
        return  # the invitation is what tells of it
    for person_id in _told(deed, interview, rung):
        deed.daily([person_id], interview, rung.name, what=due_on)


def climb(deed: Deed, interview: Interview, due_on: date) -> Climb:
    """The ladder of an interview, in the working days of whoever is asked."""
    ladder = ladders.in_use(deed.uow)[ladders.INTERVIEW, ladders.OF_INTERVIEWS]
    invited = local_day(deed.uow.workspace().zone, interview.invited_at)
    return Climb(ladder, due_on, working_days.of_person(deed.uow, interview.person_id), invited)


def _told(deed: Deed, interview: Interview, rung: Rung) -> list[str]:
    audit = deed.uow.get(DeskAudit, interview.desk_audit_id)
    others = {Audience.AUDITOR: [audit.auditor_id], Audience.OWNER: [interview.person_id]}
    return [person_id for audience in rung.tells for person_id in others.get(audience, [])]
