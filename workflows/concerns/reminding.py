"""Concerns: who is reminded, and when, while nobody has decided about one."""

from storage.concerns import queries
from storage.concerns.tables import Concern
from workflows.concerns import questions
from workflows.deed import Deed
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Climb, Rung
from workflows.people import working_days


def tick(deed: Deed) -> None:
    """Note what is due today for the message of the day; what was noted before is not noted again."""
    for concern in queries.undecided_by(deed.uow, deed.today):
        rung = climb(deed, concern).reached(deed.today)
        if rung is not ladders.OPENED:
            deed.daily(_told(deed, rung), concern, rung.name, what=concern.due_on)


def climb(deed: Deed, concern: Concern) -> Climb:
    """The ladder of a concern, in the working days of the organisation."""
    ladder = ladders.in_use(deed.uow)[ladders.CONCERN, ladders.OF_CONCERNS]
    return Climb(ladder, concern.due_on, working_days.of_organisation(deed.uow))


def _told(deed: Deed, rung: Rung) -> list[str]:
    """Nobody else sees a concern, so a ladder of the administrator's own names no further people here."""
    return questions.deciders(deed.uow) if Audience.OWNER in rung.tells else []
