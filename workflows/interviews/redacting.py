"""Interviews: words that should never have been written go, and the trace of it stays.

What was sealed can't be held against the words of that answer any more, only against its hash; all others still are.
"""

from storage.evidence import queries as evidence_queries
from storage.evidence.tables import DroppedMessage
from storage.interviews.tables import Answer, Interview
from workflows.deed import Deed
from workflows.interviews import joining
from workflows.interviews.questions import is_sealed, must_be_of_the_team
from workflows.refusals import AlreadyDecided, InputWanted, Stale, Thing
from workflows.wishes import Wish

MARK = "[…]"
"""Stands in the place of words that were redacted."""


def redact(deed: Deed, *, answer_id: int, version: int, reason: str, kept_text: str) -> Answer:
    """An auditor of the team takes words out of a confirmed answer and says why; `kept_text` is what is left of it.

    Raises `NotAllowed`, `AlreadyDecided` for what isn't confirmed yet, `Stale`, or `InputWanted` without a reason, or
    where `kept_text` is anything else than the answer with words left out.
    """
    given = to_redact(deed, answer_id=answer_id)
    if given.version != version:
        raise Stale(Thing.THIS_ANSWER)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_REDACTED)
    if not is_left_of(kept_text, given.text):
        raise InputWanted("words", Wish.COPY_WORDS_OF_ANSWER)
    _forget_elsewhere(deed, given)
    redacted = deed.uow.change(
        given,
        text=kept_text.strip(),
        edited_text=None,
        redaction=reason.strip(),
        redacted_by=deed.by,
        redacted_at=deed.at,
    )
    deed.record("answer.redact", redacted, reason=redacted.redaction)
    interview = deed.uow.change(deed.uow.get(Interview, redacted.interview_id or 0))
    deed.redraw(interview)
    deed.daily([interview.person_id], interview, "redacted", what=f"{redacted.id}.{redacted.version}")
    return redacted


def to_redact(deed: Deed, *, answer_id: int) -> Answer:
    """A confirmed answer that the actor may take words out of. Raises `NotAllowed` or `AlreadyDecided`."""
    given = deed.uow.get(Answer, answer_id)
    interview, _ = must_be_of_the_team(deed, given.interview_id or 0)
    if not is_sealed(deed.uow, given):
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    return given


# --- rules ---


def without(text: str, words: str) -> str:
    """A text without these words wherever they stand; without any words, nothing of it is left."""
    return text.replace(words, MARK) if words else ""


def is_left_of(kept: str, before: str) -> bool:
    """Whether words were left out and none was put in: whoever takes words out of an answer writes none of its own."""
    parts = kept.strip().split(MARK)
    place = 0
    for part in parts:
        found = before.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return kept.strip() != before.strip()


# --- the parts of it ---


def _forget_elsewhere(deed: Deed, given: Answer) -> None:
    """The same words may stand beside a file, or with a message of which it was asked what it answers."""
    interview = deed.uow.get(Interview, given.interview_id or 0)
    joining.empty(deed.uow, given)
    for dropped in deed.uow.matching(DroppedMessage, person_id=interview.person_id):
        if dropped.note.strip() and dropped.note.strip() in given.text:
            deed.uow.change(dropped, note="")
    for shown in evidence_queries.for_answer(deed.uow, given.id):
        if shown.evidence.note and shown.evidence.note in given.text:
            deed.uow.change(shown.evidence, note="")
