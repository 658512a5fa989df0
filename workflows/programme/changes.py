"""Calendar room: a significant change, what is looked at again because of it, and who outside is told.

The reviews that a change calls for are marked in `workflows/programme/programme.yaml` (`after_change`). That a
certified organisation tells its certification body of significant changes without delay is a rule of ISO/IEC 17021-1
(8.5.3); how many days that is, is ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from secrets import token_hex

from storage.engine.unit_of_work import UnitOfWork
from storage.programme import queries as programme_queries
from storage.programme.tables import Certificate, CertificateState, Obligation, Urgency
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Task
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.programme import calendar
from workflows.programme.certification import ONCE
from workflows.programme.starting import proposals
from workflows.refusals import InputWanted
from workflows.tasks import commands as task_commands
from workflows.wishes import Wish

# --- rules ---

LONGEST = 1000
DAYS_TO_TELL = 14
DAYS_TO_LOOK_AGAIN = 7
"""At least so many, whatever the lead time of the obligation."""

HAS_A_BODY = frozenset(CertificateState) - {
    CertificateState.APPLICANT,
    CertificateState.WITHDRAWN,
    CertificateState.EXPIRED,
}
"""States in which a certification body counts on hearing of changes."""


@dataclass(frozen=True)
class Touched:
    """What a significant change may touch: reviews, and certificates whose certification body wants to know."""

    obligations: list[Obligation]
    certificates: list[Certificate]


@dataclass(frozen=True)
class Said:
    """What owners read: why they are asked; title, purpose and evidence of the task to tell a certification body.

    `notices` are those titles by edition, so that two such tasks can be told apart.
    """

    purpose: str
    notices: Mapping[str, str]
    notice_purpose: str
    evidence_of_notice: str


# --- commands ---


def announce(deed: Deed, *, what: str, look_again: Collection[int], tell: Collection[str], said: Said) -> list[Task]:
    """Ask the owners to look again at these obligations, and to tell the certification bodies of these editions.

    An owner who has such a task open already finds the change noted on it. Raises `NotAllowed`, `NoProgrammeYet`, or
    `InputWanted` when nobody says what changes.
    """
    touched = touched_by_change(deed)
    if not what or len(what) > LONGEST:
        raise InputWanted("what", Wish.SAY_WHAT_IS_CHANGING, {"most": LONGEST})
    working, today = working_days.of_organisation(deed.uow), deed.today
    again = [each for each in touched.obligations if each.id in look_again]
    bodies = [each for each in touched.certificates if each.edition in tell]
    asked = [_look_again(deed, each, said, today, working) for each in again]
    notices = [_tell_the_body(deed.uow, each, said, today, working) for each in bodies]
    deed.record(
        "change.announce",
        ("workspace", deed.uow.workspace_id),
        what=what,
        look_again=[each.key for each in again],
        tell=[each.edition for each in bodies],
    )
    calendar.tick(deed.by_itself)
    task_commands.tick(deed.by_itself)
    told = [task for each in notices for task in task_queries.of_obligation(deed.uow, each.id, WAITS_FOR_ITS_OWNER)]
    return [*(deed.uow.get(Task, task.id) for task in asked), *told]


def _look_again(deed: Deed, obligation: Obligation, said: Said, today: date, working: WorkingDays) -> Task:
    if waiting := task_queries.of_obligation(deed.uow, obligation.id, WAITS_FOR_ITS_OWNER):
        return task_commands.note(deed.by_itself, waiting[0], text=said.purpose)
    days = max(obligation.lead_days, DAYS_TO_LOOK_AGAIN)
    due_on = working.on_or_after(today + timedelta(days=days))
    # A day on which it was done already is taken; the next one is free.
    days_from_now = (today + timedelta(days=number) for number in count())
    planned = (
        calendar.put_unplanned(
            deed.uow,
            obligation,
            title=obligation.title,
            purpose=said.purpose,
            evidence_wanted=obligation.evidence_wanted,
            opens_on=opens_on,
            due_on=due_on,
        )
        for opens_on in days_from_now
    )
    return next(task for task in planned if task is not None)


def _tell_the_body(
    uow: UnitOfWork, certificate: Certificate, said: Said, today: date, working: WorkingDays
) -> Obligation:
    due_on = working.on_or_before(today + timedelta(days=DAYS_TO_TELL))
    return uow.add(
        Obligation(
            key=f"change:{token_hex(8)}",
            title=said.notices[certificate.edition],
            purpose=said.notice_purpose,
            urgency=Urgency.HIGH,
            owner_id=certificate.owner_id,
            recurrence=ONCE,
            starts_on=due_on,
            lead_days=DAYS_TO_TELL,
            evidence_wanted=said.evidence_of_notice,
        )
    )


# --- questions ---


def touched_by_change(deed: Deed) -> Touched:
    """What a change may touch. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.ANNOUNCE_CHANGE)
    people_questions.programme_must_run(deed.uow)
    keys = {each.key for each in proposals.proposals() if each.after_change}
    running = [each for each in programme_queries.living(deed.uow) if each.paused_at is None]
    certificates = [each for each in programme_queries.certificates(deed.uow) if each.state in HAS_A_BODY]
    return Touched([each for each in running if each.key in keys], certificates)
