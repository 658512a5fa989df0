"""Desk audits: what lies on the auditor's desk, to be looked at; nothing is written.

What somebody said is readable once they have confirmed it: until then they may change it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, AuditPlan, AuditState, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, Interview
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.desk_audits.access import Sight
from workflows.desk_audits.counting import has_confirmed, readable, state_of, wants_rating
from workflows.desk_audits.questions import audit_of
from workflows.interviews.rules import OPEN_STATES, is_follow_up
from workflows.refusals import AlreadyDecided, Thing, Tried

OVER = (AuditState.REPORTED, AuditState.WITHDRAWN)
"""The states in which nothing waits for the team any more."""

ANSWERS_ON_A_PAGE = 6

ROWS = "rows"
"""What all rows of a sample stand under, where a follow-up stands under its own words."""


@dataclass(frozen=True)
class Progress:
    """How far one person is. `handed_on` counts the questions for which they named somebody else.

    `further` are still open that they were asked after they had confirmed what they said.
    """

    interview: Interview
    answered: int
    handed_on: int
    further: int = 0

    @property
    def total(self) -> int:
        """How many questions they are asked."""
        return len(_counted(self.interview))


@dataclass(frozen=True)
class Desk:
    """One audit as it stands, for somebody who sees so much of it."""

    audit: DeskAudit
    plan: AuditPlan | None
    sight: Sight
    people: tuple[Progress, ...]
    findings: tuple[AuditFinding, ...]
    readable: int
    unrated: int

    @property
    def standing(self) -> list[AuditFinding]:
        """The findings that were not withdrawn."""
        return [each for each in self.findings if each.withdrawn_at is None]

    @property
    def to_show(self) -> list[AuditFinding]:
        """The findings that nobody who answers for them has been shown."""
        return [each for each in self.standing if each.shown_at is None]


@dataclass(frozen=True)
class Said:
    """An answer that may be read and whose it is; a note is its writer's."""

    answer: Answer
    person_id: str
    interview: Interview | None


@dataclass(frozen=True)
class Page:
    """Some of what was said to one question (`by` question), or by one person. `number` of `total` counts from 1."""

    by: str
    said: tuple[Said, ...]
    number: int
    total: int


def opened(deed: Deed, *, audit_id: int) -> Desk:
    """An audit's desk, as far as the actor sees it. Raises `NotFound`, `NotAllowed` or `OwnArea`."""
    audit = deed.uow.get(DeskAudit, audit_id)
    return seen(deed.uow, audit, deed.by, access.sight(deed, audit))


def seen(uow: UnitOfWork, audit: DeskAudit, reader: str, sight: Sight) -> Desk:
    """An audit for somebody who sees so much of it."""
    findings = desk_audit_queries.findings_of(uow, audit.id)
    is_owner = sight is Sight.OWN
    answers = [each.answer for each in everything(uow, audit.id)]
    return Desk(
        audit=audit,
        plan=desk_audit_queries.plan_of(uow, audit.id),
        sight=sight,
        people=() if is_owner else tuple(progress(uow, audit.id)),
        findings=tuple(each for each in findings if not is_owner or (each.owner_id == reader and each.shown_at)),
        readable=len(answers),
        unrated=sum(wants_rating(each) for each in answers),
    )


def progress(uow: UnitOfWork, audit_id: int) -> list[Progress]:
    """How far everybody who is asked has come."""
    return [_progress(uow, each) for each in interview_queries.interviews_of(uow, audit_id)]


def _progress(uow: UnitOfWork, interview: Interview) -> Progress:
    answers = interview_queries.answers_of(uow, interview.id)
    handed_on = sum(each.kind is AnswerKind.HANDED_ON for each in answers)
    answered = {each.question_id for each in answers}
    done = sum(each in answered for each in _counted(interview))
    further = len(set(interview.question_ids) - answered) if interview.state in OPEN_STATES else 0
    return Progress(interview, done, handed_on, further if has_confirmed(interview) else 0)


def _counted(interview: Interview) -> list[str]:
    return [each for each in interview.question_ids if not is_follow_up(each)]


def everything(uow: UnitOfWork, audit_id: int) -> list[Said]:
    """All that may be read: what everybody said, then the notes of the team."""
    said = [
        Said(answer, interview.person_id, interview)
        for interview in interview_queries.interviews_of(uow, audit_id)
        for answer in readable(uow, interview)
    ]
    notes = interview_queries.notes_of(uow, audit_id)
    return [*said, *(Said(each, each.written_by or "", None) for each in notes)]


def by_question(deed: Deed, *, audit_id: int) -> list[Page]:
    """What everybody said, question after question, each follow-up behind what it follows; the notes come last.

    Raises as `must_audit` does.
    """
    access.must_audit(deed, audit_id, Tried.READ_ANSWERS)
    said = everything(deed.uow, audit_id)
    known = {each.answer.id: each.answer for each in said}
    keyed = [(_asked_first(known, each.answer), _asked_then(each.answer), each) for each in said]
    places = {first: place for place, first in enumerate(dict.fromkeys(first for first, _, _ in keyed))}
    in_order = sorted(keyed, key=lambda one: (places[one[0]], one[1] != ""))
    return _pages((f"{first} {then}".strip(), each) for first, then, each in in_order)


def by_person(deed: Deed, *, audit_id: int) -> list[Page]:
    """The same, person after person. Raises as `must_audit` does."""
    access.must_audit(deed, audit_id, Tried.READ_ANSWERS)
    return _pages((each.person_id if each.interview else "", each) for each in everything(deed.uow, audit_id))


def _asked_then(answer: Answer) -> str:
    """What tells a follow-up from the question that it follows; nothing for that question itself."""
    if answer.follows_id is None:
        return ""
    return answer.prompt if is_follow_up(answer.question_id) else ROWS


def _asked_first(known: Mapping[int, Answer], answer: Answer) -> str:
    """The question with which a chain of follow-ups began; of notes there is none."""
    passed: set[int] = set()
    while (before := known.get(answer.follows_id or 0)) and answer.id not in passed:
        passed.add(answer.id)
        answer = before
    return "" if answer.interview_id is None else answer.question_id


def _pages(keyed: Iterable[tuple[str, Said]]) -> list[Page]:
    groups: dict[str, list[Said]] = {}
    for key, said in keyed:
        groups.setdefault(key, []).append(said)
    parts = [(key, part) for key, group in groups.items() for part in _parts(group)]
    return [Page(key, tuple(part), number, len(parts)) for number, (key, part) in enumerate(parts, 1)]


def _parts(group: Sequence[Said]) -> list[Sequence[Said]]:
    return [group[begin : begin + ANSWERS_ON_A_PAGE] for begin in range(0, len(group), ANSWERS_ON_A_PAGE)]


def to_read(deed: Deed, *, answer_id: int, tried: Tried = Tried.READ_ANSWERS) -> Said:
    """One answer or note and whose it is. Raises as `must_audit` does, or `AlreadyDecided` while it isn't confirmed."""
    answer = deed.uow.get(Answer, answer_id)
    access.must_audit(deed, audit_of(deed.uow, answer).id, tried)
    if answer.interview_id is None:
        return Said(answer, answer.written_by or "", None)
    interview = deed.uow.get(Interview, answer.interview_id)
    if answer.id not in {each.id for each in readable(deed.uow, interview)}:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    return Said(answer, interview.person_id, interview)


def to_work_on(deed: Deed, *, answer_id: int, tried: Tried) -> Said:
    """One to be rated or asked further about. Raises as `to_read` does, or `DeskClosed`."""
    said = to_read(deed, answer_id=answer_id, tried=tried)
    access.must_be_open(deed.uow, audit_of(deed.uow, said.answer))
    return said


def report_is_due(plan: AuditPlan | None, today: date) -> bool:
    """Whether the days of the audit have passed without a report."""
    return plan is not None and plan.state is AuditState.RUNNING and plan.ends_on < today


def own(deed: Deed) -> list[Desk]:
    """The audits of the actor's teams in which something may still wait for them, the newest last."""
    found = [deed.uow.get(DeskAudit, each) for each in sorted(_of_their_teams(deed.uow, deed.by))]
    barred = [each for each in found if deed.by in access.in_charge(deed.uow, each)]
    desks = [seen(deed.uow, each, deed.by, Sight.DESK) for each in found if each not in barred]
    return [each for each in desks if _goes_on(each)]


def _of_their_teams(uow: UnitOfWork, person_id: str) -> set[int]:
    members = desk_audit_queries.memberships(uow, person_id)
    audits_with = {each.desk_audit_id for each in members if each.part in access.AUDITING}
    return audits_with | {each.id for each in desk_audit_queries.led_by(uow, person_id)}


def _goes_on(found: Desk) -> bool:
    """Audits of earlier versions have no state: they go on while somebody answers, or something is to be done."""
    if found.plan is not None:
        return found.plan.state not in OVER
    is_answered = all(state_of(each.interview) in interview_queries.ENDED for each in found.people)
    return not is_answered or bool(found.unrated or found.to_show)
