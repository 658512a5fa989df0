"""Evidence room: what was given before, which a new piece of evidence repeats or takes the place of."""

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse, Given, Verdict
from workflows.evidence.questions import served_by, takes_files

# --- rules ---

REPLACED = (Verdict.RETURNED, Verdict.WITHDRAWN)
"""What did not do, so that the next one takes its place."""


def same_subject(one: EvidenceUse, other: EvidenceUse) -> bool:
    """Whether two pieces of evidence serve the same thing."""
    return _subject(one) == _subject(other)


def _subject(use: EvidenceUse) -> tuple[int | None, ...]:
    return (use.task_id, use.nonconformity_id, use.answer_id, use.concern_id)


# --- questions ---


def same_bytes(uow: UnitOfWork, evidence: Evidence) -> Given | None:
    """The latest use of the very same bytes, where they were given before: their giver is asked whether they still do.

    Nobody is asked about a file that came twice for the same thing and counts there already, nor about one that only
    goes with an answer to an auditor, or with a concern.
    """
    uses, before = evidence_queries.uses_of(uow, evidence.id), uses_of_same_bytes(uow, evidence)
    here = [each for each in uses if each.answer_id is None and each.concern_id is None]
    if not here or any(_counts_already(uow, each, use) for each in before for use in here):
        return None
    return before[-1] if before else None


def _counts_already(uow: UnitOfWork, before: Given, use: EvidenceUse) -> bool:
    """Whether handing it in again would change nothing: a verdict is awaited, or was given and is the last word.

    What was accepted before something was reopened, or found ineffective, is not handed in once more by itself.
    """
    if not before.stands or not same_subject(before.use, use):
        return False
    return before.use.verdict is Verdict.WAITING or not takes_files(served_by(uow, use))


def uses_of_same_bytes(uow: UnitOfWork, evidence: Evidence) -> list[Given]:
    """What the same bytes were handed in for before this piece came, in that order."""
    before = evidence_queries.same_bytes_before(uow, evidence)
    given = [Given(each, use) for each in before for use in evidence_queries.uses_of(uow, each.id)]
    return [each for each in given if each.use.verdict not in (None, Verdict.WITHDRAWN)]


def replaced_by(uow: UnitOfWork, evidence: Evidence) -> Evidence | None:
    """The revision that a new piece takes the place of: the returned one of the same name, else the only one."""
    there = [each for use in evidence_queries.uses_of(uow, evidence.id) for each in _given_there(uow, use)]
    left = [each.evidence for each in there if each.use.verdict in REPLACED]
    open_ended = [each for each in left if not evidence_queries.followed(uow, each.id)]
    same_name = [each for each in open_ended if each.name.casefold() == evidence.name.casefold()]
    if same_name:
        return same_name[-1]
    return open_ended[0] if len(open_ended) == 1 else None


def _given_there(uow: UnitOfWork, use: EvidenceUse) -> list[Given]:
    if use.task_id is not None:
        return evidence_queries.for_task(uow, use.task_id)
    if use.answer_id is not None:
        return evidence_queries.for_answer(uow, use.answer_id)
    if use.concern_id is not None:
        return evidence_queries.for_concern(uow, use.concern_id)
    return evidence_queries.for_nonconformity(uow, use.nonconformity_id or 0)
