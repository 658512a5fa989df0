"""Desk audits: what the words need to know of answers and findings, looked up in rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.evidence.facts import file_line
from bot.interviews.facts import drawn_for, given
from bot.requirements import requirement, requirements
from messages.desk_audits import cards as words
from messages.desk_audits import desk as desk_words
from messages.desk_audits.findings import Choosable, FindingItem, Sampled
from messages.desk_audits.payloads import AnswerRef, FindingRef, SeatRef
from messages.interviews.cards import GivenAnswer
from messages.interviews.payloads import InterviewRef
from messages.words.fields import Choice
from storage.desk_audits.tables import AuditFinding, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence
from storage.interviews.tables import Answer, AnswerRating
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.desk_audits import access, counting, findings, rating, scales
from workflows.desk_audits.counting import is_rated, readable
from workflows.desk_audits.desk import Said
from workflows.desk_audits.material import as_asked
from workflows.desk_audits.questions import audit_of
from workflows.desk_audits.shapes import Assessed
from workflows.interviews.questions import step_of
from workflows.interviews.rules import Step
from workflows.question_bank.kept_evidence import kept_evidence_for
from workflows.question_bank.shapes import AskedQuestion

PART_OF_AN_ANSWER = 1_900
"""Characters of a long answer in one paragraph, which leaves room for what quoting adds."""


def rated(uow: UnitOfWork, step: Step, answer: Answer) -> words.RatedAnswer:
    """An answer as the auditor reads it among the others of one person."""
    shown = words.RatedAnswer(
        AnswerRef(answer.id, answer.version), given(uow, step, answer), requirements(uow, answer.requirements)
    )
    if not is_rated(answer):
        return shown
    suggestion = rating.suggested(uow, answer)
    return replace(
        shown,
        rating=_rating_key(answer),
        corroboration=f"corroboration_{answer.corroboration}",
        suggestion=suggestion.value if suggestion else None,
    )


def _rating_key(rated: Answer | AnswerRating) -> str:
    return scales.NOT_APPLICABLE if rated.not_applicable else f"rating_{rated.rating}"


def confirmed(uow: UnitOfWork, step: Step) -> words.AnswersCard:
    """Everything that one person confirmed."""
    interview = step.interview
    assert interview.confirmed_at is not None  # both are set by confirming, which nothing takes back
    assert interview.digest is not None
    return words.AnswersCard(
        ref=InterviewRef(interview.id),
        audit_title=step.audit.title,
        person_id=interview.person_id,
        confirmed_at=interview.confirmed_at,
        digest=interview.digest,
        answers=[rated(uow, step, each) for each in readable(uow, interview)],
        unrated=counting.unrated(uow, interview),
        is_closed=access.closed(uow, step.audit) is not None,
    )


def on_desk(deed: Deed, said: Said, by: str) -> desk_words.AnswerOnDesk:
    """An answer with everything that stands beside it, for whoever reads it."""
    uow, answer = deed.uow, said.answer
    asked = as_asked(uow, said.interview, answer.question_id) if said.interview else None
    beside = asked.for_auditor if asked else None
    suggestion, audit = rating.suggested(uow, answer), audit_of(uow, answer)
    return desk_words.AnswerOnDesk(
        ref=SeatRef(answer.id, answer.version, by),
        audit=audit.id,
        person_id=said.person_id,
        prompt=answer.prompt,
        said=_first_part(_said(uow, answer)),
        rest=_parts(answer.text[PART_OF_AN_ANSWER:]),
        answered_at=answer.answered_at,
        mode=answer.mode.value if answer.mode else None,
        requirements=requirements(uow, answer.requirements),
        intent=beside.intent if beside else "",
        listen_for=beside.listen_for if beside else (),
        red_flags=beside.red_flags if beside else (),
        wanted=[each.what for each in asked.wanted_evidence] if asked else (),
        files=[file_line(each) for each in evidence_queries.for_answer(uow, answer.id)],
        kept=_kept(deed, asked) if asked else (),
        rating=_rating_line(uow, answer, answer.rating_note) if is_rated(answer) else None,
        earlier=[_rating_line(uow, each, each.note) for each in rating.history(uow, answer)],
        suggestion=suggestion.value if suggestion else None,
        wants_rating=counting.wants_rating(answer),
        is_closed=access.closed(uow, audit) is not None,
    )


def _said(uow: UnitOfWork, answer: Answer) -> GivenAnswer:
    """What the person's own copy says; a note says what its writer wrote."""
    return given(uow, step_of(uow, answer.interview_id) if answer.interview_id else None, answer)


def _first_part(said: GivenAnswer) -> GivenAnswer:
    return replace(said, text=said.text[:PART_OF_AN_ANSWER])


def _kept(deed: Deed, asked: AskedQuestion) -> list[desk_words.KeptEvidence]:
    """What is kept of that for which somebody else than the person is asked."""
    found = kept_evidence_for(deed.uow, asked, deed.by, deed.at)
    elsewhere = [each for each in asked.wanted_evidence if not each.ask and each.id in found]
    newest = [(each.what, found[each.id][0]) for each in elsewhere]
    return [desk_words.KeptEvidence(what, file.name, file.collected_on) for what, file in newest]


def _parts(text: str) -> list[str]:
    return [text[begin : begin + PART_OF_AN_ANSWER] for begin in range(0, len(text), PART_OF_AN_ANSWER)]


def _rating_line(uow: UnitOfWork, rated: Answer | AnswerRating, note: str) -> desk_words.RatingLine:
    assert rated.rated_at is not None  # it was rated, by somebody and at a time
    return desk_words.RatingLine(
        rating=_rating_key(rated),
        corroboration=f"corroboration_{rated.corroboration}",
        note=note,
        by_id=rated.rated_by or "",
        at=rated.rated_at,
        backed_by=[name for each in rated.backed_by or () if (name := _named(uow, *rating.pointing_at(each)))],
    )


def _named(uow: UnitOfWork, kind: str, what: Any) -> str:
    """What corroboration points at, as people call it."""
    if kind == rating.EVIDENCE:
        return uow.get(Evidence, what).name
    if kind == rating.ANSWER:
        return uow.get(Answer, what).prompt
    return str(what) if kind == rating.RECORD else desk_words.missing_document()


def rate_draft(uow: UnitOfWork, answer: Answer) -> words.RateDraft:
    """An answer about to be rated, and what its corroboration may point at."""
    found = rating.backings(uow, answer)
    return words.RateDraft(
        said=_said(uow, answer),
        ratings=[*map(str, scales.RATINGS), scales.NOT_APPLICABLE],
        corroborations=scales.CORROBORATIONS,
        files=[(each.key, each.evidence.name) for each in found if each.evidence],
        elsewhere=[(each.key, _label(uow, each.said)) for each in found if each.said],
        given=_as_rated(answer),
        may_redact=answer.interview_id is not None,
    )


def _label(uow: UnitOfWork, said: Said) -> str:
    person = people_queries.person(uow, said.person_id)
    return f"{person.name if person else said.person_id}: {said.answer.prompt}"


def _as_rated(answer: Answer) -> dict[str, Any]:
    if not is_rated(answer):
        return {}
    pointers = [rating.pointing_at(each) for each in answer.backed_by or ()]
    given = Assessed(
        rating=scales.NOT_APPLICABLE if answer.not_applicable else str(answer.rating),
        corroboration=str(answer.corroboration),
        backed_by=tuple(f"{kind}:{what}" for kind, what in pointers if kind in (rating.EVIDENCE, rating.ANSWER)),
        record=next((str(what) for kind, what in pointers if kind == rating.RECORD), ""),
        document_missing=any(kind == rating.MISSING for kind, _ in pointers),
        rating_note=answer.rating_note,
    )
    return vars(given)


def finding(uow: UnitOfWork, found: AuditFinding, *, may_withdraw: bool = False) -> FindingItem:
    """A finding as its reader sees it."""
    case = findings.case_of(uow, found)
    is_closed = access.closed(uow, uow.get(DeskAudit, found.desk_audit_id)) is not None
    return FindingItem(
        ref=FindingRef(found.id, found.version),
        number=found.number,
        kind=found.kind.value,
        statement=found.statement,
        evidence=found.evidence,
        place=found.place,
        sample=found.sample,
        owner_id=found.owner_id,
        state=state_of(found),
        requirement=requirement(uow, found.requirement) if found.requirement else None,
        case=case.number if case else None,
        owner_view=found.owner_view,
        reason=found.reason,
        may_withdraw=may_withdraw and found.withdrawn_at is None and not is_closed,
        is_closed=is_closed,
    )


def state_of(found: AuditFinding) -> str:
    """How far a finding has come, as the words have it."""
    if found.withdrawn_at is not None:
        return "withdrawn"
    if found.owner_agrees is not None:
        return "agreed" if found.owner_agrees else "differs"
    return "raised" if found.shown_at is None else "shown"


def choosable(uow: UnitOfWork, references: Iterable[str]) -> list[Choosable]:
    """Requirements to choose from."""
    return [Choosable(each, requirement(uow, each)) for each in references]


def files_to_choose(files: Sequence[Evidence]) -> list[Choice]:
    """Kept evidence to choose from."""
    return [(str(each.id), each.name) for each in files]


def sampled(uow: UnitOfWork, answer: Answer, asked: int) -> list[Sampled]:
    """What was looked at for a finding: the rows drawn for its answer, or so many people asked the same."""
    drawn = drawn_for(uow, answer)
    if not drawn:
        return [Sampled(population=asked, people=asked)] if asked else []
    return [Sampled(population=each.rows, drawn=each.labels, seed=each.seed) for each in drawn]
