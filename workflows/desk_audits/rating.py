"""Desk audits: how an auditor rates what was said, and what backs it up.

The two scales stay apart, and suggest; what is found, the auditor says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from storage.desk_audits import queries as desk_audit_queries
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerRating, Interview
from workflows.deed import Deed
from workflows.desk_audits import desk, living
from workflows.desk_audits.desk import Said
from workflows.desk_audits.questions import audit_of
from workflows.desk_audits.scales import CORROBORATIONS, NOT_APPLICABLE, RATINGS, Suggestion, suggestion
from workflows.desk_audits.shapes import Assessed
from workflows.refusals import InputWanted, Stale, Thing, Tried, want_all
from workflows.wishes import Wish

EVIDENCE, ANSWER, RECORD, MISSING = "evidence", "answer", "record", "document_missing"
"""What corroboration may point at: a file that is kept, another answer or note, a record kept elsewhere, or the
absence of a document that is required."""


@dataclass(frozen=True)
class Backing:
    """Something that may back up an answer: a file, or what was said or noted elsewhere in the audit."""

    key: str
    evidence: Evidence | None = None
    said: Said | None = None


def rate(deed: Deed, *, answer_id: int, version: int, said: Assessed) -> Suggestion | None:
    """An auditor of the team rates an answer or a note; what was there before is kept. Returns what that suggests.

    Raises `NotAllowed` for anybody else, `OwnArea`, `DeskClosed`, `AlreadyDecided` while it isn't confirmed, `Stale`,
    or `InputWanted`: for a step off the scales, no note, or corroboration that points at nothing.
    """
    answer = desk.to_work_on(deed, answer_id=answer_id, tried=Tried.RATE_ANSWER).answer
    given = _given(deed.uow, answer, said)
    if answer.version != version:
        raise Stale(Thing.THIS_ANSWER)
    _keep_what_was_there(deed, answer)
    changed = deed.uow.change(answer, **given, rated_by=deed.by, rated_at=deed.at)
    deed.record("answer.rate", answer, rating=changed.rating, corroboration=changed.corroboration)
    _show(deed, changed)
    return suggested(deed.uow, changed)


def _given(uow: UnitOfWork, answer: Answer, said: Assessed) -> dict[str, Any]:
    rating = None if said.rating == NOT_APPLICABLE else _on(RATINGS, "rating", said.rating)
    corroboration = _on(CORROBORATIONS, "corroboration", said.corroboration)
    want_all(said)
    backed_by = _pointed_at(said, {each.key for each in backings(uow, answer)} if said.backed_by else set())
    if corroboration and not backed_by:
        raise InputWanted("record", Wish.POINT_AT_WHAT_BACKS_IT)
    return {
        "rating": rating,
        "not_applicable": rating is None,
        "corroboration": corroboration,
        "backed_by": backed_by,
        "rating_note": said.rating_note.strip(),
    }


def _on(scale: Iterable[int], name: str, chosen: str) -> int:
    if chosen not in {str(each) for each in scale}:
        raise InputWanted(name, Wish.CHOOSE_OPTION_FROM_LIST)
    return int(chosen)


def _pointed_at(said: Assessed, known: set[str]) -> list[dict[str, Any]]:
    chosen = [each.split(":") for each in said.backed_by if each in known]
    record = said.record.strip()
    return [
        *({kind: int(number)} for kind, number in chosen),
        *([{RECORD: record}] if record else []),
        *([{MISSING: True}] if said.document_missing else []),
    ]


def _keep_what_was_there(deed: Deed, answer: Answer) -> None:
    if answer.rated_by is None or answer.rated_at is None:
        return
    deed.uow.add(
        AnswerRating(
            answer_id=answer.id,
            rating=answer.rating,
            not_applicable=bool(answer.not_applicable),
            corroboration=answer.corroboration,
            backed_by=answer.backed_by or [],
            note=answer.rating_note,
            rated_by=answer.rated_by,
            rated_at=answer.rated_at,
        )
    )


def _show(deed: Deed, answer: Answer) -> None:
    living.drawn_now(deed, audit_of(deed.uow, answer))
    if answer.interview_id is not None:
        deed.redraw(deed.uow.change(deed.uow.get(Interview, answer.interview_id)))


def suggested(uow: UnitOfWork, answer: Answer) -> Suggestion | None:
    """What the two scales suggest of an answer; nothing before it is rated, or where no requirement applies."""
    if answer.rating is None or answer.corroboration is None:
        return None
    document_missing = any(MISSING in each for each in answer.backed_by or ())
    return suggestion(
        answer.rating, answer.corroboration, document_missing=document_missing, admitted=is_owners(uow, answer)
    )


def is_owners(uow: UnitOfWork, answer: Answer) -> bool:
    """Whether whoever answers for what is audited said it: what they admit counts against it like a record."""
    if answer.interview_id is None:
        return False
    interview = uow.get(Interview, answer.interview_id)
    plan = desk_audit_queries.plan_of(uow, interview.desk_audit_id)
    return plan is not None and plan.auditee_id == interview.person_id


def backings(uow: UnitOfWork, answer: Answer) -> list[Backing]:
    """What an answer's corroboration may point at: its own files, then those of the others, then what else was said."""
    said = desk.everything(uow, audit_of(uow, answer).id)
    own_first = sorted(said, key=lambda each: each.answer.id != answer.id)
    files = {each.id: each for one in own_first for each in kept(uow, one.answer)}
    return [
        *(Backing(f"{EVIDENCE}:{each.id}", evidence=each) for each in files.values()),
        *(Backing(f"{ANSWER}:{each.answer.id}", said=each) for each in _nearest(answer, said)),
    ]


def _nearest(answer: Answer, said: Iterable[Said]) -> list[Said]:
    """Notes first, which are observations, then what others said to the same question, then the rest."""
    others = [each for each in said if each.answer.id != answer.id]
    return sorted(others, key=lambda each: (each.interview is not None, each.answer.question_id != answer.question_id))


def kept(uow: UnitOfWork, answer: Answer) -> list[Evidence]:
    """The evidence with an answer whose bytes are in the store."""
    given = evidence_queries.for_answer(uow, answer.id)
    return [each.evidence for each in given if each.evidence.state is EvidenceState.KEPT]


def history(uow: UnitOfWork, answer: Answer) -> list[AnswerRating]:
    """How it was rated before, the first rating first."""
    return interview_queries.earlier_ratings(uow, answer.id)


def pointing_at(pointer: Mapping[str, Any]) -> tuple[str, Any]:
    """What one entry of `backed_by` points at: its kind, and the number or name of it."""
    return next(iter(pointer.items()))
