"""Audit reports: how long what people said in an audit is kept after its report, and how two people let it go.

The rows stay, with what was asked, how it was rated and whose it was; the words go, wherever they stand: beside files,
in draws, and in the questions that were made of them too. The trail keeps its marks of them, and says who let them go,
and when. Findings and the report are the organisation's own words, and stay. Messages that were dropped have been
forgotten long before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from storage.audit_reports import queries as stored
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerDisposal
from storage.people.tables import Role
from workflows.audit_reports.refusals import NoAnswersToLetGo
from workflows.audit_reports.shapes import KeepingTime
from workflows.deed import Deed
from workflows.desk_audits.rating import RECORD
from workflows.evidence.retention import periods
from workflows.interviews import joining
from workflows.interviews.rules import is_of_the_moment
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Thing, Tried, WhoMay
from workflows.wishes import Wish

# --- rules ---

FEWEST_MONTHS, MOST_MONTHS = 6, 120
"""A follow-up needs what was said; a record of what people said is no archive."""


def months_kept(uow: UnitOfWork) -> int:
    """How long answers are kept after the report, in months: as set, else as `evidence/retention.yaml` proposes."""
    return uow.workspace().answers_kept_months or periods().interview


def is_gone(answer: Answer) -> bool:
    """Whether an answer's words went by a deed of two people; then nothing can be held against its fingerprint."""
    return answer.let_go_at is not None


# --- commands ---


def keep_for(deed: Deed, *, said: KeepingTime) -> int:
    """A lead says for how many months answers are kept. Raises `NotAllowed` or `InputWanted`."""
    deed.must(Permission.CHANGE_SETTINGS_OF_PROGRAMME)
    months = int(said.months) if said.months.strip().isascii() and said.months.strip().isdigit() else 0
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        about = {"least": FEWEST_MONTHS, "most": MOST_MONTHS}
        raise InputWanted("months", Wish.ENTER_MONTHS_BETWEEN, about)
    before = months_kept(deed.uow)
    deed.uow.put_workspace(answers_kept_months=months)
    deed.record("answers.keep_for", ("programme", deed.uow.workspace_id), from_=before, to=months)
    return months


def propose(deed: Deed) -> AnswerDisposal:
    """Propose to let go of what is past its day. Raises `NotAllowed` or `NoAnswersToLetGo`."""
    deed.must(Permission.PROPOSE_DISPOSAL)
    waiting = {each for one in stored.open_disposals(deed.uow) for each in one.desk_audit_ids}
    found = [each.audit.id for each in past_their_day(deed.uow, deed.at) if each.audit.id not in waiting]
    if not found:
        raise NoAnswersToLetGo
    disposal = deed.uow.add(AnswerDisposal(desk_audit_ids=found, proposed_by=deed.by, proposed_at=deed.at))
    deed.record("answers.propose", disposal, audits=found)
    deed.daily([each for each in _approvers(deed.uow) if each != deed.by], disposal, "review", what="")
    return disposal


def _approvers(uow: UnitOfWork) -> list[str]:
    holders = [*people_questions.holders(uow, Role.LEAD), *people_questions.holders(uow, Role.MANAGEMENT)]
    return list(dict.fromkeys(holders))


def approve(deed: Deed, *, disposal_id: int) -> AnswerDisposal:
    """Somebody else agrees, and the words of each audit that is still past its day go.

    Raises `NotAllowed`, also for whoever proposed it, or `AlreadyDecided`.
    """
    disposal = _to_decide(deed, disposal_id)
    if deed.by == disposal.proposed_by:
        raise NotAllowed(Tried.APPROVE_OWN_PROPOSAL, WhoMay.ANOTHER_LEAD_OR_MANAGEMENT)
    over = {each.audit.id for each in past_their_day(deed.uow, deed.at)}
    for audit_id in [each for each in disposal.desk_audit_ids if each in over]:
        _let_go(deed, disposal, audit_id)
    approved = deed.uow.change(disposal, approved_by=deed.by, approved_at=deed.at)
    deed.record("answers.approve", approved)
    deed.redraw(approved)
    return approved


def decline(deed: Deed, *, disposal_id: int) -> AnswerDisposal:
    """Everything is kept for now. Raises `NotAllowed` or `AlreadyDecided`."""
    withdrawn = deed.uow.change(_to_decide(deed, disposal_id), withdrawn_at=deed.at)
    deed.record("answers.decline", withdrawn)
    deed.redraw(withdrawn)
    return withdrawn


def _to_decide(deed: Deed, disposal_id: int) -> AnswerDisposal:
    deed.must(Permission.APPROVE_DISPOSAL)
    disposal = deed.uow.get(AnswerDisposal, disposal_id)
    if state_of(disposal) != "proposed":
        state = f"disposal_{state_of(disposal)}"
        raise AlreadyDecided(what=Thing.THIS_PROPOSAL, state=state, by=disposal.approved_by)
    return disposal


def _let_go(deed: Deed, disposal: AnswerDisposal, audit_id: int) -> None:
    answers = _words_of(deed.uow, audit_id)
    for each in answers:
        _empty(deed, each)
    for interview in interview_queries.interviews_of(deed.uow, audit_id):
        deed.uow.change(interview, reason=None, questions=_unsaid(interview.questions))
    for draw in stored.draws_for(deed.uow, [each.id for each in answers]):
        rows = [{"row": each.get("row")} for each in draw.drawn]
        deed.uow.change(draw, drawn=rows, columns=[], listed=None, completeness="")
    about = ("desk_audit", audit_id)
    deed.record("answers.let_go", about, answers=len(answers), proposed_by=disposal.proposed_by, disposal=disposal.id)


def _empty(deed: Deed, answer: Answer) -> None:
    prompt = "" if is_of_the_moment(answer.question_id) else answer.prompt
    gone = {"text": "", "value": None, "edited_text": None, "rating_note": "", "prompt": prompt}
    deed.uow.change(answer, backed_by=_wordless(answer.backed_by or ()), let_go_at=deed.at, **gone)
    joining.empty(deed.uow, answer)
    _empty_beside_files(deed.uow, answer)
    for each in interview_queries.earlier_ratings(deed.uow, answer.id):
        deed.uow.change(each, note="", backed_by=_wordless(each.backed_by))


def _empty_beside_files(uow: UnitOfWork, answer: Answer) -> None:
    """What was said with a file goes, unless the file was handed in for something else, where it was said."""
    for shown in evidence_queries.for_answer(uow, answer.id):
        uses = evidence_queries.uses_of(uow, shown.evidence.id)
        if shown.evidence.note and all(each.answer_id is not None for each in uses):
            uow.change(shown.evidence, note="")


def _unsaid(questions: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]] | None:
    """The questions of an interview, without the words of those that were made of what somebody said."""
    if questions is None:
        return None
    return [{**each, "text": ""} if is_of_the_moment(each["id"]) else dict(each) for each in questions]


def _wordless(backed_by: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What an answer rests on without the words that an auditor wrote of a record; that there was one stays."""
    return [{**each, RECORD: ""} if RECORD in each else dict(each) for each in backed_by]


# --- questions ---


@dataclass(frozen=True)
class Kept:
    """What people said in an audit, the last day on which it is kept, and how many answers that are."""

    audit: DeskAudit
    until: date
    answers: int


def state_of(disposal: AnswerDisposal) -> str:
    """Whether somebody has decided about a proposal: proposed, approved or declined."""
    if disposal.approved_at:
        return "approved"
    return "declined" if disposal.withdrawn_at else "proposed"


def answers_of(uow: UnitOfWork, audit_id: int) -> int:
    """How many answers and notes of an audit still have their words."""
    return len(_words_of(uow, audit_id))


def past_their_day(uow: UnitOfWork, at: datetime) -> list[Kept]:
    """The audits whose answers were kept long enough after their latest report, oldest first."""
    today, months = local_day(uow.workspace().zone, at), months_kept(uow)
    reported = {each.desk_audit_id: each.signed_at for each in stored.signed(uow) if each.signed_at}
    due = [(audit_id, _until(uow, signed_at, months)) for audit_id, signed_at in reported.items()]
    kept = [Kept(uow.get(DeskAudit, each), until, len(_words_of(uow, each))) for each, until in due if until < today]
    return [each for each in kept if each.answers]


def _until(uow: UnitOfWork, signed_at: datetime, months: int) -> date:
    return local_day(uow.workspace().zone, signed_at) + relativedelta(months=months)


def _words_of(uow: UnitOfWork, audit_id: int) -> list[Answer]:
    """What was said or noted in an audit and is still there."""
    interviews = interview_queries.interviews_of(uow, audit_id)
    said = [answer for each in interviews for answer in interview_queries.answers_of(uow, each.id)]
    return [each for each in (*said, *interview_queries.notes_of(uow, audit_id)) if not is_gone(each)]


def deeds_for(actor: Actor | None, disposal: AnswerDisposal) -> frozenset[str]:
    """What somebody may do about a proposal now: approve it, unless it is their own, and decline it."""
    if actor is None or state_of(disposal) != "proposed" or not actor.may(Permission.APPROVE_DISPOSAL):
        return frozenset()
    return frozenset({"decline"} if actor.person_id == disposal.proposed_by else {"approve", "decline"})


@dataclass(frozen=True)
class Overdue:
    """For how long answers are kept, what is past its day, and the proposals that wait for somebody else."""

    months: int
    kept: Sequence[Kept]
    proposals: Sequence[AnswerDisposal]


def overview(deed: Deed) -> Overdue:
    """What is past its day, for those who may decide about it. Raises `NotAllowed`."""
    deed.must(Permission.SEE_DISPOSALS)
    return Overdue(months_kept(deed.uow), past_their_day(deed.uow, deed.at), stored.open_disposals(deed.uow))
