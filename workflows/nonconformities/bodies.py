"""Findings of a certification body: what its letters say is written down, and counts before everything of ours.

A case never closes here before the body has closed its finding; the body may close first (ISO/IEC 17021-1,
9.4.9 and 9.7).
"""

from datetime import date

from storage.nonconformities import queries
from storage.nonconformities.tables import BodyFinding, BodyTrack, Dispute, Grade, Nonconformity
from workflows.deed import Deed
from workflows.nonconformities.limits import due_on
from workflows.nonconformities.moving import clock, move_on, to_move
from workflows.nonconformities.saying import because, want
from workflows.nonconformities.shapes import BodyLetter
from workflows.refusals import InputWanted, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish

NEXT_STEP_OF_DISPUTE = {None: Dispute.DISPUTED, Dispute.DISPUTE_REFUSED: Dispute.APPEALED}
"""A finding is disputed, and when that is refused, appealed."""


def note_body(deed: Deed, *, nonconformity_id: int, version: int, letter: BodyLetter) -> Nonconformity:
    """A draft is the body's: its number, its own words, its letter and its days are written down before it is issued.

    Raises as every move does, `InputWanted` for a gap, or for a number of the body that another case has.
    """
    draft = to_move(deed, "note_body", nonconformity_id, version)
    want_all(letter)
    if queries.of_body_number(deed.uow, letter.body.strip(), letter.body_number.strip()) is not None:
        raise InputWanted("body_number", Wish.CHOOSE_NUMBER_NO_OTHER_HAS)
    deed.uow.add(BodyFinding(nonconformity_id=draft.id, **values_of(letter)))
    return move_on(deed, draft, "note_body", {"body": letter.body, "body_number": letter.body_number})


def record_body(
    deed: Deed, *, nonconformity_id: int, version: int, letter: str, track: str, corrected_by: date | None = None
) -> Nonconformity:
    """What the body wrote next: plan accepted, day moved, warning, suspension. Its day moves ours."""
    finding = to_move(deed, "record_body", nonconformity_id, version)
    _want_letter(letter)
    if track not in tuple(BodyTrack) or track == BodyTrack.CLOSED:
        raise InputWanted("track", Wish.CHOOSE_STATUS)
    body = _body(deed, finding)
    moved = {"corrected_by": corrected_by} if corrected_by else {}
    deed.uow.change(body, track=BodyTrack(track), letter=letter.strip(), **moved)
    ours = due_on(finding.state, clock(deed, finding)) if corrected_by else finding.due_on
    return move_on(deed, finding, "record_body", {"track": track, "letter": letter.strip()}, due_on=ours)


def dispute_at_body(deed: Deed, *, nonconformity_id: int, version: int, until: date, reason: str) -> Nonconformity:
    """The finding is disputed at the body, and when that is refused appealed, on its days; work and clocks go on."""
    finding = to_move(deed, "dispute_at_body", nonconformity_id, version)
    want(reason, "reason", Wish.WRITE_SENTENCE)
    body = _body(deed, finding)
    if body.dispute not in NEXT_STEP_OF_DISPUTE:
        raise InputWanted("reason", Wish.SAY_WHAT_BODY_WROTE)
    dispute = NEXT_STEP_OF_DISPUTE[body.dispute]
    deed.uow.change(body, dispute=dispute, dispute_until=until)
    said = {"dispute": dispute.value, "until": until.isoformat(), "reason": reason.strip()}
    return move_on(deed, finding, "dispute_at_body", said)


def body_rejects(deed: Deed, *, nonconformity_id: int, version: int, letter: str) -> Nonconformity:
    """The body does not accept the answer: a new round begins, and the body's day stays."""
    finding = to_move(deed, "body_rejects", nonconformity_id, version)
    _want_letter(letter)
    deed.uow.change(_body(deed, finding), track=BodyTrack.REPORTED, letter=letter.strip())
    unproven = {"effect": "", "effect_confirmed_by": None, "effect_confirmed_at": None, "is_correction_only": False}
    return move_on(deed, finding, "body_rejects", {"letter": letter.strip()}, **unproven, **because(deed, letter))


def body_regrades(deed: Deed, *, nonconformity_id: int, version: int, letter: str, grade: str) -> Nonconformity:
    """The body changed its grade by letter, up or down."""
    finding = to_move(deed, "body_regrades", nonconformity_id, version)
    _want_letter(letter)
    if grade not in tuple(Grade):
        raise InputWanted("grade", Wish.CHOOSE_MINOR_OR_MAJOR)
    deed.uow.change(_body(deed, finding), letter=letter.strip())
    signed = {"grade": Grade(grade), "grade_rationale": letter.strip()}
    return move_on(deed, finding, "body_regrades", {"grade": grade, "letter": letter.strip()}, **signed)


def body_withdraws(deed: Deed, *, nonconformity_id: int, version: int, letter: str) -> Nonconformity:
    """The body took its finding back, after a dispute or an appeal."""
    finding = to_move(deed, "body_withdraws", nonconformity_id, version)
    _want_letter(letter)
    body = _body(deed, finding)
    granted = {"dispute": Dispute.GRANTED} if body.dispute else {}
    deed.uow.change(body, track=BodyTrack.CLOSED, letter=letter.strip(), **granted)
    return move_on(deed, finding, "body_withdraws", {"letter": letter.strip()}, **because(deed, letter))


def body_closes(deed: Deed, *, nonconformity_id: int, version: int, letter: str) -> Nonconformity:
    """The body closed its finding; here, the effect is still to be shown."""
    return _close(deed, to_move(deed, "body_closes", nonconformity_id, version), "body_closes", letter)


def close_after_body(deed: Deed, *, nonconformity_id: int, version: int, letter: str) -> Nonconformity:
    """The body closed its finding, and with it the case closes."""
    return _close(deed, to_move(deed, "close_after_body", nonconformity_id, version), "close_after_body", letter)


def _close(deed: Deed, finding: Nonconformity, verb: str, letter: str) -> Nonconformity:
    _want_letter(letter)
    deed.uow.change(_body(deed, finding), track=BodyTrack.CLOSED, letter=letter.strip())
    return move_on(deed, finding, verb, {"letter": letter.strip()})


def _body(deed: Deed, finding: Nonconformity) -> BodyFinding:
    """What the body wrote; the gate in front of each event has seen that there is something."""
    body = queries.of_the_body(deed.uow, finding.id)
    assert body is not None
    return body


def _want_letter(letter: str) -> None:
    want(letter, "letter", Wish.GIVE_LETTER)
