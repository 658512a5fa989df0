"""Who hears of the day of a case, before it and after: whoever has the ball, and then the line above, never silent."""

from datetime import timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.nonconformities import cases
from workflows.nonconformities.lifecycle import PHASES
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Climb, Rung
from workflows.nudges.rules import local_day
from workflows.people import working_days

DAYS_OFF = timedelta(days=14)
"""How much earlier a rung may fall for days off that lie before it."""


def tick(deed: Deed) -> None:
    """Owe everybody the rung that each case has reached; after an outage only the latest, and nothing twice."""
    for finding in queries.due_by(deed.uow, deed.today + longest_notice(deed.uow)):
        if people := cases.asked_next(deed.uow, finding):
            _remind(deed, finding, people)


def longest_notice(uow: UnitOfWork) -> timedelta:
    """How long before its day somebody hears of a case at the earliest."""
    climbed = (ladder for (kind, _), ladder in ladders.in_use(uow).items() if kind == ladders.CASE)
    return timedelta(max(-ladder[0].days for ladder in climbed)) + DAYS_OFF


def _remind(deed: Deed, finding: Nonconformity, people: list[str]) -> None:
    rung = climb(deed.uow, finding, people[0]).reached(deed.today)
    if rung is ladders.OPENED:
        return  # the card is what tells of it
    once_per = f"{finding.state.value}.{finding.due_on}"
    for person_id, audience in _told(deed, rung, people).items():
        deed.daily([person_id], finding, rung.name, what=once_per, values={"audience": audience.value})


def climb(uow: UnitOfWork, finding: Nonconformity, person_id: str) -> Climb:
    """The ladder of a case by its grade and phase, in the working days of whoever has the ball."""
    assert finding.due_on is not None
    grade = finding.grade.value if finding.grade else ladders.UNGRADED
    phase = PHASES[finding.state].value if finding.grade else ladders.DRAFT
    ladder = ladders.in_use(uow)[ladders.CASE, ladders.stage(grade, phase)]
    moved_on = local_day(uow.workspace().zone, finding.moved_at)
    return Climb(ladder, finding.due_on, working_days.of_person(uow, person_id), moved_on)


def _told(deed: Deed, rung: Rung, people: list[str]) -> dict[str, Audience]:
    others = ladders.told(deed.uow, rung, people[0], on=deed.today)
    acting = dict.fromkeys(people, Audience.OWNER) if Audience.OWNER in rung.tells else {}
    return {**others, **acting}
