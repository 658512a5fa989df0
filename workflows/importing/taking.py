"""The rows of a checked file on their way into the programme: obligations with their dates, and draft findings."""

from datetime import date, timedelta
from itertools import dropwhile, takewhile

from storage.engine.unit_of_work import JSON
from storage.importing.tables import ImportRun
from storage.programme.tables import Obligation
from workflows.dates import recurrence
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.importing.checking import OpenFinding, Report, TellHowFar, Work
from workflows.nonconformities import registers
from workflows.nonconformities.shapes import Finding
from workflows.people import working_days

LEAD_DAYS = 14
ROWS_BETWEEN_WORDS = 50
"""After so many rows whoever waits is told how far it is."""


class Taking:
    """Everything of one file, inside one transaction; each row is on the trail with its number in the file."""

    def __init__(self, deed: Deed, run: ImportRun) -> None:
        self._deed, self._run = deed, run
        self._working = working_days.of_organisation(deed.uow)

    def all_of(self, report: Report, told: TellHowFar) -> None:
        """Write it all down; `told` hears how much."""
        first = registers.next_number(self._deed.uow)
        for place, work in enumerate(report.works, start=1):
            self._work(work)
            _tell(told, place)
        for place, found in enumerate(report.findings):
            self._finding(found, first + place)
            _tell(told, len(report.works) + place + 1)
        told(report.size)

    def _work(self, work: Work) -> None:
        starts_on, planned_until = first_dates(work, self._deed.today, self._working)
        obligation = self._deed.uow.add(
            Obligation(
                key=f"import:{self._run.id}:{work.row}",
                title=work.title,
                purpose=work.purpose,
                requirements=work.requirements,
                owner_id=work.owner_id,
                recurrence=work.recurrence,
                starts_on=starts_on,
                planned_until=planned_until,
                lead_days=LEAD_DAYS,
                evidence_wanted=work.evidence_wanted,
                evidence_required=bool(work.evidence_wanted),
            )
        )
        self._deed.record(
            "obligation.import",
            obligation,
            import_=self._run.id,
            row=work.row,
            title=work.title,
            owner=work.owner_id,
            recurrence=work.recurrence,
            starts_on=starts_on.isoformat(),
        )

    def _finding(self, found: OpenFinding, number: int) -> None:
        said = [f"{heading}: {value}" for heading, value in found.register_says.items()]
        finding = Finding(
            requirement=found.requirement,
            evidence="\n".join([found.evidence, *said]),
            statement=found.statement,
            place=found.place,
            sample=found.sample,
            owner_id=found.owner_id,
        )
        register_says: dict[str, JSON] = dict(found.register_says)
        details: dict[str, JSON] = {"import": self._run.id, "row": found.row, "register_says": register_says}
        registers.take_over(self._deed, finding, number=number, details=details)


def _tell(told: TellHowFar, number: int) -> None:
    if number % ROWS_BETWEEN_WORDS == 0:
        told(number)


def first_dates(work: Work, today: date, working: WorkingDays) -> tuple[date, date | None]:
    """The day from which work recurs, and the last one that is not planned any more.

    What the register calls due and is past stays due; of those that recur the latest only, as nobody is asked for years
    that were not kept. Without a day it is due for the first time one interval from today.
    """
    if work.starts_on is None:
        days = recurrence.dates(work.recurrence, today, working)
        return next(dropwhile(lambda day: day <= today, days), today), None
    passed = list(takewhile(lambda day: day <= today, recurrence.dates(work.recurrence, work.starts_on, working)))
    return work.starts_on, passed[-1] - timedelta(days=1) if passed else None
