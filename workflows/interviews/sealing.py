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
from storage.record import trail
from storage.record.fingerprints import row_salt

FIRST_SCHEME = 1
"""Ids, prompts and texts alone; interviews of earlier versions were sealed by it and have no `SealedRound`."""

SCHEME = 3
"""One SHA-256 over those of all answers: of canonical JSON, with the hashes of files and what was drawn of lists.

Unlike in scheme 2, before each answer stands the salt of its row, as in its marks on the trail: nobody who has the hash
alone can guess a short answer (`storage/record/fingerprints.py`).
"""


def digest_of_words(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(answers: Sequence[Answer]) -> str:
    """The fingerprint of the first scheme, over questions and answers as the person confirmed them."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return digest_of_words(json.dumps(said, ensure_ascii=False))


def hashes_of(uow: UnitOfWork, interview: Interview, number: int, at: datetime, scheme: int = SCHEME) -> dict[str, str]:
    """The SHA-256 of each answer of a round as it was `at` its confirmation, by the id of its question."""
    answers = [each for each in interview_queries.answers_of(uow, interview.id) if (each.round or 1) == number]
    salts = _salts_of(uow, answers) if scheme >= SCHEME else {}
    copies = {each.question_id: (salts.get(each.id, ""), copy_of(uow, each, at)) for each in answers}
    return {key: digest_of_words(f"{salt}{canonical_json(copy)}") for key, (salt, copy) in copies.items()}


def _salts_of(uow: UnitOfWork, answers: Sequence[Answer]) -> dict[int, str]:
    salt = trail.head(uow).salt
    return {each.id: row_salt(uow.workspace_id, salt, "answer", each.id) for each in answers}


def digest_of_round(hashes: Mapping[str, str]) -> str:
    """The fingerprint of a round since the second scheme, over the hash of each of its answers."""
    return digest_of_words(canonical_json(dict(hashes)))


def copy_of(uow: UnitOfWork, answer: Answer, at: datetime) -> dict[str, Any]:
    """An answer with all that its fingerprint covers; of files and draws, those made by then."""
    return {
        "question_id": answer.question_id,
        "prompt": answer.prompt,
        "kind": answer.kind.value if answer.kind else None,
        "text": answer.text,
        "value": answer.value,
        "handed_to": answer.handed_to,
        "written_by": answer.written_by,
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
    """The interviews whose answers are not what was confirmed; words that were redacted on record are no difference."""
    rounds = uow.all(SealedRound)
    sealed = {each.interview_id for each in rounds}
    wrong = {each.interview_id for each in rounds if _taken_again(uow, each) != each.digest}
    return [each for each in uow.all(Interview) if each.id in wrong or (each.id not in sealed and _is_old(uow, each))]


def _is_old(uow: UnitOfWork, interview: Interview) -> bool:
    """Sealed by the first scheme, and different from it by now; that scheme has one hash for all words alike."""
    answers = interview_queries.answers_of(uow, interview.id)
    are_whole = not any(map(has_lost_words, answers))
    return bool(interview.digest) and are_whole and interview.digest != digest_of(answers)


def _taken_again(uow: UnitOfWork, sealed: SealedRound) -> str:
    """The fingerprint from the answers as they stand; of one that lost words the hash is that which was sealed."""
    interview = uow.get(Interview, sealed.interview_id)
    hashes = hashes_of(uow, interview, sealed.round, sealed.confirmed_at, sealed.scheme)
    gone = [each.question_id for each in interview_queries.answers_of(uow, interview.id) if has_lost_words(each)]
    return digest_of_round({**hashes, **{each: sealed.hashes[each] for each in gone if each in sealed.hashes}})


def has_lost_words(answer: Answer) -> bool:
    """Whether words of an answer went on record: they were redacted, or let go at the end of their time."""
    return answer.redacted_at is not None or answer.let_go_at is not None
