"""Interviews: the fingerprint of what somebody confirmed, which anybody can take again from the same words."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.engine.canonical import canonical_json
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, SampleDraw, SealedRound

FIRST_SCHEME = 1
"""Ids, prompts and texts alone; interviews of earlier versions were sealed by it and have no `SealedRound`."""

SCHEME = 2
"""Canonical JSON of all that was asked and answered, with the hashes of files and what was drawn of lists."""


def digest_of_words(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(answers: Sequence[Answer]) -> str:
    """The fingerprint of the first scheme, over questions and answers as the person confirmed them."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return digest_of_words(json.dumps(said, ensure_ascii=False))


def digest_of_round(copies: Sequence[Mapping[str, Any]]) -> str:
    """The fingerprint of the present scheme, over the copy of each answer of a round."""
    return digest_of_words(canonical_json([dict(each) for each in copies]))


def copies_of(uow: UnitOfWork, interview: Interview, number: int, at: datetime) -> list[dict[str, Any]]:
    """The answers of a round as they were `at` its confirmation, in the order in which they were first given."""
    answers = interview_queries.answers_of(uow, interview.id)
    return [copy_of(uow, each, at) for each in answers if (each.round or 1) == number]


def copy_of(uow: UnitOfWork, answer: Answer, at: datetime) -> dict[str, Any]:
    """An answer with all that its fingerprint covers; of files and draws, those made by then."""
    return {
        "question_id": answer.question_id,
        "prompt": answer.prompt,
        "kind": answer.kind.value if answer.kind else None,
        "text": answer.text,
        "value": answer.value,
        "handed_to": answer.handed_to,
        "evidence": sorted(_hashes(uow, answer.id, at)),
        "draws": [_draw(each) for each in interview_queries.draws_for(uow, answer.id) if each.drawn_at <= at],
    }


def _hashes(uow: UnitOfWork, answer_id: int, at: datetime) -> list[str]:
    given = [each.evidence for each in evidence_queries.for_answer(uow, answer_id)]
    return [each.sha256 for each in given if each.sha256 and each.kept_at and each.kept_at <= at]


def _draw(drawn: SampleDraw) -> dict[str, Any]:
    names = ("fingerprint", "population", "columns", "completeness", "seed", "drawn", "reason")
    return {name: getattr(drawn, name) for name in names}


def differing(uow: UnitOfWork) -> list[Interview]:
    """The interviews whose answers are not what was confirmed; words that two people let go are no difference."""
    rounds = uow.all(SealedRound)
    sealed = {each.interview_id for each in rounds}
    wrong = {each.interview_id for each in rounds if _taken_again(uow, each) != each.digest}
    found = [each for each in uow.all(Interview) if each.id in wrong or (each.id not in sealed and _is_old(uow, each))]
    return [each for each in found if not any(each.redacted_at for each in interview_queries.answers_of(uow, each.id))]


def _is_old(uow: UnitOfWork, interview: Interview) -> bool:
    """Sealed by the first scheme, and different from it by now."""
    return bool(interview.digest) and interview.digest != digest_of(interview_queries.answers_of(uow, interview.id))


def _taken_again(uow: UnitOfWork, sealed: SealedRound) -> str:
    interview = uow.get(Interview, sealed.interview_id)
    return digest_of_round(copies_of(uow, interview, sealed.round, sealed.confirmed_at))
